"""The first screen of a new shop."""

from __future__ import annotations

import streamlit as st

from loyalty.words import Words
from ui.show import answer, first_steps


def welcome(say: Words) -> None:
    """The first screen of a new shop."""
    answer(
        say.say("Know who comes back, and give them a reason to"),
        say.say("Drop in the sales exports of your shop. Nothing leaves this computer."),
    )
    first_steps(say)
    first, second, third = st.columns(3, border=True)
    first.markdown(f"**1 · {say.say('Bring in')}**")
    first.markdown(
        say.say("Exports from Shopify, Square, WooCommerce, 淘宝, 有赞, or any CSV or Excel file.")
    )
    second.markdown(f"**2 · {say.say('See')}**")
    second.markdown(
        say.say(
            "How many come back, what a customer is worth, who belongs together, what is bought together."
        )
    )
    third.markdown(f"**3 · {say.say('Act')}**")
    third.markdown(
        say.say("Tune rewards, see what they cost, and download a list of people, each with a coupon code.")
    )

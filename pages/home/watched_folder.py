"""Recent imports from the watched folder: a part of Home."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from loyalty.shop.shop import Shop
from loyalty.shop.watched_folder import Result, results
from loyalty.words import Words
from ui.show import card, plain

NEWS_PERIOD = dt.timedelta(days=7)
SHOWN = 8


def recent_imports(shop: Shop, stamp: dt.datetime, words: Words) -> None:
    """A card of recent imports from the watched folder; nothing where there are none."""
    recent = results(shop, stamp - NEWS_PERIOD)
    if not recent:
        return
    with card(words.say("From the watched folder")):
        for result in recent[:SHOWN]:
            st.markdown(
                f"**{plain(result.seen.name)}** :gray[{words.moment(result.seen.seen_at)}] — {plain(result_sentence(result, words))}"
            )
        if len(recent) > SHOWN:
            st.caption(words.plural("and {n} more", "and {n} more", len(recent) - SHOWN))
        if any(result.needs_answer for result in recent) and st.button(
            words.say("Answer"), key="watched-answer"
        ):
            st.switch_page("pages/data/page.py")


def result_sentence(result: Result, words: Words) -> str:
    """The result of one file, in a sentence."""
    if result.message is not None:
        return words.message(result.message)
    record = result.record
    if record is None:
        return ""
    return words.say(
        "{accepted} rows taken in, {duplicates} known already, {rejected} set aside.",
        accepted=words.number(record.accepted),
        duplicates=words.number(record.duplicates),
        rejected=words.number(record.rejected),
    )

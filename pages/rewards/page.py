"""Rewards: settings to try, with who gets what, what it costs and is expected to bring; the programme; points; coupons."""

from __future__ import annotations

import streamlit as st

from pages.rewards.coupons import coupons
from pages.rewards.points import points_view
from pages.rewards.programme import programme_view
from pages.rewards.simulator import tuning_view
from ui.session import words
from ui.shop_figures import require_sales

say = words()

figures = require_sales(
    say.say(
        "Here you will set points, tiers and coupons, see at once who gets them and what they cost, and download the list."
    ),
    say,
)
current, saved = figures.programme()
headline = st.container()
views = {"try": say.say("Try settings"), "rules": say.say("The programme"), "points": say.say("Points")}
view = st.segmented_control(
    say.say("What to show"),
    list(views),
    default="try",
    format_func=views.__getitem__,
    key="rewards-view",
    label_visibility="collapsed",
    required=True,
)
if view == "points":
    points_view(figures, headline, say)
elif view == "rules":
    programme_view(figures, current, saved, headline, say)
else:
    wanted = tuning_view(figures, current, saved, headline, say)
    coupons(figures, current, wanted, say)

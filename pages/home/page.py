"""Home: what changed, what to do, the key figures."""

from __future__ import annotations

from functools import partial

import streamlit as st

from loyalty.charts.retention import cohort_heat, customers_months
from loyalty.measure.definitions import DEFINITIONS
from loyalty.words import Words
from pages.home.changes import this_week, what_changed
from pages.home.figure_cards import key_figures
from pages.home.headline import comparison_of, return_chart
from pages.home.next_actions import next_actions_card
from pages.home.outlook import goals_card, predictions_line, revenue_card
from pages.home.watched_folder import recent_imports
from pages.home.welcome import welcome
from ui.cache import cached
from ui.exchange_rates import waiting_for_rates
from ui.session import now, shop, words
from ui.shop_figures import ShopFigures, current_figures
from ui.show import answer, card, chart, definition, in_tabs

say = words()


def by_month(figures: ShopFigures, say: Words) -> None:
    """New and returning customers of each month."""
    chart(customers_months(figures.months(), say), say.say("New and returning customers"), "home-customers")


def retention(figures: ShopFigures, say: Words) -> None:
    """Who of each month's new customers came back, month by month."""
    st.caption(definition("retention", say))
    chart(cohort_heat(figures.cohorts(), say), say.say(DEFINITIONS["retention"][0]), "home-cohorts")


figures = current_figures()
if figures is None:
    welcome(say)
    recent_imports(shop(), now(), say)
    st.stop()
with st.spinner(say.say("Working out the figures…")):
    figures.segmentation()
    figures.best_rule()
compared = cached(comparison_of, figures, say)
answer(compared.sentence, compared.detail)
recent_imports(shop(), now(), say)
waiting_for_rates(say)
key_figures(figures, say)
left, right = st.columns(2)
with left:
    next_actions_card(figures, say)
with right, card(compared.title):
    chart(cached(return_chart, figures, say), compared.sentence, "home-return")
    st.caption(
        say.say(
            "Share who have bought a second time, by days since the first. Band: 95 %. People whose days are not over are allowed for."
        )
    )
left, right = st.columns(2)
with left:
    this_week(figures, say)
with right:
    goals_card(figures, say)
revenue_card(figures, say)
predictions_line(figures, say)
in_tabs(
    {
        say.say("What changed"): partial(what_changed, figures, say),
        say.say("New and returning customers"): partial(by_month, figures, say),
        say.say("Who came back, month by month"): partial(retention, figures, say),
    },
    "home-tabs",
)

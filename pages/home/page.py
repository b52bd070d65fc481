"""Home: what changed, what to do, the key figures."""

from __future__ import annotations

from functools import partial

import streamlit as st

from loyalty.charts.retention import cohort_heat, customers_months
from loyalty.measure.definitions import DEFINITIONS
from loyalty.words import Words
from pages.home.changes import this_week, what_changed
from pages.home.figure_cards import also, bringing_in, business, coming_back
from pages.home.headline import comparison_of, periods, return_chart
from pages.home.next_actions import to_do
from pages.home.outlook import goals_card, predictions_line, revenue_card
from pages.home.watched_folder import news
from ui.cache import cached
from ui.exchange_rates import waiting_for_rates
from ui.session import now, shop, words
from ui.shop_figures import ShopFigures, current_figures
from ui.show import answer, card, chart, definition, figure, in_tabs, plain, ways_in

IN_A_ROW = 4
say = words()


def welcome(say: Words) -> None:
    """The first screen of a new shop."""
    answer(
        say.say("Know who comes back, and give them a reason to"),
        say.say("Drop in the sales exports of your shop. Nothing leaves this computer."),
    )
    ways_in(say)
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


def key_figures(figures: ShopFigures, say: Words) -> None:
    """Two rows of figures for a chosen period."""
    named = periods(figures.as_of, say)
    chosen = st.segmented_control(
        say.say("Period"),
        list(named),
        default=next(iter(named)),
        key="home-period",
        label_visibility="collapsed",
        required=True,
    )
    since, until = named[chosen or next(iter(named))]
    all_time = figures.key_figures()
    found = figures.key_figures(since, until)
    months, feedback = figures.months(), figures.facts().feedback
    rows = (
        coming_back(all_time, found, months, say, period=since is not None),
        business(all_time, found, months, feedback, say),
        bringing_in(found, say),
    )
    for row in rows:
        for column, shown in zip(st.columns(IN_A_ROW) if row else (), row, strict=False):
            with column:
                figure(shown.name, shown.value, say, note=plain(shown.note), trend=shown.trend)
    st.caption(plain(also(all_time, found, say)))


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
    news(shop(), now(), say)
    st.stop()
with st.spinner(say.say("Working out the figures…")):
    figures.segmentation()
    figures.best_rule()
compared = cached(comparison_of, figures, say)
answer(compared.sentence, compared.detail)
news(shop(), now(), say)
waiting_for_rates(say)
key_figures(figures, say)
left, right = st.columns(2)
with left:
    to_do(figures, say)
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

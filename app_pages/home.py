"""Home: what changed, what to do, the key figures."""

from __future__ import annotations

import streamlit as st

from loyalty.charts.time import cohort_heat, customers_months, return_curves, revenue_months
from loyalty.measure.definitions import DEFINITIONS
from loyalty.measure.satisfaction import csat_by_month
from loyalty.words import Words
from ui.cached import Desk, desk
from ui.home import actions, comparison, periods
from ui.session import words
from ui.show import (
    answer,
    card,
    chart,
    definition,
    figure,
    money_or_dash,
    named_channels,
    percent_or_dash,
    plain,
    ways_in,
)

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


def key_figures(at: Desk, say: Words) -> None:
    """Two rows of figures for a chosen period."""
    named = periods(at.as_of, say)
    chosen = st.segmented_control(
        say.say("Period"),
        list(named),
        default=next(iter(named)),
        key="home-period",
        label_visibility="collapsed",
        required=True,
    )
    since, until = named[chosen or next(iter(named))]
    all_time = at.key_figures()
    found = at.key_figures(since, until)
    months = at.months()
    within = all_time.repurchase_within[90]
    rate = all_time.repurchase_rate if since is None else found.repurchase_rate_period
    worth = all_time.formula_clv
    recent = months.tail(13)
    top = st.columns(4)
    with top[0]:
        note = say.say(
            "range {low}–{high}", low=percent_or_dash(within.low, say), high=percent_or_dash(within.high, say)
        )
        figure(
            "repurchase_within",
            percent_or_dash(within.rate, say),
            say,
            note=note if within.rate is not None else "",
        )
    with top[1]:
        known = say.plural("of {n} customer", "of {n} customers", found.customers)
        figure("repurchase_rate", percent_or_dash(rate, say, 1), say, note=known)
    with top[2]:
        shares = (recent["returning_customers"] / recent["customers"].where(recent["customers"] > 0)).fillna(
            0
        )
        figure(
            "returning_rate",
            percent_or_dash(found.returning_rate, say, 1),
            say,
            trend=shares.round(4).tolist(),
        )
    with top[3]:
        value = money_or_dash(worth.value if worth else None, say)
        note = say.message(worth.note) if worth and worth.note else say.say(
            "{aov} × {frequency} a year × {years} years",
            aov=money_or_dash(worth.aov, say),
            frequency=say.number(worth.frequency or 0, 1),
            years=say.number(worth.lifespan_years or 0, 1),
        ) if worth else ""  # fmt: skip
        figure("formula_clv", value, say, note=plain(note) if note else "")
    low = st.columns(4)
    with low[0]:
        figure("revenue", say.money(found.revenue), say, trend=recent["revenue"].round(2).tolist())
    with low[1]:
        orders = say.plural("{n} order", "{n} orders", found.orders)
        figure(
            "aov",
            money_or_dash(found.aov, say),
            say,
            note=orders,
            trend=(recent["revenue"] / recent["orders"].where(recent["orders"] > 0))
            .fillna(0)
            .round(2)
            .tolist(),
        )
    with low[2]:
        gap = all_time.gap
        note = say.say(
            "half lie between {low} and {high} days",
            low=say.number(gap.lower or 0),
            high=say.number(gap.upper or 0),
        )
        days = say.plural("{n} day", "{n} days", round(gap.median)) if gap.median is not None else "–"
        figure("gap", days, say, note=note if gap.median is not None else "")
    with low[3]:
        csat = all_time.csat
        note = say.plural("of {n} answer", "of {n} answers", csat.answers)
        bounds = say.say(
            "{note}; range {low}–{high}",
            note=note,
            low=percent_or_dash(csat.low, say),
            high=percent_or_dash(csat.high, say),
        )
        answers = csat_by_month(at.facts().feedback).tail(13)["share"].round(4).tolist()
        said = bounds if csat.answers else say.say("no survey yet")
        figure("csat", percent_or_dash(csat.share, say), say, note=said, trend=answers or None)
    nps = all_time.nps
    if nps.score is not None:
        st.caption(
            say.say(
                "Would recommend (NPS): {score} (range {low} to {high}, {answers} answers). Orders of unknown buyers: {anonymous}.",
                score=say.number(nps.score),
                low=say.number(nps.low or 0),
                high=say.number(nps.high or 0),
                answers=say.number(nps.answers),
                anonymous=percent_or_dash(found.anonymous_share, say),
            )
        )


def to_do(at: Desk, say: Words) -> None:
    """Three things to do, each with the page that does it."""
    with card(say.say("Do these things this week")):
        for place, action in enumerate(at.keep(f"actions {say.language}", lambda: actions(at, say)), 1):
            text, button = st.columns([3, 1], vertical_alignment="center")
            text.markdown(f"**{place} · {plain(action.what)}** {plain(action.why)}")
            if button.button(action.button, key=f"do-{action.key}", width="stretch"):
                st.switch_page(action.page)


at = desk()
if at is None:
    welcome(say)
    st.stop()
assert at is not None
with st.spinner(say.say("Working out the figures…")):
    facts = at.facts()
    at.segmentation()
    at.best_rule()
compared = at.keep(f"comparison {say.language}", lambda: comparison(facts.customers, facts.as_of, say))
answer(compared.sentence, compared.detail)
key_figures(at, say)
left, right = st.columns(2)
with left:
    to_do(at, say)
with right, card(compared.title):
    chart(return_curves(compared.curves, say), compared.sentence, "home-return")
    st.caption(
        say.say(
            "Share who have bought a second time, by days since the first. Band: 95 %. People whose days are not over are allowed for."
        )
    )
with card(say.say("Net revenue by month and channel")):
    chart(
        revenue_months(named_channels(at.months(by_channel=True)), say),
        say.say("Net revenue by month and channel"),
        "home-revenue",
    )
more = st.tabs([say.say("New and returning customers"), say.say("Who came back, month by month")])
with more[0]:
    chart(customers_months(at.months(), say), say.say("New and returning customers"), "home-customers")
with more[1]:
    st.caption(definition("retention", say))
    chart(cohort_heat(at.cohorts(), say), say.say(DEFINITIONS["retention"][0]), "home-cohorts")

"""This week compared with earlier weeks, and what changed net revenue: parts of Home."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from loyalty.charts.revenue import change_bars
from loyalty.columns import Totals
from loyalty.facts.changes import Period
from loyalty.measure import insight_sentences
from loyalty.measure.weeks import Weeks, days_ending, new_customers, period_before, year_before
from loyalty.services import insights
from loyalty.services.insights import Movement
from loyalty.words import Words
from ui.cache import cache_rule, cached
from ui.shop_figures import ShopFigures
from ui.show import card, channel_title, chart, downloads, plain, show_finding

MONTH, QUARTER, YEAR = 28, 91, 364  # whole weeks, so that every period has as many Saturdays


@dataclass(frozen=True)
class Comparison:
    """Two periods and their names within a sentence."""

    after: Period
    before: Period
    now: str
    then: str


def comparisons(first: dt.date, as_of: dt.date, words: Words) -> dict[str, Comparison]:
    """The comparisons that the shop's history allows, by label."""
    month, quarter, year = (days_ending(as_of, days) for days in (MONTH, QUARTER, YEAR))

    def days(n: int) -> str:
        return words.say("in the last {n} days", n=words.number(n))

    def as_many(n: int) -> str:
        return words.say("in the {n} days before", n=words.number(n))

    a_year_before = words.say("in the same weeks a year before")
    offered = {
        words.say("4 weeks, beside the 4 before"): Comparison(
            month, period_before(month), days(MONTH), as_many(MONTH)
        ),
        words.say("4 weeks, beside a year ago"): Comparison(
            month, year_before(month), days(MONTH), a_year_before
        ),
        words.say("13 weeks, beside a year ago"): Comparison(
            quarter, year_before(quarter), days(QUARTER), a_year_before
        ),
        words.say("52 weeks, beside the 52 before"): Comparison(
            year, period_before(year), days(YEAR), as_many(YEAR)
        ),
    }
    return {label: one for label, one in offered.items() if one.before[0] >= first}


def this_week(figures: ShopFigures, say: Words) -> None:
    """The last seven days in a sentence and a small table."""
    weeks = cached(week_of, figures)
    with card(say.say("This week")):
        st.markdown(plain(insight_sentences.week_sentence(weeks, say)))
        st.table(
            week_table(weeks, say),
            border="horizontal",
            hide_index=True,
            alt=say.say("The last seven days beside others"),
        )


def week_table(weeks: Weeks, words: Words) -> pd.DataFrame:
    """One row a figure: the last seven days, the week before, the same week a year ago, each as text."""

    def column(counted: Totals | None) -> list[str]:
        if counted is None:
            return ["–"] * 4
        numbers = (counted.orders, counted.customers, new_customers(counted))
        return [words.money(counted.revenue), *(words.number(n) for n in numbers)]

    names = [
        words.say("Net revenue"),
        words.say("Orders"),
        words.say("Known customers"),
        words.say("New customers"),
    ]
    return pd.DataFrame(
        {
            "": names,
            words.say("These 7 days"): column(weeks.this),
            words.say("Week before"): column(weeks.last),
            words.say("A year ago"): column(weeks.year_ago),
        }
    )


def what_changed(figures: ShopFigures, say: Words) -> None:
    """Changes of net revenue by buyers, products and cohorts; each breakdown adds up to the whole change."""
    offered = comparisons(figures.first, figures.as_of, say)
    if not offered:
        more = 2 * MONTH - (figures.as_of - figures.first).days - 1
        st.markdown(
            say.plural(
                "Two periods of four weeks are needed to compare; {n} more day of sales will do.",
                "Two periods of four weeks are needed to compare; {n} more days of sales will do.",
                more,
            )
        )
        return
    left, right = st.columns(2)
    label = left.selectbox(say.say("Compare"), list(offered), key="change-periods")
    chosen = offered[label]
    movement = cached(movement_of, figures, chosen.before, chosen.after)
    cuts = views(movement, say)
    view = right.selectbox(say.say("Show"), list(cuts), key="change-view")
    parts = cuts[view]
    moved = insight_sentences.change_sentence(movement.whole, chosen.now, chosen.then, say)
    show_finding(say.sentences([moved, largest_change(parts, say)]), "change", say)
    chart(change_bars(parts, say.say("all the rest"), say), say.say("What moved net revenue"), "home-change")
    table = pd.DataFrame(parts, columns=[say.say("What moved it"), say.say("Change")])
    downloads(table, "changes", say, {say.say("Change"): 2})


def largest_change(parts: list[tuple[str, float]], words: Words) -> str:
    """The largest change, in a sentence."""
    if not parts or not parts[0][1]:
        return ""
    return words.say(
        "Most moved: {name}, {change}.",
        name=parts[0][0],
        change=insight_sentences.signed_money(parts[0][1], words),
    )


def views(movement: Movement, words: Words) -> dict[str, list[tuple[str, float]]]:
    """Breakdowns of a change by label, each as names and changes, the largest first."""
    other = words.say("without a product, and small ones")
    through = [
        (words.say(insight_sentences.FACTORS[name]), change) for name, change in movement.factors.items()
    ]
    return {
        words.say("By buyers"): [
            (insight_sentences.buyers_name(p, channel_title, words), p.change) for p in movement.buyers
        ],
        words.say("Through what"): sorted(through, key=lambda part: -abs(part[1])),
        words.say("By product"): [
            (insight_sentences.group_name(p, other), p.change) for p in movement.products
        ],
        words.say("By the year they first bought"): [
            (insight_sentences.group_name(p, words.say("buyers without a name")), p.change)
            for p in movement.cohorts
        ],
    }


@cache_rule(sales_only=True)
def week_of(figures: ShopFigures) -> Weeks:
    """The last seven days beside others."""
    with figures.shop.database.reading() as con:
        return insights.this_week(con, figures.as_of)


@cache_rule(sales_only=True)
def movement_of(figures: ShopFigures, before: Period, after: Period) -> Movement:
    """What moved net revenue between two periods."""
    with figures.shop.database.reading() as con:
        return insights.movement(con, figures.as_of, before, after)

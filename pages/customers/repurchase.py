"""Repurchase rates by time of the first purchase and by origin. A part of Customers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from loyalty.charts.shares import share_groups, share_over_time
from loyalty.measure import insight_sentences
from loyalty.measure.repurchase import CohortRepurchase, GroupRepurchase, Unit, repurchase_by_cohort
from loyalty.measure.retention import HORIZONS, Within
from loyalty.services import insights
from loyalty.services.insights import Grouping
from loyalty.words import Words
from ui.cache import cache_rule, cached
from ui.shop_figures import ShopFigures
from ui.show import channel_title, chart, downloads, percent_table, show_finding

POINT = ["share", "low", "high", "people"]


def repurchase(figures: ShopFigures, say: Words) -> None:
    """The controls, the finding, the chart, the table."""
    times: dict[str, Unit] = {
        say.say("Quarter of the first purchase"): "quarter",
        say.say("Month of the first purchase"): "month",
    }
    ways: dict[str, Grouping] = {
        say.say("First product"): "product",
        say.say("First channel"): "channel",
        say.say("How they were won"): "source",
    }
    left, right = st.columns(2)
    label = left.selectbox(say.say("Compare by"), [*times, *ways], key="return-cut")
    horizon = right.selectbox(
        say.say("Come back within"),
        list(HORIZONS),
        index=list(HORIZONS).index(90),
        format_func=lambda days: say.plural("{n} day", "{n} days", days),
        key="return-days",
    )
    if label in times:
        by_time(figures, times[label], horizon, say)
    else:
        groups = cached(returns_of, figures, ways[label], horizon)
        by_group(groups, ways[label], horizon, figures.key_figures().repurchase_within[horizon].rate, say)


def by_time(figures: ShopFigures, unit: Unit, horizon: int, say: Words) -> None:
    """Repurchase rates by cohort."""
    answer, figure, table = cached(over_time, figures, unit, horizon, say)
    show_finding(answer, "repurchase_within_cohort", say)
    chart(figure, answer, "return-time")
    return_figures(table, say)


@cache_rule(sales_only=True)
def over_time(
    figures: ShopFigures, unit: Unit, horizon: int, say: Words
) -> tuple[str, go.Figure, pd.DataFrame]:
    """The finding, the chart and the table of cohorts."""
    by_start = cached(cohorts_of, figures, unit)

    def label(cohort: CohortRepurchase) -> str:
        return cohort_label(cohort.start, unit, say)

    answer = insight_sentences.newest_cohort_sentence(by_start, horizon, label, say)
    shown = list(by_start)[-36:]
    points = pd.DataFrame([_point(c.within[horizon], c.customers) for c in shown], columns=POINT)
    figure = share_over_time(points, [label(c) for c in shown], say, answer)
    return answer, figure, returns_table([(label(c), c.customers, c.within) for c in by_start], say)


def by_group(
    groups: Sequence[GroupRepurchase], cut: Grouping, horizon: int, overall: float | None, say: Words
) -> None:
    """Repurchase rates by group."""
    if not groups:
        nothing = {
            "product": say.say("No products are known of first orders."),
            "channel": say.say("No channel is known."),
            "source": say.say(
                "How people were won is not known yet: a customer list with a column for it brings it in."
            ),
        }
        st.markdown(nothing[cut])
        return
    answer = insight_sentences.repurchase_differences_sentence(
        [_titled(group, cut) for group in groups], horizon, say
    )
    show_finding(answer, "repurchase_within_group", say)
    rows = pd.DataFrame(
        [(_name(g, cut, say), *_point(g.within[horizon], g.customers), bool(g.verdict)) for g in groups],
        columns=["name", *POINT, "stands_out"],
    )
    chart(share_groups(rows, say, overall), answer, "return-groups")
    st.caption(
        say.say("Dotted: all customers together. Bars: the range that holds the true share 95 times in 100.")
    )
    return_figures(returns_table([(_name(g, cut, say), g.customers, g.within) for g in groups], say), say)


def _point(within: Within, people: int) -> tuple[float | None, float | None, float | None, int]:
    return within.rate, within.low, within.high, people


def _titled(group: GroupRepurchase, cut: Grouping) -> GroupRepurchase:
    """A group with the title of its channel."""
    if cut != "channel" or group.name is None:
        return group
    return GroupRepurchase(
        channel_title(group.name), group.customers, group.within, group.rest, group.q_value, group.verdict
    )


def _name(group: GroupRepurchase, cut: Grouping, words: Words) -> str:
    return _titled(group, cut).name or words.say("others")


def cohort_label(start: pd.Timestamp, unit: Unit, words: Words) -> str:
    """A month or a quarter as the reader writes it."""
    if unit == "month":
        return words.month(start)
    return words.say("Q{quarter} {year}", quarter=start.quarter, year=start.year)


def returns_table(rows: Sequence[tuple[str, int, dict[int, Within]]], words: Words) -> pd.DataFrame:
    """One row a group: customers, and for each horizon the share and its range; shares in [0, 1]."""
    columns: dict[str, list[object]] = {
        words.say("Group"): [name for name, _, _ in rows],
        words.say("Customers"): [people for _, people, _ in rows],
    }
    for days in HORIZONS:
        heading = words.plural("{n} day", "{n} days", days)
        columns[heading] = [within[days].rate for _, _, within in rows]
        columns[words.say("{figure}, from", figure=heading)] = [within[days].low for _, _, within in rows]
        columns[words.say("{figure}, to", figure=heading)] = [within[days].high for _, _, within in rows]
    return pd.DataFrame(columns)


def return_figures(table: pd.DataFrame, say: Words) -> None:
    """The shares in an expander; the files hold their ranges too."""
    shares = list(table.columns[2:])
    with st.expander(say.say("All figures")):
        brief = table[[*table.columns[:2], *shares[::3]]]
        percent_table(brief, shares[::3], say.say("Who comes back, within so many days"), "return-table")
        downloads(table, "coming-back", say, dict.fromkeys(shares, 4))


@cache_rule(sales_only=True)
def cohorts_of(figures: ShopFigures, unit: Unit) -> list[CohortRepurchase]:
    """Repurchase rates by month or quarter of the first purchase."""
    return repurchase_by_cohort(figures.facts().customers, figures.as_of, unit)


@cache_rule(sales_only=True)
def returns_of(figures: ShopFigures, by: Grouping, horizon: int) -> list[GroupRepurchase]:
    """Repurchase rates by first product, channel or source."""
    with figures.shop.database.reading() as con:
        return insights.repurchase_by_group(con, figures.facts(), by, horizon)

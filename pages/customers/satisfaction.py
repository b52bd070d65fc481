"""Satisfaction by month, segment and product, and response rates. A part of Customers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from loyalty.charts.shares import share_groups, share_over_time
from loyalty.measure import insight_sentences
from loyalty.measure.satisfaction import Csat, csat_by_month, nps_by_month
from loyalty.measure.satisfaction_breakdown import GroupAnswers
from loyalty.services import insights
from loyalty.services.insights import Satisfaction
from loyalty.words import Words
from ui.cache import cache_rule, cached
from ui.shop_figures import ShopFigures
from ui.show import chart, definition, downloads, percent_table, plain, show_finding

MOST_MONTHS = 36


def satisfaction(figures: ShopFigures, say: Words) -> None:
    """The finding in a sentence, then by time, by segment or by product."""
    csat, nps = figures.key_figures().csat, figures.key_figures().nps
    if not csat.answers and not nps.answers:
        st.markdown(
            say.say(
                "No answers yet. Bring in a survey: a date, a score from 1 to 5, an e-mail address or customer number. "
                "A table to fill in is on the Data screen."
            )
        )
        return
    result = cached(satisfaction_of, figures)
    if csat.answers:
        show_finding(csat_sentence(csat, say), "csat", say)
    if nps.answers:
        st.markdown(plain(insight_sentences.nps_sentence(nps, say)), help=plain(definition("nps", say)))
    st.markdown(
        plain(insight_sentences.response_sentence(result.response, say)),
        help=plain(definition("response_rate", say)),
    )
    names = {s.key: say.message(s.name) for s in figures.segmentation().segments}
    views = [say.say("By month"), say.say("By segment"), say.say("By product"), say.say("Who answers")]
    view = st.segmented_control(
        say.say("Show"),
        views,
        default=views[0],
        key="satisfied-view",
        label_visibility="collapsed",
        required=True,
    )
    if view == views[1]:
        parts = Parts(result.by_segment, result.response_by_segment, "csat_by_segment")
        by_group(parts, lambda key: names.get(key, key), csat.share, say)
    elif view == views[2]:
        by_group(
            Parts(result.by_product, result.response_by_product, "csat_by_product"), str, csat.share, say
        )
    elif view == views[3]:
        response_by_month(result.response_by_month, say)
    else:
        feedback = figures.facts().feedback
        by_month(csat_by_month(feedback), nps_by_month(feedback), say)


def csat_sentence(csat: Csat, words: Words) -> str:
    """CSAT in a sentence."""
    return words.say(
        "{share} of {answers} are satisfied: 4 or 5 of 5 (range {low}–{high}).",
        share=words.percent(csat.share or 0),
        answers=words.plural("{n} answer", "{n} answers", csat.answers),
        low=words.percent(csat.low or 0),
        high=words.percent(csat.high or 0),
    )


def by_month(months: pd.DataFrame, nps: pd.DataFrame, say: Words) -> None:
    """The satisfied share of each month's answers, and the NPS beside it."""
    if len(months):
        shown = months.tail(MOST_MONTHS).rename(columns={"answers": "people"})
        title = say.say("Satisfied (4–5 of 5)")
        chart(share_over_time(shown, [say.month(m) for m in shown["month"]], say, title), title, "csat-time")
    headings = {
        "month": say.say("Month"),
        "answers": say.say("Answers"),
        "satisfied": say.say("Satisfied"),
        "share": say.say("Share"),
        "low": say.say("From"),
        "high": say.say("To"),
    }
    names = list(headings.values())
    all_figures(months_table(months[list(headings)], nps, names, say), "satisfaction-months", names[3:], say)


def months_table(months: pd.DataFrame, nps: pd.DataFrame, headings: list[str], words: Words) -> pd.DataFrame:
    """CSAT and NPS of each month with answers to either; `headings`: those of `months`."""
    scores = nps[["month", "answers", "score", "low", "high"]].set_axis(
        ["month", *nps_headings(words)], axis=1
    )
    both = [
        frame.astype({"month": "datetime64[ns]"}) for frame in (months, scores)
    ]  # an empty one has no types
    table = (
        both[0].merge(both[1], how="outer", on="month").set_axis([*headings, *nps_headings(words)], axis=1)
    )
    return table.round(dict.fromkeys(nps_headings(words)[1:], 0))


def nps_headings(words: Words) -> list[str]:
    """Answers, score and range of an NPS, as headings beside those of CSAT."""
    name = words.say("NPS")
    return [
        words.say("NPS answers"),
        name,
        words.say("{figure}, from", figure=name),
        words.say("{figure}, to", figure=name),
    ]


def response_by_month(months: pd.DataFrame, say: Words) -> None:
    """The response rate by month."""
    shown = months.tail(MOST_MONTHS).rename(columns={"rate": "share", "customers": "people"})
    title = say.say("Who answers")
    chart(share_over_time(shown, [say.month(m) for m in shown["month"]], say, title), title, "response-time")
    headings = {
        "month": say.say("Month"),
        "customers": say.say("Customers"),
        "answered": say.say("Answered"),
        "rate": say.say("Share"),
        "low": say.say("From"),
        "high": say.say("To"),
    }
    all_figures(
        months[list(headings)].rename(columns=headings), "response-months", list(headings.values())[3:], say
    )


@dataclass(frozen=True)
class Parts:
    """Answers by group: the groups, their response rates, and the name of the definition."""

    groups: Sequence[GroupAnswers]
    response: pd.DataFrame
    figure: str


def by_group(parts: Parts, name: Callable[[str], str], overall: float | None, say: Words) -> None:
    """Satisfaction by segment or by product."""
    answer = insight_sentences.satisfaction_differences_sentence(parts.groups, name, say)
    show_finding(answer, parts.figure, say)
    rows = pd.DataFrame(
        [
            (
                name(g.name) if g.name else say.say("others"),
                g.csat.share,
                g.csat.low,
                g.csat.high,
                g.csat.answers,
                bool(g.verdict),
            )
            for g in parts.groups
        ],
        columns=["name", "share", "low", "high", "people", "stands_out"],
    ).astype({"share": "float64", "low": "float64", "high": "float64"})
    chart(share_groups(rows, say, overall), answer, "csat-groups")
    st.caption(
        say.say("Dotted: all answers together. Bars: the range that holds the true share 95 times in 100.")
    )
    groups, response = groups_table(parts.groups, name, say), response_table(parts.response, name, say)
    all_figures(groups, "satisfaction-groups", list(groups.columns[1:4]), say)
    all_figures(response, "response-groups", list(response.columns[3:]), say, say.say("Who answers"))


def groups_table(groups: Sequence[GroupAnswers], name: Callable[[str], str], words: Words) -> pd.DataFrame:
    """One row a group: CSAT with its range and answers, NPS with its answers and range."""
    rows = [
        (
            name(g.name) if g.name else words.say("others"),
            *(g.csat.share, g.csat.low, g.csat.high, g.csat.answers),
            *(g.nps.answers, g.nps.score, g.nps.low, g.nps.high),
        )
        for g in groups
    ]
    headings = [
        words.say("Group"),
        words.say("Share"),
        words.say("From"),
        words.say("To"),
        words.say("Answers"),
    ]
    table = pd.DataFrame(rows, columns=[*headings, *nps_headings(words)])
    scores = nps_headings(words)[1:]
    return table.astype(dict.fromkeys(scores, "float64")).round(dict.fromkeys(scores, 0))


def response_table(response: pd.DataFrame, name: Callable[[str], str], words: Words) -> pd.DataFrame:
    """One row a group: its buyers, those who answered, the share with its range."""
    headings = {
        "group": words.say("Group"),
        "customers": words.say("Customers"),
        "answered": words.say("Answered"),
        "rate": words.say("Share"),
        "low": words.say("From"),
        "high": words.say("To"),
    }
    return response.assign(group=[name(group) for group in response["group"]])[list(headings)].rename(
        columns=headings
    )


def all_figures(table: pd.DataFrame, name: str, shares: list[str], say: Words, title: str = "") -> None:
    """The table in an expander, and its files."""
    with st.expander(title or say.say("All figures")):
        month = say.say("Month")
        shown = table.assign(**{month: [say.month(m) for m in table[month]]}) if month in table else table
        percent_table(shown, shares, say.say("How content customers are, with 95% ranges"), f"{name}-table")
        downloads(table, name, say, dict.fromkeys(shares, 4))


@cache_rule(sales_only=True)
def satisfaction_of(figures: ShopFigures) -> Satisfaction:
    """Response rates, and satisfaction by product and by segment."""
    members = figures.segmentation().members
    segment = dict(zip(members["customer_id"], members["segment"], strict=True))
    with figures.shop.database.reading() as con:
        return insights.satisfaction(con, figures.facts(), segment)

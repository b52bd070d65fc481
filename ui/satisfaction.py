"""How content customers are, in parts, and how many answer at all. A part of Customers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from loyalty.charts.shares import share_groups, share_over_time
from loyalty.measure import saying
from loyalty.measure.answers import GroupAnswers
from loyalty.measure.satisfaction import Csat, csat_by_month
from loyalty.words import Words
from ui.cached import Desk
from ui.insights import satisfaction as satisfaction_of
from ui.show import chart, definition, downloads, percent_table, plain, said

MOST_MONTHS = 36


def satisfaction(at: Desk, say: Words) -> None:
    """The answer in a sentence, then by time, by segment or by product."""
    csat = at.key_figures().csat
    if not csat.answers:
        st.markdown(
            say.say(
                "No answers yet. Bring in a survey: a date, a score from 1 to 5, an e-mail address or customer number. "
                "A table to fill in is on the Data screen."
            )
        )
        return
    found = satisfaction_of(at)
    said(content(csat, say), "csat", say)
    st.markdown(plain(saying.responded(found.response, say)), help=plain(definition("response_rate", say)))
    names = {s.key: say.message(s.name) for s in at.segmentation().segments}
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
        by_group(found.by_segment, lambda key: names.get(key, key), csat.share, "csat_by_segment", say)
    elif view == views[2]:
        by_group(found.by_product, str, csat.share, "csat_by_product", say)
    elif view == views[3]:
        answering(found.response_by_month, say)
    else:
        by_month(csat_by_month(at.facts().feedback), say)


def content(csat: Csat, words: Words) -> str:
    """CSAT in a sentence."""
    return words.say(
        "{share} of {answers} are satisfied: 4 or 5 of 5 (range {low}–{high}).",
        share=words.percent(csat.share or 0),
        answers=words.plural("{n} answer", "{n} answers", csat.answers),
        low=words.percent(csat.low or 0),
        high=words.percent(csat.high or 0),
    )


def by_month(months: pd.DataFrame, say: Words) -> None:
    """The satisfied share of each month's answers."""
    shown = months.tail(MOST_MONTHS).rename(columns={"answers": "people"})
    title = say.say("Satisfied (4–5 of 5)")
    chart(share_over_time(shown, [say.month(m) for m in shown["month"]], say, title), title, "csat-time")
    headings = {
        "month": say.say("Month"), "answers": say.say("Answers"), "satisfied": say.say("Satisfied"),
        "share": say.say("Share"), "low": say.say("From"), "high": say.say("To"),
    }  # fmt: skip
    finish(
        months[list(headings)].rename(columns=headings),
        "satisfaction-months",
        list(headings.values())[3:],
        say,
    )


def answering(months: pd.DataFrame, say: Words) -> None:
    """Of each month's buyers, those who answered."""
    shown = months.tail(MOST_MONTHS).rename(columns={"rate": "share", "customers": "people"})
    title = say.say("Who answers")
    chart(share_over_time(shown, [say.month(m) for m in shown["month"]], say, title), title, "response-time")
    headings = {
        "month": say.say("Month"), "customers": say.say("Customers"), "answered": say.say("Answered"),
        "rate": say.say("Share"), "low": say.say("From"), "high": say.say("To"),
    }  # fmt: skip
    finish(
        months[list(headings)].rename(columns=headings), "response-months", list(headings.values())[3:], say
    )


def by_group(
    found: Sequence[GroupAnswers], name: Callable[[str], str], overall: float | None, figure: str, say: Words
) -> None:
    """Segments or products beside each other."""
    answer = saying.more_content(found, name, say)
    said(answer, figure, say)
    rows = pd.DataFrame(
        [
            (name(g.name) if g.name else say.say("others"), g.csat.share, g.csat.low, g.csat.high, g.csat.answers, bool(g.verdict))
            for g in found
        ],
        columns=["name", "share", "low", "high", "people", "stands_out"],
    )  # fmt: skip
    chart(share_groups(rows, say, overall), answer, "csat-groups")
    st.caption(
        say.say("Dotted: all answers together. Bars: the range that holds the true share 95 times in 100.")
    )
    headings = [say.say("Group"), say.say("Share"), say.say("From"), say.say("To"), say.say("Answers")]
    finish(
        rows.drop(columns="stands_out").set_axis(headings, axis=1), "satisfaction-groups", headings[1:4], say
    )


def finish(table: pd.DataFrame, name: str, shares: list[str], say: Words) -> None:
    """The table behind a fold, and its files."""
    with st.expander(say.say("All figures")):
        month = say.say("Month")
        shown = table.assign(**{month: [say.month(m) for m in table[month]]}) if month in table else table
        percent_table(shown, shares, say.say("How content customers are, with 95% ranges"), f"{name}-table")
        downloads(table, name, say, dict.fromkeys(shares, 4))

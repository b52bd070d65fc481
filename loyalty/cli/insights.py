"""repurchase, satisfaction and changes: what moves the figures."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from loyalty.cli.output import Outcome, share, table
from loyalty.cli.parser import WrongUsage
from loyalty.cli.session import Session
from loyalty.columns import Totals
from loyalty.measure import insight_sentences
from loyalty.measure.changes import Part
from loyalty.measure.repurchase import CohortRepurchase, GroupRepurchase, Unit, repurchase_by_cohort
from loyalty.measure.retention import HORIZONS, Within
from loyalty.measure.satisfaction import Nps, csat, csat_by_month, nps, nps_by_month
from loyalty.measure.satisfaction_breakdown import GroupAnswers
from loyalty.measure.weeks import Weeks, days_ending, new_customers, period_before, year_before
from loyalty.services.figures import segmentation
from loyalty.services.insights import Movement, movement, repurchase_by_group, satisfaction, this_week
from loyalty.words import Words


def repurchase(session: Session, options: argparse.Namespace) -> Outcome:
    """Show repurchase rates by first-purchase cohort or by how customers came."""
    if options.days < 1:
        raise WrongUsage("--days must be 1 or more")
    con, shop_facts = session.facts()
    words, horizon = session.words, options.days
    head = {"as_of": shop_facts.as_of, "by": options.by, "days": horizon}
    if options.by == "cohort":
        unit: Unit = options.unit
        cohorts = repurchase_by_cohort(
            shop_facts.customers, shop_facts.as_of, unit, sorted({*HORIZONS, horizon})
        )
        rows = [
            [_cohort(c, unit), words.number(c.customers), *_range(c.within[horizon], words)] for c in cohorts
        ]
        document = head | {"unit": unit, "cohorts": [_cohort_document(c, unit) for c in cohorts]}
        text = insight_sentences.newest_cohort_sentence(cohorts, horizon, lambda c: _cohort(c, unit), words)
    else:
        groups = repurchase_by_group(con, shop_facts, options.by, horizon)
        rows = [
            [g.name or words.say("others"), words.number(g.customers), *_range(g.within[horizon], words)]
            for g in groups
        ]
        document = head | {"groups": [_group_document(g) for g in groups]}
        text = insight_sentences.repurchase_differences_sentence(groups, horizon, words)
    headings = [words.say("Group"), words.say("Customers"), words.say("Came back"), words.say("Range")]
    return Outcome(document | {"sentence": text}, [text, *table(headings, rows)])


def _cohort(cohort: CohortRepurchase, unit: Unit) -> str:
    start = cohort.start
    return f"{start:%Y-%m}" if unit == "month" else f"{start.year}-Q{start.quarter}"


def _within_document(within: dict[int, Within]) -> dict[str, Any]:
    return {str(days): asdict(rate) for days, rate in within.items()}


def _cohort_document(cohort: CohortRepurchase, unit: Unit) -> dict[str, Any]:
    return {
        "cohort": _cohort(cohort, unit),
        "customers": cohort.customers,
        "within": _within_document(cohort.within),
    }


def _group_document(group: GroupRepurchase) -> dict[str, Any]:
    return {
        "group": group.name,
        "customers": group.customers,
        "within": _within_document(group.within),
        "rest": group.rest,
        "q_value": group.q_value,
        "verdict": group.verdict,
    }


def _range(within: Within, words: Words) -> list[str]:
    """A share and its range, as cells."""
    if within.rate is None:
        return ["–", ""]
    return [share(within.rate, words), f"{share(within.low, words)} – {share(within.high, words)}"]


def show_satisfaction(session: Session, options: argparse.Namespace) -> Outcome:
    """Show CSAT, NPS and response rate, by month, product and segment."""
    con, shop_facts = session.facts()
    words = session.words
    segments = segmentation(shop_facts)
    names = {s.key: words.message(s.name) for s in segments.segments}
    segment = dict(zip(segments.members["customer_id"], segments.members["segment"], strict=True))
    result = satisfaction(con, shop_facts, segment, options.since, options.until)
    day = shop_facts.feedback["at"].dt.date
    feedback = shop_facts.feedback[
        (day >= (options.since or pd.Timestamp.min.date())) & (day <= (options.until or shop_facts.as_of))
    ]
    overall = nps(feedback)
    document = {
        "as_of": shop_facts.as_of,
        "csat": asdict(csat(feedback)),
        "nps": asdict(overall),
        "response": asdict(result.response),
        "months": {
            "csat": csat_by_month(feedback).to_dict("records"),
            "nps": nps_by_month(feedback).to_dict("records"),
            "response": result.response_by_month.to_dict("records"),
        },
        "products": [_answer_document(g) for g in result.by_product],
        "segments": [_answer_document(g, names) for g in result.by_segment],
        "response_by_product": result.response_by_product.to_dict("records"),
        "response_by_segment": result.response_by_segment.to_dict("records"),
    }
    rows = [
        [
            names.get(g.name or "", g.name) or words.say("others"),
            words.number(g.csat.answers),
            share(g.csat.share, words),
            f"{share(g.csat.low, words)} – {share(g.csat.high, words)}",
            *_nps_cells(g.nps, words),
        ]
        for g in [*result.by_segment, *result.by_product]
    ]
    headings = [
        words.say("Group"),
        words.say("Answers"),
        words.say("Satisfied"),
        words.say("Range"),
        words.say("NPS"),
        words.say("Range"),
    ]
    texts = [
        *([] if overall.score is None else [insight_sentences.nps_sentence(overall, words)]),
        insight_sentences.response_sentence(result.response, words),
        insight_sentences.satisfaction_differences_sentence(
            result.by_segment, lambda key: names.get(key, key), words
        ),
    ]
    return Outcome(document, [*texts, *table(headings, rows)])


def _nps_cells(nps: Nps, words: Words) -> list[str]:
    """An NPS and its range, as cells."""
    if nps.score is None:
        return ["–", ""]
    return [words.number(nps.score), f"{words.number(nps.low or 0)} – {words.number(nps.high or 0)}"]


def _answer_document(group: GroupAnswers, names: dict[str, str] | None = None) -> dict[str, Any]:
    shown = {"group": group.name} | ({"name": names.get(group.name or "")} if names else {})
    return shown | {
        "csat": asdict(group.csat),
        "nps": asdict(group.nps),
        "rest": group.rest,
        "q_value": group.q_value,
        "verdict": group.verdict,
    }


def changes(session: Session, options: argparse.Namespace) -> Outcome:
    """Show what changed net revenue between two periods of equal length, and the last week beside others."""
    if options.days < 1:
        raise WrongUsage("--days must be 1 or more")
    con = session.reader()
    as_of, words = session.as_of(con), session.words
    after = days_ending(as_of, options.days)
    if options.against == "year" and options.days > 364:
        raise WrongUsage("--against year compares at most 364 days")
    change = movement(
        con, as_of, year_before(after) if options.against == "year" else period_before(after), after
    )
    weeks = this_week(con, as_of)
    text = insight_sentences.change_sentence(
        change.whole, _days(change.after, words), _days(change.before, words), words
    )
    rows = [
        [insight_sentences.buyers_name(p, str, words), insight_sentences.signed_money(p.change, words)]
        for p in change.buyers
        if p.change
    ]
    lines = [
        text,
        insight_sentences.week_sentence(weeks, words),
        *table([words.say("What moved it"), words.say("Change")], rows),
        *table(
            [words.say("Through what"), words.say("Change")],
            [
                [words.say(insight_sentences.FACTORS[name]), insight_sentences.signed_money(value, words)]
                for name, value in change.factors.items()
            ],
        ),
    ]
    return Outcome(
        _movement_document(change, as_of) | {"week": _weeks_document(weeks), "sentence": text}, lines
    )


def _days(period: tuple[Any, Any], words: Words) -> str:
    return words.say("from {since} to {until}", since=words.date(period[0]), until=words.date(period[1]))


def _movement_document(change: Movement, as_of: Any) -> dict[str, Any]:
    total = change.whole

    def part_documents(parts: Sequence[Part], *keys: str) -> list[dict[str, Any]]:
        return [
            dict(zip(keys, p.key, strict=True)) | {"before": p.before, "after": p.after, "change": p.change}
            for p in parts
        ]

    return {
        "as_of": as_of,
        "before": {"from": change.before[0], "to": change.before[1], "revenue": total.before},
        "after": {"from": change.after[0], "to": change.after[1], "revenue": total.after},
        "change": total.change,
        "share": total.share,
        "noise": total.noise,
        "firm": total.exceeds_chance,
        "factors": dict(change.factors),
        "buyers": part_documents(change.buyers, "channel", "who"),
        "cohorts": part_documents(change.cohorts, "year"),
        "products": part_documents(change.products, "product"),
    }


def _weeks_document(weeks: Weeks) -> dict[str, Any]:
    def week_document(counted: Totals | None) -> dict[str, Any] | None:
        return None if counted is None else asdict(counted) | {"new_customers": new_customers(counted)}

    return {
        "from": weeks.days[0],
        "to": weeks.days[1],
        "this": week_document(weeks.this),
        "last": week_document(weeks.last),
        "year_ago": week_document(weeks.year_ago),
    }

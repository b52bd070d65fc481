"""Commands that show what moves the figures: repurchase, satisfaction, changes."""

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
    """Who comes back, by first-purchase cohort or by how they came."""
    if options.days < 1:
        raise WrongUsage("--days must be 1 or more")
    con, known = session.facts()
    words, horizon = session.words, options.days
    head = {"as_of": known.as_of, "by": options.by, "days": horizon}
    if options.by == "cohort":
        unit: Unit = options.unit
        cohorts = repurchase_by_cohort(known.customers, known.as_of, unit, sorted({*HORIZONS, horizon}))
        rows = [
            [_cohort(c, unit), words.number(c.customers), *_range(c.within[horizon], words)] for c in cohorts
        ]
        document = head | {"unit": unit, "cohorts": [_cohort_document(c, unit) for c in cohorts]}
        said = insight_sentences.newest_cohort_sentence(cohorts, horizon, lambda c: _cohort(c, unit), words)
    else:
        found = repurchase_by_group(con, known, options.by, horizon)
        rows = [
            [g.name or words.say("others"), words.number(g.customers), *_range(g.within[horizon], words)]
            for g in found
        ]
        document = head | {"groups": [_group_document(g) for g in found]}
        said = insight_sentences.repurchase_differences_sentence(found, horizon, words)
    headings = [words.say("Group"), words.say("Customers"), words.say("Came back"), words.say("Range")]
    return Outcome(document | {"sentence": said}, [said, *table(headings, rows)])


def _cohort(found: CohortRepurchase, unit: Unit) -> str:
    start = found.start
    return f"{start:%Y-%m}" if unit == "month" else f"{start.year}-Q{start.quarter}"


def _within_document(within: dict[int, Within]) -> dict[str, Any]:
    return {str(days): asdict(one) for days, one in within.items()}


def _cohort_document(found: CohortRepurchase, unit: Unit) -> dict[str, Any]:
    return {
        "cohort": _cohort(found, unit),
        "customers": found.customers,
        "within": _within_document(found.within),
    }


def _group_document(found: GroupRepurchase) -> dict[str, Any]:
    return {
        "group": found.name,
        "customers": found.customers,
        "within": _within_document(found.within),
        "rest": found.rest,
        "q_value": found.q_value,
        "verdict": found.verdict,
    }


def _range(within: Within, words: Words) -> list[str]:
    """A share and its range, as cells."""
    if within.rate is None:
        return ["–", ""]
    return [share(within.rate, words), f"{share(within.low, words)} – {share(within.high, words)}"]


def answers(session: Session, options: argparse.Namespace) -> Outcome:
    """CSAT, NPS and response rate, by month, product and segment."""
    con, known = session.facts()
    words = session.words
    segments = segmentation(known)
    names = {s.key: words.message(s.name) for s in segments.segments}
    segment = dict(zip(segments.members["customer_id"], segments.members["segment"], strict=True))
    found = satisfaction(con, known, segment, options.since, options.until)
    day = known.feedback["at"].dt.date
    inside = known.feedback[
        (day >= (options.since or pd.Timestamp.min.date())) & (day <= (options.until or known.as_of))
    ]
    overall = nps(inside)
    document = {
        "as_of": known.as_of,
        "csat": asdict(csat(inside)),
        "nps": asdict(overall),
        "response": asdict(found.response),
        "months": {
            "csat": csat_by_month(inside).to_dict("records"),
            "nps": nps_by_month(inside).to_dict("records"),
            "response": found.response_by_month.to_dict("records"),
        },
        "products": [_answer_document(g) for g in found.by_product],
        "segments": [_answer_document(g, names) for g in found.by_segment],
        "response_by_product": found.response_by_product.to_dict("records"),
        "response_by_segment": found.response_by_segment.to_dict("records"),
    }
    rows = [
        [
            names.get(g.name or "", g.name) or words.say("others"),
            words.number(g.csat.answers),
            share(g.csat.share, words),
            f"{share(g.csat.low, words)} – {share(g.csat.high, words)}",
            *_nps_cells(g.nps, words),
        ]
        for g in [*found.by_segment, *found.by_product]
    ]
    headings = [
        words.say("Group"), words.say("Answers"), words.say("Satisfied"), words.say("Range"), words.say("NPS"), words.say("Range"),
    ]  # fmt: skip
    said = [
        *([] if overall.score is None else [insight_sentences.nps_sentence(overall, words)]),
        insight_sentences.response_sentence(found.response, words),
        insight_sentences.satisfaction_differences_sentence(
            found.by_segment, lambda key: names.get(key, key), words
        ),
    ]
    return Outcome(document, [*said, *table(headings, rows)])


def _nps_cells(found: Nps, words: Words) -> list[str]:
    """An NPS and its range, as cells."""
    if found.score is None:
        return ["–", ""]
    return [words.number(found.score), f"{words.number(found.low or 0)} – {words.number(found.high or 0)}"]


def _answer_document(found: GroupAnswers, names: dict[str, str] | None = None) -> dict[str, Any]:
    shown = {"group": found.name} | ({"name": names.get(found.name or "")} if names else {})
    return shown | {
        "csat": asdict(found.csat),
        "nps": asdict(found.nps),
        "rest": found.rest,
        "q_value": found.q_value,
        "verdict": found.verdict,
    }


def changes(session: Session, options: argparse.Namespace) -> Outcome:
    """What moved net revenue between two periods of as many days, and the last week beside others."""
    if options.days < 1:
        raise WrongUsage("--days must be 1 or more")
    con = session.reader()
    as_of, words = session.as_of(con), session.words
    after = days_ending(as_of, options.days)
    if options.against == "year" and options.days > 364:
        raise WrongUsage("--against year compares at most 364 days")
    found = movement(
        con, as_of, year_before(after) if options.against == "year" else period_before(after), after
    )
    weeks = this_week(con, as_of)
    said = insight_sentences.change_sentence(
        found.whole, _days(found.after, words), _days(found.before, words), words
    )
    rows = [
        [insight_sentences.buyers_name(p, str, words), insight_sentences.signed_money(p.change, words)]
        for p in found.buyers
        if p.change
    ]
    lines = [
        said, insight_sentences.week_sentence(weeks, words),
        *table([words.say("What moved it"), words.say("Change")], rows),
        *table(
            [words.say("Through what"), words.say("Change")],
            [[words.say(insight_sentences.FACTORS[name]), insight_sentences.signed_money(value, words)] for name, value in found.factors.items()],
        ),
    ]  # fmt: skip
    return Outcome(
        _movement_document(found, as_of) | {"week": _weeks_document(weeks), "sentence": said}, lines
    )


def _days(period: tuple[Any, Any], words: Words) -> str:
    return words.say("from {since} to {until}", since=words.date(period[0]), until=words.date(period[1]))


def _movement_document(found: Movement, as_of: Any) -> dict[str, Any]:
    whole = found.whole

    def told(parts: Sequence[Part], *keys: str) -> list[dict[str, Any]]:
        return [
            dict(zip(keys, p.key, strict=True)) | {"before": p.before, "after": p.after, "change": p.change}
            for p in parts
        ]

    return {
        "as_of": as_of,
        "before": {"from": found.before[0], "to": found.before[1], "revenue": whole.before},
        "after": {"from": found.after[0], "to": found.after[1], "revenue": whole.after},
        "change": whole.change,
        "share": whole.share,
        "noise": whole.noise,
        "firm": whole.exceeds_chance,
        "factors": dict(found.factors),
        "buyers": told(found.buyers, "channel", "who"),
        "cohorts": told(found.cohorts, "year"),
        "products": told(found.products, "product"),
    }


def _weeks_document(found: Weeks) -> dict[str, Any]:
    def told(counted: Totals | None) -> dict[str, Any] | None:
        return None if counted is None else asdict(counted) | {"new_customers": new_customers(counted)}

    return {"from": found.days[0], "to": found.days[1], "this": told(found.this), "last": told(found.last),
            "year_ago": told(found.year_ago)}  # fmt: skip

"""segments: groups of customers with names and figures, and who moved between them."""

from __future__ import annotations

import argparse
from typing import Any

from loyalty.cli.output import Outcome, share, table, write_table
from loyalty.cli.parser import WrongUsage
from loyalty.cli.session import Session
from loyalty.models.segments.movement import Movement
from loyalty.models.segments.segmentation import Segment, Segmentation
from loyalty.services.figures import movement_since, segment_extras, segmentation
from loyalty.words import Words

FIGURES = ("customers", "share_of_revenue", "recency_days", "frequency", "monetary", "firmness")


def segments(session: Session, options: argparse.Namespace) -> Outcome:
    """Show segments with names and figures; `--out` writes their members; `--since` shows who moved."""
    con, shop_facts = session.facts()
    words = session.words
    extras = segment_extras(con, shop_facts.as_of, options.traits)
    result = segmentation(shop_facts, options.method, options.k, extras)
    names = {s.key: words.message(s.name) for s in result.segments}
    if options.out:
        members = result.members.assign(name=result.members["segment"].map(names))
        write_table(members, options.out)
    document = segments_document(result, words)
    lines = table(*_segment_rows(result, names, words))
    if options.since:
        if options.since >= shop_facts.as_of:
            raise WrongUsage(f"--since must be before {shop_facts.as_of}")
        changes = movement_since(con, result, options.traits, options.since)
        document["movement"] = movement_document(changes, words)
        lines.append(_moved_line(changes, words))
    return Outcome(document, lines)


def segments_document(result: Segmentation, words: Words) -> dict[str, Any]:
    """Segments under their documented keys."""
    return {
        "method": result.method,
        "k": result.k,
        "silhouette": result.silhouette,
        "stability": result.stability,
        "note": words.message(result.note) if result.note else None,
        "segments": [_segment_document(segment, words) for segment in result.segments],
    }


def _segment_document(segment: Segment, words: Words) -> dict[str, Any]:
    return {
        "key": segment.key,
        "name": words.message(segment.name),
        "description": words.message(segment.description),
        "traits": [words.message(text) for text in segment.traits],
        **{name: getattr(segment, name) for name in FIGURES},
    }


def movement_document(changes: Movement, words: Words) -> dict[str, Any]:
    """Who moved: counts by change, flows by name, and each customer who changed groups."""
    names = {key: words.message(name) for key, name in changes.names.items()}
    flows = changes.flows.assign(
        before=changes.flows["before"].map(names), now=changes.flows["now"].map(names)
    )
    changed = changes.transitions[changes.transitions["change"].isin(["up", "down"])]
    return {
        "since": changes.since,
        **changes.counts(),
        "flows": flows.to_dict("records"),
        "customers": changed.to_dict("records"),
    }


def _moved_line(changes: Movement, words: Words) -> str:
    """A sentence on who moved."""
    counts = {change: words.number(count) for change, count in changes.counts().items()}
    return words.say("{up} moved up, {down} slipped, {same} stayed, {new} are new", **counts)


def _segment_rows(
    result: Segmentation, names: dict[str, str], words: Words
) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of the table."""
    head = [
        words.say("Segment"),
        words.say("Customers"),
        words.say("Share of revenue"),
        words.say("Days since last"),
        words.say("Orders"),
        words.say("Spent"),
    ]
    rows = [
        [
            names[s.key],
            words.number(s.customers),
            share(s.share_of_revenue, words),
            words.number(s.recency_days),
            words.number(s.frequency, 1),
            words.money(s.monetary),
        ]
        for s in result.segments
    ]
    return head, rows

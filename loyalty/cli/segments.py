"""segments: groups of customers with names and figures, and who moved between them."""

from __future__ import annotations

import argparse
from typing import Any

from loyalty.cli.figures import write_table
from loyalty.cli.output import Outcome, share, table
from loyalty.cli.parser import WrongUsage
from loyalty.cli.session import Session
from loyalty.models.segments.movement import Movement
from loyalty.models.segments.segmentation import Segment, Segmentation
from loyalty.services.figures import movement_since, segment_extras, segmentation
from loyalty.words import Words

FIGURES = ("customers", "share_of_revenue", "recency_days", "frequency", "monetary", "firmness")


def segments(session: Session, options: argparse.Namespace) -> Outcome:
    """Segments with names and figures; `--out` writes who is in which; `--since` tells who moved."""
    con, known = session.facts()
    words = session.words
    extras = segment_extras(con, known.as_of, options.traits)
    found = segmentation(known, options.method, options.k, extras)
    names = {s.key: words.message(s.name) for s in found.segments}
    if options.out:
        members = found.members.assign(name=found.members["segment"].map(names))
        write_table(members, options.out)
    document = segments_document(found, words)
    lines = table(*_segment_rows(found, names, words))
    if options.since:
        if options.since >= known.as_of:
            raise WrongUsage(f"--since must be before {known.as_of}")
        moved = movement_since(con, found, options.traits, options.since)
        document["movement"] = movement_document(moved, words)
        lines.append(_moved_line(moved, words))
    return Outcome(document, lines)


def segments_document(found: Segmentation, words: Words) -> dict[str, Any]:
    """Segments under the keys that others rely on."""
    return {
        "method": found.method,
        "k": found.k,
        "silhouette": found.silhouette,
        "stability": found.stability,
        "note": words.message(found.note) if found.note else None,
        "segments": [_segment_document(segment, words) for segment in found.segments],
    }


def _segment_document(segment: Segment, words: Words) -> dict[str, Any]:
    return {
        "key": segment.key,
        "name": words.message(segment.name),
        "description": words.message(segment.description),
        "traits": [words.message(text) for text in segment.traits],
        **{name: getattr(segment, name) for name in FIGURES},
    }


def movement_document(moved: Movement, words: Words) -> dict[str, Any]:
    """Who moved: counts by change, flows by name, and each customer who changed groups."""
    names = {key: words.message(name) for key, name in moved.names.items()}
    flows = moved.flows.assign(before=moved.flows["before"].map(names), now=moved.flows["now"].map(names))
    changed = moved.transitions[moved.transitions["change"].isin(["up", "down"])]
    return {
        "since": moved.since,
        **moved.counts(),
        "flows": flows.to_dict("records"),
        "customers": changed.to_dict("records"),
    }


def _moved_line(moved: Movement, words: Words) -> str:
    """Who moved, in a sentence."""
    counts = {change: words.number(count) for change, count in moved.counts().items()}
    return words.say("{up} moved up, {down} slipped, {same} stayed, {new} are new", **counts)


def _segment_rows(
    found: Segmentation, names: dict[str, str], words: Words
) -> tuple[list[str], list[list[str]]]:
    """Headings and rows for a reader."""
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
        for s in found.segments
    ]
    return head, rows

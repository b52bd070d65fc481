"""channel-overlap: the owner's decisions on channels that hold the same sales."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from loyalty.cli.output import Outcome
from loyalty.cli.parser import require_arguments
from loyalty.cli.session import Session
from loyalty.shop.import_sentences import overlap_sentence
from loyalty.store.channel_overlap import decisions, set_decision


def channel_overlap(session: Session, options: argparse.Namespace) -> Outcome:
    """List the decisions on pairs of channels, set one, or forget one."""
    database = session.shop.database
    if options.action != "list":
        require_arguments(options, "channel", "other", *(["answer"] if options.action == "set" else []))
        same = options.answer == "same" if options.action == "set" else None
        set_decision(database, options.channel, options.other, same=same, stamp=session.stamp)
    pairs = decisions(database)
    return Outcome(
        {"channel_overlap": [asdict(pair) for pair in pairs]},
        [overlap_sentence(pair, session.words) for pair in pairs],
    )

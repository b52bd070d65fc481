"""campaign measure on a plain file: an experiment from one row a customer, without a shop."""

from __future__ import annotations

import argparse
from typing import Any

from loyalty.campaigns.group_lift import measure_experiment
from loyalty.campaigns.lift import Lift
from loyalty.cli.output import Outcome, table
from loyalty.cli.parser import WrongUsage
from loyalty.cli.plain_file import read_columns
from loyalty.words import Words


def uses_plain_file(options: argparse.Namespace) -> bool:
    """Whether the command works on a plain file. Raises WrongUsage where it does and an option is missing."""
    if options.action != "measure" or not options.file:
        return False
    if not (options.group and options.control and options.outcomes):
        raise WrongUsage("campaign measure --file needs --group COLUMN, --control VALUE and --outcomes a,b,c")
    return True


def measure_file(options: argparse.Namespace, words: Words) -> Outcome:
    """Show the lift of every other group against the control."""
    rows = read_columns(options.file, {}, (options.group, *options.outcomes))
    result = measure_experiment(
        rows, options.group, options.control, options.outcomes, treated=options.treated, seed=options.seed
    )
    groups: dict[str, dict[str, Any]] = {
        name: {"customers": next(iter(lifts.values())).n_treated, "outcomes": _documents(lifts)}
        for name, lifts in result.groups.items()
    }
    together = _documents(result.together)
    for outcome, document in together.items():
        document["by_group"] = {name: entry["outcomes"][outcome] for name, entry in groups.items()}
    document = {"file": str(options.file), "control": result.control, "outcomes": together, "groups": groups}
    lines = [line for name, lifts in result.groups.items() for line in (name, *lift_table(lifts, words), "")]
    return Outcome(document, lines[:-1])


def lift_document(lift: Lift) -> dict[str, Any]:
    """One lift under its documented keys."""
    return {
        "kind": lift.kind,
        "treated": lift.treated,
        "control": lift.control,
        "lift": lift.lift,
        "low": lift.low,
        "high": lift.high,
        "p_value": lift.p_value,
        "total": lift.total,
        "total_low": lift.total_low,
        "total_high": lift.total_high,
        "n_treated": lift.n_treated,
        "n_control": lift.n_control,
        "adjusted": lift.adjusted,
    }


def _documents(lifts: dict[str, Lift]) -> dict[str, dict[str, Any]]:
    return {name: lift_document(lift) for name, lift in lifts.items()}


def lift_table(lifts: dict[str, Lift], words: Words) -> list[str]:
    """Lifts as lines in columns."""
    head = [
        words.say("Outcome"),
        words.say("Written to"),
        words.say("Held back"),
        words.say("Difference"),
        words.say("From"),
        words.say("To"),
        words.say("In total"),
    ]
    return table(head, [[name, *_cells(lift, words)] for name, lift in lifts.items()])


def _cells(lift: Lift, words: Words) -> list[str]:
    values = (lift.treated, lift.control, lift.lift, lift.low, lift.high)
    shown = [_shown(value, lift.kind, words) for value in values]
    return [*shown, words.number(lift.total)]


def _shown(value: float | None, kind: str, words: Words) -> str:
    if value is None:
        return "–"
    return words.percent(value, 2) if kind == "share" else words.number(value, 4)

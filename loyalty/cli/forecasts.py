"""Commands that look ahead: forecast, goals."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from loyalty.cli.output import Outcome, table
from loyalty.cli.parser import WrongUsage
from loyalty.cli.session import Session
from loyalty.measure import insight_sentences
from loyalty.measure.forecast_statsmodels import EXTRA_METHODS
from loyalty.measure.forecasts import Candidate, Forecast
from loyalty.measure.goal_sentences import goal_sentence, metric_text
from loyalty.measure.goals import METRICS, Progress, checked_goal, metric_name
from loyalty.services.forecasts import forecasts
from loyalty.services.goals import load_goals, remove_goal, set_goal
from loyalty.services.insights import goal_progress
from loyalty.words import Words

MOST_MONTHS = 24


def forecast(session: Session, options: argparse.Namespace) -> Outcome:
    """The coming months of net revenue, orders and active customers, with the contest behind them."""
    if not 1 <= options.months <= MOST_MONTHS:
        raise WrongUsage(f"--months must lie between 1 and {MOST_MONTHS}")
    con = session.reader()
    as_of, words = session.as_of(con), session.words
    found = forecasts(con, as_of, options.months, EXTRA_METHODS if options.more else ())
    document = {"as_of": as_of, **_document(found["revenue"], words)}
    document |= {key: _document(found[key], words) for key in ("orders", "customers")}
    lines = [insight_sentences.forecast_sentence(found["revenue"], words.money, words)]
    if found["revenue"].months.empty:
        return Outcome(document, lines)
    headings = [
        words.say("Month"),
        words.say("Net revenue"),
        words.say("Range"),
        words.say("Orders"),
        words.say("Customers"),
    ]
    rows = [_row(place, found, words) for place in range(options.months)]
    trials = [
        [words.say(t.name), words.number(t.mase, 2), "*" if t.chosen else ""]
        for t in found["revenue"].candidates
    ]
    return Outcome(
        document, [*lines, *table(headings, rows), *table([words.say("Method"), "MASE", ""], trials)]
    )


def _row(place: int, found: dict[str, Forecast], words: Words) -> list[str]:
    """One month in cells."""
    money = found["revenue"].months.iloc[place]
    counts = [
        words.number(round(found[key].months["expected"].iloc[place])) for key in ("orders", "customers")
    ]
    span = f"{words.money(money['low'])} – {words.money(money['high'])}"
    return [words.month(money["month"]), words.money(money["expected"]), span, *counts]


def _document(found: Forecast, words: Words) -> dict[str, Any]:
    def told(trial: Candidate) -> dict[str, Any]:
        return {"method": trial.key, "name": words.say(trial.name), "mase": trial.mase, "mae": trial.mae,
                "tries": trial.tries, "chosen": trial.chosen}  # fmt: skip

    return {
        "months": [row | {"month": f"{row['month']:%Y-%m}"} for row in found.months.to_dict("records")],
        "method": found.method.key if found.method else None,
        "backtest": {
            "methods": [told(trial) for trial in found.candidates],
            "miss_one_month_ahead": found.mean_error,
            "whole_months": len(found.history),
            "interval": 0.8,
        },
        "note": words.message(found.note) if found.note else None,
    }


def goals(session: Session, options: argparse.Namespace) -> Outcome:
    """List the goals and how far they are, set one, or take one away."""
    folder, words = session.shop.folder, session.words
    if options.action == "set":
        set_goal(folder, checked_goal(options.metric or "", *_asked(options)))
    elif options.action == "remove":
        remove_goal(folder, options.metric or "")
    saved, faults = load_goals(folder)
    for fault in faults:
        raise fault
    found: list[Progress] = []
    if saved:
        con, known = session.facts()
        found = goal_progress(con, known, session.shop.settings, saved)
    names = {p.goal.metric: words.message(metric_name(p.goal.metric)) for p in found}
    document = {
        "goals": [_target_document(p, names[p.goal.metric], words) for p in found],
        "metrics": {key: words.message(metric_name(key)) for key in METRICS},
    }
    lines = [f"{names[p.goal.metric]}: {goal_sentence(p, words)}" for p in found]
    return Outcome(document, lines or [words.say("No goal is set.")])


def _asked(options: argparse.Namespace) -> tuple[str, float | str]:
    """The direction and the value of `goals set`; "35%" is .35."""
    given = [
        (name, getattr(options, name))
        for name in ("at_least", "at_most")
        if getattr(options, name) is not None
    ]
    if len(given) != 1:
        raise WrongUsage("goals set needs --at-least VALUE or --at-most VALUE")
    direction, text = given[0]
    digits, percent = text.strip().removesuffix("%"), text.strip().endswith("%")
    try:
        value = float(digits)
    except ValueError:
        return direction, text
    return direction, value / 100 if percent else value


def _target_document(found: Progress, name: str, words: Words) -> dict[str, Any]:
    metric = found.goal.metric
    return asdict(found.goal) | {
        "name": name,
        "now": found.reading.value,
        "reached": found.reached,
        "way": found.share_done,
        "more": found.missing,
        "sentence": goal_sentence(found, words),
        "shown": metric_text(metric, found.reading.value, words),
    }

"""forecast and goals: the coming months, and progress towards the owner's goals."""

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
    """Show the coming months of net revenue, orders and active customers, and the back-test of the methods."""
    if not 1 <= options.months <= MOST_MONTHS:
        raise WrongUsage(f"--months must lie between 1 and {MOST_MONTHS}")
    con = session.reader()
    as_of, words = session.as_of(con), session.words
    by_figure = forecasts(con, as_of, options.months, EXTRA_METHODS if options.more else ())
    document = {"as_of": as_of, **_document(by_figure["revenue"], words)}
    document |= {key: _document(by_figure[key], words) for key in ("orders", "customers")}
    lines = [insight_sentences.forecast_sentence(by_figure["revenue"], words.money, words)]
    if by_figure["revenue"].months.empty:
        return Outcome(document, lines)
    headings = [
        words.say("Month"),
        words.say("Net revenue"),
        words.say("Range"),
        words.say("Orders"),
        words.say("Customers"),
    ]
    rows = [_row(place, by_figure, words) for place in range(options.months)]
    trials = [
        [words.say(trial.name), words.number(trial.mase, 2), "*" if trial.chosen else ""]
        for trial in by_figure["revenue"].candidates
    ]
    return Outcome(
        document, [*lines, *table(headings, rows), *table([words.say("Method"), "MASE", ""], trials)]
    )


def _row(place: int, by_figure: dict[str, Forecast], words: Words) -> list[str]:
    """One month in cells."""
    money = by_figure["revenue"].months.iloc[place]
    counts = [
        words.number(round(by_figure[key].months["expected"].iloc[place])) for key in ("orders", "customers")
    ]
    span = f"{words.money(money['low'])} – {words.money(money['high'])}"
    return [words.month(money["month"]), words.money(money["expected"]), span, *counts]


def _document(result: Forecast, words: Words) -> dict[str, Any]:
    def trial_document(trial: Candidate) -> dict[str, Any]:
        return {
            "method": trial.key,
            "name": words.say(trial.name),
            "mase": trial.mase,
            "mae": trial.mae,
            "tries": trial.tries,
            "chosen": trial.chosen,
        }

    return {
        "months": [row | {"month": f"{row['month']:%Y-%m}"} for row in result.months.to_dict("records")],
        "method": result.method.key if result.method else None,
        "backtest": {
            "methods": [trial_document(trial) for trial in result.candidates],
            "miss_one_month_ahead": result.mean_error,
            "whole_months": len(result.history),
            "interval": 0.8,
        },
        "note": words.message(result.note) if result.note else None,
    }


def goals(session: Session, options: argparse.Namespace) -> Outcome:
    """List the goals with their progress, set one, or remove one."""
    folder, words = session.shop.folder, session.words
    if options.action == "set":
        set_goal(folder, checked_goal(options.metric or "", *_limit(options)))
    elif options.action == "remove":
        remove_goal(folder, options.metric or "")
    saved, faults = load_goals(folder)
    for fault in faults:
        raise fault
    measured: list[Progress] = []
    if saved:
        con, shop_facts = session.facts()
        measured = goal_progress(con, shop_facts, session.shop.settings, saved)
    names = {
        goal_state.goal.metric: words.message(metric_name(goal_state.goal.metric)) for goal_state in measured
    }
    document = {
        "goals": [
            _target_document(goal_state, names[goal_state.goal.metric], words) for goal_state in measured
        ],
        "metrics": {key: words.message(metric_name(key)) for key in METRICS},
    }
    lines = [
        f"{names[goal_state.goal.metric]}: {goal_sentence(goal_state, words)}" for goal_state in measured
    ]
    return Outcome(document, lines or [words.say("No goal is set.")])


def _limit(options: argparse.Namespace) -> tuple[str, float | str]:
    """The direction and the value of `goals set`; "35%" is .35."""
    limits = [
        (name, getattr(options, name))
        for name in ("at_least", "at_most")
        if getattr(options, name) is not None
    ]
    if len(limits) != 1:
        raise WrongUsage("goals set needs --at-least VALUE or --at-most VALUE")
    direction, text = limits[0]
    digits, percent = text.strip().removesuffix("%"), text.strip().endswith("%")
    try:
        value = float(digits)
    except ValueError:
        return direction, text
    return direction, value / 100 if percent else value


def _target_document(goal_state: Progress, name: str, words: Words) -> dict[str, Any]:
    metric = goal_state.goal.metric
    return asdict(goal_state.goal) | {
        "name": name,
        "now": goal_state.reading.value,
        "reached": goal_state.reached,
        "way": goal_state.share_done,
        "more": goal_state.missing,
        "sentence": goal_sentence(goal_state, words),
        "shown": metric_text(metric, goal_state.reading.value, words),
    }

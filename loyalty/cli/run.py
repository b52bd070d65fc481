"""One run of the command line, from arguments to exit code; every failure becomes a sentence."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import platformdirs

from loyalty.cli import (
    acquisition_cost,
    campaigns,
    channel_overlap,
    cross_sell,
    customer_story,
    customers,
    exchange_rates,
    figures,
    file_import,
    forecasts,
    group_lift,
    insights,
    lifetime_value,
    predictions,
    recommendations,
    rewards,
    segments,
)
from loyalty.cli.output import FAILED, WRONG_USAGE, Outcome, note, show
from loyalty.cli.parser import OLD_NAMES, WrongUsage, parse
from loyalty.cli.session import Session
from loyalty.errors import OwnerError
from loyalty.shop.settings import load
from loyalty.shop.shop import Shop
from loyalty.words import N_, words_for

COMMANDS: Mapping[str, Callable[[Session, argparse.Namespace], Outcome]] = {
    "import": file_import.import_files,
    "imports": file_import.import_history,
    "undo": file_import.undo,
    "rejected": file_import.rejected,
    "sources": file_import.sources,
    "rates": exchange_rates.rates,
    "channel-overlap": channel_overlap.channel_overlap,
    "kpis": figures.kpis,
    "cohorts": figures.cohorts,
    "clv": lifetime_value.clv,
    "costs": acquisition_cost.costs,
    "segments": segments.segments,
    "rules": lambda session, options: cross_sell.rules(session, options, session.words),
    "repurchase": insights.repurchase,
    "satisfaction": insights.show_satisfaction,
    "changes": insights.changes,
    "forecast": forecasts.forecast,
    "goals": forecasts.goals,
    "predict": predictions.predict,
    "recommend": recommendations.recommend,
    "rewards": rewards.rewards,
    "customers": customers.customers,
    "campaign": campaigns.campaign_command,
    "next": customer_story.list_next_actions,
}


class CannotWrite(OwnerError):
    """A file named with --out cannot be written."""

    template = N_("The file “{file}” cannot be written.")


def shop_folder(option: Path | None) -> Path:
    """The given folder, else $LOYALTY_SHOP, else one in the user's data folder."""
    folder = option or os.environ.get("LOYALTY_SHOP")
    return Path(folder) if folder else Path(platformdirs.user_data_dir("Regulars", appauthor=False)) / "shop"


def run(arguments: Sequence[str], stamp: dt.datetime) -> int:
    """Carry out a command line at the moment `stamp`; returns the exit code."""
    as_json = "--json" in arguments
    try:
        options = parse(arguments)
    except WrongUsage as problem:
        return _failed(str(problem), WRONG_USAGE, as_json=as_json)
    folder = shop_folder(options.shop)
    if options.command == "serve":
        return _serve(options, folder)
    settings, faults = load(folder)
    words = words_for(options.language or settings.language or "en", settings.home_currency)
    for fault in faults:
        note(words.message(fault.message))
    if options.old_name:
        note(
            words.say(
                "“{old}” is now called “{new}”; the old name goes on working.",
                old=options.old_name,
                new=options.command,
            )
        )
    try:
        if options.command == "rules" and options.baskets:
            return show(cross_sell.rules(None, options, words), as_json=as_json)
        if options.command == "recommend" and recommendations.uses_plain_files(options):
            return show(recommendations.evaluate_files(options, words), as_json=as_json)
        if options.command == "campaign" and group_lift.uses_plain_file(options):
            return show(group_lift.measure_file(options, words), as_json=as_json)
        with Shop.open(folder) as shop:
            outcome = COMMANDS[options.command](Session(shop, words, stamp, options.as_of), options)
            return show(_with_old_keys(outcome, options.old_name), as_json=as_json)
    except WrongUsage as problem:
        return _failed(str(problem), WRONG_USAGE, as_json=as_json)
    except OwnerError as problem:
        return _failed(words.message(problem.message), FAILED, as_json=as_json)
    except OSError as problem:
        written = CannotWrite(file=str(problem.filename or ""))
        return _failed(words.message(written.message), FAILED, as_json=as_json)


def _with_old_keys(outcome: Outcome, old_name: str) -> Outcome:
    """The document with the keys of an earlier command name; unchanged where `old_name` is empty."""
    keys = OLD_NAMES[old_name][1] if old_name else {}
    return replace(outcome, document={keys.get(key, key): value for key, value in outcome.document.items()})


def _failed(text: str, code: int, *, as_json: bool) -> int:
    """Report an error: in the document under `--json`, else on standard error."""
    if as_json:
        return show(Outcome({"error": text}, [], code), as_json=True)
    note(text)
    return code


def _serve(options: argparse.Namespace, folder: Path) -> int:
    """Start the web app as a separate process, as this package does not import screens."""
    command = [sys.executable, "-m", "ui.server"]
    command += ["--port", str(options.port)] if options.port else []
    command += ["--host", options.host] if options.host else []
    root = Path(__file__).resolve().parents[2]
    try:
        return subprocess.run(
            command, cwd=root, env={**os.environ, "LOYALTY_SHOP": str(folder.absolute())}, check=False
        ).returncode
    except KeyboardInterrupt:
        return 0

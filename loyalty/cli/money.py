"""Commands about what makes figures add up: exchange rates, and channels that tell the same sales."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from loyalty.cli.output import Outcome, table
from loyalty.cli.parser import WrongUsage
from loyalty.cli.session import Session
from loyalty.facts import orders as order_facts
from loyalty.shop.import_sentences import door_sentence, waiting_by_currency, waiting_sentence
from loyalty.store import channel_overlap as door_store
from loyalty.store import rates as rate_store


def rates(session: Session, options: argparse.Namespace) -> Outcome:
    """List, set or remove rates; every form tells all rates and what waits afterwards."""
    shop, action = session.shop, options.action
    home = shop.settings.currency
    if action == "set":
        _given(options, "currency", "month", "rate")
        rate_store.keep(
            shop.database, [rate_store.checked(options.currency, options.month, options.rate, home)]
        )
    elif action == "remove":
        _given(options, "currency", "month")
        rate_store.remove(shop.database, options.currency, rate_store.month_of(options.month), home)
    known = rate_store.listed(shop.database, home)
    waiting = waiting_by_currency(order_facts.waiting(session.reader()))
    document: dict[str, Any] = {
        "home": home or None,
        "rates": [{**asdict(rate), "month": f"{rate.month:%Y-%m}"} for rate in known],
        "waiting": [{"currency": w.currency, "sales": w.sales, "since": f"{w.since:%Y-%m}"} for w in waiting],
    }
    words = session.words
    head = [words.say("Currency"), words.say("From month"), words.say("Rate")]
    listed = table(head, [[r.currency, f"{r.month:%Y-%m}", f"{r.rate:f} {r.base}"] for r in known])
    sentences = [waiting_sentence(found, words) for found in waiting]
    return Outcome(document, sentences if action == "waiting" else [*(listed if known else []), *sentences])


def doors(session: Session, options: argparse.Namespace) -> Outcome:
    """List what was decided on pairs of channels, decide, or forget a decision."""
    shop = session.shop
    if options.action != "list":
        _given(options, "channel", "other", *(["answer"] if options.action == "set" else []))
        same = options.answer == "same" if options.action == "set" else None
        door_store.choose(shop.database, options.channel, options.other, same=same, stamp=session.stamp)
    found = door_store.decided(shop.database)
    return Outcome(
        {"doors": [asdict(door) for door in found]}, [door_sentence(d, session.words) for d in found]
    )


def _given(options: argparse.Namespace, *names: str) -> None:
    """Raise WrongUsage for arguments that this action cannot do without."""
    missing = [name.upper() for name in names if getattr(options, name) is None]
    if missing:
        raise WrongUsage(
            f"python -m loyalty {options.command} {options.action}: {' '.join(missing)} is missing"
        )

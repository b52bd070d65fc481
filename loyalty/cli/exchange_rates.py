"""rates: the owner's exchange rates, and the sales whose rate is missing."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from loyalty.cli.output import Outcome, table
from loyalty.cli.parser import require_arguments
from loyalty.cli.session import Session
from loyalty.facts import orders as order_facts
from loyalty.shop.import_sentences import waiting_by_currency, waiting_sentence
from loyalty.store import rates as store


def rates(session: Session, options: argparse.Namespace) -> Outcome:
    """List, set or remove rates; then show all rates and the sales whose rate is missing."""
    shop, action, words = session.shop, options.action, session.words
    home = shop.settings.currency
    if action == "set":
        require_arguments(options, "currency", "month", "rate")
        store.save_rates(
            shop.database, [store.parse_rate(options.currency, options.month, options.rate, home)]
        )
    elif action == "remove":
        require_arguments(options, "currency", "month")
        store.remove_rate(shop.database, options.currency, store.parse_month(options.month), home)
    listed = store.saved_rates(shop.database, home)
    waiting = waiting_by_currency(order_facts.unconverted_sales(session.reader()))
    document: dict[str, Any] = {
        "home": home or None,
        "rates": [{**asdict(rate), "month": f"{rate.month:%Y-%m}"} for rate in listed],
        "waiting": [{"currency": w.currency, "sales": w.sales, "since": f"{w.since:%Y-%m}"} for w in waiting],
    }
    head = [words.say("Currency"), words.say("From month"), words.say("Rate")]
    rows = [[r.currency, f"{r.month:%Y-%m}", f"{r.rate:f} {r.base}"] for r in listed]
    sentences = [waiting_sentence(currency, words) for currency in waiting]
    return Outcome(
        document, sentences if action == "waiting" or not rows else [*table(head, rows), *sentences]
    )

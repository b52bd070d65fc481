"""customers list, customers show and next: all customers, one customer's story, the next actions."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

import pandas as pd

from loyalty.cli.output import Outcome, table
from loyalty.cli.session import Session
from loyalty.customers.status import came_back_by_status
from loyalty.exports.customer_table import customer_table, digits
from loyalty.exports.table import to_csv, to_xlsx
from loyalty.facts import customers as customer_facts
from loyalty.facts.customer_story import lookups
from loyalty.services.campaigns import current_control_groups
from loyalty.services.customer_story import document as story_document
from loyalty.services.customer_story import story
from loyalty.services.figures import all_customers, programme, segmentation
from loyalty.services.lifetime_value import customer_states, terms_of
from loyalty.services.next_actions import SHOWN, action_sentences, footnote, shop_actions
from loyalty.services.next_actions import document as action_document
from loyalty.services.points import balances, ledger_of, statement

MOST_SHOWN = 20
LISTED = (
    "customer_id",
    "status",
    "orders",
    "revenue",
    "last_at",
    "p_alive",
    "next_early",
    "next_late",
    "clv",
    "segment",
    "content",
    "answers",
    "tier",
    "points",
)


def list_customers(session: Session, options: argparse.Namespace) -> Outcome:
    """List all customers, the highest spend first; `--out` writes the table of the screen as CSV or XLSX."""
    con, shop_facts = session.facts()
    words, segments = session.words, segmentation(shop_facts)
    rewards, _ = programme(session.shop, shop_facts.customers, [s.key for s in segments.segments])
    states = customer_states(shop_facts.models, terms_of(session.shop.settings))
    points = balances(ledger_of(con, session.shop, rewards, shop_facts.as_of))
    customers = all_customers(shop_facts, customer_facts.contacts(con), segments, points, states.customers)
    if options.status:
        customers = customers[customers["status"] == options.status].reset_index(drop=True)
    names = {s.key: words.message(s.name) for s in segments.segments}
    tiers = {t.key: words.say(t.name) for t in rewards.tiers}
    shown = customer_table(customers, names, tiers, words, predicted=states.missing is None)
    missing = words.message(states.missing) if states.missing else None
    document: dict[str, Any] = {
        "as_of": shop_facts.as_of,
        "statuses": shop_facts.statuses.counts,
        "usual_gap_days": shop_facts.statuses.usual_gap_days,
        "came_back": came_back_by_status(shop_facts.models.days, shop_facts.as_of).to_dict("records"),
        "customers": _records(customers),
        "missing": missing,
    }
    lines = [words.plural("{n} customer.", "{n} customers.", len(customers)), *([missing] if missing else [])]
    if options.out:
        write = to_xlsx if options.out.suffix.lower() == ".xlsx" else to_csv
        options.out.write_bytes(write(shown, digits=digits(words)))
        document["out"] = str(options.out)
        return Outcome(document, [*lines, words.say("Written to {file}.", file=str(options.out))])
    first = shown.head(MOST_SHOWN).astype("object")
    rows = first.where(first.notna(), "").astype("str").to_numpy().tolist()
    return Outcome(document, [*lines, *table(list(shown.columns), rows)])


def _records(customers: pd.DataFrame) -> list[dict[Any, Any]]:
    """Rows of the columns LISTED; next orders as days."""
    days = {name: pd.to_datetime(customers[name]).dt.date for name in ("next_early", "next_late")}
    return customers.assign(**days)[list(LISTED)].to_dict("records")


def show_customer(session: Session, customer_id: str) -> Outcome:
    """Show the story of one customer. Raises NoSales before the first sale."""
    con, shop_facts = session.facts()
    words, segments = session.words, segmentation(shop_facts)
    rewards, saved = programme(session.shop, shop_facts.customers, [s.key for s in segments.segments])
    control_groups = current_control_groups(session.shop.database, con, shop_facts.as_of)
    customer = story(
        con,
        shop_facts,
        lookups(con, shop_facts.as_of),
        rewards if saved else None,
        customer_id,
        control_groups.get(customer_id),
    )
    contacts = customer_facts.contacts(con)
    named = contacts[contacts["name"].notna()]
    names = dict(zip(named["customer_id"], named["name"], strict=True))
    points = (
        statement(ledger_of(con, session.shop, rewards, shop_facts.as_of), customer_id) if saved else None
    )
    step, entries = customer.step(words), customer.timeline(names, words, points)
    lines = [f"{step.what} {step.why}"]
    lines += [f"{entry.at:%Y-%m-%d}  {entry.what}" if entry.at else entry.what for entry in entries]
    return Outcome(story_document(customer, names, words, points), lines)


def list_next_actions(session: Session, options: argparse.Namespace) -> Outcome:
    """List the actions with the highest expected gain, or all, with their customers."""
    con, shop_facts = session.facts()
    words, margin = session.words, session.shop.settings.margin
    actions = shop_actions(session.shop, con, shop_facts, session.stamp.date(), options.one_in)
    missing = customer_states(shop_facts.models, terms_of(session.shop.settings)).missing
    note = footnote(words, margin=bool(margin), measured=any(action.sources for action in actions))
    shown = actions if options.all else actions[:SHOWN]
    document = {
        "as_of": shop_facts.as_of,
        "actions": [action_document(action, words) for action in shown],
        "amounts": "profit" if margin else "sales",
        "note": note,
        "missing": words.message(missing) if missing else None,
    }
    texts = [asdict(action_sentences(action, words)) for action in shown]
    lines = [
        f"{place}. {text['what']} {text['why']} {text['worth']}, {text['beside']}"
        for place, text in enumerate(texts, 1)
    ]
    return Outcome(document, [*lines, note] if lines else [words.say("Nothing stands out.")])

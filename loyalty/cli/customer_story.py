"""Everyone in a table, one person's story, and what to do next, from a terminal."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

import pandas as pd

from loyalty.cli.output import Outcome, table
from loyalty.cli.parser import WrongUsage
from loyalty.cli.session import Session
from loyalty.exports.customer_table import digits, everyone_table
from loyalty.exports.table import to_csv, to_xlsx
from loyalty.facts import baskets as basket_facts
from loyalty.facts import customers as customer_facts
from loyalty.facts.customer_story import around
from loyalty.models.cross_sell.search import Search, find_rules
from loyalty.models.next_actions import ANSWERS, next_actions
from loyalty.services.campaign_learning import answers_now
from loyalty.services.campaigns import held_now
from loyalty.services.customer_story import document as story_document
from loyalty.services.customer_story import story
from loyalty.services.figures import all_customers, programme, segmentation
from loyalty.services.lifetime_value import terms_of, where_they_stand
from loyalty.services.next_actions import SHOWN, footnote, ground, said
from loyalty.services.next_actions import document as action_document
from loyalty.services.points import balances, ledger_of, statement
from loyalty.services.purchase_model import snapshot_models

MOST_SHOWN = 20
LISTED = ("customer_id", "orders", "revenue", "last_at", "p_alive", "next_early", "next_late", "clv", "segment", "content",
          "answers", "tier", "points")  # fmt: skip


def everyone(session: Session, options: argparse.Namespace) -> Outcome:
    """All customers, the highest spend first; with `--out`, the table of the screen as CSV or XLSX."""
    con, known = session.facts()
    words, segments = session.words, segmentation(known)
    rewards, _ = programme(session.shop, known.customers, [s.key for s in segments.segments])
    ahead = where_they_stand(snapshot_models(con, known.as_of), terms_of(session.shop.settings))
    points = balances(ledger_of(con, session.shop, rewards, known.as_of))
    found = all_customers(known, customer_facts.contacts(con), segments, points, ahead.customers)
    names = {s.key: words.message(s.name) for s in segments.segments}
    tiers = {t.key: words.say(t.name) for t in rewards.tiers}
    shown = everyone_table(found, names, tiers, words, predicted=ahead.missing is None)
    missing = words.message(ahead.missing) if ahead.missing else None
    document: dict[str, Any] = {"as_of": known.as_of, "customers": _records(found), "missing": missing}
    lines = [words.plural("{n} customer.", "{n} customers.", len(found)), *([missing] if missing else [])]
    if options.out:
        write = to_xlsx if options.out.suffix.lower() == ".xlsx" else to_csv
        options.out.write_bytes(write(shown, digits=digits(words)))
        document["out"] = str(options.out)
        return Outcome(document, [*lines, words.say("Written to {file}.", file=str(options.out))])
    first = shown.head(MOST_SHOWN).astype("object")
    rows = first.where(first.notna(), "").astype("str").to_numpy().tolist()
    return Outcome(document, [*lines, *table(list(shown.columns), rows)])


def _records(found: pd.DataFrame) -> list[dict[Any, Any]]:
    """Rows of the columns LISTED; next orders as days."""
    days = {name: pd.to_datetime(found[name]).dt.date for name in ("next_early", "next_late")}
    return found.assign(**days)[list(LISTED)].to_dict("records")


def one(session: Session, customer_id: str) -> Outcome:
    """The story of a customer with at least one purchase or act on record; NoSales before the first sale."""
    con, known = session.facts()
    words, segments = session.words, segmentation(known)
    rewards, saved = programme(session.shop, known.customers, [s.key for s in segments.segments])
    ahead = where_they_stand(snapshot_models(con, known.as_of), terms_of(session.shop.settings))
    held = held_now(session.shop.database, con, known.as_of)
    found = story(
        con,
        known,
        around(con, known.as_of),
        ahead,
        rewards if saved else None,
        customer_id,
        held.get(customer_id),
    )
    contacts = customer_facts.contacts(con)
    named = contacts[contacts["name"].notna()]
    names = dict(zip(named["customer_id"], named["name"], strict=True))
    points = statement(ledger_of(con, session.shop, rewards, known.as_of), customer_id) if saved else None
    step, entries = found.step(words), found.timeline(names, words, points)
    lines = [f"{step.what} {step.why}"]
    lines += [f"{entry.at:%Y-%m-%d}  {entry.what}" if entry.at else entry.what for entry in entries]
    return Outcome(story_document(found, names, words, points), lines)


def next_up(session: Session, options: argparse.Namespace) -> Outcome:
    """The actions worth most, or all of them, with the people they are about."""
    con, known = session.facts()
    words, segments, margin = session.words, segmentation(known), session.shop.settings.margin
    rewards, saved = programme(session.shop, known.customers, [s.key for s in segments.segments])
    ahead = where_they_stand(snapshot_models(con, known.as_of), terms_of(session.shop.settings))
    rules = list(find_rules(basket_facts.baskets(con, known.as_of), Search(max_len=2)))
    held = held_now(session.shop.database, con, known.as_of)
    grounds = ground(
        con, known, around(con, known.as_of), ahead, rules, rewards if saved else None, margin, held
    )
    answers = answers_now(session.shop.database, ANSWERS)
    one_in = {key: options.one_in or answer.one_in for key, answer in answers.items()}
    sources = {} if options.one_in else {key: answer.sources for key, answer in answers.items()}
    found = next_actions(grounds, one_in, sources)
    note = footnote(words, margin=bool(margin), measured=any(action.sources for action in found))
    shown = found if options.all else found[:SHOWN]
    document = {
        "as_of": known.as_of,
        "actions": [action_document(action, words) for action in shown],
        "amounts": "profit" if margin else "sales",
        "note": note,
        "missing": words.message(ahead.missing) if ahead.missing else None,
    }
    told = [asdict(said(action, words)) for action in shown]
    lines = [
        f"{place}. {t['what']} {t['why']} {t['worth']}, {t['beside']}" for place, t in enumerate(told, 1)
    ]
    return Outcome(document, [*lines, note] if lines else [words.say("Nothing stands out.")])


def checked(options: argparse.Namespace) -> None:
    """Refuse --out where nothing is written."""
    if options.out and options.action != "list":
        raise WrongUsage("--out goes with customers list")

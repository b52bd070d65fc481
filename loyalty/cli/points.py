"""rewards ledger, balance, redeem, opening, undo, versions, ready and files: points accounts and their entries."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from loyalty.cli.output import Outcome, table
from loyalty.cli.parser import WrongUsage
from loyalty.cli.session import Session
from loyalty.exports.balance_files import LAYOUTS, balance_file, balances_with_contacts
from loyalty.exports.table import to_csv
from loyalty.facts import customers as customer_facts
from loyalty.facts import events as act_facts
from loyalty.facts.orders import span
from loyalty.rewards.points.entry_names import ENTRY_NAMES
from loyalty.rewards.points.ledger import Ledger
from loyalty.rewards.points.ledger_figures import point_figures, redemption_by_cohort
from loyalty.rewards.programme.programme import Programme
from loyalty.rewards.programme.programme_file import programme_to_json
from loyalty.rewards.programme.ready_made import READY_MADE, ready_made
from loyalty.services import points as point_service
from loyalty.services.figures import Facts, NoSuchCustomer
from loyalty.services.opening_balances import open_balances
from loyalty.store import points as point_store
from loyalty.store.identities import current_id


def _ledger(session: Session, shop_facts: Facts, current: Programme) -> Ledger:
    """The points ledger as of `--as-of`, else of the last sale or entry."""
    until = session.as_of_option or point_service.last_day_of_points(session.shop, shop_facts.as_of)
    return point_service.ledger_of(session.reader(), session.shop, current, until)


def ledger(session: Session, options: argparse.Namespace, shop_facts: Facts, current: Programme) -> Outcome:
    """Compute the ledger, post its new entries and show the outstanding points."""
    point_ledger, words = _ledger(session, shop_facts, current), session.words
    posting = point_service.post(session.shop, point_ledger, session.stamp)
    figures = point_figures(point_ledger)
    if options.out:
        options.out.write_bytes(
            to_csv(
                point_ledger.entries.astype({"customer_id": "object", "kind": "object", "source": "object"})
            )
        )
    document = {
        "as_of": point_ledger.as_of,
        "posted": {"posting": posting.posting, "entries": posting.entries, "points": posting.points},
        **asdict(figures),
        "cohorts": redemption_by_cohort(point_ledger).to_dict("records"),
        "accounts": len(point_ledger.accounts),
        "entries": len(point_ledger.entries),
        "versions": [
            {"number": v.number, "starts": v.starts, "name": v.programme.name} for v in point_ledger.versions
        ],
    }
    text = words.say(
        "{points} points are out, worth {worth} if {share} of them are used.",
        points=words.number(figures.outstanding),
        worth=words.money(figures.liability),
        share=words.percent(figures.expected_redemption),
    )
    entered = words.plural(
        "{n} new entry is in the books.", "{n} new entries are in the books.", posting.entries
    )
    return Outcome(document, [text, entered])


def balance(session: Session, options: argparse.Namespace, shop_facts: Facts, current: Programme) -> Outcome:
    """Show one customer's account, with every entry."""
    point_ledger, words = _ledger(session, shop_facts, current), session.words
    customer_id = current_id(session.shop.database.cursor(), options.argument)
    rows = point_service.balances(point_ledger)
    rows = rows[rows["customer_id"] == customer_id]
    if rows.empty:
        raise NoSuchCustomer(customer_id=customer_id)
    row = {str(key): value for key, value in rows.iloc[0].items()}
    entries = point_service.statement(point_ledger, customer_id)
    entry_documents = [
        {
            name: entry[name]
            for name in ("at", "kind", "source", "points", "pending", "balance", "ref", "version")
        }
        for entry in entries.to_dict("records")
    ]
    shown = [
        [
            words.date(e["at"].date()),
            words.say(ENTRY_NAMES[e["kind"]]),
            words.number(e["points"]),
            words.number(e["balance"]),
        ]
        for e in entry_documents
    ]
    head = [words.say("Date"), words.say("What"), words.say("Points"), words.say("On account")]
    text = words.say(
        "{points} points on account, which take off {worth}; {pending} more are pending.",
        points=words.number(row["points"]),
        worth=words.money(row["worth"]),
        pending=words.number(row["pending"]),
    )
    return Outcome({**row, "entries": entry_documents}, [text, *table(head, shown)])


def redeem(session: Session, options: argparse.Namespace, shop_facts: Facts, current: Programme) -> Outcome:
    """Redeem points of a customer."""
    if options.points is None:
        raise WrongUsage("rewards redeem needs --points N")
    customer_id = current_id(session.shop.database.cursor(), options.argument)
    point_ledger = _ledger(session, shop_facts, current)
    entry_id, value = point_service.redeem(
        session.shop, point_ledger, (customer_id, options.points), session.stamp
    )
    text = session.words.say(
        "{points} points are used: take off {value}. Entry {id}.",
        points=session.words.number(options.points),
        value=session.words.money(value),
        id=entry_id,
    )
    return Outcome({"move_id": entry_id, "value": value, "points": options.points}, [text])


def opening(session: Session, options: argparse.Namespace, shop_facts: Facts, current: Programme) -> Outcome:
    """Import opening balances from another tool."""
    days = span(session.reader())
    first = days[0] if days else shop_facts.as_of
    done = open_balances(session.shop, Path(options.argument), session.stamp, first, dry_run=options.dry_run)
    words = session.words
    rejected = [{"line": row.line, "reason": words.message(row.reason)} for row in done.rejected]
    document = {
        "rows": done.rows,
        "entered": done.entered,
        "known": done.already_imported,
        "points": done.points,
        "rejected": rejected,
    }
    text = words.say(
        "{entered} of {rows} rows entered, {points} points; {known} known already, {rejected} set aside.",
        entered=words.number(done.entered),
        rows=words.number(done.rows),
        points=words.number(done.points),
        known=words.number(done.already_imported),
        rejected=words.number(len(rejected)),
    )
    return Outcome(document, [text, *(f"{row['line']}: {row['reason']}" for row in rejected)])


def undo(session: Session, options: argparse.Namespace, shop_facts: Facts, current: Programme) -> Outcome:
    """Undo an entry of the owner."""
    if not str(options.argument).isdigit():
        raise WrongUsage("rewards undo needs the number of an entry")
    point_store.undo_entry(session.shop.database, int(options.argument), session.stamp)
    return Outcome({"move_id": int(options.argument)}, [session.words.say("The entry is taken back.")])


def versions(session: Session, options: argparse.Namespace, shop_facts: Facts, current: Programme) -> Outcome:
    """List the versions of the programme, with the day that each applies from."""
    saved = {number: stamp for number, _, stamp in point_store.versions(session.shop.database)}
    words, rows = session.words, []
    for version in point_service.versions_of(session.shop, current):
        always = version.starts == dt.date.min
        rows.append(
            {
                "number": version.number,
                "name": version.programme.name,
                "starts": None if always else version.starts,
                "saved_at": saved.get(version.number),
            }
        )
    lines = [
        f"{row['number']}  {words.say(str(row['name']))}  "
        + (
            words.date(row["starts"])
            if isinstance(row["starts"], dt.date)
            else words.say("from the first sale on")
        )
        for row in rows
    ]
    return Outcome({"versions": rows}, lines)


def ready(session: Session, options: argparse.Namespace, shop_facts: Facts, current: Programme) -> Outcome:
    """List the ready-made programmes, or show one as a file to save and set."""
    words = session.words
    if not options.argument:
        rows = [{"key": key, "title": title, "about": about} for key, (title, about, _) in READY_MADE.items()]
        return Outcome(
            {"ready": rows}, [f"{r['key']}  {words.say(r['title'])}: {words.say(r['about'])}" for r in rows]
        )
    if options.argument not in READY_MADE:
        raise WrongUsage(f"rewards ready knows {', '.join(READY_MADE)}")
    text = programme_to_json(
        ready_made(options.argument, shop_facts.customers, session.shop.settings.home_currency)
    )
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    return Outcome({"programme": json.loads(text)}, [text])


def files(session: Session, options: argparse.Namespace, shop_facts: Facts, current: Programme) -> Outcome:
    """Write the balances in the layout of a platform."""
    layout = options.format if options.format in LAYOUTS else "generic"
    con, words = session.reader(), session.words
    point_ledger = _ledger(session, shop_facts, current)
    accounts = balances_with_contacts(
        point_service.balances(point_ledger),
        customer_facts.contacts(con),
        act_facts.consents(con),
        act_facts.origins(con),
    )
    names = {tier.key: words.say(tier.name) for tier in point_ledger.versions[-1].programme.tiers}
    options.out.write_bytes(balance_file(layout, accounts, names, words))
    return Outcome({"out": str(options.out), "layout": layout, "accounts": len(accounts)}, [str(options.out)])


Action = Callable[[Session, argparse.Namespace, Facts, Programme], Outcome]
ACCOUNT_ACTIONS: Mapping[str, Action] = {
    "ledger": ledger,
    "balance": balance,
    "redeem": redeem,
    "opening": opening,
    "undo": undo,
    "versions": versions,
    "ready": ready,
    "files": files,
}

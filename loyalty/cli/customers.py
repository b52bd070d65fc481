"""customers: list, show, duplicates and shared identifiers, join, split and the choices made."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from loyalty.cli.customer_story import list_customers, show_customer
from loyalty.cli.output import Outcome, table
from loyalty.cli.parser import WrongUsage
from loyalty.cli.session import Session
from loyalty.exports.identities import key_name, key_sentence, merge_reason, merge_table, shared_key_reason
from loyalty.services.figures import NoSales
from loyalty.store import identities
from loyalty.store.connected_ids import Choice
from loyalty.store.merges import merges, shared_keys
from loyalty.store.person import person

#: How many ids each action needs.
ACTIONS = {
    "list": 0,
    "merges": 0,
    "shared": 0,
    "show": 1,
    "join": 2,
    "split": 1,
    "choices": 0,
    "undo-choice": 1,
}


def customers(session: Session, options: argparse.Namespace) -> Outcome:
    """Run the action of the command line."""
    if len(options.ids) != ACTIONS[options.action]:
        raise WrongUsage(f"customers {options.action} needs {ACTIONS[options.action]} id(s)")
    if (options.out or options.status) and options.action != "list":
        raise WrongUsage("--out and --status go with customers list")
    if options.action == "list":
        return list_customers(session, options)
    if options.action in ("merges", "shared"):
        return _merges(session) if options.action == "merges" else _shared(session)
    if options.action == "choices":
        return _choices(session)
    return _show(session, options.ids[0]) if options.action == "show" else _choose(session, options)


def _merges(session: Session) -> Outcome:
    """List customers who were imported under several ids."""
    merged, words = merges(session.shop.database), session.words
    shown = merge_table(merged, words)
    head = words.plural(
        "{n} customer came in under several addresses or numbers.",
        "{n} customers came in under several addresses or numbers.",
        len(merged),
    )
    documents = [asdict(merge) | {"why": merge_reason(merge, words)} for merge in merged]
    return Outcome(
        {"customers": len(merged), "merges": documents},
        [head, *(table(list(shown.columns), shown.astype(str).to_numpy().tolist()) if merged else [])],
    )


def _shared(session: Session) -> Outcome:
    """List identifiers that several customers share and that therefore merge nobody."""
    keys, words = shared_keys(session.shop.database), session.words
    documents = [
        {
            "id": shared.key.alias,
            "kind": shared.key.kind,
            "text": shared.text,
            "count": shared.key.count,
            "of": shared.key.beside,
            "clash": shared.key.clash,
            "beside": shared.beside,
            "people": shared.people,
        }
        for shared in keys
    ]
    lines = [
        f"{shared.text} ({key_name(shared.key.kind, words)}): {shared_key_reason(shared, words)}"
        for shared in keys
    ]
    return Outcome({"shared": documents}, lines)


def _show(session: Session, customer_id: str) -> Outcome:
    """Show one customer with every id, and the story once there are sales. Raises NoSuchPerson."""
    identities.require_customer(session.shop.database.cursor(), customer_id)
    customer, words = person(session.shop.database, customer_id), session.words
    head = [
        words.say("Id"),
        words.say("What it is"),
        words.say("Number or address"),
        words.say("Orders"),
        words.say("Why"),
    ]
    rows = [
        [key.alias, key_name(key.kind, words), key.text, words.number(key.orders), key_sentence(key, words)]
        for key in customer.keys
    ]
    try:
        story = show_customer(session, customer.customer_id)
    except NoSales:
        return Outcome(asdict(customer), table(head, rows))
    return Outcome(asdict(customer) | story.document, [*table(head, rows), "", *story.lines])


def _choices(session: Session) -> Outcome:
    """List everything that was joined and split."""
    choices = identities.choices(session.shop.database.cursor())
    return Outcome(
        {"choices": [asdict(choice) for choice in choices]}, [_line(session, choice) for choice in choices]
    )


def _choose(session: Session, options: argparse.Namespace) -> Outcome:
    """Join, split, or undo one of these."""
    database, ids = session.shop.database, _ids(options)
    if options.action == "join":
        choice = identities.join(database, ids[0], ids[1], session.stamp)
    elif options.action == "split":
        choice = identities.split(database, ids[0], session.stamp)
    else:
        choice = identities.undo_choice(database, int(ids[0]), session.stamp)
    cursor = database.cursor()
    now: dict[str, Any] = {
        name: identities.current_id(cursor, name) for name in (choice.alias, choice.other) if name
    }
    return Outcome(asdict(choice) | {"customers": now}, [_line(session, choice)])


def _ids(options: argparse.Namespace) -> Sequence[str]:
    if options.action == "undo-choice" and not str(options.ids[0]).isdigit():
        raise WrongUsage("customers undo-choice needs the number of a choice")
    return list(options.ids)


def _line(session: Session, choice: Choice) -> str:
    """A choice in a sentence."""
    words = session.words
    if choice.other is None:
        text = words.say("{n}: {alias} stays apart", n=choice.choice_id, alias=choice.alias)
    else:
        text = words.say(
            "{n}: {alias} and {other} are one", n=choice.choice_id, alias=choice.alias, other=choice.other
        )
    return words.say("{choice} (taken back)", choice=text) if choice.undone_at else text

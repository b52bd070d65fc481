"""One customer: every id, name and address, the files that have them, and the owner's choices.

Reads names and addresses: for the owner alone, never for figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from loyalty.intake.identity import EMAIL, NUMBER, PHONE, hashed_id
from loyalty.store import identities
from loyalty.store.database import Database
from loyalty.store.identities import STANDING, USED

#: Imports of each id: alias, kind (NULL where a file only used it), import_id.
_ID_SOURCES = f"""SELECT alias, kind, import_id FROM link_versions {STANDING}
    UNION SELECT other, other_kind, import_id FROM link_versions {STANDING}
    UNION SELECT alias, NULL, import_id FROM ({USED})"""


@dataclass(frozen=True)
class PersonKey:
    """One id of a person: its kind ("email", "phone", "number" or a platform's name), the address or number itself, the
    files that show it, and the orders that came in under it. `said`: the owner's choice on it (JOIN, SPLIT or "")."""

    alias: str
    kind: str
    text: str
    files: tuple[str, ...]
    orders: int
    said: str = ""


@dataclass(frozen=True)
class Person:
    """Everything that is one customer; `names`, `emails` and `phones` the newest first."""

    customer_id: str
    keys: tuple[PersonKey, ...]
    names: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]


def person(database: Database, customer_id: str) -> Person:
    """The customer with any of their ids."""
    cursor = database.cursor()
    head = identities.current_id(cursor, customer_id)
    rows = cursor.execute(
        "SELECT alias FROM identities WHERE customer_id = ? ORDER BY alias", [head]
    ).fetchall()
    aliases = [head, *(alias for (alias,) in rows)]
    names, emails, phones = _contacts(cursor, aliases)
    texts = texts_of(database.salt, emails, phones)
    sources = _id_sources(cursor, aliases)
    orders = dict(
        cursor.execute(
            "SELECT customer_id, count(*) FROM order_heads WHERE customer_id IN (SELECT unnest(?)) GROUP BY ALL",
            [aliases],
        ).fetchall()
    )
    owner_choices = _owner_choices(cursor)
    keys = [
        PersonKey(
            alias,
            _kind(alias, sources, texts),
            texts.get(alias, ("", alias))[1],
            sources[alias][1] if alias in sources else (),
            orders.get(alias, 0),
            owner_choices.get(alias, ""),
        )
        for alias in aliases
    ]
    return Person(head, tuple(keys), names, emails, phones)


def _kind(
    alias: str, sources: dict[str, tuple[str, tuple[str, ...]]], texts: dict[str, tuple[str, str]]
) -> str:
    """The kind of an id: from its links, else from the person's addresses, else from the id itself."""
    linked_kind = sources[alias][0] if alias in sources else ""
    return (
        linked_kind or texts.get(alias, ("", ""))[0] or (alias.partition(":")[0] if ":" in alias else NUMBER)
    )


def _contacts(
    cursor: duckdb.DuckDBPyConnection, aliases: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Every name, e-mail and phone that files give these aliases, the newest first."""
    rows = cursor.execute(
        f"""SELECT name, email, phone FROM contact_versions {STANDING} AND customer_id IN (SELECT unnest(?))
        ORDER BY import_id DESC, line DESC NULLS LAST""",
        [list(aliases)],
    ).fetchall()
    return tuple(tuple(dict.fromkeys(row[at] for row in rows if row[at])) for at in range(3))  # type: ignore[return-value]


def texts_of(salt: str, emails: Iterable[str], phones: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Kind and text of the ids that these addresses make."""
    emails_by_id = {hashed_id(salt, EMAIL, address): (EMAIL, address) for address in emails}
    return emails_by_id | {hashed_id(salt, PHONE, number): (PHONE, number) for number in phones}


def _id_sources(
    cursor: duckdb.DuckDBPyConnection, aliases: Sequence[str]
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Kind and files of each alias."""
    rows = cursor.execute(
        f"""SELECT alias, coalesce(max(s.kind), ''), list(DISTINCT file_name ORDER BY file_name)
        FROM ({_ID_SOURCES}) s JOIN imports USING (import_id) WHERE alias IN (SELECT unnest(?)) GROUP BY alias""",
        [list(aliases)],
    ).fetchall()
    return {alias: (kind, tuple(files)) for alias, kind, files in rows}


def _owner_choices(cursor: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The owner's last choice on each id that is not undone."""
    last_choices: dict[str, str] = {}
    for choice in identities.choices(cursor):
        if choice.undone_at is None:
            last_choices |= {name: choice.choice for name in (choice.alias, choice.other) if name}
    return last_choices

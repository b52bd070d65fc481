"""One person: every id, name and address, the files that show them, and the owner's word.

Reads names and addresses: for the owner's own eyes, never for figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from loyalty.intake.identity import EMAIL, NUMBER, PHONE, hashed_id
from loyalty.store import identities
from loyalty.store.database import Database
from loyalty.store.identities import STANDING, USED

#: Where each id was seen: alias, kind (NULL where a file only used it), import_id.
_SEEN = f"""SELECT alias, kind, import_id FROM link_versions {STANDING}
    UNION SELECT other, other_kind, import_id FROM link_versions {STANDING}
    UNION SELECT alias, NULL, import_id FROM ({USED})"""


@dataclass(frozen=True)
class PersonKey:
    """One id of a person: its kind ("email", "phone", "number" or a platform's name), the address or number itself, the
    files that show it, and the orders that came in under it. `said`: the owner's word on it (JOIN, SPLIT or "")."""

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
    """The person whom any id of theirs names."""
    cursor = database.cursor()
    head = identities.current_id(cursor, customer_id)
    rows = cursor.execute(
        "SELECT alias FROM identities WHERE customer_id = ? ORDER BY alias", [head]
    ).fetchall()
    aliases = [head, *(alias for (alias,) in rows)]
    names, emails, phones = _contacts(cursor, aliases)
    texts = texts_of(database.salt, emails, phones)
    seen = _seen(cursor, aliases)
    orders = dict(
        cursor.execute(
            "SELECT customer_id, count(*) FROM order_heads WHERE customer_id IN (SELECT unnest(?)) GROUP BY ALL",
            [aliases],
        ).fetchall()
    )
    said = _said(cursor)
    keys = [
        PersonKey(
            alias, _kind(alias, seen, texts), texts.get(alias, ("", alias))[1], seen[alias][1] if alias in seen else (),
            orders.get(alias, 0), said.get(alias, ""),
        )
        for alias in aliases
    ]  # fmt: skip
    return Person(head, tuple(keys), names, emails, phones)


def _kind(alias: str, seen: dict[str, tuple[str, tuple[str, ...]]], texts: dict[str, tuple[str, str]]) -> str:
    """As a link says, else as the person's addresses tell, else as the id itself does."""
    told = seen[alias][0] if alias in seen else ""
    return told or texts.get(alias, ("", ""))[0] or (alias.partition(":")[0] if ":" in alias else NUMBER)


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
    found = {hashed_id(salt, EMAIL, address): (EMAIL, address) for address in emails}
    return found | {hashed_id(salt, PHONE, number): (PHONE, number) for number in phones}


def _seen(
    cursor: duckdb.DuckDBPyConnection, aliases: Sequence[str]
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Kind and files of each alias."""
    rows = cursor.execute(
        f"""SELECT alias, coalesce(max(s.kind), ''), list(DISTINCT file_name ORDER BY file_name)
        FROM ({_SEEN}) s JOIN imports USING (import_id) WHERE alias IN (SELECT unnest(?)) GROUP BY alias""",
        [list(aliases)],
    ).fetchall()
    return {alias: (kind, tuple(files)) for alias, kind, files in rows}


def _said(cursor: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The owner's last standing word on each id."""
    found: dict[str, str] = {}
    for choice in identities.choices(cursor):
        if choice.undone_at is None:
            found |= {name: choice.choice for name in (choice.alias, choice.other) if name}
    return found

"""Customers with several ids and what links these; and ids that several people seem to share.

Reads names and addresses: for the owner alone, never for figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from loyalty.intake.identity import EMAIL
from loyalty.store import identities
from loyalty.store.connected_ids import JOIN, SharedAlias
from loyalty.store.database import Database
from loyalty.store.identities import STANDING, USED
from loyalty.store.person import texts_of


@dataclass(frozen=True)
class Merge:
    """The ids of one customer in files, and the kinds of keys that link them (none: the owner's choice)."""

    customer_id: str
    ids: tuple[str, ...]
    name: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    because: tuple[str, ...]
    files: tuple[str, ...]
    by_owner: bool


def merges(database: Database) -> list[Merge]:
    """Customers with records under two or more ids; those with the most ids first.

    `because`: the kinds of the keys that more than one of these ids shows, or that are one of them.
    """
    cursor = database.cursor()
    rows = cursor.execute(
        f"""WITH used AS (SELECT DISTINCT alias FROM ({USED})),
        people AS (SELECT coalesce(i.customer_id, u.alias) AS customer_id, u.alias FROM used u LEFT JOIN identities i USING (alias)
            QUALIFY count(*) OVER (PARTITION BY coalesce(i.customer_id, u.alias)) > 1),
        shown AS (SELECT DISTINCT p.customer_id, p.alias, l.other, l.other_kind FROM people p
            JOIN (SELECT * FROM link_versions {STANDING}) l USING (alias)
            JOIN (SELECT alias, customer_id FROM identities UNION SELECT customer_id, customer_id FROM identities) e
                ON e.alias = l.other AND e.customer_id = p.customer_id),
        ties AS (SELECT customer_id, other, any_value(other_kind) AS kind FROM shown GROUP BY customer_id, other
            HAVING count(DISTINCT alias) > 1 OR other IN (SELECT alias FROM people))
        SELECT customer_id, list(DISTINCT alias ORDER BY alias),
            (SELECT list(DISTINCT kind ORDER BY kind) FROM ties t WHERE t.customer_id = p.customer_id)
        FROM people p GROUP BY customer_id ORDER BY count(DISTINCT alias) DESC, customer_id"""
    ).fetchall()
    return _described(cursor, [(head, tuple(ids), tuple(kinds or ())) for head, ids, kinds in rows])


def _described(
    cursor: duckdb.DuckDBPyConnection, merged: list[tuple[str, tuple[str, ...], tuple[str, ...]]]
) -> list[Merge]:
    """The merges with names, addresses, files, and whether the owner joined any of the ids."""
    heads = [head for head, _, _ in merged]
    people = """SELECT unnest(?) AS head), ids AS (SELECT head, head AS alias FROM people
        UNION SELECT customer_id, alias FROM identities WHERE customer_id IN (SELECT head FROM people)"""
    contacts = {
        head: (name or "", tuple(emails or ()), tuple(phones or ()))
        for head, name, emails, phones in cursor.execute(
            f"""WITH people AS ({people})
            SELECT head, arg_max(name, (import_id << 40) + coalesce(line, 0)), list(DISTINCT email ORDER BY email)
                FILTER (email IS NOT NULL), list(DISTINCT phone ORDER BY phone) FILTER (phone IS NOT NULL)
            FROM ids JOIN contact_versions c ON c.customer_id = ids.alias {STANDING} GROUP BY head""",
            [heads],
        ).fetchall()
    }
    files = dict(
        cursor.execute(
            f"""WITH people AS ({people}) SELECT head, list(DISTINCT file_name ORDER BY file_name)
            FROM ids JOIN ({USED}) USING (alias) JOIN imports USING (import_id) GROUP BY head""",
            [heads],
        ).fetchall()
    )
    joined = {
        name
        for c in identities.choices(cursor)
        if c.undone_at is None and c.choice == JOIN
        for name in (c.alias, c.other)
    }
    owner = {identities.current_id(cursor, name) for name in joined if name}
    no_contacts: tuple[str, tuple[str, ...], tuple[str, ...]] = ("", (), ())
    return [
        Merge(head, ids, *contacts.get(head, no_contacts), kinds, tuple(files.get(head, ())), head in owner)
        for head, ids, kinds in merged
    ]


@dataclass(frozen=True)
class SharedKey:
    """An id that merges nobody because several people seem to share it: itself, linked addresses, and those people."""

    key: SharedAlias
    text: str
    beside: tuple[str, ...]
    people: tuple[str, ...]


def shared_keys(database: Database) -> list[SharedKey]:
    """All shared keys, the most shared first; `beside` holds e-mails and phones, `people` customer ids."""
    cursor = database.cursor()
    keys = sorted(identities.shared_aliases(cursor), key=lambda key: (-key.count, key.alias))
    if not keys:
        return []
    rows = cursor.execute(
        f"""WITH links AS (SELECT alias, other FROM link_versions {STANDING} UNION SELECT other, alias FROM link_versions {STANDING})
        SELECT l.alias, list(DISTINCT coalesce(i.customer_id, l.other) ORDER BY coalesce(i.customer_id, l.other)),
            list(DISTINCT c.email ORDER BY c.email) FILTER (c.email IS NOT NULL),
            list(DISTINCT c.phone ORDER BY c.phone) FILTER (c.phone IS NOT NULL)
        FROM links l LEFT JOIN identities i ON i.alias = l.other
        LEFT JOIN (SELECT customer_id, email, phone FROM contact_versions {STANDING}) c ON c.customer_id IN (l.other, l.alias)
        WHERE l.alias IN (SELECT unnest(?)) GROUP BY l.alias""",
        [[key.alias for key in keys]],
    ).fetchall()
    linked = {
        alias: (tuple(people), tuple(emails or ()), tuple(phones or ()))
        for alias, people, emails, phones in rows
    }
    shared = []
    for key in keys:
        people, emails, phones = linked.get(key.alias, ((), (), ()))
        texts = texts_of(database.salt, emails, phones)
        text = texts.get(key.alias, ("", key.alias))[1]
        shared.append(
            SharedKey(
                key, text, tuple(e for e in (emails if key.kind != EMAIL else phones) if e != text), people
            )
        )
    return shared

"""Identities of customers: links between ids in imports, choices of the owner, and the resulting merges.

`identities` is worked out anew, whole, inside the transaction that changed a link or a choice: see
`loyalty.store.connected_ids`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable

import duckdb
import pyarrow as pa

from loyalty.intake.canonical import OWN_COLUMNS
from loyalty.intake.identity import EMAIL, NUMBER, PHONE
from loyalty.store import channel_overlap, rates
from loyalty.store.connected_ids import JOIN, LINKS, SPLIT, Choice, SharedAlias, resolve
from loyalty.store.connected_ids import shared_aliases as aliases_shared_by
from loyalty.store.database import Database, next_number, one
from loyalty.store.errors import AlreadyOnePerson, NoSuchChoice, NoSuchPerson, NothingToSplit

#: Columns that hold an alias, as files gave it.
_USED_IN = (
    *(
        (f"{name}_versions", "customer_id")
        for name in ("order", "contact", "feedback", "customer", "consent", "event")
    ),
    ("referral_versions", "referrer_id"),
    ("referral_versions", "referred_id"),
)
#: Completes `FROM x_versions`: only rows of imports that stand.
STANDING = "SEMI JOIN (SELECT import_id FROM imports WHERE undone_at IS NULL) USING (import_id) WHERE true"
#: A query of the aliases that name the customer of anything that stands: alias, import_id.
USED = " UNION ".join(
    f"SELECT {column} AS alias, import_id FROM {table} {STANDING} AND {column} IS NOT NULL"
    for table, column in _USED_IN
)


def save_links(cursor: duckdb.DuckDBPyConnection, import_id: int, links: pa.Table) -> None:
    """Save the links (schema LINK_ROWS) of `import_id`, and recompute identities where they may change."""
    if links.num_rows:
        cursor.register("links_now", links)
        cursor.execute("INSERT INTO link_versions SELECT DISTINCT ?::BIGINT, * FROM links_now", [import_id])
        cursor.unregister("links_now")
    if links.num_rows or choices(cursor):
        update_identities(cursor)


def update_after_undo(cursor: duckdb.DuckDBPyConnection, import_id: int) -> None:
    """Recompute identities after `import_id` was undone."""
    linked = one(cursor, "SELECT 1 FROM link_versions WHERE import_id = ? LIMIT 1", [import_id])
    if linked or choices(cursor):
        update_identities(cursor)


def update_identities(cursor: duckdb.DuckDBPyConnection) -> None:
    """Recompute `identities` from the links of imports that are not undone and the owner's choices."""
    owner_choices = choices(cursor)
    cursor.register("resolved_now", resolve(_links(cursor, owner_choices), owner_choices))
    cursor.execute("DELETE FROM identities")
    cursor.execute("INSERT INTO identities SELECT alias, customer_id FROM resolved_now")
    cursor.unregister("resolved_now")


def update_dependents(cursor: duckdb.DuckDBPyConnection) -> None:
    """Recompute identities and what depends on them: duplicate orders and the rates of months."""
    update_identities(cursor)
    channel_overlap.update_duplicates(cursor)
    rates.recompute(cursor)


def _links(cursor: duckdb.DuckDBPyConnection, owner_choices: Iterable[Choice] = ()) -> pa.Table:
    """Links of imports that are not undone (schema LINKS), and each id of a choice linked to itself."""
    headers = cursor.execute("SELECT import_id, header FROM imports WHERE undone_at IS NULL").fetchall()
    sets = [tuple(sorted(set(json.loads(header)) - set(OWN_COLUMNS))) for _, header in headers]
    place = {names: at for at, names in enumerate(sorted(set(sets)))}
    layouts = {
        "import_id": [import_id for import_id, _ in headers],
        "layout": [place[names] for names in sets],
    }
    schema = pa.schema([("import_id", pa.int64()), ("layout", pa.int64())])
    cursor.register("layouts_now", pa.table(layouts, schema=schema))
    links: pa.Table = cursor.sql(
        f"""SELECT DISTINCT alias, kind, other, other_kind, CASE WHEN other_kind = '{NUMBER}' THEN layout ELSE 0 END AS layout
        FROM link_versions JOIN layouts_now USING (import_id)"""
    ).to_arrow_table()
    named = list(
        dict.fromkeys(name for choice in owner_choices for name in (choice.alias, choice.other) if name)
    )
    if named:
        kinds = _kinds(cursor, named)
        self_links = [
            {"alias": n, "kind": kinds[n], "other": n, "other_kind": kinds[n], "layout": 0} for n in named
        ]
        links = pa.concat_tables([links.cast(LINKS), pa.Table.from_pylist(self_links, LINKS)])
    return links.cast(LINKS)


def _kinds(cursor: duckdb.DuckDBPyConnection, aliases: list[str]) -> dict[str, str]:
    """The kind of each alias, as far as contacts show it: an e-mail's customer has an e-mail, a phone's a phone alone."""
    rows = cursor.execute(
        """SELECT customer_id, bool_or(email IS NOT NULL), bool_or(phone IS NOT NULL) FROM contact_versions
        JOIN imports USING (import_id) WHERE undone_at IS NULL AND customer_id IN (SELECT unnest(?)) GROUP BY customer_id""",
        [aliases],
    ).fetchall()
    kinds = {alias: EMAIL if email else PHONE if phone else NUMBER for alias, email, phone in rows}
    return {alias: kinds.get(alias, NUMBER) for alias in aliases}


def current_id(cursor: duckdb.DuckDBPyConnection, customer_id: str) -> str:
    """Today's id of a customer, from any of their ids."""
    row = one(cursor, "SELECT customer_id FROM identities WHERE alias = ?", [customer_id])
    return str(row[0]) if row else customer_id


def choices(cursor: duckdb.DuckDBPyConnection) -> list[Choice]:
    """The owner's joins and splits, in order, also undone ones."""
    rows = cursor.execute(
        "SELECT choice_id, choice, alias, other, chosen_at, undone_at FROM identity_choices ORDER BY choice_id"
    )
    return [Choice(choice_id, choice, *rest) for choice_id, choice, *rest in rows.fetchall()]


def join(database: Database, alias: str, other: str, stamp: dt.datetime) -> Choice:
    """Merge two customers. Raises NoSuchPerson or AlreadyOnePerson."""
    with database.writing() as cursor:
        for name in (alias, other):
            require_customer(cursor, name)
        if current_id(cursor, alias) == current_id(cursor, other):
            raise AlreadyOnePerson(alias=alias, other=other)
        return _choose(cursor, JOIN, alias, other, stamp)


def split(database: Database, alias: str, stamp: dt.datetime) -> Choice:
    """Split one id off its customer; it stays separate, whatever files show, until the owner joins it. Ids that were
    joined only through it are separated too. Raises NoSuchPerson or NothingToSplit."""
    with database.writing() as cursor:
        require_customer(cursor, alias)
        if not one(cursor, "SELECT 1 FROM identities WHERE alias = $1 OR customer_id = $1 LIMIT 1", [alias]):
            raise NothingToSplit(alias=alias)
        return _choose(cursor, SPLIT, alias, None, stamp)


def undo_choice(database: Database, choice_id: int, stamp: dt.datetime) -> Choice:
    """Undo a join or a split. Raises NoSuchChoice."""
    with database.writing() as cursor:
        open_choices = {choice.choice_id for choice in choices(cursor) if choice.undone_at is None}
        if choice_id not in open_choices:
            raise NoSuchChoice(choice_id=choice_id)
        cursor.execute("UPDATE identity_choices SET undone_at = ? WHERE choice_id = ?", [stamp, choice_id])
        update_dependents(cursor)
        return next(choice for choice in choices(cursor) if choice.choice_id == choice_id)


def require_customer(cursor: duckdb.DuckDBPyConnection, alias: str) -> None:
    """Raise NoSuchPerson unless an import that is not undone has this id."""
    query = f"SELECT 1 FROM ({USED}) WHERE alias = $1 UNION ALL SELECT 1 FROM identities WHERE $1 IN (alias, customer_id) LIMIT 1"
    if not one(cursor, query, [alias]):
        raise NoSuchPerson(customer_id=alias)


def _choose(
    cursor: duckdb.DuckDBPyConnection, choice: str, alias: str, other: str | None, stamp: dt.datetime
) -> Choice:
    saved = Choice(next_number(cursor, "identity_choices", "choice_id"), choice, alias, other, stamp)
    cursor.execute(
        "INSERT INTO identity_choices VALUES (?, ?, ?, ?, ?, NULL)",
        [saved.choice_id, choice, alias, other, stamp],
    )
    update_dependents(cursor)
    return saved


def shared_aliases(cursor: duckdb.DuckDBPyConnection) -> list[SharedAlias]:
    """Ids that several customers seem to share; they merge nobody unless the owner joins them."""
    return aliases_shared_by(_links(cursor))

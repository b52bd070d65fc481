"""Points: entries that the owner made, and ledger entries that were posted to the books."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
import pyarrow as pa

from loyalty.store.database import Database, next_number, one
from loyalty.store.errors import NoSuchEntry

ENTRY_COLUMNS = ("customer_id", "happened_at", "kind", "source", "points", "pending", "ref", "version")


@dataclass(frozen=True)
class NewEntry:
    """Points that the owner enters: `kind` opening, redeemed (points above 0) or adjusted (any but 0).

    `value`: what redeemed points took off. `expires_on`: last day of an opening balance; None: by the programme.
    """

    customer_id: str
    happened_at: dt.datetime
    kind: str
    points: int
    value: Decimal | None = None
    expires_on: dt.date | None = None
    note: str = ""


@dataclass(frozen=True)
class Posting:
    """One posting of entries to the books."""

    posting: int
    posted_at: dt.datetime
    entries: int
    points: int


def versions(database: Database) -> list[tuple[int, str, dt.datetime]]:
    """Every version of the programme as it was saved (number, JSON, moment), the oldest first."""
    rows = database.cursor().execute(
        "SELECT version, programme, saved_at FROM programme_versions ORDER BY version"
    )
    return [(int(number), str(text), saved_at) for number, text, saved_at in rows.fetchall()]


def state(database: Database) -> str:
    """A text that changes with every saved programme and point entry: input fields filled from these are reset then."""
    row = one(
        database.cursor(),
        """SELECT (SELECT count(*) FROM programme_versions) || '.' || count(*) || '.' || count(undone_at) FROM point_entries""",
    )
    return str(row[0]) if row else ""


def add_entries(database: Database, new: Sequence[NewEntry], stamp: dt.datetime) -> list[int]:
    """Save entries, all or none; returns their numbers."""
    if not new:
        return []
    with database.writing(sales=False) as cursor:
        first = next_number(cursor, "point_entries", "entry_id")
        table = pa.table(
            {
                "entry_id": pa.array(range(first, first + len(new)), pa.int64()),
                "customer_id": pa.array([entry.customer_id for entry in new], pa.string()),
                "happened_at": pa.array([entry.happened_at for entry in new], pa.timestamp("us")),
                "kind": pa.array([entry.kind for entry in new], pa.string()),
                "points": pa.array([entry.points for entry in new], pa.int64()),
                "value": pa.array([entry.value for entry in new], pa.decimal128(18, 6)),
                "expires_on": pa.array([entry.expires_on for entry in new], pa.date32()),
                "note": pa.array([entry.note for entry in new], pa.string()),
            }
        )
        cursor.register("new_entries", table)
        cursor.execute("INSERT INTO point_entries SELECT *, ?::TIMESTAMP, NULL FROM new_entries", [stamp])
    return list(range(first, first + len(new)))


def undo_entry(database: Database, entry_id: int, stamp: dt.datetime) -> None:
    """Undo an entry; raises NoSuchEntry where there is none, or it was undone already."""
    with database.writing(sales=False) as cursor:
        row = one(cursor, "SELECT 1 FROM point_entries WHERE entry_id = ? AND undone_at IS NULL", [entry_id])
        if row is None:
            raise NoSuchEntry(entry_id=entry_id)
        cursor.execute("UPDATE point_entries SET undone_at = ? WHERE entry_id = ?", [stamp, entry_id])


def entries(database: Database, *, include_undone: bool = False) -> pd.DataFrame:
    """The owner's entries, the oldest first; undone ones only when asked for.

    Columns: entry_id, customer_id (today's), at, kind, points, value (Decimal or None), expires_on (date or
    None), note, entered_at, undone_at.
    """
    query = """SELECT entry_id, coalesce(i.customer_id, e.customer_id) AS customer_id, happened_at AS at, kind, points, value,
        expires_on, note, entered_at, undone_at FROM point_entries e LEFT JOIN identities i ON i.alias = e.customer_id"""
    rows = database.cursor().execute(
        query + ("" if include_undone else " WHERE undone_at IS NULL") + " ORDER BY entry_id"
    )
    names = [column[0] for column in rows.description or ()]
    frame = pd.DataFrame(rows.fetchall(), columns=names, dtype="object")
    return frame.astype({"at": "datetime64[us]", "points": "int64", "entry_id": "int64"})


def post(database: Database, entries: pd.DataFrame, until: dt.datetime, stamp: dt.datetime) -> Posting:
    """Post the ledger to the books: posted entries stay, a difference becomes an entry of its own.

    One transaction; where nothing is new there is no posting (its number is then 0).

    Args:
        entries: all entries of the ledger before `until` (ENTRY_COLUMNS). In sum, by customer, kind, source, ref and
            moment, the books equal them afterwards.
        until: exclusive end of what is posted.
    """
    keys = "customer_id, happened_at, kind, source, ref"
    with database.writing(sales=False) as cursor:
        cursor.register(
            "entries_now", pa.Table.from_pandas(entries[list(ENTRY_COLUMNS)], preserve_index=False)
        )
        number = next_number(cursor, "points_ledger", "posting")
        cursor.execute(
            f"""INSERT INTO points_ledger
            WITH both_sides AS (
                SELECT {keys}, points, pending, version FROM entries_now
                UNION ALL SELECT coalesce(i.customer_id, p.customer_id), happened_at, kind, source, ref, -points, -pending,
                    version FROM points_ledger p LEFT JOIN identities i ON i.alias = p.customer_id WHERE happened_at < ?)
            SELECT ?, ?, customer_id, happened_at, kind, source, sum(points), sum(pending), ref, max(version) FROM both_sides
            GROUP BY {keys} HAVING sum(points) <> 0 OR sum(pending) <> 0 ORDER BY happened_at, customer_id""",
            [until, number, stamp],
        )
        totals = one(
            cursor, "SELECT count(*), coalesce(sum(points), 0) FROM points_ledger WHERE posting = ?", [number]
        )
    count, points = (int(str(value)) for value in totals or (0, 0))
    return Posting(number if count else 0, stamp, count, points)


def postings(database: Database) -> list[Posting]:
    """Every posting, the newest first."""
    rows = database.cursor().execute(
        """SELECT posting, any_value(posted_at), count(*), sum(points)::BIGINT FROM points_ledger
        GROUP BY posting ORDER BY posting DESC"""
    )
    return [Posting(*row) for row in rows.fetchall()]


def posted(database: Database) -> pd.DataFrame:
    """customer_id (today's), points and pending of each customer in the books."""
    rows = database.cursor().execute(
        """SELECT coalesce(i.customer_id, p.customer_id) AS customer_id, sum(points)::BIGINT, sum(pending)::BIGINT
        FROM points_ledger p LEFT JOIN identities i ON i.alias = p.customer_id GROUP BY ALL ORDER BY 1"""
    )
    return pd.DataFrame(rows.fetchall(), columns=["customer_id", "points", "pending"])

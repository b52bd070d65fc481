"""Points in the store: what the owner entered, and the entries of the ledger that were put into the books."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
import pyarrow as pa

from loyalty.store.database import Database, one
from loyalty.store.errors import NoSuchMove

ENTRY_COLUMNS = ("customer_id", "happened_at", "kind", "source", "points", "pending", "ref", "version")


@dataclass(frozen=True)
class NewMove:
    """Points that the owner enters: `kind` opening, redeemed (points above 0) or adjusted (any but 0).

    `value`: what redeemed points took off. `expires_on`: last day of an opening balance; None: by the programme.
    """

    customer_id: str
    moved_at: dt.datetime
    kind: str
    points: int
    value: Decimal | None = None
    expires_on: dt.date | None = None
    note: str = ""


@dataclass(frozen=True)
class Posting:
    """One time that entries were put into the books."""

    posting: int
    posted_at: dt.datetime
    entries: int
    points: int


def versions(database: Database) -> list[tuple[int, str, dt.datetime]]:
    """Every version of the programme as it was saved (number, JSON, when), the oldest first."""
    rows = database.cursor().execute(
        "SELECT version, programme, saved_at FROM programme_versions ORDER BY version"
    )
    return [(int(number), str(text), saved_at) for number, text, saved_at in rows.fetchall()]


def state(database: Database) -> str:
    """A text that changes whenever rules or moves do: fields that are filled from them then begin anew."""
    row = one(
        database.cursor(),
        """SELECT (SELECT count(*) FROM programme_versions) || '.' || count(*) || '.' || count(undone_at) FROM point_moves""",
    )
    return str(row[0]) if row else ""


def add_moves(database: Database, moves: Sequence[NewMove], stamp: dt.datetime) -> list[int]:
    """Enter moves, all or none; returns their numbers."""
    if not moves:
        return []
    with database.writing(sales=False) as cursor:
        row = one(cursor, "SELECT coalesce(max(move_id), 0) + 1 FROM point_moves")
        first = int(str(row[0])) if row else 1
        table = pa.table(
            {
                "move_id": pa.array(range(first, first + len(moves)), pa.int64()),
                "customer_id": pa.array([m.customer_id for m in moves], pa.string()),
                "moved_at": pa.array([m.moved_at for m in moves], pa.timestamp("us")),
                "kind": pa.array([m.kind for m in moves], pa.string()),
                "points": pa.array([m.points for m in moves], pa.int64()),
                "value": pa.array([m.value for m in moves], pa.decimal128(18, 6)),
                "expires_on": pa.array([m.expires_on for m in moves], pa.date32()),
                "note": pa.array([m.note for m in moves], pa.string()),
            }
        )
        cursor.register("moves_now", table)
        cursor.execute("INSERT INTO point_moves SELECT *, ?::TIMESTAMP, NULL FROM moves_now", [stamp])
    return list(range(first, first + len(moves)))


def undo_move(database: Database, move_id: int, stamp: dt.datetime) -> None:
    """Take a move back; raises NoSuchMove where there is none, or it was taken back already."""
    with database.writing(sales=False) as cursor:
        row = one(cursor, "SELECT 1 FROM point_moves WHERE move_id = ? AND undone_at IS NULL", [move_id])
        if row is None:
            raise NoSuchMove(move_id=move_id)
        cursor.execute("UPDATE point_moves SET undone_at = ? WHERE move_id = ?", [stamp, move_id])


def moves(database: Database, *, standing: bool = True) -> pd.DataFrame:
    """move_id, customer_id (as they go by now), at, kind, points, value (Decimal or None), expires_on (date or None),
    note, entered_at, undone_at: what was entered, the oldest first; `standing=False`: what was taken back as well."""
    query = """SELECT move_id, coalesce(i.customer_id, m.customer_id) AS customer_id, moved_at AS at, kind, points, value,
        expires_on, note, entered_at, undone_at FROM point_moves m LEFT JOIN identities i ON i.alias = m.customer_id"""
    rows = database.cursor().execute(
        query + (" WHERE undone_at IS NULL" if standing else "") + " ORDER BY move_id"
    )
    names = [column[0] for column in rows.description or ()]
    found = pd.DataFrame(rows.fetchall(), columns=names, dtype="object")
    return found.astype({"at": "datetime64[us]", "points": "int64", "move_id": "int64"})


def post(database: Database, entries: pd.DataFrame, until: dt.datetime, stamp: dt.datetime) -> Posting:
    """Put entries into the books: what is there already stays, what differs by now is entered as its difference.

    `entries`: ENTRY_COLUMNS, all that the ledger says of what happened before `until`. In sum, by customer, kind, source, ref and moment, the books
    then say what the ledger says. One transaction; nothing new, no posting (`posting` is then 0).
    """
    keys = "customer_id, happened_at, kind, source, ref"
    with database.writing(sales=False) as cursor:
        cursor.register(
            "entries_now", pa.Table.from_pandas(entries[list(ENTRY_COLUMNS)], preserve_index=False)
        )
        row = one(cursor, "SELECT coalesce(max(posting), 0) + 1 FROM points_ledger")
        number = int(str(row[0])) if row else 1
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
        told = one(
            cursor, "SELECT count(*), coalesce(sum(points), 0) FROM points_ledger WHERE posting = ?", [number]
        )
    count, points = (int(str(value)) for value in told or (0, 0))
    return Posting(number if count else 0, stamp, count, points)


def postings(database: Database) -> list[Posting]:
    """Every posting, the newest first."""
    rows = database.cursor().execute(
        """SELECT posting, any_value(posted_at), count(*), sum(points)::BIGINT FROM points_ledger
        GROUP BY posting ORDER BY posting DESC"""
    )
    return [Posting(*row) for row in rows.fetchall()]


def posted(database: Database) -> pd.DataFrame:
    """customer_id (as they go by now), points and pending: what the books say of each customer."""
    rows = database.cursor().execute(
        """SELECT coalesce(i.customer_id, p.customer_id) AS customer_id, sum(points)::BIGINT, sum(pending)::BIGINT
        FROM points_ledger p LEFT JOIN identities i ON i.alias = p.customer_id GROUP BY ALL ORDER BY 1"""
    )
    return pd.DataFrame(rows.fetchall(), columns=["customer_id", "points", "pending"])

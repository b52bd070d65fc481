"""Recommendations made to customers, only ever added to; and products that are never recommended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pandas as pd
import pyarrow as pa

from loyalty.store.database import Database, next_number, number, one

COLUMNS = ("customer_id", "product", "mode", "place", "method", "reason")


def save_recommendations(database: Database, lists: pd.DataFrame, stamp: dt.datetime) -> int:
    """Save lists of recommendations (COLUMNS); returns the list's number, 0 when nothing in it is new that day.

    What was already recommended to the same customer on the same day is not saved twice.
    """
    day = dt.datetime.combine(stamp.date(), dt.time())
    with database.writing(sales=False) as cursor:
        list_id = next_number(cursor, "recommendations", "list_id")
        cursor.register("lists_now", pa.Table.from_pandas(lists[list(COLUMNS)], preserve_index=False))
        names = ", ".join(COLUMNS)
        saved = number(
            cursor,
            f"""INSERT INTO recommendations (list_id, recommended_at, {names}) SELECT ?, ?, {names} FROM lists_now n
            WHERE NOT EXISTS (SELECT 1 FROM recommendations r WHERE r.customer_id = n.customer_id
                AND r.product = n.product AND r.recommended_at >= ? AND r.recommended_at < ?)""",
            [list_id, stamp, day, day + dt.timedelta(days=1)],
        )
    return list_id if saved else 0


def recommended_state(database: Database) -> str:
    """A hash of all recommendations ever made: equal texts mean equal recommendations, in any shop."""
    row = one(
        database.cursor(),
        "SELECT count(*) || '.' || coalesce(sum(hash(recommendations))::VARCHAR, '') FROM recommendations",
    )
    return str(row[0]) if row else ""


def not_offered(database: Database) -> frozenset[str]:
    """Products that the owner never wants recommended."""
    rows = database.cursor().execute("SELECT product FROM not_offered").fetchall()
    return frozenset(str(row[0]) for row in rows)


def save_not_offered(database: Database, products: Collection[str], stamp: dt.datetime) -> None:
    """Replace the list of products that are never recommended; those already on it keep their date.

    No other figure depends on it, so the sales version stays.
    """
    wanted = sorted(set(products))
    with database.writing(sales=False) as cursor:
        cursor.execute("DELETE FROM not_offered WHERE NOT list_contains(?::VARCHAR[], product)", [wanted])
        cursor.execute(
            "INSERT OR IGNORE INTO not_offered SELECT unnest(?::VARCHAR[]), ?::TIMESTAMP", [wanted, stamp]
        )

"""Feedback, events and referrals: the same record in two files counts once, n equal ones in one file n times.

Reviews in a platform's sales export are stored likewise, one a purchase: the latest export counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from loyalty.intake import canonical as shapes
from loyalty.store.database import one
from loyalty.store.match_key import FEEDBACK_KEY, match_key, with_all_columns
from loyalty.store.staging import Counts


@dataclass(frozen=True)
class Shape:
    """The table of a kind's versions, and the columns that make two records the same."""

    table: str
    rows: pa.Schema
    key: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that come from the file."""
        return tuple(name for name in self.rows.names if name not in ("line", "mended_import"))


SHAPES: Mapping[str, Shape] = {
    "feedback": Shape("feedback_versions", shapes.FEEDBACK_ROWS, FEEDBACK_KEY),
    "events": Shape(
        "event_versions", shapes.EVENT_ROWS, ("customer_id", "happened_at", "kind", "product", "seconds")
    ),
    "referrals": Shape(
        "referral_versions", shapes.REFERRAL_ROWS, ("referrer_id", "referred_id", "referred_at")
    ),
}


def stage(cursor: duckdb.DuckDBPyConnection, kind: str, rows: pa.Table) -> Counts:
    """A temporary table `new_records` from canonical rows of `kind`, and how many of them are new.

    `nth` numbers records alike, after those of the import that a mended row came from.
    """
    shape = SHAPES[kind]
    cursor.register("record_rows", with_all_columns(rows, shape.rows))
    key = match_key(shape.key)
    earlier = "0"
    if "mended_import" in rows.column_names:
        earlier = f"""(SELECT count(*) FROM {shape.table} v WHERE v.import_id = k.mended_import
            AND v.line_key = k.line_key)"""
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE new_records AS WITH k AS (SELECT *, {key} AS line_key FROM record_rows)
        SELECT k.*, row_number() OVER (PARTITION BY line_key, mended_import ORDER BY line) + {earlier} AS nth FROM k"""
    )
    row = one(
        cursor,
        f"""SELECT count(*) FILTER (v.line_key IS NULL), count(*) FILTER (v.line_key IS NOT NULL)
        FROM new_records n LEFT JOIN (SELECT DISTINCT line_key, nth FROM {shape.table}
            JOIN imports USING (import_id) WHERE undone_at IS NULL) v ON v.line_key = n.line_key AND v.nth = n.nth""",
    )
    return Counts(int(str(row[0])), int(str(row[1])), 0) if row else Counts(0, 0, 0)


def save(cursor: duckdb.DuckDBPyConnection, kind: str, import_id: int) -> None:
    """Write the staged records as versions of `import_id`."""
    shape = SHAPES[kind]
    names = ", ".join((*shape.columns, "line_key", "nth"))
    cursor.execute(
        f"INSERT INTO {shape.table} (import_id, {names}) SELECT ?, {names} FROM new_records", [import_id]
    )


def save_reviews(cursor: duckdb.DuckDBPyConnection, import_id: int, channel: str, rows: pa.Table) -> None:
    """Save reviews in the sales of `channel` (registered as `sale_rows`): stars out of 5, a text, or both."""
    given = [name for name in ("score", "comment") if name in rows.column_names]
    if not given:
        return
    product = (
        "product"
        if "product" in rows.column_names
        else "product_id"
        if "product_id" in rows.column_names
        else "NULL"
    )
    score, comment = (name if name in given else "NULL" for name in ("score", "comment"))
    key = match_key(("'purchase'", "channel", "order_id", "product"))
    cursor.execute(
        f"""INSERT INTO feedback_versions
            (import_id, customer_id, answered_at, kind, score, scale, comment, product, line_key, nth)
        WITH reviews AS (SELECT ? AS channel, order_id, customer_id, ordered_at, {score} AS score, {comment} AS comment,
                {product} AS product, line FROM sale_rows WHERE coalesce({", ".join(f"{n}::VARCHAR" for n in given)}) IS NOT NULL
                AND ordered_at IS NOT NULL)
        SELECT ?, customer_id, ordered_at, 'review', score, 5, comment, product, {key},
            row_number() OVER (PARTITION BY order_id, product ORDER BY line) FROM reviews""",
        [channel, import_id],
    )

"""Canonical sale rows into order and line versions, and versions into the orders that stand now. SQL, set by set."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from loyalty.intake.canonical import SALE_ROWS
from loyalty.store.database import one
from loyalty.store.schema import ORDER_COLUMNS

#: How far an order has come: a later export may move it on; an older one may not move it back.
_RANK = "CASE {0}.status WHEN 'unpaid' THEN 0 WHEN 'paid' THEN 1 ELSE 2 END"
_HEADER = [name for name in ORDER_COLUMNS if name not in ("channel", "order_id")]
_LINE_VALUES = ("product_id", "product", "category", "quantity", "unit_price", "discount", "amount")


@dataclass(frozen=True)
class Counts:
    """How the rows of an import fared; `updated` is a part of `accepted`."""

    accepted: int
    duplicates: int
    updated: int


def stage(cursor: duckdb.DuckDBPyConnection, rows: pa.Table, channel: str, currency: str, whole: bool) -> None:
    """Temporary tables `new_lines` and `new_orders` from canonical rows (schema SALE_ROWS, absent columns empty)."""
    cursor.register("sale_rows", rows)
    missing = [f"NULL::{_sql_type(f.type)} AS {f.name}" for f in SALE_ROWS if f.name not in rows.column_names]
    source = f"(SELECT *{', ' if missing else ''}{', '.join(missing)} FROM sale_rows)"
    order_id, places = "order_id", "0"
    if "order_id" not in rows.column_names:
        order_id = "printf('%s-%d', like_hash, row_number() OVER (PARTITION BY like_hash ORDER BY line) + earlier)"
    if "mended_import" in rows.column_names:
        places = "earlier"
    cursor.execute(f"CREATE OR REPLACE TEMP VIEW sale_source AS {_with_likeness(source, rows, channel)}")
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE new_lines AS
        SELECT *, row_number() OVER (PARTITION BY order_id, line_key ORDER BY line, part) + {places} AS nth FROM (
            SELECT * REPLACE ({order_id} AS order_id),
                hash(coalesce(product_id, product, ''), coalesce(amount, quantity, 0) < 0,
                     {"NULL" if whole else "ordered_at"}) AS line_key
            FROM sale_source)"""
    )
    header = ", ".join(
        f"arg_min({name}, line) AS {name}"
        for name in ("customer_id", "utc_offset", "coupon_code", "goods", "discount", "shipping", "tax", "refunded", "total")
    )
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE new_orders AS
        SELECT ? AS channel, order_id, min(ordered_at) AS ordered_at, coalesce(arg_min(status, line), 'paid') AS status,
            coalesce(arg_min(currency, line), ?) AS currency, {header}
        FROM new_lines GROUP BY order_id""",
        [channel, currency or None],
    )


def _sql_type(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return "DECIMAL(18, 6)"
    names = {"int64": "BIGINT", "int32": "INTEGER", "int16": "SMALLINT", "string": "VARCHAR"}
    return names.get(str(kind), "TIMESTAMP")


def _with_likeness(source: str, rows: pa.Table, channel: str) -> str:
    """`source` with what rows without an order number, and mended rows, need to find their like."""
    named = [n for n in rows.column_names if n not in ("line", "part", "mended_import", "name", "email", "phone")]
    likeness = f"left(md5(concat_ws('|', {', '.join(f'coalesce({n}::VARCHAR, chr(0))' for n in named)})), 20)"
    if "mended_import" not in rows.column_names and "order_id" in rows.column_names:
        return f"SELECT *, '' AS like_hash, 0 AS earlier FROM {source}"
    if "mended_import" not in rows.column_names:
        return f"SELECT *, {likeness} AS like_hash, 0 AS earlier FROM {source}"
    quoted = channel.replace("'", "''")
    if "order_id" not in rows.column_names:
        return f"""SELECT r.*, (SELECT count(*) FROM order_versions v WHERE v.import_id = r.mended_import
            AND v.channel = '{quoted}' AND v.order_id LIKE r.like_hash || '-%') AS earlier
            FROM (SELECT *, {likeness} AS like_hash FROM {source}) r"""
    return f"""SELECT r.*, '' AS like_hash, (SELECT count(*) FROM line_versions v WHERE v.import_id = r.mended_import
        AND v.channel = '{quoted}' AND v.order_id = r.order_id AND v.line_key =
        hash(coalesce(r.product_id, r.product, ''), coalesce(r.amount, r.quantity, 0) < 0, r.ordered_at)) AS earlier
        FROM {source} r"""


def count_changes(cursor: duckdb.DuckDBPyConnection, channel: str, data_until: object) -> Counts:
    """Compare the staged rows with the orders that stand; leaves `known_orders` (with `stale`, `same`) behind."""
    same = " AND ".join(f"n.{name} IS NOT DISTINCT FROM o.{name}" for name in _HEADER)
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE known_orders AS
        SELECT n.order_id, {same} AS same,
            NOT ({same}) AND i.data_until > ? AND ({_RANK.format("n")} < {_RANK.format("o")}
                OR coalesce(n.refunded, 0) < coalesce(o.refunded, 0)) AS stale
        FROM new_orders n JOIN orders o ON o.channel = n.channel AND o.order_id = n.order_id
        JOIN imports i ON i.import_id = o.import_id""",
        [data_until],
    )
    equal = " AND ".join(f"n.{name} IS NOT DISTINCT FROM v.{name}" for name in _LINE_VALUES if name != "discount")
    row = one(
        cursor,
        f"""WITH judged AS (
            SELECT n.line, k.order_id IS NOT NULL AS known,
                coalesce((k.same OR k.stale) AND v.order_id IS NOT NULL AND {equal}, false) AS same
            FROM new_lines n LEFT JOIN known_orders k ON k.order_id = n.order_id
            LEFT JOIN line_versions v ON k.order_id IS NOT NULL AND v.current AND v.channel = ? AND v.order_id = n.order_id
                AND v.line_key = n.line_key AND v.nth = n.nth),
        by_line AS (SELECT line, bool_and(same) AS same, bool_or(known) AS known FROM judged GROUP BY line)
        SELECT count(*) FILTER (NOT same), count(*) FILTER (same), count(*) FILTER (NOT same AND known) FROM by_line""",
        [channel],
    )
    return Counts(*(int(str(n)) for n in row)) if row else Counts(0, 0, 0)


def keep(cursor: duckdb.DuckDBPyConnection, import_id: int, channel: str, whole: bool) -> None:
    """Write the staged rows as versions of `import_id` and settle the orders they touch."""
    names = ", ".join(ORDER_COLUMNS)
    cursor.execute(
        f"""INSERT INTO order_versions (import_id, whole, stale, {names})
        SELECT ?, ?, coalesce(k.stale, false), {", ".join(f"n.{name}" for name in ORDER_COLUMNS)}
        FROM new_orders n LEFT JOIN known_orders k USING (order_id)""",
        [import_id, whole],
    )
    cursor.execute(
        """INSERT INTO line_versions
        SELECT ?, ?, order_id, line_key, nth, line, product_id, product, category, quantity, unit_price, line_discount,
            amount, order_id NOT IN (SELECT order_id FROM known_orders) FROM new_lines""",
        [import_id, channel],
    )
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE touched AS SELECT ? AS channel, order_id FROM known_orders", [channel]
    )
    settle_lines(cursor)
    cursor.execute("CREATE OR REPLACE TEMP TABLE touched AS SELECT channel, order_id FROM new_orders")
    settle_orders(cursor)


def settle_lines(cursor: duckdb.DuckDBPyConnection) -> None:
    """Mark, for the orders in `touched`, which line versions count now."""
    if not _any(cursor, "touched"):
        return
    cursor.execute(
        """UPDATE line_versions SET current = false
        WHERE current AND (channel, order_id) IN (SELECT (channel, order_id) FROM touched)"""
    )
    cursor.execute(
        """UPDATE line_versions SET current = true WHERE rowid IN (
        WITH heads AS (SELECT v.channel, v.order_id, v.import_id, v.whole FROM order_versions v
            SEMI JOIN touched USING (channel, order_id) JOIN imports i USING (import_id) WHERE i.undone_at IS NULL
            QUALIFY row_number() OVER (PARTITION BY v.channel, v.order_id ORDER BY v.stale, v.import_id DESC) = 1)
        SELECT l.rowid FROM line_versions l JOIN heads h USING (channel, order_id)
            JOIN imports i ON i.import_id = l.import_id
        WHERE i.undone_at IS NULL AND (NOT h.whole OR l.import_id = h.import_id)
        QUALIFY row_number() OVER (PARTITION BY l.channel, l.order_id, l.line_key, l.nth
            ORDER BY l.import_id DESC) = 1)"""
    )


def settle_orders(cursor: duckdb.DuckDBPyConnection) -> None:
    """Work out anew, for the orders in `touched`, what stands in `orders`."""
    if _any(cursor, "orders"):
        cursor.execute("DELETE FROM orders WHERE (channel, order_id) IN (SELECT (channel, order_id) FROM touched)")
    names = ", ".join(name for name in ORDER_COLUMNS if name != "goods")
    cursor.execute(
        f"""INSERT INTO orders (import_id, {names}, goods, net)
        WITH heads AS (SELECT v.* FROM order_versions v SEMI JOIN touched USING (channel, order_id)
                JOIN imports i USING (import_id) WHERE i.undone_at IS NULL
            QUALIFY row_number() OVER (PARTITION BY v.channel, v.order_id ORDER BY v.stale, v.import_id DESC) = 1),
        sums AS (SELECT channel, order_id, sum(amount) AS amount FROM line_versions SEMI JOIN touched
            USING (channel, order_id) WHERE current GROUP BY channel, order_id),
        valued AS (SELECT h.*, coalesce(h.goods, s.amount, h.total, 0) AS worth FROM heads h
            LEFT JOIN sums s USING (channel, order_id))
        SELECT import_id, {names}, worth,
            CASE WHEN status IN ('unpaid', 'cancelled', 'refunded') THEN 0
                 WHEN worth <= 0 THEN worth
                 ELSE greatest(worth - coalesce(refunded, 0), 0) END
        FROM valued"""
    )


def _any(cursor: duckdb.DuckDBPyConnection, table: str) -> bool:
    return one(cursor, f"SELECT 1 FROM {table} LIMIT 1") is not None

"""Canonical sale rows in temporary tables: lines with their keys, orders with their heads, orders already imported.

Everything here is a temporary table of one connection: `new_lines`, `new_orders`, `known_orders`.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from loyalty.intake.canonical import EXTRA_SALE_FIELDS, SALE_ROWS
from loyalty.store.database import one
from loyalty.store.schema import ORDER_COLUMNS

#: How far an order has come: a later export may move it on; an older one may not move it back.
RANK = "CASE {0}.status WHEN 'unpaid' THEN 0 WHEN 'paid' THEN 1 WHEN 'cancelled' THEN 2 WHEN 'refunded' THEN 2 END"
_HEADER = [
    name for name in ORDER_COLUMNS if name not in ("channel", "order_id", "ordered_at", "order_reference")
]
_PER_ORDER = (
    "customer_id",
    "utc_offset",
    "status",
    "coupon_code",
    "goods",
    "discount",
    "shipping",
    "tax",
    "refunded",
    "total",
    "order_reference",
)
_NEVER_REMOVED = ("goods", "currency")  # no export removes these by leaving them out
_LINE_VALUES = ("product_id", "product", "category", "quantity", "unit_price", "amount")
_NOT_HASHED = ("line", "part", "mended_import", "name", "email", "phone", *EXTRA_SALE_FIELDS)


@dataclass(frozen=True)
class Counts:
    """Counts of the rows of an import; `updated` is a part of `accepted`."""

    accepted: int
    duplicates: int
    updated: int


def stage(
    cursor: duckdb.DuckDBPyConnection, rows: pa.Table, channel: str, currency: str, whole: bool
) -> None:
    """`new_lines` and `new_orders` from canonical rows (schema SALE_ROWS, absent columns empty).

    A row's `line_key` is made of product, sign and, where orders come in parts, time; `nth` numbers rows alike in it,
    after those of the import that a mended row came from. Rows without an order number get one from their cells.
    """
    cursor.register("sale_rows", rows)
    mended = "mended_import" in rows.column_names
    numbered = "order_id" in rows.column_names
    order_id = "order_id" if numbered else _order_id_from_hash(mended)
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE staged AS SELECT * REPLACE ({order_id} AS order_id), $channel::VARCHAR AS channel
        FROM ({_keyed(rows, whole)})""",
        {"channel": channel},
    )
    _number_lines(cursor, _EARLIER_LINES if mended and numbered else "0")
    header = ", ".join(f"arg_min({name}, line) AS {name}" for name in _PER_ORDER if name in rows.column_names)
    absent = ", ".join(_empty(name) for name in _PER_ORDER if name not in rows.column_names)
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE new_orders AS
        SELECT ? AS channel, order_id, ? AND bool_and(mended_import IS NULL) AS whole, min(ordered_at) AS ordered_at,
            coalesce(arg_min(currency, line), ?) AS currency, {", ".join(filter(None, (header, absent)))}
        FROM staged GROUP BY order_id""",
        [channel, whole, currency or None],
    )


def _number_lines(cursor: duckdb.DuckDBPyConnection, earlier: str) -> None:
    """`new_lines`: the staged rows with `nth`. Only rows that have their like are sorted, which few have."""
    cursor.execute(
        """CREATE OR REPLACE TEMP TABLE alike AS
        SELECT line, part, row_number() OVER (PARTITION BY order_id, line_key ORDER BY amount, quantity, line, part) AS nth
        FROM staged SEMI JOIN (SELECT order_id, line_key FROM staged GROUP BY ALL HAVING count(*) > 1)
            USING (order_id, line_key)"""
    )
    cursor.execute(
        f"""CREATE OR REPLACE TEMP VIEW new_lines AS
        SELECT s.*, coalesce(a.nth, 1) + {earlier} AS nth FROM staged s LEFT JOIN alike a USING (line, part)"""
    )


_EARLIER_LINES = """(SELECT count(*) FROM line_versions v WHERE v.import_id = s.mended_import
                AND v.channel = s.channel AND v.order_id = s.order_id AND v.line_key = s.line_key)"""


def _order_id_from_hash(mended: bool) -> str:
    """An order number for a row without one: a hash of its cells, and its number among equal rows."""
    earlier = """ + (SELECT count(*) FROM order_versions v WHERE v.import_id = mended_import
                AND v.channel = $channel AND starts_with(v.order_id, like_hash || '-'))"""
    like = "row_number() OVER (PARTITION BY like_hash ORDER BY line)"
    return f"like_hash || '-' || ({like}{earlier if mended else ''})"


def _keyed(rows: pa.Table, whole: bool) -> str:
    """A query of all columns of SALE_ROWS, with `line_key`, and `like_hash` where rows have no order number.

    Keys come from MD5, which no later version of the database will change.
    """
    absent = [
        _empty(field.name)
        for field in SALE_ROWS
        if field.name not in (*rows.column_names, *EXTRA_SALE_FIELDS)
    ]
    time = "0" if whole else "epoch_us(ordered_at)"
    product = [name for name in ("product_id", "product") if name in rows.column_names]
    hashed = ""
    if product:
        name = f"coalesce({', '.join(product)}, '')"
        hashed = f" JOIN (SELECT DISTINCT {name} AS key_of, md5_number_lower(key_of) AS product_key FROM sale_rows)"
        hashed += f" ON key_of = {name}"
    values = [name for name in ("amount", "quantity") if name in rows.column_names] + ["0"]
    sign = f"(coalesce({', '.join(values)}) < 0)::UBIGINT"
    key = f"xor({'product_key' if product else '0::UBIGINT'}, coalesce({time}, 0)::UBIGINT * 2 + {sign})"
    row_hash = "" if "order_id" in rows.column_names else f", {_row_hash(rows)} AS like_hash"
    columns = ", ".join(rows.column_names)
    return f"SELECT {', '.join((columns, *absent))}, {key} AS line_key{row_hash} FROM sale_rows{hashed}"


def _row_hash(rows: pa.Table) -> str:
    """A hash of all cells of a row that describe its sale."""
    named = [name for name in rows.column_names if name not in _NOT_HASHED]
    cells = ", ".join(f"coalesce(replace({name}::VARCHAR, '|', '||'), chr(0))" for name in named)
    return f"left(md5(concat_ws(' | ', {cells})), 20)"


def _empty(name: str) -> str:
    """An empty column of the type that SALE_ROWS gives it."""
    kind = SALE_ROWS.field(name).type
    names = {
        "int64": "BIGINT",
        "int32": "INTEGER",
        "int16": "SMALLINT",
        "string": "VARCHAR",
        "timestamp[us]": "TIMESTAMP",
    }
    return f"NULL::{names.get(str(kind), 'DECIMAL(18, 6)')} AS {name}"


def count_changes(cursor: duckdb.DuckDBPyConnection, data_until: object) -> Counts:
    """Compare the staged rows with the current orders; leaves `known_orders` (with `stale`, `same`) behind.

    `stale`: the staged order is from an older export than one that shows it further on, so it changes nothing.
    """
    already_imported = _count_known(cursor, data_until)
    if not already_imported:
        row = one(cursor, "SELECT count(DISTINCT line) FROM staged")
        return Counts(int(str(row[0])) if row else 0, 0, 0)
    equal = " AND ".join(f"n.{name} IS NOT DISTINCT FROM v.{name}" for name in _LINE_VALUES)
    row = one(
        cursor,
        f"""WITH judged AS (
            SELECT n.line, k.order_id IS NOT NULL AS already_imported,
                coalesce(k.stale AND k.whole OR (k.same OR k.stale) AND v.order_id IS NOT NULL AND {equal}, false) AS same
            FROM new_lines n LEFT JOIN known_orders k ON k.order_id = n.order_id
            LEFT JOIN line_versions v ON k.order_id IS NOT NULL AND v.current AND v.channel = n.channel
                AND v.order_id = n.order_id AND v.line_key = n.line_key AND v.nth = n.nth),
        by_line AS (SELECT line, bool_and(same) AS same, bool_or(already_imported) AS already_imported FROM judged GROUP BY line)
        SELECT count(*) FILTER (NOT same), count(*) FILTER (same), count(*) FILTER (NOT same AND already_imported) FROM by_line""",
    )
    return Counts(*(int(str(n)) for n in row)) if row else Counts(0, 0, 0)


def _count_known(cursor: duckdb.DuckDBPyConnection, data_until: object) -> int:
    """Fill `known_orders`; returns how many there are. Values that a part of an order leaves out are no difference.

    An order that is whole and has no status is a paid one, as it stands.
    """
    filled = {"status": "coalesce(n.status, CASE WHEN n.whole THEN 'paid' END)"}
    alike = " AND ".join(
        f"({filled.get(name, f'n.{name}')} IS NOT DISTINCT FROM o.{name} OR n.{name} IS NULL AND ({'true' if name in _NEVER_REMOVED else 'NOT n.whole'}))"
        for name in _HEADER
    )
    same = f"({alike} AND (n.ordered_at = o.ordered_at OR NOT n.whole AND n.ordered_at > o.ordered_at))"
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE known_orders AS
        WITH further AS (SELECT v.channel, v.order_id, max({RANK.format("v")}) AS rank, max(abs(v.refunded)) AS refunded
            FROM order_versions v SEMI JOIN new_orders USING (channel, order_id) JOIN imports i USING (import_id)
            WHERE i.undone_at IS NULL AND i.data_until > ? GROUP BY v.channel, v.order_id)
        SELECT n.order_id, n.whole, {same} AS same, NOT {same} AND coalesce(
            f.rank > {RANK.format("n")} OR coalesce(f.refunded, 0) > abs(coalesce(n.refunded, 0)), false) AS stale
        FROM new_orders n JOIN order_heads o USING (channel, order_id) LEFT JOIN further f USING (channel, order_id)""",
        [data_until],
    )
    row = one(cursor, "SELECT count(*) FROM known_orders")
    return int(str(row[0])) if row else 0

"""Staged orders into versions, and versions into the orders and lines that count now. SQL, set by set.

The result is a function of the versions of imports that are not undone, and of their order, alone: a version is *beaten*
when a later-reaching export that is not undone shows the order further on (paid, then cancelled or refunded; more given
back). The last unbeaten version that carries the order whole is its base; parts of it that came later add to it.
"""

from __future__ import annotations

import duckdb

from loyalty.store.database import one
from loyalty.store.schema import ORDER_COLUMNS
from loyalty.store.staging import RANK

_FIRST = 1 << 40  # above every number of an import: unbeaten versions go first
_FROM_HEAVIEST = [
    name for name in ORDER_COLUMNS if name not in ("channel", "order_id", "ordered_at", "status", "goods")
]

_FROM_ANY_VERSION = ("customer_id", "currency", "order_reference")


def save(cursor: duckdb.DuckDBPyConnection, import_id: int) -> None:
    """Write the staged rows as versions of `import_id` and update the orders they touch."""
    names = ", ".join(ORDER_COLUMNS)
    cursor.execute(
        f"INSERT INTO order_versions (import_id, whole, {names}) SELECT ?, whole, {names} FROM new_orders",
        [import_id],
    )
    known = one(cursor, "SELECT 1 FROM known_orders LIMIT 1") is not None
    current = "order_id NOT IN (SELECT order_id FROM known_orders)" if known else "true"
    cursor.execute(
        f"""INSERT INTO line_versions
        SELECT ?, channel, order_id, line_key, nth, line, product_id, product, category, quantity, unit_price,
            line_discount, amount, {current} FROM new_lines""",
        [import_id],
    )
    cursor.execute("CREATE OR REPLACE TEMP TABLE touched AS SELECT channel, order_id FROM new_orders")
    update_orders(cursor, lines=known)


def update_orders(cursor: duckdb.DuckDBPyConnection, *, lines: bool = True) -> None:
    """Recompute the orders in `touched`; `lines=False`: all of them are new, with lines that count."""
    _contribute(cursor)
    if lines:
        _update_lines(cursor)
    _update_order_heads(cursor)


def _contribute(cursor: duckdb.DuckDBPyConnection) -> None:
    """Fill `contributing`: the versions that an order is made of; the one with the highest `weight` goes first."""
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE contributing AS
        WITH standing AS (
            SELECT v.*, {RANK.format("v")} AS rank, abs(coalesce(v.refunded, 0)) AS given_back, i.data_until
            FROM order_versions v SEMI JOIN touched USING (channel, order_id) JOIN imports i USING (import_id)
            WHERE i.undone_at IS NULL),
        judged AS (
            SELECT *, coalesce(max(rank) OVER further > rank OR max(given_back) OVER further > given_back, false) AS beaten
            FROM standing WINDOW further AS (PARTITION BY channel, order_id ORDER BY data_until DESC
                GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
        based AS (
            SELECT *, coalesce(max(CASE WHEN whole AND NOT beaten THEN import_id END)
                OVER (PARTITION BY channel, order_id), 0) AS base FROM judged)
        SELECT *, CASE WHEN beaten THEN 0 ELSE {_FIRST} END + import_id AS weight
        FROM based WHERE import_id = base OR NOT whole AND import_id > base"""
    )


def _update_lines(cursor: duckdb.DuckDBPyConnection) -> None:
    """Mark which line versions count now: of lines alike in several versions, the weightiest."""
    cursor.execute(
        """UPDATE line_versions SET current = false
        WHERE current AND (channel, order_id) IN (SELECT (channel, order_id) FROM touched)"""
    )
    cursor.execute(
        """UPDATE line_versions SET current = true WHERE rowid IN (
        SELECT l.rowid FROM line_versions l JOIN contributing c USING (channel, order_id, import_id)
        QUALIFY row_number() OVER (PARTITION BY l.channel, l.order_id, l.line_key, l.nth ORDER BY c.weight DESC) = 1
            AND (count(l.amount) OVER (PARTITION BY l.channel, l.order_id, l.import_id) > 0
                OR count(l.amount) OVER (PARTITION BY l.channel, l.order_id) = 0))"""
    )


def _update_order_heads(cursor: duckdb.DuckDBPyConnection) -> None:
    """One row of `order_heads` for each order that still has a version.

    A platform's order with a sale in it is worth 0 at the least: what it gives back beyond the goods is postage. In the
    owner's own tables lines are what they say. A buyer, currency or reference in any export that is not undone is kept.
    """
    if one(cursor, "SELECT 1 FROM order_heads LIMIT 1") is not None:
        cursor.execute(
            "DELETE FROM order_heads WHERE (channel, order_id) IN (SELECT (channel, order_id) FROM touched)"
        )
    names = ", ".join(_FROM_HEAVIEST)
    values = ", ".join(
        f"coalesce(h.{name}, w.{name})" if name in _FROM_ANY_VERSION else f"h.{name}"
        for name in _FROM_HEAVIEST
    )
    stay = ", ".join(f"arg_max({name}, import_id) AS {name}" for name in _FROM_ANY_VERSION)
    merged = ", ".join(f"arg_max({name}, weight) AS {name}" for name in (*_FROM_HEAVIEST, "goods"))
    cursor.execute(
        f"""INSERT INTO order_heads (import_id, channel, order_id, ordered_at, status, {names}, goods, net)
        WITH heads AS (SELECT channel, order_id, max(weight) % {_FIRST} AS import_id, min(ordered_at) AS ordered_at,
                coalesce(arg_max(status, weight), 'paid') AS status, {merged}
            FROM contributing GROUP BY channel, order_id),
        sums AS (SELECT channel, order_id, sum(amount) AS amount, coalesce(max(amount) > 0, false) AS sold
            FROM line_versions SEMI JOIN touched USING (channel, order_id) WHERE current GROUP BY channel, order_id),
        valued AS (SELECT h.*, coalesce(h.goods, s.amount, h.total, 0) AS worth, abs(coalesce(h.refunded, 0)) AS back,
                coalesce(s.sold, false) AND i.source <> 'generic' AS floored
            FROM heads h LEFT JOIN sums s USING (channel, order_id) JOIN imports i ON i.import_id = h.import_id),
        known AS (SELECT channel, order_id, {stay} FROM order_versions
            SEMI JOIN touched USING (channel, order_id) JOIN imports USING (import_id) WHERE undone_at IS NULL
            GROUP BY channel, order_id)
        SELECT h.import_id, h.channel, h.order_id, h.ordered_at, h.status, {values}, worth,
            CASE WHEN status IN ('unpaid', 'cancelled', 'refunded') THEN 0
                 WHEN worth <= 0 AND NOT floored THEN worth ELSE greatest(worth - back, 0) END
        FROM valued h JOIN known w USING (channel, order_id)"""
    )

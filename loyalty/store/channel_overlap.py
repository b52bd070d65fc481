"""The owner's decision on two channels that may hold the same sales, and the duplicate orders that follow from it.

A pair without a decision counts every sale. Of a pair decided to be the same, a sale of the channel that gives way does
not count (`duplicate_orders`) where it matches one of the other channel; all its other sales still count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from loyalty.intake.canonical import MONEY
from loyalty.intake.sources.registry import PLATFORMS
from loyalty.store import rates
from loyalty.store.database import Database, one
from loyalty.store.duplicate_orders import MIN_ORDERS, Overlap, match_orders, overlap
from loyalty.store.errors import NoSuchChannel, OneChannelTwice

PAYMENTS = tuple(source.name for source in PLATFORMS if source.payments)
_TEXTS = ("channel", "order_id", "matched_channel", "counted_channel", "counted_order_id", "customer_id")
_DUPLICATES = pa.schema([*((name, pa.string()) for name in _TEXTS), ("refunded", MONEY)])


@dataclass(frozen=True)
class ChannelPair:
    """Two channels with a decision: `channel` gives way to `other` where they hold the `same` sales.

    `once`: sales of `channel` that are sales of `other` and count once; `alone`: its other sales.
    """

    channel: str
    other: str
    same: bool
    once: int
    alone: int


@dataclass(frozen=True)
class PossibleOverlap:
    """Another channel that seems to hold a file's sales; `payments`: whether the file, or the other, is of payments."""

    other: str
    overlap: Overlap
    payments: bool
    other_payments: bool


def sales(cursor: duckdb.DuckDBPyConnection, channels: Collection[str]) -> pd.DataFrame:
    """The SALES frame of `loyalty.store.duplicate_orders` for paid and refunded sales.

    With channel, `alias` (the buyer as the file names them) and `back` (int64, millionths given back, whether as a sum
    or as lines below 0).
    """
    orders: pd.DataFrame = cursor.execute(
        """WITH lines AS (SELECT channel, order_id, sum(amount) AS amount, sum(least(amount, 0)) AS below
            FROM order_lines WHERE list_contains($channels, channel) GROUP BY channel, order_id),
        named AS (SELECT DISTINCT customer_id FROM contact_versions WHERE email IS NOT NULL),
        paid AS (SELECT h.*, greatest(abs(coalesce(h.refunded, 0)), -coalesce(l.below, 0)) AS back,
                coalesce(h.total, CASE WHEN l.amount = h.goods THEN h.goods - l.below ELSE h.goods END) AS paid
            FROM order_heads h LEFT JOIN lines l USING (channel, order_id)
            WHERE list_contains($channels, h.channel) AND h.status IN ('paid', 'refunded'))
        SELECT channel, order_id, epoch_us(ordered_at) AS at, (paid * 1000000)::BIGINT AS amount,
            coalesce(currency, $home) AS currency, coalesce(i.customer_id, p.customer_id) AS person,
            n.customer_id IS NOT NULL AS named, order_reference AS reference, p.customer_id AS alias,
            (CASE WHEN status = 'refunded' THEN paid ELSE back END * 1000000)::BIGINT AS back
        FROM paid p LEFT JOIN identities i ON i.alias = p.customer_id LEFT JOIN named n ON n.customer_id = p.customer_id
        WHERE paid > 0 ORDER BY channel, order_id""",
        {"channels": list(channels), "home": rates.home_currency(cursor)},
    ).df()
    texts = ("person", "reference", "alias")
    return orders.assign(
        **{name: orders[name].astype(object).where(orders[name].notna(), None) for name in texts}
    )


def update_duplicates(cursor: duckdb.DuckDBPyConnection) -> None:
    """Work `duplicate_orders` out again from the pairs decided to be the same; inside a transaction.

    The result depends on the imports that are not undone, not on their order. Pairs are taken by name. A duplicate matches
    nothing any more, so that one stays of sales that are in three channels.
    """
    cursor.execute("DELETE FROM duplicate_orders")
    pairs = cursor.execute(
        "SELECT channel, other FROM channel_overlap WHERE same ORDER BY channel, other"
    ).fetchall()
    if not pairs:
        return
    orders = sales(cursor, {name for pair in pairs for name in pair})
    match = np.full(len(orders), -1, dtype=np.int64)
    for channel, other in pairs:
        giving, counting = (
            np.flatnonzero((orders["channel"] == name).to_numpy() & (match < 0)) for name in (channel, other)
        )
        place = match_orders(
            orders.iloc[counting].reset_index(drop=True), orders.iloc[giving].reset_index(drop=True)
        )
        match[giving[place >= 0]] = counting[place[place >= 0]]
    _write(cursor, orders, match)


def _write(cursor: duckdb.DuckDBPyConnection, orders: pd.DataFrame, match: np.ndarray) -> None:
    """Rows of `duplicate_orders`: each duplicate with the order that counts in the end; `match`: -1 for none."""
    duplicates = np.flatnonzero(match >= 0)
    if not len(duplicates):
        return
    counted = match[duplicates]
    while (match[counted] >= 0).any():
        counted = np.where(match[counted] >= 0, match[counted], counted)
    back = orders["back"].to_numpy()
    columns = [
        *(orders[name].iloc[duplicates].tolist() for name in ("channel", "order_id")),
        orders["channel"].iloc[match[duplicates]].tolist(),
        *(orders[name].iloc[counted].tolist() for name in ("channel", "order_id")),
        orders["alias"].iloc[duplicates].tolist(),
        [Decimal(int(n)).scaleb(-6) for n in np.maximum(back[duplicates] - back[counted], 0)],
    ]
    cursor.register("duplicates_now", pa.table(columns, schema=_DUPLICATES))
    cursor.execute("INSERT INTO duplicate_orders BY NAME SELECT * FROM duplicates_now")
    cursor.unregister("duplicates_now")


def may_overlap(cursor: duckdb.DuckDBPyConnection, channels: Sequence[str]) -> bool:
    """Whether files of `channels`, one after the other, may overlap with a channel that the owner was never asked about."""
    present = {name for (name,) in cursor.execute("SELECT DISTINCT channel FROM order_heads").fetchall()}
    decided = {
        frozenset(pair) for pair in cursor.execute("SELECT channel, other FROM channel_overlap").fetchall()
    }
    others = present | set(channels)
    return any(a != b and frozenset((a, b)) not in decided for a in channels for b in others)


def possible_overlaps(cursor: duckdb.DuckDBPyConnection, channel: str) -> list[PossibleOverlap]:
    """Channels without a decision that seem to hold the sales of the file staged last (`new_orders`), by name."""
    decided = {
        name
        for pair in cursor.execute("SELECT channel, other FROM channel_overlap").fetchall()
        for name in pair
        if channel in pair
    }
    query = "SELECT channel FROM order_heads GROUP BY channel HAVING count(*) >= ? ORDER BY channel"
    others = [name for (name,) in cursor.execute(query, [MIN_ORDERS]).fetchall()]
    others = [name for name in others if name != channel and name not in decided]
    if not others:
        return []
    orders = sales(cursor, [channel, *others])
    duplicates = pd.MultiIndex.from_tuples(
        cursor.execute("SELECT channel, order_id FROM duplicate_orders").fetchall() or [("", "")]
    )
    orders = orders[~pd.MultiIndex.from_frame(orders[["channel", "order_id"]]).isin(duplicates)]
    numbers = [name for (name,) in cursor.execute("SELECT order_id FROM new_orders").fetchall()]
    file = orders[(orders["channel"] == channel) & orders["order_id"].isin(numbers)].reset_index(drop=True)
    payments = _is_payments(cursor, channel)
    measured = (
        (name, overlap(file, orders[orders["channel"] == name].reset_index(drop=True))) for name in others
    )
    return [
        PossibleOverlap(name, shared, payments, _is_payments(cursor, name))
        for name, shared in measured
        if shared.likely
    ]


def _is_payments(cursor: duckdb.DuckDBPyConnection, channel: str) -> bool:
    """Whether everything that stands of a channel came from payment services."""
    query = "SELECT bool_and(list_contains(?, source)) FROM imports WHERE channel = ? AND kind = 'orders' AND undone_at IS NULL"
    row = one(cursor, query, [list(PAYMENTS), channel])
    return bool(row and row[0])


def _first_import(cursor: duckdb.DuckDBPyConnection, channel: str) -> int:
    """The first import that stands of a channel."""
    query = "SELECT min(import_id) FROM imports WHERE channel = ? AND kind = 'orders' AND undone_at IS NULL"
    row = one(cursor, query, [channel])
    return int(str(row[0])) if row and row[0] is not None else 0


def save_decisions(
    cursor: duckdb.DuckDBPyConnection, channel: str, same: Mapping[str, bool], stamp: dt.datetime
) -> None:
    """Save the owner's decisions on `channel` and each other one; inside a transaction, `update_duplicates` must follow.

    Payments give way to orders; of two alike the channel that was brought in first counts.
    """
    for other, is_same in same.items():
        _delete_decision(cursor, channel, other)
        mine, theirs = _is_payments(cursor, channel), _is_payments(cursor, other)
        gives_way = mine if mine != theirs else _first_import(cursor, channel) > _first_import(cursor, other)
        pair = (channel, other) if gives_way else (other, channel)
        cursor.execute("INSERT INTO channel_overlap VALUES (?, ?, ?, ?)", [*pair, is_same, stamp])


def _delete_decision(cursor: duckdb.DuckDBPyConnection, channel: str, other: str) -> None:
    """Delete the decision on two channels."""
    cursor.execute(
        "DELETE FROM channel_overlap WHERE (channel = $a AND other = $b) OR (channel = $b AND other = $a)",
        {"a": channel, "b": other},
    )


def set_decision(
    database: Database, channel: str, other: str, *, same: bool | None, stamp: dt.datetime
) -> None:
    """Decide on two channels by hand; None forgets the decision, so that the next file asks again.

    Raises OneChannelTwice or NoSuchChannel.
    """
    if channel == other:
        raise OneChannelTwice
    with database.writing() as cursor:
        channels = [
            name
            for (name,) in cursor.execute("SELECT DISTINCT channel FROM order_heads ORDER BY 1").fetchall()
        ]
        for name in (channel, other):
            if name not in channels:
                raise NoSuchChannel(channel=name, known=", ".join(channels))
        if same is None:
            _delete_decision(cursor, channel, other)
        else:
            save_decisions(cursor, channel, {other: same}, stamp)
        update_duplicates(cursor)


def decisions(database: Database) -> list[ChannelPair]:
    """All pairs with a decision by name, with the sales that count once and the others."""
    cursor = database.cursor()
    rows = cursor.execute(
        """WITH matched AS (SELECT channel, matched_channel, count(*) AS n FROM duplicate_orders GROUP BY ALL),
        duplicates AS (SELECT channel, sum(n) AS n FROM matched GROUP BY channel),
        paid AS (SELECT channel, count(*) AS n FROM order_heads WHERE status IN ('paid', 'refunded') AND goods > 0 GROUP BY channel)
        SELECT d.channel, d.other, d.same, coalesce(m.n, 0)::BIGINT, (coalesce(p.n, 0) - coalesce(u.n, 0))::BIGINT
        FROM channel_overlap d LEFT JOIN matched m ON m.channel = d.channel AND m.matched_channel = d.other
        LEFT JOIN duplicates u ON u.channel = d.channel LEFT JOIN paid p ON p.channel = d.channel ORDER BY 1, 2"""
    ).fetchall()
    return [ChannelPair(*row) for row in rows]

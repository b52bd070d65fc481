"""The owner's word on two channels that may tell the same sales, and the twins that follow from it.

A pair that was never decided counts every sale. For a pair said to be the same, the sale of the channel that gives way
is hidden (`twins`) where it has a partner in the other; all its other sales still count.
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
from loyalty.store.duplicate_orders import FEWEST, Likeness, likeness, partners
from loyalty.store.errors import NoSuchChannel, OneChannelTwice

PAYMENTS = tuple(source.name for source in PLATFORMS if source.payments)
_TWINS = pa.schema(
    [
        *(
            (name, pa.string())
            for name in ("channel", "order_id", "met_channel", "twin_channel", "twin_order_id")
        ),
        ("customer_id", pa.string()),
        ("refunded", MONEY),
    ]
)


@dataclass(frozen=True)
class Door:
    """A decided pair: `channel` gives way to `other` where they are the `same`; sales counted once, and left over."""

    channel: str
    other: str
    same: bool
    once: int
    alone: int


@dataclass(frozen=True)
class Suspect:
    """Another channel that seems to tell a file's sales; which of the two tells payments."""

    other: str
    likeness: Likeness
    payments: bool
    other_payments: bool


def sales(cursor: duckdb.DuckDBPyConnection, channels: Collection[str]) -> pd.DataFrame:
    """The SALES frame of `loyalty.store.duplicate_orders` for paid and refunded sales, with channel, `alias` (the buyer as the file
    names them) and `back` (int64, millionths given back, whether as a sum or as lines below 0)."""
    found: pd.DataFrame = cursor.execute(
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
        {"channels": list(channels), "home": rates.home(cursor)},
    ).df()
    texts = ("person", "reference", "alias")
    return found.assign(
        **{name: found[name].astype(object).where(found[name].notna(), None) for name in texts}
    )


def settle(cursor: duckdb.DuckDBPyConnection) -> None:
    """`twins` anew, from the pairs said to be the same: a function of what stands, not of how it came. In a transaction.

    Pairs are taken by name. A hidden sale is nobody's partner any more, so that of sales told three times one stays.
    """
    cursor.execute("DELETE FROM twins")
    pairs = cursor.execute("SELECT channel, other FROM doors WHERE same ORDER BY channel, other").fetchall()
    if not pairs:
        return
    told = sales(cursor, {name for pair in pairs for name in pair})
    hidden = np.zeros(len(told), dtype=bool)
    twin = np.full(len(told), -1, dtype=np.int64)
    for channel, other in pairs:
        giving, counting = (
            np.flatnonzero((told["channel"] == name).to_numpy() & ~hidden) for name in (channel, other)
        )
        place = partners(told.iloc[counting].reset_index(drop=True), told.iloc[giving].reset_index(drop=True))
        met = giving[place >= 0]
        twin[met], hidden[met] = counting[place[place >= 0]], True
    _write(cursor, told, twin)


def _write(cursor: duckdb.DuckDBPyConnection, told: pd.DataFrame, twin: np.ndarray) -> None:
    """Rows of `twins`: each hidden sale with the one that counts in the end."""
    gone = np.flatnonzero(twin >= 0)
    if not len(gone):
        return
    end = twin[gone]
    while (twin[end] >= 0).any():
        end = np.where(twin[end] >= 0, twin[end], end)
    beyond = np.maximum(told["back"].to_numpy()[gone] - told["back"].to_numpy()[end], 0)
    columns = [
        *(told[name].iloc[gone].tolist() for name in ("channel", "order_id")),
        told["channel"].iloc[twin[gone]].tolist(),
        *(told[name].iloc[end].tolist() for name in ("channel", "order_id")),
        told["alias"].iloc[gone].tolist(),
        [Decimal(int(amount)).scaleb(-6) for amount in beyond],
    ]
    cursor.register("twins_now", pa.table(columns, schema=_TWINS))
    cursor.execute("INSERT INTO twins BY NAME SELECT * FROM twins_now")
    cursor.unregister("twins_now")


def may_be_told_twice(cursor: duckdb.DuckDBPyConnection, channels: Sequence[str]) -> bool:
    """Whether files of `channels`, one after the other, may meet a channel that the owner was never asked about."""
    known = {name for (name,) in cursor.execute("SELECT DISTINCT channel FROM order_heads").fetchall()}
    decided = {frozenset(pair) for pair in cursor.execute("SELECT channel, other FROM doors").fetchall()}
    met = known | set(channels)
    return any(a != b and frozenset((a, b)) not in decided for a in channels for b in met)


def suspects(cursor: duckdb.DuckDBPyConnection, channel: str) -> list[Suspect]:
    """Channels not yet decided on that seem to tell the sales of the file staged last (`new_orders`), by name."""
    decided = {
        name
        for pair in cursor.execute("SELECT channel, other FROM doors").fetchall()
        for name in pair
        if channel in pair
    }
    known = "SELECT channel FROM order_heads GROUP BY channel HAVING count(*) >= ? ORDER BY channel"
    others = [name for (name,) in cursor.execute(known, [FEWEST]).fetchall()]
    others = [name for name in others if name != channel and name not in decided]
    if not others:
        return []
    told = sales(cursor, [channel, *others])
    hidden = pd.MultiIndex.from_tuples(
        cursor.execute("SELECT channel, order_id FROM twins").fetchall() or [("", "")]
    )
    told = told[~pd.MultiIndex.from_frame(told[["channel", "order_id"]]).isin(hidden)]
    numbers = [name for (name,) in cursor.execute("SELECT order_id FROM new_orders").fetchall()]
    file = told[(told["channel"] == channel) & told["order_id"].isin(numbers)].reset_index(drop=True)
    found = [(name, likeness(file, told[told["channel"] == name].reset_index(drop=True))) for name in others]
    mine = _tells_payments(cursor, channel)
    return [Suspect(name, like, mine, _tells_payments(cursor, name)) for name, like in found if like.telling]


def _tells_payments(cursor: duckdb.DuckDBPyConnection, channel: str) -> bool:
    """Whether everything that stands of a channel came from payment services."""
    query = "SELECT bool_and(list_contains(?, source)) FROM imports WHERE channel = ? AND kind = 'orders' AND undone_at IS NULL"
    row = one(cursor, query, [list(PAYMENTS), channel])
    return bool(row and row[0])


def _since(cursor: duckdb.DuckDBPyConnection, channel: str) -> int:
    """The first import that stands of a channel."""
    query = "SELECT min(import_id) FROM imports WHERE channel = ? AND kind = 'orders' AND undone_at IS NULL"
    row = one(cursor, query, [channel])
    return int(str(row[0])) if row and row[0] is not None else 0


def decide(
    cursor: duckdb.DuckDBPyConnection, channel: str, same: Mapping[str, bool], stamp: dt.datetime
) -> None:
    """Keep the owner's word on `channel` and each other one; `settle` must follow. In a transaction.

    Payments give way to orders; of two alike the channel that was brought in first counts.
    """
    for other, word in same.items():
        _forget(cursor, channel, other)
        mine, theirs = _tells_payments(cursor, channel), _tells_payments(cursor, other)
        gives_way = mine if mine != theirs else _since(cursor, channel) > _since(cursor, other)
        pair = (channel, other) if gives_way else (other, channel)
        cursor.execute("INSERT INTO doors VALUES (?, ?, ?, ?)", [*pair, word, stamp])


def _forget(cursor: duckdb.DuckDBPyConnection, channel: str, other: str) -> None:
    """Drop what was decided on two channels."""
    cursor.execute(
        "DELETE FROM doors WHERE (channel = $a AND other = $b) OR (channel = $b AND other = $a)",
        {"a": channel, "b": other},
    )


def choose(database: Database, channel: str, other: str, *, same: bool | None, stamp: dt.datetime) -> None:
    """Decide on two channels by hand; None forgets the decision, so that the next file asks again.

    Raises OneChannelTwice or NoSuchChannel.
    """
    if channel == other:
        raise OneChannelTwice
    with database.writing() as cursor:
        known = [
            name
            for (name,) in cursor.execute("SELECT DISTINCT channel FROM order_heads ORDER BY 1").fetchall()
        ]
        for name in (channel, other):
            if name not in known:
                raise NoSuchChannel(channel=name, known=", ".join(known))
        if same is None:
            _forget(cursor, channel, other)
        else:
            decide(cursor, channel, {other: same}, stamp)
        settle(cursor)


def decided(database: Database) -> list[Door]:
    """All decided pairs by name, with what came of them."""
    cursor = database.cursor()
    rows = cursor.execute(
        """WITH hidden AS (SELECT channel, met_channel, count(*) AS n FROM twins GROUP BY ALL),
        gone AS (SELECT channel, sum(n) AS n FROM hidden GROUP BY channel),
        paid AS (SELECT channel, count(*) AS n FROM order_heads WHERE status IN ('paid', 'refunded') AND goods > 0 GROUP BY channel)
        SELECT d.channel, d.other, d.same, coalesce(h.n, 0)::BIGINT, (coalesce(p.n, 0) - coalesce(g.n, 0))::BIGINT
        FROM doors d LEFT JOIN hidden h ON h.channel = d.channel AND h.met_channel = d.other
        LEFT JOIN gone g ON g.channel = d.channel LEFT JOIN paid p ON p.channel = d.channel ORDER BY 1, 2"""
    ).fetchall()
    return [Door(*row) for row in rows]

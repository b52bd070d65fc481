"""What an import would do, told before it is done: it is carried out in a transaction that is rolled back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from loyalty.intake.text_table import RejectedRow
from loyalty.store import channel_overlap, imports, rates
from loyalty.store.channel_overlap import Suspect
from loyalty.store.database import Database, one
from loyalty.store.imports import Arrival, ImportRecord

EXAMPLES = 5


@dataclass(frozen=True)
class Reason:
    """Why rows will be set aside: rows with the same kind of fault, and the first few of them."""

    template: str
    rows: int
    examples: tuple[RejectedRow, ...]


@dataclass(frozen=True)
class Worth:
    """What the sales and refunds of a file in one currency ("" for the shop's own) are worth: net, as figures count.

    `sales`: orders paid, and refunds that stand alone. `amount`: in `currency`. `converted`: in the shop's, of those
    that have a rate (from `lowest` to `highest`). `waiting`: sales without one, in months from `waiting_from` on.
    """

    currency: str
    sales: int
    amount: Decimal
    converted: Decimal
    lowest: Decimal | None
    highest: Decimal | None
    waiting: int
    waiting_from: dt.date | None


@dataclass(frozen=True)
class Examined:
    """What taking a file in would do. `once`: its sales that another channel tells as well, as the owner has said;
    `suspects`: channels that seem to tell them and were never decided on; `home`: the shop's currency then."""

    record: ImportRecord
    rejected: tuple[RejectedRow, ...]
    reasons: tuple[Reason, ...]
    worth: tuple[Worth, ...] = ()
    once: int = 0
    suspects: tuple[Suspect, ...] = ()
    home: str = ""

    @property
    def new(self) -> int:
        """Rows that bring something and change no earlier order."""
        return self.record.accepted - self.record.updated


def rehearse(database: Database, arrivals: Sequence[Arrival], stamp: dt.datetime) -> list[Examined]:
    """What taking in `arrivals`, one after the other, would do; changes nothing."""
    with database.rehearsing() as cursor:
        return [_examined(cursor, arrival, imports.write(cursor, arrival, stamp)) for arrival in arrivals]


def reasons(rejected: Sequence[RejectedRow]) -> tuple[Reason, ...]:
    """Rejected rows by kind of fault, the most frequent first."""
    grouped: dict[str, list[RejectedRow]] = {}
    for row in rejected:
        grouped.setdefault(row.reason.template, []).append(row)
    found = [Reason(template, len(rows), tuple(rows[:EXAMPLES])) for template, rows in grouped.items()]
    return tuple(sorted(found, key=lambda reason: -reason.rows))


def _examined(cursor: duckdb.DuckDBPyConnection, arrival: Arrival, record: ImportRecord) -> Examined:
    """What has just been written, looked at from all sides."""
    rejected = tuple(arrival.rejected)
    if arrival.kind != "orders" or not arrival.rows.num_rows:
        return Examined(record, rejected, reasons(rejected))
    hidden = one(cursor, "SELECT count(*) FROM twins SEMI JOIN new_orders USING (channel, order_id)")
    return Examined(
        record,
        rejected,
        reasons(rejected),
        _worth(cursor),
        int(str(hidden[0])) if hidden else 0,
        tuple(channel_overlap.suspects(cursor, arrival.channel)),
        rates.home(cursor),
    )


def _worth(cursor: duckdb.DuckDBPyConnection) -> tuple[Worth, ...]:
    """The orders of the file staged last, by currency; those that another channel tells as well are left out."""
    rows = cursor.execute(
        """SELECT coalesce(o.currency, '') AS currency, count(*), sum(h.net), coalesce(sum(o.net), 0),
            min(o.rate), max(o.rate), count(*) FILTER (o.net IS NULL),
            (min(o.ordered_at) FILTER (o.net IS NULL))::DATE
        FROM orders o JOIN order_heads h USING (channel, order_id) SEMI JOIN new_orders USING (channel, order_id)
        WHERE o.status IN ('paid', 'refunded') AND h.net <> 0 GROUP BY 1 ORDER BY 2 DESC, 1"""
    ).fetchall()
    return tuple(Worth(*row) for row in rows)

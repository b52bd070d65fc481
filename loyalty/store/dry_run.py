"""What an import would do: it is carried out in a transaction that is rolled back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from loyalty.intake.tables.text_table import RejectedRow
from loyalty.store import channel_overlap, imports, rates
from loyalty.store.channel_overlap import PossibleOverlap
from loyalty.store.database import Database, number
from loyalty.store.imports import ImportRecord, NewImport

EXAMPLES = 5


@dataclass(frozen=True)
class RejectionReason:
    """Why rows will be rejected: how many have the same fault, and the first few of them."""

    template: str
    rows: int
    examples: tuple[RejectedRow, ...]


@dataclass(frozen=True)
class CurrencyTotal:
    """Net revenue of a file's sales and refunds in one currency ("" for the shop's own).

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
class DryRun:
    """What importing a file would do.

    `duplicates`: its sales that are also in another channel, by the owner's decision; `possible_overlaps`: channels
    without a decision that seem to hold its sales; `home`: the shop's currency then.
    """

    record: ImportRecord
    rejected: tuple[RejectedRow, ...]
    reasons: tuple[RejectionReason, ...]
    totals: tuple[CurrencyTotal, ...] = ()
    duplicates: int = 0
    possible_overlaps: tuple[PossibleOverlap, ...] = ()
    home: str = ""

    @property
    def new(self) -> int:
        """Rows that bring something and change no earlier order."""
        return self.record.accepted - self.record.updated


def dry_run(database: Database, files: Sequence[NewImport], stamp: dt.datetime) -> list[DryRun]:
    """What importing `files`, one after the other, would do; changes nothing."""
    with database.dry_run() as cursor:
        return [_result(cursor, file, imports.write(cursor, file, stamp)) for file in files]


def reasons(rejected: Sequence[RejectedRow]) -> tuple[RejectionReason, ...]:
    """Rejected rows by kind of fault, the most frequent first."""
    grouped: dict[str, list[RejectedRow]] = {}
    for row in rejected:
        grouped.setdefault(row.reason.template, []).append(row)
    listed = [
        RejectionReason(template, len(rows), tuple(rows[:EXAMPLES])) for template, rows in grouped.items()
    ]
    return tuple(sorted(listed, key=lambda reason: -reason.rows))


def _result(cursor: duckdb.DuckDBPyConnection, file: NewImport, record: ImportRecord) -> DryRun:
    """The result for the import that has just been written."""
    rejected = tuple(file.rejected)
    if file.kind != "orders" or not file.rows.num_rows:
        return DryRun(record, rejected, reasons(rejected))
    duplicates = number(
        cursor, "SELECT count(*) FROM duplicate_orders SEMI JOIN new_orders USING (channel, order_id)"
    )
    return DryRun(
        record,
        rejected,
        reasons(rejected),
        _totals(cursor),
        duplicates,
        tuple(channel_overlap.possible_overlaps(cursor, file.channel)),
        rates.home_currency(cursor),
    )


def _totals(cursor: duckdb.DuckDBPyConnection) -> tuple[CurrencyTotal, ...]:
    """The orders of the file staged last, by currency, without duplicates of another channel."""
    rows = cursor.execute(
        """SELECT coalesce(o.currency, '') AS currency, count(*), sum(h.net), coalesce(sum(o.net), 0),
            min(o.rate), max(o.rate), count(*) FILTER (o.net IS NULL),
            (min(o.ordered_at) FILTER (o.net IS NULL))::DATE
        FROM orders o JOIN order_heads h USING (channel, order_id) SEMI JOIN new_orders USING (channel, order_id)
        WHERE o.status IN ('paid', 'refunded') AND h.net <> 0 GROUP BY 1 ORDER BY 2 DESC, 1"""
    ).fetchall()
    return tuple(CurrencyTotal(*row) for row in rows)

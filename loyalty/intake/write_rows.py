"""Writes a file's canonical rows to a scratch file, and completes what depends on all rows of an order."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.canonical import MOMENT, OWN_COLUMNS
from loyalty.intake.canonical_rows import RowReader
from loyalty.intake.kinds import KINDS
from loyalty.intake.sources.base import CANCELLED_OR_REFUNDED
from loyalty.intake.tables.text_table import LINE, RejectedRow
from loyalty.words.message import N_, Message

NO_DATE_IN_ORDER = N_("no row of this order holds its date, or the row that does was rejected")

Progress = Callable[[int], None]
#: Dates of the orders with these ids in earlier files.
OrderDates = Callable[[Sequence[str]], Mapping[str, dt.datetime]]


def write_rows(
    reader: RowReader,
    target: Path,
    progress: Progress = lambda rows: None,
    order_dates: OrderDates = lambda order_ids: {},
) -> pa.Table:
    """All canonical rows, mapped into memory; `progress` is called with the number of rows read.

    Columns follow the kind's schema; those that the file has nothing for are left out. Corrected rows of an
    order that `order_dates` gives a date need none of their own.
    """
    read = 0
    batches = reader.batches()
    first = next(batches, None)
    if first is None:
        return KINDS[reader.reading.kind].rows.empty_table()
    with pa.OSFile(str(target), "wb") as out, pa.ipc.new_file(out, first.schema) as writer:
        for batch in itertools.chain([first], batches):
            writer.write_batch(batch)
            read += batch.num_rows
            progress(read)
    rows = pa.ipc.open_file(pa.memory_map(str(target))).read_all()
    if reader.reading.kind != "orders":
        return rows
    if reader.reading.source.line_statuses and "status" in rows.column_names:
        rows = _with_order_statuses(rows)
    return _reject_undated(rows, reader, order_dates)


def _with_order_statuses(rows: pa.Table) -> pa.Table:
    """`rows` without the statuses of cancelled or refunded lines where another line of the order is not."""
    is_cancelled = pc.is_in(rows["status"], value_set=pa.array(CANCELLED_OR_REFUNDED))
    active_orders = pc.unique(rows["order_id"].filter(pc.invert(is_cancelled)))
    is_overruled = pc.and_(is_cancelled, pc.is_in(rows["order_id"], value_set=active_orders))
    status = pc.if_else(is_overruled, pa.scalar(None, pa.string()), rows["status"])
    return rows.set_column(rows.column_names.index("status"), "status", status)


def _reject_undated(rows: pa.Table, reader: RowReader, order_dates: OrderDates) -> pa.Table:
    """`rows` without those of orders that have no date on any row; these are rejected."""
    undated = _undated_orders(rows) if "order_id" in reader.reading.fields else []
    if undated and (reader.reading.source.completes or "mended_import" in rows.column_names):
        rows = _with_dates(rows, order_dates(undated))
        undated = _undated_orders(rows)
    if not undated:
        return rows
    is_undated = pc.is_in(rows["order_id"], value_set=pa.array(undated, pa.string()))
    lines = list(set(rows.filter(is_undated)["line"].to_pylist()))
    names = [name for name in reader.table.columns if name not in OWN_COLUMNS]
    for batch in reader.table.batches():
        for row in np.flatnonzero(np.isin(batch.column(LINE).to_numpy(), lines)):
            cells = tuple(batch.column(name)[row].as_py() for name in names)
            reader.rejected.append(
                RejectedRow(batch.column(LINE)[row].as_py(), cells, Message(NO_DATE_IN_ORDER))
            )
    return rows.filter(pc.invert(is_undated))


def _undated_orders(rows: pa.Table) -> list[str]:
    """Ids of orders without a date on any row."""
    if not rows["ordered_at"].null_count:
        return []
    orders = rows.group_by("order_id").aggregate([("ordered_at", "count")])
    return list(orders.filter(pc.equal(orders["ordered_at_count"], 0))["order_id"].to_pylist())


def _with_dates(rows: pa.Table, dates: Mapping[str, dt.datetime]) -> pa.Table:
    """`rows` with dates from earlier files for orders that have none here."""
    place = pc.index_in(rows["order_id"], value_set=pa.array(dates.keys(), pa.string()))
    order_dates = pa.array(dates.values(), MOMENT).take(place)
    return rows.set_column(
        rows.column_names.index("ordered_at"), "ordered_at", pc.coalesce(rows["ordered_at"], order_dates)
    )

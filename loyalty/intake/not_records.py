"""Rows that are no records: blank ones, lines of totals, rows that a platform marks as no sale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loyalty.columns import Flags
from loyalty.intake.sources.base import Columns, Source
from loyalty.words.message import Message

TOTALS = frozenset(
    {"total", "totals", "grand total", "sum", "summe", "gesamt", "合计", "总计", "小计", "总和", "汇总"}
)


def non_record_kind(cells: Sequence[str]) -> str:
    """ "blank", "totals" or "" (a record, good or bad) by the first filled cell of a row."""
    first = next((cell.strip() for cell in cells if cell.strip()), "")
    if not first:
        return "blank"
    return "totals" if first.rstrip(":：").casefold() in TOTALS else ""


def not_sales(source: Source, text: Columns, rows: int) -> Flags:
    """Which of `rows` rows are neither sales nor refunds by the platform's module (bool); `text`: mapped columns."""
    if source.is_record is None:
        return np.zeros(rows, dtype=bool)
    sales = pc.fill_null(source.is_record(text), True)
    return ~np.asarray(sales.to_numpy(zero_copy_only=False), dtype=bool)


def possible_non_records(
    batch: pa.RecordBatch, names: Sequence[str], dates: pa.Array, faults: Mapping[int, Message]
) -> list[int]:
    """Rows that may be no record: those with a fault, and those without a date whose first cells are blank or a total."""
    rows = set(faults)
    if dates.null_count:
        undated = dates.is_null()
        for name in names[:3]:
            cell = pc.utf8_lower(pc.utf8_trim(batch.column(name), " \t:："))
            total = pc.is_in(cell, value_set=pa.array(sorted(TOTALS)))
            rows.update(np.flatnonzero(pc.and_(undated, total).to_numpy(zero_copy_only=False)).tolist())
    return sorted(rows)

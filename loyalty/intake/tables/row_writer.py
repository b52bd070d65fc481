"""Writes rows of text as record batches to a scratch file, and collects rejected, blank and repeated heading rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.tables.text_table import NotRecord, RejectedRow, schema_of

_PADDING = " \t\ufeff"  # a byte order mark precedes headings where files were concatenated
Progress = Callable[[int], None]


@dataclass
class RowWriter:
    """Collects rows into record batches on disk.

    `header`: the headings as the file has them; rows that repeat them are no records. `filled`: whether any row has
    text.
    """

    columns: tuple[str, ...]
    header: tuple[str, ...]
    writer: pa.ipc.RecordBatchFileWriter
    progress: Progress
    delimiter: str = ","
    written: int = 0
    filled: bool = False
    rejected: list[RejectedRow] = field(default_factory=list)
    not_records: list[NotRecord] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """All rows so far: written, rejected and no records."""
        return self.written + len(self.rejected) + len(self.not_records)

    def write(self, arrays: list[pa.Array], lines: pa.Array) -> None:
        """Write well-formed rows: a text array a column, and the line of each row (int64)."""
        batch = self._without_headings(
            pa.record_batch([*arrays, lines], schema=schema_of(self.columns)), lines
        )
        self.writer.write_batch(batch)
        self.filled = self.filled or _has_text(batch, len(self.columns))
        self.written += batch.num_rows
        self.progress(self.written)

    def _without_headings(self, batch: pa.RecordBatch, lines: pa.Array) -> pa.RecordBatch:
        """`batch` without rows that repeat the headings; these are listed."""
        place = next((at for at, name in enumerate(self.header) if name.strip()), 0)
        name = self.header[place].strip(_PADDING)
        is_heading = pc.equal(pc.utf8_trim(batch.column(place), _PADDING), name)
        keep = np.ones(batch.num_rows, dtype=bool)
        for row in np.flatnonzero(is_heading.to_numpy(zero_copy_only=False)):
            cells = [batch.column(at)[int(row)].as_py() for at in range(len(self.columns))]
            if _stripped(cells) == _stripped(self.header):
                self.not_records.append(
                    NotRecord(lines[int(row)].as_py(), "header", self.delimiter.join(cells))
                )
                keep[row] = False
        return batch if keep.all() else batch.filter(pa.array(keep))


def _stripped(cells: list[str] | tuple[str, ...]) -> list[str]:
    return [cell.strip(_PADDING) for cell in cells]


def _has_text(batch: pa.RecordBatch, columns: int) -> bool:
    """Whether any text cell of `batch` is filled."""
    return any(
        pc.any(pc.not_equal(pc.utf8_trim_whitespace(batch.column(at)), "")).as_py() for at in range(columns)
    )

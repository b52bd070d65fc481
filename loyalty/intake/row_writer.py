"""Where rows of text go: record batches in a scratch file, and beside them what is broken, blank or headings again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.text_table import NotRecord, RejectedRow, schema_of

_AROUND = " \t\ufeff"  # a byte order mark stands before headings where files were put one behind the other
Progress = Callable[[int], None]


@dataclass
class Sink:
    """Collects rows into record batches on disk.

    `header`: the headings as they stand in the file; rows that repeat them are no records. `filled` tells whether any
    row had anything on it.
    """

    columns: tuple[str, ...]
    header: tuple[str, ...]
    writer: pa.ipc.RecordBatchFileWriter
    progress: Progress
    delimiter: str = ","
    written: int = 0
    filled: bool = False
    broken: list[RejectedRow] = field(default_factory=list)
    aside: list[NotRecord] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """All rows so far, whatever became of them."""
        return self.written + len(self.broken) + len(self.aside)

    def write(self, arrays: list[pa.Array], lines: pa.Array) -> None:
        """Write well-formed rows: a text array a column, and the line of each row (int64)."""
        batch = self._without_headings(
            pa.record_batch([*arrays, lines], schema=schema_of(self.columns)), lines
        )
        self.writer.write_batch(batch)
        self.filled = self.filled or _filled(batch, len(self.columns))
        self.written += batch.num_rows
        self.progress(self.written)

    def _without_headings(self, batch: pa.RecordBatch, lines: pa.Array) -> pa.RecordBatch:
        """`batch` without rows that repeat the headings; these are listed."""
        place = next((at for at, name in enumerate(self.header) if name.strip()), 0)
        name = self.header[place].strip(_AROUND)
        alike = pc.equal(pc.utf8_trim(batch.column(place), _AROUND), name)
        keep = np.ones(batch.num_rows, dtype=bool)
        for row in np.flatnonzero(alike.to_numpy(zero_copy_only=False)):
            cells = [batch.column(at)[int(row)].as_py() for at in range(len(self.columns))]
            if _bare(cells) == _bare(self.header):
                self.aside.append(NotRecord(lines[int(row)].as_py(), "header", self.delimiter.join(cells)))
                keep[row] = False
        return batch if keep.all() else batch.filter(pa.array(keep))


def _bare(cells: list[str] | tuple[str, ...]) -> list[str]:
    return [cell.strip(_AROUND) for cell in cells]


def _filled(batch: pa.RecordBatch, columns: int) -> bool:
    """Whether any text cell of `batch` says anything."""
    return any(
        pc.any(pc.not_equal(pc.utf8_trim_whitespace(batch.column(at)), "")).as_py() for at in range(columns)
    )

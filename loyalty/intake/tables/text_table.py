"""A file as a table of text: every cell unchanged, each row with its line number, nothing dropped."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from loyalty.words.message import Message

LINE = "\x00line"  # a name no file's heading can have


@dataclass(frozen=True)
class RejectedRow:
    """A row that was not imported: its line, its cells, and the reason for the owner."""

    line: int
    cells: tuple[str, ...]
    reason: Message


@dataclass(frozen=True)
class NotRecord:
    """A row that is no record at all: a preamble, a blank, a line of totals, a footer."""

    line: int
    kind: str
    text: str


@dataclass(frozen=True)
class TextTable:
    """What was read: unique column names, and batches of text in a scratch file that is mapped, not loaded.

    `rows` counts every row below the header line and every preamble row above it; the header itself is not a row.
    """

    file: str
    columns: tuple[str, ...]
    header: tuple[str, ...]
    encoding: str
    certain: bool
    delimiter: str
    path: Path
    rows: int
    rejected: tuple[RejectedRow, ...] = ()
    not_records: tuple[NotRecord, ...] = field(default=())

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The well-formed rows, some ten thousand at a time: text columns plus `LINE` (int64)."""
        with pa.memory_map(str(self.path)) as source:
            reader = pa.ipc.open_file(source)
            for index in range(reader.num_record_batches):
                yield reader.get_batch(index)

    def head(self, count: int = 20) -> list[dict[str, str]]:
        """The first `count` well-formed rows, for previews and guesses."""
        for batch in self.batches():
            return [{c: row[c] for c in self.columns} for row in batch.slice(0, count).to_pylist()]
        return []


def schema_of(columns: Sequence[str]) -> pa.Schema:
    """The Arrow schema of a text table."""
    return pa.schema([*((name, pa.string()) for name in columns), (LINE, pa.int64())])


def as_csv_line(cells: Sequence[str]) -> str:
    """`cells` as one line of CSV, as kept with rejected rows."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()

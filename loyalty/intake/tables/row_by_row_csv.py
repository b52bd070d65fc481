"""Reads delimited text row by row; rows that do not fit are rejected with their line and reason."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from loyalty.intake.tables.row_writer import RowWriter
from loyalty.intake.tables.table_layout import CELL_LIMIT, Layout
from loyalty.intake.tables.text_table import NotRecord, RejectedRow
from loyalty.words.message import N_, Message

ROWS = 50_000
FIELD_LIMIT = 8 << 20  # a quote that does not close within this many bytes counts as never closed
TOO_FEW = N_("the row has {n} cells where the headings have {expected}; a cell may be missing")
TOO_MANY = N_(
    "the row has {n} cells where the headings have {expected}; a separator inside a text may lack its quotes"
)
OPEN_QUOTE = N_("a quotation mark opens in this row and is closed only on line {line}")
HUGE_CELL = N_("a cell of this row holds more than a million characters")

#: First line, cells, and what is wrong with the row's shape.
Record = tuple[int, list[str], Message | None]


def read_row_by_row(path: Path, layout: Layout, row_writer: RowWriter) -> bool:
    """Read a file row by row; returns True, as it can read any file."""
    csv.field_size_limit(FIELD_LIMIT)
    width = len(row_writer.columns)
    with path.open(encoding="utf-8", errors="replace", newline="") as source:
        for _ in range(layout.first_line - 1):
            next(source)
        good: list[tuple[int, list[str]]] = []
        for line, cells, problem in _records(source, layout, width):
            if problem is not None:
                row_writer.rejected.append(RejectedRow(line, tuple(cells), problem))
            elif not any(cell.strip() for cell in cells):
                if cells:
                    row_writer.not_records.append(NotRecord(line, "blank", layout.delimiter.join(cells)))
            else:
                good.append((line, cells))
            if len(good) >= ROWS:
                _flush(good, row_writer)
        if good:
            _flush(good, row_writer)
    return True


def _flush(good: list[tuple[int, list[str]]], row_writer: RowWriter) -> None:
    columns = zip(*(cells for _, cells in good), strict=True)
    row_writer.write(
        [pa.array(column, pa.string()) for column in columns], pa.array([at for at, _ in good], pa.int64())
    )
    good.clear()


def _records(source: Iterator[str], layout: Layout, width: int) -> Iterator[Record]:
    """Each record with its first line, and what is wrong with its shape, if anything."""
    line, pending_lines = layout.first_line, list[str]()

    def remember_lines() -> Iterator[str]:
        for text in source:
            pending_lines.append(text)
            yield text

    while True:
        reader = csv.reader(remember_lines(), delimiter=layout.delimiter)
        try:
            for row in reader:
                lines = pending_lines[:]
                pending_lines.clear()
                if len(lines) > 1 and _spans_several_rows(lines, layout.delimiter, width):
                    yield from _split_open_quote(lines, line, layout.delimiter, width)
                else:
                    yield _check_width(line, row, width)
                line += len(lines)
        except csv.Error:  # a quote that is closed only after millions of characters, if ever
            yield from _split_open_quote(pending_lines, line, layout.delimiter, width)
            line += len(pending_lines)
            pending_lines.clear()
        else:
            return


def _check_width(line: int, row: list[str], width: int) -> Record:
    """A row and the problem with its number of cells, if any; empty extra cells at the end are no fault."""
    while len(row) > width and not row[-1].strip():
        row.pop()
    if not any(cell.strip() for cell in row):
        return line, row, None
    if any(len(cell) > CELL_LIMIT for cell in row):
        return line, [cell[:200] for cell in row], Message(HUGE_CELL)
    if len(row) == width:
        return line, row, None
    template = TOO_FEW if len(row) < width else TOO_MANY
    return line, row, Message(template, {"n": len(row), "expected": width})


def _spans_several_rows(lines: list[str], delimiter: str, width: int) -> bool:
    """Whether a quoted cell over several lines really contains whole rows.

    It has when a later line is a full row by itself, or when both the line that opens the quote and the one that
    closes it have as many cells as the headings.
    """
    if any(_is_full_row(text, delimiter, width) for text in lines[1:]):
        return True
    return lines[0].count(delimiter) == lines[-1].count(delimiter) == width - 1


def _is_full_row(line: str, delimiter: str, width: int) -> bool:
    """Whether a line by itself is a well-formed row without a mark in its cells that may belong to another line."""
    with contextlib.suppress(csv.Error):
        cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
        return len(cells) == width and not any('"' in cell for cell in cells)
    return False


def _split_open_quote(lines: list[str], first: int, delimiter: str, width: int) -> Iterator[Record]:
    """Rows of lines between quotes that do not close: the opening line is rejected, the others are read one a line."""
    until = first + len(lines) - 1
    for place, text in enumerate(lines, first):
        if text.count('"') % 2:
            yield (
                place,
                text.rstrip("\r\n")[:CELL_LIMIT].split(delimiter),
                Message(OPEN_QUOTE, {"line": until}),
            )
        elif len(text) > CELL_LIMIT:
            yield place, [text[:200]], Message(HUGE_CELL)
        else:
            yield _check_width(place, next(csv.reader([text], delimiter=delimiter), []), width)

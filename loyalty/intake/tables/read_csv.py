"""Reads delimited text into a text table: a fast reader for well-formed files, a row-by-row one for every other.

Both give the same rows (a test compares them). The fast one is Arrow's; where it refuses a row, or where a cell
holds a line break, the file is read again row by row, and rows that do not fit are rejected with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from loyalty.intake.errors import HeaderOnly, TooLarge
from loyalty.intake.tables.header import unique_names
from loyalty.intake.tables.read_sheet import MAX_COLUMNS, TALL_OR_WIDE
from loyalty.intake.tables.row_by_row_csv import read_row_by_row
from loyalty.intake.tables.row_writer import Progress, RowWriter
from loyalty.intake.tables.table_layout import CELL_LIMIT, Layout, find_layout
from loyalty.intake.tables.text_table import TextTable, schema_of
from loyalty.words.message import N_, Message

BLOCK = 8 << 20
MAX_ROWS = 50_000_000
LIMIT_ROWS = N_("50 million rows and 500 columns")


def read_delimited(
    path: Path,
    scratch: Path,
    *,
    file: str,
    encoding: str,
    certain: bool,
    signatures: Sequence[frozenset[str]] = (),
    delimiter: str = "",
    progress: Progress = lambda rows: None,
) -> TextTable:
    """The text table of a UTF-8 file at `path`; batches go to a file in `scratch`.

    Raises EmptyFile, NotATable, HeaderOnly or TooLarge. `encoding` and `certain` are noted as the original file's.
    """
    layout = find_layout(path, file, signatures, delimiter)
    if len(layout.header) > MAX_COLUMNS:
        raise TooLarge(file=file, what=Message(TALL_OR_WIDE), limit=Message(LIMIT_ROWS))
    columns = unique_names(layout.header)
    target = scratch / "rows.arrow"
    for read in (_read_fast, read_row_by_row):
        with pa.OSFile(str(target), "wb") as out, pa.ipc.new_file(out, schema_of(columns)) as writer:
            row_writer = RowWriter(columns, layout.header, writer, _limited(progress, file), layout.delimiter)
            if read(path, layout, row_writer):
                break
    if not row_writer.filled and not row_writer.rejected:
        raise HeaderOnly(file=file)
    return TextTable(
        file=file,
        columns=columns,
        header=layout.header,
        encoding=encoding,
        certain=certain,
        delimiter=layout.delimiter,
        path=target,
        rows=row_writer.rows + len(layout.preamble),
        rejected=tuple(row_writer.rejected),
        not_records=(*layout.preamble, *row_writer.not_records),
    )


def _limited(progress: Progress, file: str) -> Progress:
    """`progress`, ended by TooLarge when there are more rows than a table of sales has."""

    def report(rows: int) -> None:
        if rows > MAX_ROWS:
            raise TooLarge(file=file, what=Message(TALL_OR_WIDE), limit=Message(LIMIT_ROWS))
        progress(rows)

    return report


def _lines_in(path: Path) -> int | None:
    """How many lines the file has; None when a lone carriage return ends any."""
    lines, last = 0, b"\n"
    with path.open("rb") as source:
        while chunk := source.read(BLOCK):
            if chunk.endswith(b"\r"):
                chunk += source.read(1)
            if b"\r" in chunk and chunk.count(b"\r") != chunk.count(b"\r\n"):
                return None
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    return lines + (last != b"\n")


def _read_fast(path: Path, layout: Layout, row_writer: RowWriter) -> bool:
    """Read with Arrow; False when the file is not plainly one row a line, all of them alike."""
    lines = _lines_in(path)
    if lines is None:
        return False
    at = layout.first_line
    try:
        with pa.OSFile(str(path)) as source:  # a path would be unpacked by its ending
            for batch in _arrow_reader(source, layout, list(row_writer.columns)):
                if any(
                    (pc.max(pc.binary_length(cells)).as_py() or 0) > CELL_LIMIT for cells in batch.columns
                ):
                    return False
                if batch.num_rows:
                    row_writer.write(batch.columns, pa.array(np.arange(at, at + batch.num_rows)))
                    at += batch.num_rows
    except pa.ArrowInvalid:
        return False
    return at == lines + 1


def _arrow_reader(source: pa.NativeFile, layout: Layout, names: list[str]) -> arrow_csv.CSVStreamingReader:
    """Arrow's reader, set to leave every cell unchanged."""
    return arrow_csv.open_csv(
        source,
        read_options=arrow_csv.ReadOptions(
            column_names=names, skip_rows=layout.first_line - 1, block_size=BLOCK
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=layout.delimiter, newlines_in_values=True, ignore_empty_lines=False
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=False, check_utf8=True
        ),
    )

"""Finds the table in a text: its delimiter, its headings, the lines before them."""

from __future__ import annotations

import contextlib
import csv
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from loyalty.intake.errors import EmptyFile, NotATable
from loyalty.intake.tables.header import PREAMBLE_LINES, find_delimiter, find_header
from loyalty.intake.tables.text_table import NotRecord

START = 4096  # what is looked at of a line that is far too long
_WORD = re.compile(r"[^\W\d_]")
CELL_LIMIT = 1 << 20  # characters; no cell of a sales file comes near it


@dataclass(frozen=True)
class Layout:
    """Delimiter, headings and first lines of the table in a text."""

    delimiter: str
    header: tuple[str, ...]
    header_line: int  # 1 is the first line
    first_line: int  # the first line below the header
    preamble: tuple[NotRecord, ...]


def find_layout(path: Path, file: str, signatures: Sequence[frozenset[str]], delimiter: str = "") -> Layout:
    """Delimiter and header of a UTF-8 text, from its first lines."""
    with path.open(encoding="utf-8", errors="replace", newline="") as source:
        lines = list(itertools.islice(_lines(source), 200))
    if not any(line.strip() for line in lines):
        raise EmptyFile(file=file)
    if lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        delimiter = delimiter or lines[0].strip()[4]
    mark = delimiter or find_delimiter([line for line in lines[:100] if line.strip()])
    starts, rows = _first_rows(lines, mark)
    index = find_header(rows, signatures)
    if sum(bool(cell.strip()) for cell in rows[index]) < 2:
        raise NotATable(file=file)
    preamble = tuple(
        NotRecord(starts[i], "preamble", mark.join(rows[i]))
        for i in range(index)
        if any(c.strip() for c in rows[i])
    )
    if not any(
        _WORD.search(cell) for cell in rows[index]
    ):  # a log without headings: its first row is one of it
        unnamed = ("",) * len(rows[index])
        return Layout(mark, unnamed, starts[index] - 1, starts[index], preamble)
    after = starts[index + 1]
    return Layout(mark, tuple(rows[index]), starts[index], after, preamble)


def _lines(source: TextIO) -> Iterator[str]:
    """The lines of a text, what is far too long for one cut short."""
    while line := source.readline(CELL_LIMIT):
        if len(line) < CELL_LIMIT:
            yield line
            continue
        end = line
        while len(end) == CELL_LIMIT and not end.endswith(("\n", "\r")):
            end = source.readline(CELL_LIMIT)
        yield line[:START].replace('"', "") + "\n"


def _first_rows(lines: list[str], mark: str) -> tuple[list[int], list[list[str]]]:
    """The first rows, and the line that each begins on and the next one would."""
    starts, rows = [1], list[list[str]]()
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        reader = csv.reader(lines, delimiter=mark, quoting=quoting)
        starts, rows = [1], []
        with contextlib.suppress(csv.Error):
            for row in itertools.islice(reader, PREAMBLE_LINES):
                rows.append(row)
                starts.append(reader.line_num + 1)
        if rows:
            break
    return starts, rows

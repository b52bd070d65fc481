"""Converts logs with columns separated by spaces to tab-separated text; line numbers stay the same."""

from __future__ import annotations

import itertools
from pathlib import Path

from loyalty.intake.tables.header import DELIMITERS

LOOKED_AT = 100
LEAST_COLUMNS = 3


def is_spaced(path: Path) -> bool:
    """Whether a UTF-8 text has no separator of cells, and equally many words on each of its first lines."""
    with path.open(encoding="utf-8", errors="replace") as source:
        lines = [line for line in itertools.islice(source, LOOKED_AT) if line.strip()]
    widths = {len(line.split()) for line in lines}
    separated = any(mark in line.strip() for line in lines for mark in DELIMITERS)
    return len(lines) > 1 and len(widths) == 1 and widths.pop() >= LEAST_COLUMNS and not separated


def as_tabs(path: Path, scratch: Path) -> Path:
    """A copy in `scratch` with a tab for each run of spaces."""
    target = scratch / "spaced.tsv"
    with (
        path.open(encoding="utf-8", errors="replace") as source,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        out.writelines("\t".join(line.split()) + "\n" for line in source)
    return target

"""Output of commands: one JSON document or plain lines on standard output, everything else on standard error."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from loyalty.exports.table import to_csv, to_xlsx
from loyalty.words import Words

DONE, FAILED, WRONG_USAGE, OWNER_MUST_DECIDE = 0, 1, 2, 3


@dataclass(frozen=True)
class Outcome:
    """A command's result: the document for `--json`, the lines of text, and the exit code."""

    document: dict[str, Any]
    lines: Sequence[str]
    code: int = DONE


def show(outcome: Outcome, *, as_json: bool) -> int:
    """Print an outcome and return its exit code."""
    if as_json:
        sys.stdout.write(json.dumps(json_value(outcome.document), ensure_ascii=False, allow_nan=False) + "\n")
    else:
        sys.stdout.write("".join(line + "\n" for line in outcome.lines))
    return outcome.code


def note(text: str) -> None:
    """Print a line to standard error."""
    sys.stderr.write(text + "\n")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a text table, each column as wide as its widest cell."""
    grid = [list(head), *map(list, rows)]
    widths = [max(len(row[i]) for row in grid) for i in range(len(head))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in grid
    ]


def write_table(frame: pd.DataFrame, out: Path) -> None:
    """Write a frame as CSV, or as XLSX where the file's name ends so."""
    out.write_bytes(to_xlsx(frame) if out.suffix.lower() == ".xlsx" else to_csv(frame))


def share(value: float | None, words: Words) -> str:
    """A share in percent, or a dash."""
    return "–" if value is None else words.percent(value, 1)


def amount(value: float | None, words: Words) -> str:
    """Money to the cent, or a dash."""
    return "–" if value is None else words.money(value, cents=True)


def json_value(value: object) -> object:
    """Convert a value for JSON: Decimal and NumPy numbers to numbers, dates to ISO text, NaN to None."""
    if isinstance(value, dict):
        return {str(key): json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, np.generic):
        return json_value(value.item())
    if isinstance(value, dt.datetime | dt.date):
        return None if pd.isna(value) else value.isoformat()
    return None if isinstance(value, float) and not np.isfinite(value) else value

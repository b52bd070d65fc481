"""What a command leaves behind: one JSON document or plain lines on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from loyalty.services.figures import plain
from loyalty.words import Words

DONE, FAILED, WRONG_USAGE, OWNER_MUST_DECIDE = 0, 1, 2, 3


@dataclass(frozen=True)
class Outcome:
    """A command's result: the document for `--json`, the lines for a reader, and the exit code."""

    document: dict[str, Any]
    lines: Sequence[str]
    code: int = DONE


def show(outcome: Outcome, *, as_json: bool) -> int:
    """Print an outcome and return its exit code."""
    if as_json:
        sys.stdout.write(json.dumps(plain(outcome.document), ensure_ascii=False, allow_nan=False) + "\n")
    else:
        sys.stdout.write("".join(line + "\n" for line in outcome.lines))
    return outcome.code


def note(text: str) -> None:
    """A line for the person at the terminal."""
    sys.stderr.write(text + "\n")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows in columns, as wide as their widest cell."""
    grid = [list(head), *map(list, rows)]
    widths = [max(len(row[i]) for row in grid) for i in range(len(head))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in grid
    ]


def share(value: float | None, words: Words) -> str:
    """A share in percent, or a dash."""
    return "–" if value is None else words.percent(value, 1)


def amount(value: float | None, words: Words) -> str:
    """Money to the cent, or a dash."""
    return "–" if value is None else words.money(value, cents=True)

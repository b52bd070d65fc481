"""Headings: which line holds them, how they are compared, and how repeated or empty ones get names of their own."""

from __future__ import annotations

import contextlib
import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

DELIMITERS = (",", ";", "\t", "|")
PREAMBLE_LINES = 30
_NOISE = re.compile(r"[\s_\-./#:*()（）：]+")


def normalise_heading(name: str) -> str:
    """A heading reduced to what counts when two are compared: width, case, spaces and punctuation do not.

    >>> normalise_heading(" Order_ID "), normalise_heading("联系电话 "), normalise_heading("Order #")
    ('orderid', '联系电话', 'order')
    """
    return _NOISE.sub("", unicodedata.normalize("NFKC", name).casefold())


def unique_names(header: Sequence[str]) -> tuple[str, ...]:
    """Headings with repeats numbered and empty ones named by their place."""
    names: dict[str, None] = {}
    for place, raw in enumerate(header, 1):
        name = unique = raw.replace("\x00", "").strip() or f"column {place}"
        number = 1
        while unique in names:
            number += 1
            unique = f"{name} ({number})"
        names[unique] = None
    return tuple(names)


def find_delimiter(lines: Sequence[str]) -> str:
    """The mark that cuts the sample into the most even rows of the most cells; a comma when none does."""
    best, best_score = ",", 0.0
    for mark in DELIMITERS:
        widths = list[int]()
        with contextlib.suppress(csv.Error):  # an open quote; what was read before it shows the widths
            widths.extend(len(row) for row in csv.reader(lines, delimiter=mark) if row)
        if not widths:
            continue
        width, count = (
            Counter(w for w in widths if w > 1).most_common(1)[0] if any(w > 1 for w in widths) else (1, 0)
        )
        score = count / len(widths) * min(width, 12) ** 0.5
        if score > best_score:
            best, best_score = mark, score
    return best


def find_header(rows: Sequence[Sequence[str]], signatures: Sequence[frozenset[str]]) -> int:
    """Index of the heading row: one that holds a supported platform's headings, else the first that fills most of the table.

    `signatures`: sets of normalised headings; a row matches when it holds all of one set.
    """
    for index, row in enumerate(rows):
        names = {normalise_heading(cell) for cell in row}
        if any(signature <= names for signature in signatures):
            return index
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0
    usual = widths.most_common(1)[0][0]
    for index, row in enumerate(rows):
        filled = sum(bool(cell.strip()) for cell in row)
        if filled >= max(2, usual * 0.6):
            return index
    return 0

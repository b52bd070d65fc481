"""Text cells that no spreadsheet runs as a formula, and the inverse.

The convention is the spreadsheets' own: an apostrophe in front of the text. It goes before text that starts
with one of `= + - @` (ordinary, full-width or small forms; odd spaces before it are ignored), with a
tab, a line end or NUL, and before text that already starts with an apostrophe, so that taking one apostrophe
off is an exact inverse. The app's own reader takes it off (`loyalty.intake.values.cells.plain`); other readers can
use `restore`.
"""

from __future__ import annotations

import re

MARK = "'"
_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫−"
_NOTHING = r"\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_RISKY = re.compile(f"[{MARK}\t\r\n\0]|[{_NOTHING}]*[{_SIGNS}]")


def neutralised(text: str) -> str:
    """`text` as a cell that stays text.

    >>> neutralised("=1+1"), neutralised("Ann"), neutralised("'s-Hertogenbosch")
    ("'=1+1", 'Ann', "''s-Hertogenbosch")
    """
    return MARK + text if _RISKY.match(text) else text


def restore(cell: str) -> str:
    """The inverse of `neutralised`: `restore(neutral(text)) == text` for every text."""
    bare = cell.removeprefix(MARK)
    return bare if bare != cell and _RISKY.match(bare) else cell

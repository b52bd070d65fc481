"""Cleans a cell before it is parsed: spreadsheet guards, unusual spaces, marks for an empty cell."""

from __future__ import annotations

import re
import unicodedata

_EXCEL_GUARD = re.compile(r'^="(.*)"$', re.DOTALL)
_TEXT_MARK = re.compile(
    r"^'(?=['=+\-@＝＋－＠\d\t]|$)"
)  # a spreadsheet's sign for text; not the "'s" of a name
_GUARDS = ("'", "=")
_EMPTY = frozenset({"", "-", "--", "—"})
_SPACES = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u3000": " ", "\ufeff": "", "\u200b": ""}
)


def clean_cell(text: str) -> str:
    """`text` without spreadsheet guards (`="00123"`, leading apostrophes or a tab) and surrounding spaces.

    >>> clean_cell('="35153131473293579"'), clean_cell("\\t6917"), clean_cell("'139"), clean_cell("'s Graveland")
    ('35153131473293579', '6917', '139', "'s Graveland")
    """
    if text.isalnum():
        return text
    text_only = (text if text.isascii() else text.translate(_SPACES)).strip()
    if text_only[:1] not in _GUARDS:
        return text_only
    text_only = _TEXT_MARK.sub("", text_only)
    guard = _EXCEL_GUARD.match(text_only)
    if guard:
        text_only = _TEXT_MARK.sub("", guard.group(1).replace('""', '"'))
    return text_only.strip()


def to_half_width(text: str) -> str:
    """Clean cell text with full-width digits and signs made ordinary: for numbers and dates, never for ids or names."""
    cleaned = clean_cell(text)
    return cleaned if cleaned.isascii() else unicodedata.normalize("NFKC", cleaned)


def value_or_none(text: str) -> str | None:
    """The cell's text exactly as a person wrote it, or None for an empty cell. "NA" and "null" are text."""
    cleaned = clean_cell(text)
    return None if cleaned in _EMPTY else cleaned

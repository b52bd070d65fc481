"""What every cell goes through before it is read: guards that spreadsheets leave, odd spaces, marks of emptiness."""

from __future__ import annotations

import re
import unicodedata

_EXCEL_GUARD = re.compile(r'^="(.*)"$', re.DOTALL)
_EMPTY = frozenset({"", "-", "--", "—"})
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u3000": " ", "\ufeff": "", "\u200b": ""})


def plain(text: str) -> str:
    """`text` without spreadsheet guards (`="00123"`, leading apostrophes or a tab) and surrounding spaces.

    >>> plain('="35153131473293579"'), plain("\\t6917"), plain("'139")
    ('35153131473293579', '6917', '139')
    """
    if text.isalnum():
        return text
    stripped = text.translate(_SPACES).strip().lstrip("'")
    guard = _EXCEL_GUARD.match(stripped)
    if guard:
        stripped = guard.group(1).replace('""', '"').lstrip("'")
    return stripped.strip()


def narrow(text: str) -> str:
    """`plain` text with full-width digits and signs made ordinary: for numbers and dates, never for ids or names."""
    cleaned = plain(text)
    return cleaned if cleaned.isascii() else unicodedata.normalize("NFKC", cleaned)


def value_or_none(text: str) -> str | None:
    """The cell's text exactly as a person wrote it, or None for an empty cell. "NA" and "null" are text."""
    cleaned = plain(text)
    return None if cleaned in _EMPTY else cleaned

"""CSV for platforms' importers: their headings and encoding, without formulas."""

from __future__ import annotations

import csv
import io
import re

import pandas as pd

from loyalty.exports.formula_guard import neutralised

# E.164: Klaviyo and others take no other form, and no spreadsheet runs it.
_PHONE = re.compile(r"\+[0-9]{6,15}")


def platform_csv(rows: pd.DataFrame, encoding: str = "utf-8") -> bytes:
    """`rows` of text as CSV with CRLF; characters that `encoding` lacks become "?".

    Text that a spreadsheet could take for a formula is neutralised as everywhere (`loyalty.exports.formula_guard`), except phone
    numbers in E.164, which begin with "+" and hold nothing but digits.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(rows.columns)
    writer.writerows([platform_cell(str(cell)) for cell in row] for row in rows.itertuples(index=False))
    return out.getvalue().encode(encoding, errors="replace")


def platform_cell(text: str) -> str:
    """Text that no spreadsheet runs as a formula; phone numbers in E.164 stay as they are.

    >>> platform_cell("+447700900123"), platform_cell("+1+cmd"), platform_cell("=1+1")
    ('+447700900123', "'+1+cmd", "'=1+1")
    """
    return text if _PHONE.fullmatch(text) else neutralised(text)


def split_name(name: str) -> tuple[str, str]:
    """First and last name; a name without a space, as Chinese ones are, is the first name.

    >>> split_name("Ann Mary Lee"), split_name("王芳"), split_name("")
    (('Ann Mary', 'Lee'), ('王芳', ''), ('', ''))
    """
    first, _, last = name.strip().rpartition(" ")
    return (first, last) if first else (last, "")

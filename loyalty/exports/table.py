"""Any frame as a file: CSV that Excel opens correctly, XLSX with typed cells. Equal frames give equal bytes.

Text is neutralised (`loyalty.exports.formula_guard`) in both, headings too; numbers stay numbers; an empty cell is
an empty cell. A column of times that are all midnight is written as dates.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from numbers import Integral

import numpy as np
import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from loyalty.exports.errors import TextTooLongForExcel, TooManyRowsForExcel
from loyalty.exports.formula_guard import neutralised

Cell = None | bool | int | float | Decimal | dt.date | dt.datetime | str
STAMP = dt.datetime(2000, 1, 1)  # every workbook's "created", so that bytes depend on the table alone
MOST_ROWS, MOST_CHARACTERS, MOST_EXACT = 1_048_575, 32_767, 10**15
NARROWEST, WIDEST, ROWS_MEASURED = 8, 60, 200
MOST_ROUNDED = 20  # numbers with more digits before the point are left as they are
SIGNIFICANT_DIGITS = 15  # exact in a float, and in Excel
NO_DIGITS: Mapping[str, int] = {}


def to_csv(
    frame: pd.DataFrame,
    *,
    digits: Mapping[str, int] = NO_DIGITS,
    bom: bool = True,
    guard: Callable[[str], str] = neutralised,
) -> bytes:
    """`frame` (without its index) as CSV: UTF-8 with BOM, CRLF, quoted as RFC 4180 says.

    Dates are YYYY-MM-DD, times YYYY-MM-DD HH:MM:SS, yes and no TRUE and FALSE, numbers plain with "." and
    without an exponent. `digits`: decimals by column (2 for money: 12.5 is written 12.50), rounded half up;
    other numbers are written as they are, without the noise of floats.
    `guard`: makes text safe from being run as a formula.
    """
    columns = [
        [_text(value, places) for value in values] for _, values, places in _columns(frame, digits, guard)
    ]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guard(str(name)) for name in frame.columns])
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def to_xlsx(
    frame: pd.DataFrame,
    *,
    sheet: str = "Sheet1",
    digits: Mapping[str, int] = NO_DIGITS,
    stamp: dt.datetime = STAMP,
) -> bytes:
    """`frame` (without its index) as a one-sheet workbook: typed cells, frozen header, filters, widths.

    Numbers, dates, times and yes/no are typed; whole numbers of more than 15 digits are text, since Excel
    would round them. `digits`: as in `to_csv` (here the value is rounded and shown so). Nothing touches the
    disk. Raises TooManyRowsForExcel, TextTooLongForExcel.
    """
    if len(frame) > MOST_ROWS:
        raise TooManyRowsForExcel(most=MOST_ROWS, rows=len(frame))
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": stamp})
    page = book.add_worksheet(_sheet_name(sheet))
    page.freeze_panes(1, 0)
    _write(book, page, frame, digits)
    book.close()
    return out.getvalue()


def _write(book: Workbook, page: Worksheet, frame: pd.DataFrame, digits: Mapping[str, int]) -> None:
    bold = book.add_format({"bold": True})
    day, moment = (book.add_format({"num_format": shape}) for shape in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"))
    for c, (name, values, places) in enumerate(_columns(frame, digits, neutralised)):
        heading = neutralised(name)
        number = None if places is None else book.add_format({"num_format": _number_format(places)})
        page.write_string(0, c, heading, bold)
        for r, value in enumerate(values, start=1):
            if isinstance(value, str) and len(value) > MOST_CHARACTERS:
                raise TextTooLongForExcel(most=MOST_CHARACTERS, row=r, column=name, length=len(value))
            _write_cell(page, (r, c), value, places, (day, moment, number))
        page.set_column(c, c, _width([heading, *(_text(v, places) for v in values[:ROWS_MEASURED])]))
    if len(frame.columns):
        page.autofilter(0, 0, len(frame), len(frame.columns) - 1)


def _write_cell(
    page: Worksheet,
    at: tuple[int, int],
    value: Cell,
    places: int | None,
    formats: tuple[Format, Format, Format | None],
) -> None:
    day, moment, number = formats
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(*at, value)
    elif isinstance(value, int | float | Decimal) and -MOST_EXACT < value < MOST_EXACT:
        page.write_number(*at, float(_text(value, places)), number)
    elif isinstance(value, dt.datetime) and value.year >= 1900 and value.tzinfo is None:
        page.write_datetime(*at, value, moment)
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime) and value.year >= 1900:
        page.write_datetime(*at, dt.datetime(value.year, value.month, value.day), day)
    else:
        page.write_string(*at, _text(value, places))


def _columns(
    frame: pd.DataFrame, digits: Mapping[str, int], guard: Callable[[str], str]
) -> list[tuple[str, list[Cell], int | None]]:
    """Each column as its name, its values as plain cells (text neutralised), and its decimals."""
    names = [str(name) for name in frame.columns]
    return [(name, _cells(frame.iloc[:, i], guard), digits.get(name)) for i, name in enumerate(names)]


def _cells(column: pd.Series, guard: Callable[[str], str]) -> list[Cell]:
    cells = [_cell(value, guard) for value in column.tolist()]
    moments = [value for value in cells if isinstance(value, dt.datetime)]
    if not moments or any(m.tzinfo is not None or m.time() != dt.time() for m in moments):
        return cells
    return [value.date() if isinstance(value, dt.datetime) else value for value in cells]


def _cell(value: object, guard: Callable[[str], str]) -> Cell:
    """One value of a frame as a plain cell; None for every kind of missing value."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, str):
        return guard(value)
    if isinstance(value, pd.Timestamp):
        moment: dt.datetime = value.to_pydatetime(warn=False)
        return moment
    if isinstance(value, bool | dt.date):
        return value
    return _number(value)


def _number(value: object) -> Cell:
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else neutralised("∞" if value > 0 else "-∞")
    return bool(value) if isinstance(value, np.bool_) else neutralised(str(value))


def _text(value: Cell, places: int | None) -> str:
    """A plain cell as CSV text."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, dt.date) else _plain_number(value, places)


def _plain_number(value: int | float | Decimal, places: int | None) -> str:
    exact = Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}") if isinstance(value, float) else Decimal(value)
    if places is not None and exact.adjusted() < MOST_ROUNDED:
        exact = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{exact:f}"
    if places is None and isinstance(value, float) and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.removeprefix("-") if not exact else text


def _number_format(places: int) -> str:
    return "0." + "0" * places if places else "0"


def _width(texts: list[str]) -> int:
    """A column's width in characters of the default font; Chinese characters count two."""
    wide = (sum(1 + (unicodedata.east_asian_width(ch) in "WF") for ch in text[:WIDEST]) for text in texts)
    return min(max(max(wide) + 2, NARROWEST), WIDEST)


def _sheet_name(name: str) -> str:
    """A name that Excel takes: at most 31 characters, none of `[]:*?/\\`, no apostrophe at either end."""
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name)[:31].strip("' ") or "Sheet1"

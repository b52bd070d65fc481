"""Errors of writing files."""

from __future__ import annotations

from loyalty.errors import OwnerError
from loyalty.words.message import N_


class TooManyRowsForExcel(OwnerError):
    """More rows than a worksheet has."""

    template = N_("Excel holds {most} rows under its header; this table has {rows}. Take the CSV file.")


class TextTooLongForExcel(OwnerError):
    """A cell longer than Excel's limit."""

    template = N_("Excel holds {most} characters in a cell; row {row} of “{column}” has {length}. Take CSV.")

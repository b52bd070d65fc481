"""Partial dates: birthdays, whose year may be missing, and months, which have no day."""

from __future__ import annotations

import datetime as dt
import re

from loyalty.intake.values.cells import to_half_width
from loyalty.intake.values.dates import (
    EARLIEST,
    EXCEL_EPOCH,
    LATEST,
    NO_SUCH_DAY,
    NOT_A_DATE,
    OUT_OF_RANGE,
    Moment,
    month_named,
    order_evidence,
    parse_moment,
    split_date,
)
from loyalty.words.message import N_, Message

NOT_A_BIRTHDAY = N_("“{text}” is not a birthday that can be read")
OUT_OF_BIRTHS = N_("the year of “{text}” is outside 1900–2100")
NOT_A_MONTH = N_("“{text}” is not a month that can be read")
BORN_FROM = 1900
_NO_YEAR = frozenset({0, 1, 1604})  # what address books write for a year they do not know
_LEAP_YEAR = 2000
_SERIAL = re.compile(r"^[1-7]\d{4}(?:\.0*)?$")
_DASHED = re.compile(r"^--(?P<m>\d{1,2})-?(?P<d>\d{2})$")
_CHINESE = re.compile(r"^(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?$")
_TWO_NUMBERS = re.compile(r"^(?P<a>\d{1,2})[-/. ](?P<b>\d{1,2})\.?$")
_DAY_NAME = re.compile(r"^(?P<d>\d{1,2})(?:st|nd|rd|th)?[-. ]+(?P<mon>[^\W\d]{3,9})\.?$", re.IGNORECASE)
_NAME_DAY = re.compile(r"^(?P<mon>[^\W\d]{3,9})\.?[- ]+(?P<d>\d{1,2})(?:st|nd|rd|th)?$", re.IGNORECASE)
_YEAR_MONTH = re.compile(r"^(?P<y>\d{4})(?:[-/.年 ](?P<m>\d{1,2})月?|(?P<mm>\d{2}))$")
_MONTH_YEAR = re.compile(r"^(?P<m>\d{1,2})[-/. ](?P<y>\d{4})$")
_NAME_YEAR = re.compile(r"^(?P<mon>[^\W\d]{3,9})\.?[-, ]+(?P<y>\d{4}|\d{2})$", re.IGNORECASE)


def parse_birthday(text: str, order: str = "YMD") -> str | Message | None:
    """A birthday as `YYYY-MM-DD`, or `--MM-DD` without its year; None for an empty cell; else why it cannot be read.

    `order` says how 03/04 is meant ("DMY": 3 April; "MDY" and "YMD": 4 March). Of a year in two digits, which may lie
    in either century, only the day is kept. Five digits are Excel's day count (1900 system).

    >>> parse_birthday("1985年3月15日"), parse_birthday("3/15"), parse_birthday("15.03.85", "DMY")
    ('1985-03-15', '--03-15', '--03-15')
    """
    cleaned = to_half_width(text)
    if cleaned in ("", "-", "--"):
        return None
    if _SERIAL.match(cleaned):
        return f"{EXCEL_EPOCH + dt.timedelta(days=int(float(cleaned))):%Y-%m-%d}"
    if day := _month_and_day(cleaned, order):
        return _iso_birthday(cleaned, None, *day, order)
    if parts := split_date(cleaned, order):
        has_year = parts.year > 99 and parts.year not in _NO_YEAR
        return _iso_birthday(cleaned, parts.year if has_year else None, parts.month, parts.day, order)
    return Message(NOT_A_BIRTHDAY, {"text": cleaned[:60]})


def _month_and_day(cleaned: str, order: str) -> tuple[int, int] | None:
    """Month and day of a text that holds nothing else."""
    if match := _DASHED.match(cleaned) or _CHINESE.match(cleaned):
        return int(match["m"]), int(match["d"])
    if match := _TWO_NUMBERS.match(cleaned):
        a, b = int(match["a"]), int(match["b"])
        return (b, a) if order == "DMY" else (a, b)
    if match := _DAY_NAME.match(cleaned) or _NAME_DAY.match(cleaned):
        month = month_named(match["mon"])
        return (month, int(match["d"])) if month else None
    return None


def _iso_birthday(text: str, year: int | None, month: int, day: int, order: str) -> str | Message:
    """The birthday in ISO form where the calendar has the day and the year is one that people are born in."""
    if year is not None and not BORN_FROM <= year <= LATEST:
        return Message(OUT_OF_BIRTHS, {"text": text})
    try:
        date = dt.date(year or _LEAP_YEAR, month, day)
    except ValueError:
        return Message(NO_SUCH_DAY, {"text": text, "order": order})
    return f"{date:%Y-%m-%d}" if year else f"--{date:%m-%d}"


def birthday_evidence(text: str) -> str | None:
    """What `text` proves about the order of day and month, in the terms of `loyalty.intake.values.dates.order_evidence`.

    >>> birthday_evidence("15/03"), birthday_evidence("03/04"), birthday_evidence("--03-04"), birthday_evidence("4/4")
    ('DMY', '?', None, None)
    """
    match = _TWO_NUMBERS.match(to_half_width(text))
    if not match:
        return order_evidence(text)
    a, b = int(match["a"]), int(match["b"])
    if a > 12 or b > 12:
        return "DMY" if a > 12 >= b else "MDY" if b > 12 >= a else None
    return None if a == b else "?"


def parse_month(text: str, order: str = "YMD") -> dt.datetime | Message | None:
    """The first moment of a month, from a month or any day in it; None for an empty cell; else why it cannot be read.

    >>> parse_month("2025年3月"), parse_month("Mar 2025") == parse_month("03/2025") == parse_month("2025-03-31")
    (datetime.datetime(2025, 3, 1, 0, 0), True)
    """
    cleaned = to_half_width(text)
    if match := _YEAR_MONTH.match(cleaned):
        return _first_of(cleaned, int(match["y"]), int(match["m"] or match["mm"]))
    if match := _MONTH_YEAR.match(cleaned):
        return _first_of(cleaned, int(match["y"]), int(match["m"]))
    if (match := _NAME_YEAR.match(cleaned)) and (month := month_named(match["mon"])):
        year = int(match["y"])
        return _first_of(cleaned, year if year > 99 else 2000 + year, month)
    moment = parse_moment(cleaned, order)
    if isinstance(moment, Moment):
        return moment.at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    not_a_date = isinstance(moment, Message) and moment.template == NOT_A_DATE
    return Message(NOT_A_MONTH, {"text": cleaned[:60]}) if not_a_date else moment


def _first_of(text: str, year: int, month: int) -> dt.datetime | Message:
    """The first moment of a month that there is."""
    if not EARLIEST <= year <= LATEST:
        return Message(OUT_OF_RANGE, {"text": text})
    if not 1 <= month <= 12:
        return Message(NOT_A_MONTH, {"text": text})
    return dt.datetime(year, month, 1)

"""Dates and times as shops write them; an ambiguous order of day and month is asked for, never guessed."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from loyalty.intake.values.cells import to_half_width
from loyalty.words.message import N_, Message

NOT_A_DATE = N_("“{text}” is not a date that can be read")
NO_SUCH_DAY = N_("“{text}” is no day of the calendar when read as {order}")
OUT_OF_RANGE = N_("the year of “{text}” is outside 1990–2100")
ORDERS = ("DMY", "MDY", "YMD")
EARLIEST, LATEST = 1990, 2100
EXCEL_EPOCH = dt.datetime(1899, 12, 30)

_TIME = (
    r"(?:(?:[T ,]+|(?<=日))(?P<ap1>AM|PM|上午|下午)?\s*(?P<h>\d{1,2})[:时](?P<mi>\d{2})(?:[:分](?P<s>\d{2})秒?(?:[.,](?P<f>\d{1,9}))?)?分?"
    r"\s*(?P<ap2>[AaPp]\.?[Mm]\.?)?)?\s*(?P<tz>Z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
)
_YMD = re.compile(r"^(?P<y>\d{4})[-/.年 ](?P<m>\d{1,2})[-/.月 ](?P<d>\d{1,2})日?" + _TIME, re.IGNORECASE)
_NUMERIC = re.compile(r"^(?P<a>\d{1,2})[-/. ](?P<b>\d{1,2})[-/. ](?P<c>\d{4}|\d{2})" + _TIME, re.IGNORECASE)
_DAY_NAME = re.compile(
    r"^(?P<d>\d{1,2})[-. ]+(?P<mon>[^\W\d]{3,9})\.?[-, ]+(?P<y>\d{4}|\d{2})" + _TIME, re.IGNORECASE
)
_NAME_DAY = re.compile(
    r"^(?P<mon>[^\W\d]{3,9})\.?[- ]+(?P<d>\d{1,2})[-, ]+(?P<y>\d{4}|\d{2})" + _TIME, re.IGNORECASE
)
_COMPACT = re.compile(
    r"^(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?:[T ]?(?P<h>\d{2}):?(?P<mi>\d{2}):?(?P<s>\d{2}))?$"
)
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan",
            "feb",
            "mar mär mrz",
            "apr",
            "may mai",
            "jun",
            "jul",
            "aug",
            "sep",
            "oct okt",
            "nov",
            "dec dez",
        ),
        1,
    )
    for name in names.split()
}


@dataclass(frozen=True)
class Moment:
    """A shop's local wall time, and the offset from UTC in minutes where the file gave one."""

    at: dt.datetime
    offset: int | None = None

    def in_zone(self, zone: dt.tzinfo) -> Moment:
        """The same instant in `zone`; unchanged without an offset, as there is nothing to convert from."""
        if self.offset is None:
            return self
        local_time = self.at.replace(tzinfo=dt.timezone(dt.timedelta(minutes=self.offset))).astimezone(zone)
        utc_offset = local_time.utcoffset() or dt.timedelta()
        return Moment(local_time.replace(tzinfo=None), int(utc_offset.total_seconds() // 60))


@dataclass(frozen=True)
class DateParts:
    """A day as a cell writes it: `year` may have two digits; `match` holds the time; `order` is the order of day and month it was read by."""

    year: int
    month: int
    day: int
    match: re.Match[str]
    order: str


def split_date(cleaned: str, order: str) -> DateParts | None:
    """The parts of a whole date in text that `to_half_width` has cleaned, whether or not the calendar has such a day."""
    if match := _YMD.match(cleaned) or _COMPACT.match(cleaned):
        return DateParts(int(match["y"]), int(match["m"]), int(match["d"]), match, "YMD")
    if match := _NUMERIC.match(cleaned):
        a, b, c = int(match["a"]), int(match["b"]), int(match["c"])
        year, month, day = {"DMY": (c, b, a), "MDY": (c, a, b), "YMD": (a, b, c)}[order]
        return DateParts(year, month, day, match, order)
    if match := _DAY_NAME.match(cleaned) or _NAME_DAY.match(cleaned):
        number = month_named(match["mon"])
        return DateParts(int(match["y"]), number, int(match["d"]), match, "") if number else None
    return None


def month_named(name: str) -> int | None:
    """The number of a month by its English or German name, whole or short.

    >>> month_named("March"), month_named("Okt"), month_named("Brumaire")
    (3, 10, None)
    """
    return _MONTHS.get(name[:3].lower())


def _moment_from(text: str, parts: DateParts) -> Moment | Message:
    """The moment of the parts of a date, or a `Message` when the calendar has no such day."""
    year = parts.year if parts.year > 99 else parts.year + (2000 if parts.year < 70 else 1900)
    if not EARLIEST <= year <= LATEST:
        return Message(OUT_OF_RANGE, {"text": text})
    groups = parts.match.groupdict()
    hour = int(groups.get("h") or 0)
    am_pm = (groups.get("ap1") or groups.get("ap2") or "").lower().replace(".", "")
    if am_pm in ("pm", "下午") and hour < 12:
        hour += 12
    elif am_pm in ("am", "上午") and hour == 12:
        hour = 0
    micro = int((groups.get("f") or "0")[:6].ljust(6, "0"))
    time_of_day = (hour, int(groups.get("mi") or 0), int(groups.get("s") or 0), micro)
    try:
        at = dt.datetime(year, parts.month, parts.day, *time_of_day)
    except ValueError:
        return Message(NO_SUCH_DAY, {"text": text, "order": parts.order})
    return Moment(at, offset_of(groups.get("tz") or ""))


def offset_of(zone: str) -> int | None:
    """Minutes ahead of UTC: 60 of "+01:00" or "+0100", 0 of "Z" or "UTC", None of nothing."""
    zone = zone.strip()
    if not zone:
        return None
    if zone[0] not in "+-":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return -minutes if zone[0] == "-" else minutes


def parse_moment(text: str, order: str = "YMD") -> Moment | Message | None:
    """A date with or without time; None for an empty cell; a `Message` when it cannot be read.

    `order` says how 03/04/2025 is meant ("DMY", "MDY"; "YMD" where two-digit years stand first). Dates that start
    with a four-digit year, or name their month, need no order. Five digits are Excel's day count (1900 system).

    >>> parse_moment("2025年3月4日").at, parse_moment("03/04/2025", "DMY").at
    (datetime.datetime(2025, 3, 4, 0, 0), datetime.datetime(2025, 4, 3, 0, 0))
    """
    cleaned = to_half_width(text)
    if cleaned in ("", "-", "--"):
        return None
    if parts := split_date(cleaned, order):
        return _moment_from(cleaned, parts)
    if _SERIAL.match(cleaned) and 32874 <= float(cleaned) < 73051:
        return Moment((EXCEL_EPOCH + dt.timedelta(days=float(cleaned))).replace(microsecond=0))
    return Message(NOT_A_DATE, {"text": cleaned[:60]})


def order_evidence(text: str) -> str | None:
    """What `text` proves about the order of day and month: "DMY", "MDY", "?" (either), or None (needs no order).

    >>> order_evidence("13/04/2025"), order_evidence("04/13/2025"), order_evidence("03/04/2025"), order_evidence("2025-03-04")
    ('DMY', 'MDY', '?', None)
    """
    if text[:3].isdecimal():
        return None  # begins with its year, or is no date at all
    match = _NUMERIC.match(to_half_width(text))
    if not match:
        return None
    a, b = int(match["a"]), int(match["b"])
    if a == b and a <= 12:
        return None
    if a > 12 or b > 12:
        return "DMY" if a > 12 >= b else "MDY" if b > 12 >= a else None
    return "?"

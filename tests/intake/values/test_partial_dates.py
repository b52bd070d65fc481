"""Birthdays and months: every way of writing them that people use, exact or refused, and what they prove of their order."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.intake.values.partial_dates import birthday_evidence, parse_birthday, parse_month
from loyalty.words.message import Message


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("1985-03-15", "YMD", "1985-03-15"),
        ("1985年3月15日", "YMD", "1985-03-15"),
        ("15/03/1985", "DMY", "1985-03-15"),
        ("03/15/1985", "MDY", "1985-03-15"),
        ("15. März 1985", "YMD", "1985-03-15"),
        ("Mar 15, 1985", "YMD", "1985-03-15"),
        ("19850315", "YMD", "1985-03-15"),
        ("1985-03-15 00:00:00", "YMD", "1985-03-15"),
        ("31121", "YMD", "1985-03-15"),  # Excel: 1899-12-30 and 31,121 days
        ("--03-15", "DMY", "--03-15"),
        ("0000-03-15", "DMY", "--03-15"),
        ("1604-03-15", "DMY", "--03-15"),
        ("3月15日", "YMD", "--03-15"),
        ("03-15", "YMD", "--03-15"),
        ("15.03.", "DMY", "--03-15"),
        ("3/4", "DMY", "--04-03"),
        ("3/4", "MDY", "--03-04"),
        ("15 Mar", "YMD", "--03-15"),
        ("March 15th", "YMD", "--03-15"),
        ("15/03/45", "DMY", "--03-15"),  # 1945 or 2045: only the day is sure
        ("2/29", "MDY", "--02-29"),
        ("２月２９日", "YMD", "--02-29"),
        ("", "YMD", None),
        ("-", "YMD", None),
    ],
)
def test_birthdays(text: str, order: str, expected: str | None) -> None:
    assert parse_birthday(text, order) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("soon", "“soon” is not a birthday that can be read"),
        ("1985", "“1985” is not a birthday that can be read"),
        ("0315", "“0315” is not a birthday that can be read"),
        ("31/02", "“31/02” is no day of the calendar when read as DMY"),
        ("29/02/1985", "“29/02/1985” is no day of the calendar when read as DMY"),
        ("13/13", "“13/13” is no day of the calendar when read as DMY"),
        ("1850-01-01", "the year of “1850-01-01” is outside 1900–2100"),
    ],
)
def test_an_invalid_birthday_has_a_reason(text: str, reason: str) -> None:
    message = parse_birthday(text, "DMY")
    assert isinstance(message, Message)
    assert message.english() == reason


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)), st.sampled_from(["DMY", "MDY"]))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_a_birthday_reads_back_with_and_without_its_year(day: dt.date, order: str) -> None:
    written = f"{day:%d/%m}" if order == "DMY" else f"{day:%m/%d}"
    assert parse_birthday(written, order) == f"--{day:%m-%d}"
    assert parse_birthday(f"{written}/{day:%Y}", order) == day.isoformat()
    assert parse_birthday(day.isoformat(), order) == day.isoformat()
    if day > dt.date(1927, 5, 18):
        assert parse_birthday(str((day - dt.date(1899, 12, 30)).days), order) == day.isoformat()


@given(st.dates(dt.date(1990, 1, 1), dt.date(2030, 12, 31)))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_evidence_never_contradicts_the_day(day: dt.date) -> None:
    for order, shape in (("DMY", "%d.%m"), ("MDY", "%m.%d")):
        for tail in ("", ".%Y"):
            assert birthday_evidence(day.strftime(shape + tail)) in (order, "?", None)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2025-03", "YMD", (2025, 3)),
        ("2025/3", "YMD", (2025, 3)),
        ("202503", "YMD", (2025, 3)),
        ("2025年3月", "YMD", (2025, 3)),
        ("03/2025", "YMD", (2025, 3)),
        ("3.2025", "YMD", (2025, 3)),
        ("Mar 2025", "YMD", (2025, 3)),
        ("März 2025", "YMD", (2025, 3)),
        ("Mar-25", "YMD", (2025, 3)),  # as Excel shows a month
        ("45717", "YMD", (2025, 3)),  # as Excel counts its first day
        ("2025-03-31 23:59", "YMD", (2025, 3)),
        ("03/04/2025", "DMY", (2025, 4)),
        ("03/04/2025", "MDY", (2025, 3)),
    ],
)
def test_months(text: str, order: str, expected: tuple[int, int]) -> None:
    assert parse_month(text, order) == dt.datetime(*expected, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2025", "“2025” is not a month that can be read"),
        ("spring", "“spring” is not a month that can be read"),
        ("13/2025", "“13/2025” is not a month that can be read"),
        ("2025-00", "“2025-00” is not a month that can be read"),
        ("1980-03", "the year of “1980-03” is outside 1990–2100"),
    ],
)
def test_an_invalid_month_has_a_reason(text: str, reason: str) -> None:
    message = parse_month(text)
    assert isinstance(message, Message)
    assert message.english() == reason


def test_an_empty_cell_is_no_month() -> None:
    assert parse_month(" - ") is None

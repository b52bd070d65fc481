"""The traps of promise 2: cells, numbers and dates are exact, or rejected with the reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.intake.values.cells import clean_cell, value_or_none
from loyalty.intake.values.dates import Moment, order_evidence, parse_moment
from loyalty.intake.values.numbers import decimal_evidence, parse_number
from loyalty.words import Message


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("00123", "00123"),
        ("1e5", "1e5"),
        ("1E5", "1E5"),
        ('="35153131473293579"', "35153131473293579"),
        ("\t6917926768823643751", "6917926768823643751"),
        ("'13900000000", "13900000000"),
        ('="00123"', "00123"),
        ("NA", "NA"),
        ("null", "null"),
        ("None", "None"),
        ("nan", "nan"),
        ("N/A", "N/A"),
        ("#1001", "#1001"),
        ("'s Graveland", "'s Graveland"),
        ("''s Graveland", "'s Graveland"),
        ("'=1+1", "=1+1"),
        ("O'Neill", "O'Neill"),
        ("3.51531E+16", "3.51531E+16"),
        ("\u3000全角　", "全角"),
        ('="a""b"', 'a"b'),
        ("０１２", "０１２"),
    ],
)
def test_text_cells_stay_as_a_person_wrote_them(cell: str, value: str) -> None:
    assert value_or_none(cell) == value


@pytest.mark.parametrize("cell", ["", " ", "-", "--", "—", "\t", '=""', "\ufeff"])
def test_empty_cells_are_empty(cell: str) -> None:
    assert value_or_none(cell) is None


@given(
    st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc", "Zs"]), min_size=1).filter(str.isalnum)
)
def test_letters_and_digits_are_never_changed(text: str) -> None:
    assert clean_cell(text) == text


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", "12"),
        ("1,234.50", "1234.50"),
        ("¥1,234.50", "1234.50"),
        ("￥1，234.50", "1234.50"),
        ("(12.00)", "-12.00"),
        ("12.00-", "-12.00"),
        ("-12.00", "-12.00"),
        ("−12.00", "-12.00"),
        ("-$7.00", "-7.00"),
        ("$-7.00", "-7.00"),
        ("$1,240.00", "1240.00"),
        ("(¥12.00)", "-12.00"),
        ("0元", "0"),
        ("12 EUR", "12"),
        ("US$ 5.10", "5.10"),
        ("kr 5", "5"),
        ("1 234.50", "1234.50"),
        ("1\u00a0234.50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("12,34,567.00", "1234567.00"),
        (".5", "0.5"),
        ("+5", "5"),
        ("1.2345678", "1.234568"),
        ("1e3", "1000"),
        ("3.51531E+10", "35153100000"),
        ("'5", "5"),
    ],
)
def test_numbers_with_a_decimal_point(cell: str, value: str) -> None:
    assert parse_number(cell) == Decimal(value)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1234,5", "1234.5"),
        ("116,99 €", "116.99"),
        ("-0,50", "-0.50"),
        ("1.234", "1234"),
        ("1 234,56", "1234.56"),
        ("12", "12"),
        ("1.234.567", "1234567"),
        ("(1.234,50)", "-1234.50"),
    ],
)
def test_numbers_with_a_decimal_comma(cell: str, value: str) -> None:
    assert parse_number(cell, ",") == Decimal(value)


@pytest.mark.parametrize(
    ("cell", "decimal", "why"),
    [
        ("abc", ".", "“abc” is not a number"),
        ("12abc", ".", "“12abc” is not a number"),
        ("SKU123", ".", "“SKU123” is not a number"),
        ("499.00（系统计算中）", ".", "“499.00(系统计算中)” is not a number"),
        ("1.2.3", ".", "“1.2.3” does not fit the decimal mark “.”"),
        ("12,34", ".", "“12,34” does not fit the decimal mark “.”"),
        ("1.5", ",", "“1.5” does not fit the decimal mark “,”"),
        ("1e15", ".", "1e15 is too large a number"),
        ("#DIV/0!", ".", "“#DIV/0!” is not a number"),
    ],
)
def test_an_invalid_number_has_a_reason(cell: str, decimal: str, why: str) -> None:
    parsed = parse_number(cell, decimal)
    assert isinstance(parsed, Message)
    assert parsed.english() == why


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_every_written_amount_is_read_back_exactly(amount: Decimal) -> None:
    assert parse_number(f"{amount:,.2f}") == amount
    german = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert parse_number(german, ",") == amount
    assert parse_number(f"({abs(amount):.2f})") == -abs(amount)


@pytest.mark.parametrize(
    ("cell", "mark"),
    [
        ("1,234", "?"),
        ("12.345", "?"),
        ("0.123", "."),
        ("12.50", "."),
        ("12,50", ","),
        ("1,234,567", "."),
        ("1.234.567", ","),
        ("1,234.5", "."),
        ("1234.567", "."),
        ("7", None),
        ("abc", None),
        ("$1,234", "?"),
        ("", None),
    ],
)
def test_what_a_number_proves_of_the_decimal_mark(cell: str, mark: str | None) -> None:
    assert decimal_evidence(cell) == mark


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("2025年3月4日", (2025, 3, 4)),
        ("2025年3月4日 14:05", (2025, 3, 4, 14, 5)),
        ("2025年3月4日14:05", (2025, 3, 4, 14, 5)),
        ("2025年3月4日下午2:05", (2025, 3, 4, 14, 5)),
        ("2025-03-04T10:11:12.5", (2025, 3, 4, 10, 11, 12, 500000)),
        ("2016/5/23 22:02", (2016, 5, 23, 22, 2)),
        ("45720", (2025, 3, 4)),
        ("45720.75", (2025, 3, 4, 18)),
        ("20250304", (2025, 3, 4)),
        ("20250304 101112", (2025, 3, 4, 10, 11, 12)),
        ("Jul-21-25", (2025, 7, 21)),
        ("10-Dez-25", (2025, 12, 10)),
        ("4 March 2025", (2025, 3, 4)),
        ("March 4, 2025 3:15 PM", (2025, 3, 4, 15, 15)),
        ("2025-03-04 12:30 AM", (2025, 3, 4, 0, 30)),
        ("2025.3.4", (2025, 3, 4)),
        ("２０２５年３月４日", (2025, 3, 4)),
    ],
)
def test_dates_that_need_no_order(cell: str, at: tuple[int, ...]) -> None:
    assert parse_moment(cell) == Moment(dt.datetime(*at))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("03/04/2025", "DMY", (2025, 4, 3)),
        ("03/04/2025", "MDY", (2025, 3, 4)),
        ("8/22/2026", "MDY", (2026, 8, 22)),
        ("25/03/04", "YMD", (2025, 3, 4)),
        ("13.04.2025", "DMY", (2025, 4, 13)),
        ("09/25/26", "MDY", (2026, 9, 25)),
    ],
)
def test_dates_that_need_an_order(cell: str, order: str, day: tuple[int, int, int]) -> None:
    assert parse_moment(cell, order) == Moment(dt.datetime(*day))


@pytest.mark.parametrize(
    ("cell", "offset"),
    [
        ("2024-05-01 09:58:12 +0000", 0),
        ("2012-01-01 11:13:13 -0500", -300),
        ("2017-06-17T08:04:21+05:30", 330),
        ("2017-06-17T08:04:21Z", 0),
        ("2017-06-17 08:04", None),
    ],
)
def test_the_offset_is_kept_with_the_local_time(cell: str, offset: int | None) -> None:
    parsed = parse_moment(cell)
    assert isinstance(parsed, Moment)
    assert parsed.offset == offset
    assert parsed.at.isoformat(" ", "minutes") == cell[:16].replace("T", " ")


@pytest.mark.parametrize(
    ("cell", "order", "why"),
    [
        ("soon", "DMY", "“soon” is not a date that can be read"),
        ("04/13/2025", "DMY", "“04/13/2025” is no day of the calendar when read as DMY"),
        ("2025-02-30", "YMD", "“2025-02-30” is no day of the calendar when read as YMD"),
        ("2205-01-01", "YMD", "the year of “2205-01-01” is outside 1990–2100"),
        ("2025-13-01", "YMD", "“2025-13-01” is no day of the calendar when read as YMD"),
    ],
)
def test_an_invalid_date_has_a_reason(cell: str, order: str, why: str) -> None:
    parsed = parse_moment(cell, order)
    assert isinstance(parsed, Message)
    assert parsed.english() == why


@given(
    st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 12, 31)).map(lambda at: at.replace(microsecond=0))
)
def test_every_written_date_is_read_back_exactly(at: dt.datetime) -> None:
    clock = f"{at:%H:%M:%S}"
    shapes = {
        f"{at:%Y-%m-%d} {clock}": "YMD",
        f"{at:%Y/%m/%d} {clock}": "YMD",
        f"{at.year}年{at.month}月{at.day}日 {clock}": "YMD",
        f"{at:%d/%m/%Y} {clock}": "DMY",
        f"{at:%m/%d/%Y} {clock}": "MDY",
        f"{at:%d.%m.%Y}, {clock}": "DMY",
        f"{at:%m/%d/%Y %I:%M:%S %p}": "MDY",
    }
    for text, order in shapes.items():
        assert parse_moment(text, order) == Moment(at), text


@pytest.mark.parametrize(
    ("cell", "order"),
    [
        ("13/04/2025", "DMY"),
        ("04/13/2025", "MDY"),
        ("03/04/2025", "?"),
        ("05/05/2025", None),
        ("2025-03-04", None),
        ("4 March 2025", None),
        ("45720", None),
        ("", None),
    ],
)
def test_what_a_date_proves_of_the_order(cell: str, order: str | None) -> None:
    assert order_evidence(cell) == order

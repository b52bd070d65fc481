"""Sentences and formats: holes filled, nothing lost on the way to the store and back, numbers as each language writes them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from loyalty.errors import OwnerError
from loyalty.words import Message, Words, words_for


def test_a_message_survives_the_store() -> None:
    message = Message("“{text}” is not a number", {"text": '茶 {x} "q"'})
    assert Message.from_json(message.to_json()) == message
    assert message.english() == '“茶 {x} "q"” is not a number'
    assert words_for("en").message(message) == message.english()


def test_a_message_within_a_message_is_translated_too() -> None:
    outer = Message("Which columns hold {missing}?", {"missing": Message("the date")})
    assert words_for("en").message(outer) == "Which columns hold the date?"


def test_an_error_builds_its_own_sentence() -> None:
    class Broken(OwnerError):
        template = "“{file}” is broken."

    assert str(Broken(file="a.csv")) == "“a.csv” is broken."


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [(1234567, 0, "1,234,567"), (0.125, 2, "0.12"), (-0.2, 0, "0"), (Decimal("2.5"), 1, "2.5")],
)
def test_numbers(value: float | Decimal, digits: int, shown: str) -> None:
    assert words_for("en").number(value, digits) == shown


def test_money_has_the_shop_s_short_sign() -> None:
    assert Words("en", "USD").money(12.5) == "$12.50"
    assert Words("en", "USD").money(1234.5) == "$1,234" or Words("en", "USD").money(1234.5) == "$1,235"
    assert Words("en", "USD").money(1234.5, cents=True) == "$1,234.50"
    assert Words("zh_CN", "CNY").money(12.5) == "¥12.50"
    assert Words("en", "CNY").money(12.5) == "¥12.50"


def test_dates_as_each_language_writes_them() -> None:
    day = dt.date(2025, 3, 4)
    assert (Words("en").date(day), Words("zh_CN").date(day)) == ("4 Mar 2025", "2025年3月4日")
    assert (Words("en").month(day), Words("zh_CN").month(day)) == ("Mar 2025", "2025年3月")


def test_shares_and_lists() -> None:
    assert (
        Words("en").percent(0.6558, 1),
        Words("en").listing(["a", "b"]),
        Words("zh_CN").listing(["a", "b"]),
    ) == ("65.6%", "a, b", "a、b")


def test_an_unknown_language_is_english() -> None:
    assert Words("tlh").language == "en"


def test_plurals() -> None:
    assert words_for("en").plural("{n} row", "{n} rows", 1) == "1 row"
    assert words_for("en").plural("{n} row", "{n} rows", 2000) == "2,000 rows"

"""Weeks by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from loyalty.columns import Totals
from loyalty.measure.weeks import (
    days_ending,
    exceeds_chance,
    new_customers,
    period_before,
    weeks,
    year_before,
)

AS_OF = dt.date(2026, 6, 30)  # a Tuesday


def test_windows() -> None:
    week = days_ending(AS_OF)
    assert week == (dt.date(2026, 6, 24), dt.date(2026, 6, 30))
    assert period_before(week) == (dt.date(2026, 6, 17), dt.date(2026, 6, 23))
    assert year_before(week) == (dt.date(2025, 6, 25), dt.date(2025, 7, 1))
    assert [day.weekday() for day in year_before(week)] == [day.weekday() for day in week]
    assert period_before(days_ending(AS_OF, 28)) == (dt.date(2026, 5, 6), dt.date(2026, 6, 2))


@pytest.mark.parametrize(
    ("first", "last", "year_ago"),
    [
        (dt.date(2025, 6, 25), True, True),
        (dt.date(2025, 6, 26), True, False),
        (dt.date(2026, 6, 17), True, False),
        (dt.date(2026, 6, 18), False, False),
    ],
)
def test_an_incomplete_week_is_none(first: dt.date, last: bool, year_ago: bool) -> None:
    asked: list[dt.date] = []

    def totals(since: dt.date, until: dt.date) -> Totals:
        asked.append(since)
        assert (until - since).days == 6
        return Totals(10, 4, 1, 12, 99.0, 1, 5.0)

    result = weeks(AS_OF, first, totals)
    assert (result.last is not None, result.year_ago is not None) == (last, year_ago)
    assert len(asked) == 1 + last + year_ago
    assert new_customers(result.this) == 6


def test_chance_is_poissons() -> None:
    """The difference of two counts has the variance of their sum: 1.96 sqrt(100) = 19.6."""
    assert not exceeds_chance(40, 60 - 1)
    assert exceeds_chance(40, 60)
    assert not exceeds_chance(0, 0)
    assert not exceeds_chance(3, 0)
    assert exceeds_chance(0, 4)

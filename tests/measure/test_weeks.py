"""Weeks by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from loyalty.columns import Totals
from loyalty.measure.weeks import a_year_ago, before, more_than_chance, new_customers, weeks, window

AS_OF = dt.date(2026, 6, 30)  # a Tuesday


def test_windows() -> None:
    week = window(AS_OF)
    assert week == (dt.date(2026, 6, 24), dt.date(2026, 6, 30))
    assert before(week) == (dt.date(2026, 6, 17), dt.date(2026, 6, 23))
    assert a_year_ago(week) == (dt.date(2025, 6, 25), dt.date(2025, 7, 1))
    assert [day.weekday() for day in a_year_ago(week)] == [day.weekday() for day in week]
    assert before(window(AS_OF, 28)) == (dt.date(2026, 5, 6), dt.date(2026, 6, 2))


@pytest.mark.parametrize(
    ("first", "last", "year_ago"),
    [
        (dt.date(2025, 6, 25), True, True),
        (dt.date(2025, 6, 26), True, False),
        (dt.date(2026, 6, 17), True, False),
        (dt.date(2026, 6, 18), False, False),
    ],
)
def test_a_week_that_the_data_do_not_hold_whole_is_none(first: dt.date, last: bool, year_ago: bool) -> None:
    asked: list[dt.date] = []

    def totals(since: dt.date, until: dt.date) -> Totals:
        asked.append(since)
        assert (until - since).days == 6
        return Totals(10, 4, 1, 12, 99.0, 1, 5.0)

    found = weeks(AS_OF, first, totals)
    assert (found.last is not None, found.year_ago is not None) == (last, year_ago)
    assert len(asked) == 1 + last + year_ago
    assert new_customers(found.this) == 6


def test_chance_is_poissons() -> None:
    """The difference of two counts has the variance of their sum: 1.96 sqrt(100) = 19.6."""
    assert not more_than_chance(40, 60 - 1)
    assert more_than_chance(40, 60)
    assert not more_than_chance(0, 0)
    assert not more_than_chance(3, 0)
    assert more_than_chance(0, 4)

"""Calendar months by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from loyalty.measure.calendar_months import last_complete_month, month_number, month_of


@pytest.mark.parametrize(
    ("as_of", "month"),
    [
        (dt.date(2026, 6, 30), dt.date(2026, 6, 1)),
        (dt.date(2026, 6, 29), dt.date(2026, 5, 1)),
        (dt.date(2026, 1, 1), dt.date(2025, 12, 1)),
        (dt.date(2024, 2, 28), dt.date(2024, 1, 1)),
        (dt.date(2024, 2, 29), dt.date(2024, 2, 1)),
        (dt.date(2025, 12, 31), dt.date(2025, 12, 1)),
    ],
)
def test_the_last_complete_month(as_of: dt.date, month: dt.date) -> None:
    assert last_complete_month(as_of) == month


def test_numbers_and_months_are_one_to_one() -> None:
    days = [dt.date(2024 + n // 12, n % 12 + 1, 1) for n in range(36)]
    assert [month_of(month_number(day)) for day in days] == days
    assert month_number(days[-1]) - month_number(days[0]) == 35

"""Which comparisons a history allows, and cuts that add up to the change."""

from __future__ import annotations

import datetime as dt

import pytest

from loyalty.columns import Totals
from loyalty.measure.changes import Change, Part
from loyalty.measure.weeks import Weeks
from loyalty.services.insights import Movement
from loyalty.words import words_for
from pages.home.changes import comparisons, largest_change, views, week_table

AS_OF = dt.date(2026, 6, 30)
EN = words_for("en")


@pytest.mark.parametrize(
    ("days", "offered"),
    [(54, 0), (55, 1), (364 + 26, 1), (364 + 27, 2), (364 + 90, 3), (726, 3), (727, 4)],
)
def test_a_comparison_needs_both_periods_whole(days: int, offered: int) -> None:
    """First sale so many days before: 55 hold two times 28 days, the present one included."""
    found = comparisons(AS_OF - dt.timedelta(days=days), AS_OF, EN)
    assert len(found) == offered
    for one in found.values():
        assert one.before[1] < one.after[0]
        assert one.after[1] == AS_OF
        assert one.after[1] - one.after[0] == one.before[1] - one.before[0]
        assert one.before[0].weekday() == one.after[0].weekday()


def movement() -> Movement:
    day = (AS_OF, AS_OF)
    return Movement(
        day,
        day,
        Change(100.0, 90.0, 5.0),
        {
            "customers": -20.0,
            "frequency": 4.0,
            "aov": 1.0,
            "unknown_orders": 5.0,
            "unknown_aov": 0.0,
            "refunds": 0.0,
        },
        [Part(("shopify", "returning"), 60.0, 40.0), Part(("square", "unknown"), 40.0, 50.0)],
        [Part(("2025",), 60.0, 40.0), Part((None,), 40.0, 50.0)],
        [Part(("Tea",), 90.0, 70.0), Part((None,), 10.0, 20.0)],
    )


def test_every_cut_adds_up_and_the_largest_leads() -> None:
    for name, parts in views(movement(), EN).items():
        assert sum(change for _, change in parts) == -10.0, name
        assert abs(parts[0][1]) == max(abs(change) for _, change in parts)
    assert (
        largest_change(views(movement(), EN)["By buyers"], EN)
        == "Most moved: returning customers, Shopify, −$20.00."
    )
    assert largest_change([], EN) == ""


def test_a_week_without_a_past() -> None:
    week = Weeks((AS_OF, AS_OF), Totals(10, 4, 1, 12, 99.0, 1, 5.0), None, Totals(1, 0, 0, 1, 5.0, 0, 0.0))
    table = week_table(week, EN)
    assert table["These 7 days"].tolist() == ["$99.00", "12", "10", "6"]
    assert table["Week before"].tolist() == ["–"] * 4
    assert table["A year ago"].tolist() == ["$5.00", "1", "1", "1"]

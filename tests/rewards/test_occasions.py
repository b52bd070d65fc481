"""Days of customers and of the calendar; lunar days checked against published ones."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest

from loyalty.rewards.occasions import (
    anniversary_days,
    birthday_days,
    birthday_parts,
    gift_days,
    holiday_days,
    lunar_day,
    solar_day,
    solar_days,
)
from loyalty.rewards.points.events import gift_events, referral_events, review_events, sign_ups
from loyalty.rewards.points.history import Version
from loyalty.rewards.programme.programme import Programme, Tier
from loyalty.rewards.programme.rules import Gift

PEOPLE = pd.DataFrame({"customer_id": ["a", "b", "c"], "birthday": ["1990-05-20", "--02-29", "nonsense"]})
FIRSTS = pd.DataFrame(
    {"customer_id": ["a", "b"], "first_at": pd.to_datetime(["2024-02-29 10:00", "2025-03-01 00:00"])}
)


@pytest.mark.parametrize(
    ("year", "new_year"),
    [(2024, "2024-02-10"), (2025, "2025-01-29"), (2026, "2026-02-17"), (2033, "2033-01-31")],
)
def test_the_lunar_new_year(year: int, new_year: str) -> None:
    assert solar_day(year, 1, 1).isoformat() == new_year
    assert lunar_day(dt.date.fromisoformat(new_year)) == (1, 1)


def test_lunar_birthdays_come_each_lunar_year() -> None:
    assert lunar_day(dt.date(1990, 5, 20)) == (4, 26)
    days = birthday_days(PEOPLE, dt.date(2025, 1, 1), dt.date(2026, 12, 31), lunar=True)
    assert [(who, lunar_day(day)) for who, day in days.to_numpy().tolist()] == [("a", (4, 26))] * 2
    assert lunar_day(dt.date(2025, 7, 25)) == (6, 1)  # the leap sixth month counts as the sixth


def test_birthdays_with_and_without_a_year() -> None:
    days = birthday_days(PEOPLE, dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert days.to_numpy().tolist() == [["b", dt.date(2025, 2, 28)], ["a", dt.date(2025, 5, 20)]]
    assert solar_days(2, 29, [2024, 2025]) == [dt.date(2024, 2, 29), dt.date(2025, 2, 28)]
    assert birthday_parts("--13-01") is None
    assert birthday_days(PEOPLE.iloc[:0], dt.date(2025, 1, 1), dt.date(2025, 12, 31)).empty


def test_anniversaries_begin_a_year_later() -> None:
    days = anniversary_days(FIRSTS, dt.date(2024, 1, 1), dt.date(2026, 3, 1))
    assert days.to_numpy().tolist() == [
        ["a", dt.date(2025, 2, 28)],
        ["a", dt.date(2026, 2, 28)],
        ["b", dt.date(2026, 3, 1)],
    ]


def test_holidays_by_name_and_by_day() -> None:
    since, until = dt.date(2025, 1, 1), dt.date(2026, 12, 31)
    spring = holiday_days("Chinese New Year (Spring Festival)", "CN", since, until)
    assert spring == [dt.date(2025, 1, 29), dt.date(2026, 2, 17)]
    assert holiday_days("12-25", "", since, until) == [dt.date(2025, 12, 25), dt.date(2026, 12, 25)]
    assert holiday_days("Thanksgiving Day", "US", since, until) == [
        dt.date(2025, 11, 27),
        dt.date(2026, 11, 26),
    ]
    assert holiday_days("No such day", "GB", since, until) == []


def test_a_holiday_is_for_those_who_were_customers_before() -> None:
    gift = Gift("holiday", "points", Decimal(5), "03-01")
    days = gift_days(gift, (PEOPLE, FIRSTS), "", dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert days["customer_id"].tolist() == ["a"]


def test_events_of_each_kind() -> None:
    rules = Programme(
        "P",
        Decimal(1),
        Decimal(1),
        (Tier("a", "A", Decimal(0)),),
        gifts=(Gift("birthday", "points", Decimal(5)),),
    )
    events = gift_events([Version(1, dt.date.min, rules)], (PEOPLE, FIRSTS), "", dt.date(2025, 6, 1))
    # b's birthdays of 2024 and 2025 were before the first order
    assert events[["customer_id", "ref"]].to_numpy().tolist() == [
        ["a", "birthday|2024"],
        ["a", "birthday|2025"],
    ]
    sales = pd.DataFrame(
        {
            "order": [0, 1, 2],
            "customer_id": ["a", "b", "b"],
            "at": pd.to_datetime(["2025-01-05", "2025-02-01", "2025-03-01"]),
        }
    )
    seen = pd.DataFrame(
        {"customer_id": ["a", "z"], "first_seen": pd.to_datetime(["2024-12-01", "2025-01-01"])}
    )
    up = sign_ups(sales, seen).set_index("customer_id")["at"]
    assert up.to_dict() == {
        "a": pd.Timestamp("2024-12-01"),
        "b": pd.Timestamp("2025-02-01"),
        "z": pd.Timestamp("2025-01-01"),
    }
    recommended = pd.DataFrame(
        {
            "referrer_id": ["a", "z", "b"],
            "referred_id": ["b", "b", "a"],
            "at": pd.to_datetime(["2025-01-20", "2025-01-25", "2025-02-01"]),
        }
    )
    brought = referral_events(sales, recommended)
    # b came by a, who recommended first; a had bought before b recommended
    assert brought[["customer_id", "kind", "order"]].to_numpy().tolist() == [
        ["a", "referrer", 1],
        ["b", "referred", 1],
    ]
    reviews = pd.DataFrame({"customer_id": ["a", "a"], "at": pd.to_datetime(["2025-01-01", "2025-01-01"])})
    assert review_events(reviews)["ref"].is_unique

"""Facts of campaigns: what was bought in a window, which orders name a code, whole weeks, favourites, birthdays."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from loyalty.facts import campaigns as facts
from loyalty.facts import customers as customer_facts
from loyalty.shop.settings import changed
from loyalty.shop.shop import Shop
from tests.intake.builders import bring, save

SALES = """Order number,E-mail,Date,Product,Total,Discount,Coupon code
1,ann@example.com,2025-03-03,Tea,10.00,,
2,ann@example.com,2025-03-20,Tea,12.00,2.00,spring-1
3,bob@example.com,2025-03-21,Mug,30.00,,OTHER
4,,2025-03-22,Mug,8.00,1.00,spring-2
5,bob@example.com,2025-04-09,Tea,5.00,,
"""
PEOPLE = "E-mail,Birthday,Tags\nann@example.com,1990-02-03,vip\nbob@example.com,,\n"
APRIL = dt.date(2025, 4, 30)


@pytest.fixture
def shop(tmp_path: Path):
    with Shop.open(tmp_path / "shop") as opened:
        opened.save_settings(changed(opened.settings, currency="USD"))
        bring(opened, save(tmp_path, "sales.csv", SALES))
        bring(opened, save(tmp_path, "people.csv", PEOPLE))
        yield opened


def test_periods_include_both_ends(shop: Shop) -> None:
    con = shop.database.reader()
    frame = facts.purchases(con, APRIL, dt.date(2025, 3, 20), dt.date(2025, 3, 21))
    assert sorted(frame["revenue"]) == [12.0, 30.0]
    assert frame["orders"].tolist() == [1, 1]
    assert facts.purchases(con, dt.date(2025, 3, 20), dt.date(2025, 3, 20), APRIL)["revenue"].tolist() == [
        12.0
    ]
    before = facts.spent_before(con, dt.date(2025, 3, 20))
    assert before["before"].tolist() == [10.0]


def test_orders_with_codes(shop: Shop) -> None:
    frame = facts.orders_with_codes(shop.database.reader(), APRIL, dt.date(2025, 3, 1))
    assert frame["coupon_code"].str.casefold().tolist() == ["spring-1", "other", "spring-2"]
    assert frame["net"].tolist() == [12.0, 30.0, 8.0]
    assert frame["discount"].fillna(0).tolist() == [2.0, 0.0, 1.0]
    assert frame["customer_id"].isna().tolist() == [False, False, True]


def test_whole_weeks_only(shop: Shop) -> None:
    """The first sale fell on Monday 3 March, so that week is whole only from the next on; 7 April is the last whole one by the 13th."""
    frame = facts.weeks(shop.database.reader(), dt.date(2025, 4, 13))
    assert frame["week"].dt.day_name().unique().tolist() == ["Monday"]
    assert frame["revenue"].tolist() == [0.0, 50.0, 0.0, 0.0, 5.0]


def test_favourites_birthdays_tags(shop: Shop) -> None:
    con = shop.database.reader()
    favourites, birthdays, tags = facts.favourites(con, APRIL), customer_facts.birthdays(con), facts.tags(con)
    assert sorted(favourites.values()) == ["Tea", "Tea"]  # Bob's mug and tea tie: the one bought last
    assert birthdays["birthday"].tolist() == ["1990-02-03"]
    assert list(tags.values()) == ["vip"]
    assert set(tags) == set(birthdays["customer_id"])

"""Gifts whose day is coming: from when to when, and none twice."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pandas as pd

from loyalty.rewards.due_gifts import DUE, gifts_due, not_yet_issued
from loyalty.rewards.points.entry_names import gift_name
from loyalty.rewards.programme.rules import Gift
from loyalty.words import words_for

TODAY = dt.date(2026, 6, 30)
PEOPLE = (
    pd.DataFrame(
        {
            "customer_id": ["ann", "bob", "cyd", "dan"],
            "birthday": ["1990-07-02", "--07-29", "--08-02", "--06-29"],
        }
    ),
    pd.DataFrame(
        {"customer_id": ["ann", "bob", "cyd", "dan"], "first_at": pd.to_datetime(["2024-07-10"] * 4)}
    ),
)
BIRTHDAY = Gift("birthday", "percent", Decimal(15), minimum_spend=Decimal(20), days_before=3, valid_days=14)


def due(*gifts: Gift, days: int = 30) -> pd.DataFrame:
    return gifts_due(gifts, PEOPLE, "GB", TODAY, days)


def test_when_a_coupon_begins_and_ends() -> None:
    """Ann's has begun yesterday and begins today; cyd's begins on the last of 31 days; dan's day is over."""
    coupons = due(BIRTHDAY, days=31)
    assert coupons[["customer_id", "valid_from", "expires_on"]].to_numpy().tolist() == [
        ["ann", TODAY, dt.date(2026, 7, 16)],
        ["bob", dt.date(2026, 7, 26), dt.date(2026, 8, 12)],
        ["cyd", dt.date(2026, 7, 30), dt.date(2026, 8, 16)],
    ]
    assert set(coupons["segment"]) == {"gift:birthday"}
    assert coupons.loc[0, ["kind", "value", "minimum_spend"]].tolist() == [
        "percent",
        Decimal(15),
        Decimal(20),
    ]
    assert due(BIRTHDAY)["customer_id"].tolist() == ["ann", "bob"]
    assert due(BIRTHDAY, days=26)["customer_id"].tolist() == ["ann"]


def test_gifts_in_points_need_no_coupon() -> None:
    assert due(Gift("birthday", "points", Decimal(50))).empty
    both = due(Gift("anniversary", "fixed", Decimal(5)), Gift("holiday", "fixed", Decimal(5), "07-04"))
    assert both["segment"].value_counts().to_dict() == {"gift:anniversary": 4, "gift:holiday:07-04": 4}


def test_none_twice() -> None:
    coupons = due(BIRTHDAY, days=31)
    issued = coupons[["customer_id", "segment", "expires_on"]].iloc[:1]
    assert not_yet_issued(coupons, issued)["customer_id"].tolist() == ["bob", "cyd"]
    last_year = issued.assign(expires_on=dt.date(2025, 7, 16))
    assert len(not_yet_issued(coupons, last_year)) == 3
    none = not_yet_issued(due(BIRTHDAY, days=1).iloc[:0], issued)
    assert (list(none), len(none)) == (list(DUE), 0)


def test_names_of_gifts() -> None:
    say = words_for("en")
    assert gift_name("gift:lunar_birthday", say) == "Gift: lunar birthday"
    assert gift_name("gift:holiday:Christmas Day", say) == "Gift: Christmas Day"
    assert gift_name("champions", say) is None

"""Referral rate and referred share by hand."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from loyalty.measure.referrals import (
    brought_by_customer,
    referral_rate,
    referred_by_month,
    referred_share,
    was_referred_by_customer,
)
from loyalty.measure.satisfaction import wilson

AS_OF = dt.date(2026, 3, 31)
CUSTOMERS = pd.DataFrame(
    {
        "customer_id": list("abcde"),
        "first_at": pd.to_datetime(["2026-01-01", "2026-01-10", "2026-02-01", "2026-02-05", "2026-03-01"]),
    }
)
REFERRALS = pd.DataFrame(
    [
        ("a", "b", "2026-01-09"),
        ("a", "c", None),
        ("a", "b", "2026-01-02"),  # told twice: one person
        ("b", "z", "2026-01-20"),  # never bought
        ("d", "a", "2026-02-06"),  # had been a customer before
        ("e", "e", "2026-03-01"),  # nobody brings themselves
        ("x", "d", "2026-02-05 18:00"),  # of the same day; brought by somebody who is no customer
    ],
    columns=["referrer_id", "referred_id", "referred_at"],
).assign(referred_at=lambda t: pd.to_datetime(t["referred_at"], format="mixed"))


def test_who_brought_whom() -> None:
    assert brought_by_customer(CUSTOMERS, REFERRALS).to_dict() == {"a": 2, "b": 0, "c": 0, "d": 0, "e": 0}
    assert referral_rate(CUSTOMERS, REFERRALS) == pytest.approx(1 / 5)


def test_new_customers_who_were_referred() -> None:
    assert was_referred_by_customer(CUSTOMERS, REFERRALS, AS_OF).to_dict() == {
        "a": 0.0, "b": 1.0, "c": 1.0, "d": 1.0, "e": 0.0}  # fmt: skip
    assert referred_share(CUSTOMERS, REFERRALS, AS_OF) == pytest.approx(3 / 5)
    assert referred_share(CUSTOMERS, REFERRALS, AS_OF, dt.date(2026, 2, 1)) == pytest.approx(2 / 3)
    assert referred_share(CUSTOMERS, REFERRALS, AS_OF, dt.date(2026, 3, 2)) is None


def test_by_month() -> None:
    table = referred_by_month(CUSTOMERS, REFERRALS)
    assert table["new_customers"].tolist() == [2, 2, 1]
    assert table["referred"].tolist() == [1, 2, 0]
    assert (table["low"].iloc[0], table["high"].iloc[0]) == wilson(1, 2)


def test_nobody_and_no_referral() -> None:
    assert referral_rate(CUSTOMERS.iloc[:0], REFERRALS) is None
    assert referral_rate(CUSTOMERS, REFERRALS.iloc[:0]) == 0.0
    assert referred_by_month(CUSTOMERS.iloc[:0], REFERRALS).empty

"""Referral rate, referred share and CAC by hand, by customer, by month and by channel."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.measure.acquisition_cost import (
    acquisition,
    cac_by_channel,
    cac_by_month,
    cac_by_month_and_channel,
    customers_by_paid_channel,
    referred_by_customer,
    referred_by_month,
    referrers_by_customer,
    successful_referrals,
)
from loyalty.measure.satisfaction import wilson


def customers(**firsts: str) -> pd.DataFrame:
    """A CUSTOMERS frame of ids and first purchases."""
    return pd.DataFrame(
        {"customer_id": list(firsts), "first_at": pd.to_datetime(list(firsts.values()), format="ISO8601")}
    )


def referrals(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    """A REFERRALS frame."""
    frame = pd.DataFrame(rows, columns=["referrer_id", "referred_id", "at"])
    return frame.assign(at=pd.to_datetime(frame["at"], format="ISO8601"))


def spend(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """A SPEND frame."""
    frame = pd.DataFrame(rows, columns=["month", "channel", "amount"])
    return frame.assign(month=pd.to_datetime(frame["month"]), amount=frame["amount"].astype(float))


SHOP = customers(a="2026-01-10 10:00", b="2026-02-03 09:00", c="2026-02-20", d="2026-03-01", e="2026-03-31")
NOTHING = spend()


def test_referrers_of_new_customers() -> None:
    """a brought b and c; d's word came after e had bought; f is no customer; b and c both named d: b was first."""
    referral_rows = referrals(
        ("a", "b", "2026-02-03 18:00"),
        ("a", "c", None),
        ("d", "e", "2026-04-01"),
        ("f", "a", "2026-01-01"),
        ("c", "d", "2026-02-28"),
        ("b", "d", "2026-02-27"),
        ("a", "zoe", "2026-01-01"),
        ("e", "e", "2026-01-01"),
    )
    assert referrers_by_customer(SHOP, referral_rows).to_dict() == {
        "a": 1.0,
        "b": 1.0,
        "c": 0.0,
        "d": 0.0,
        "e": 0.0,
    }
    assert referred_by_customer(SHOP, referral_rows).to_dict() == {
        "a": 1.0,
        "b": 1.0,
        "c": 1.0,
        "d": 1.0,
        "e": 0.0,
    }
    result = acquisition(SHOP, referral_rows, NOTHING)
    assert (result.referral_rate, result.referrers, result.referred_share) == (2 / 5, 2, 4 / 5)
    assert (result.cac, result.spend, result.new_customers) == (None, 0.0, 0)


def test_the_day_of_the_recommendation_counts_whole() -> None:
    """The purchase at nine in the morning of the day that was told of at six in the evening counts."""
    assert len(successful_referrals(SHOP, referrals(("a", "b", "2026-02-03 18:00")))) == 1
    assert len(successful_referrals(SHOP, referrals(("a", "b", "2026-02-04")))) == 0


def test_a_period_s_share_is_of_its_new_customers() -> None:
    referral_rows = referrals(("a", "b", None), ("a", "d", None))
    result = acquisition(SHOP, referral_rows, NOTHING, dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    assert (result.referral_rate, result.referred_share) == (1 / 5, 1 / 2)


def test_without_recommendations_there_is_no_rate() -> None:
    result = acquisition(SHOP, referrals(), NOTHING)
    assert (result.referral_rate, result.referred_share, result.cac) == (None, None, None)
    empty = acquisition(SHOP.iloc[:0], referrals(("a", "b", None)), spend(("2026-01-01", "Ads", 5)))
    assert (empty.referral_rate, empty.referred_share, empty.cac) == (None, None, None)


MONEY = spend(
    ("2026-01-01", "Ads", 30),
    ("2026-02-01", "Ads", 50),
    ("2026-02-01", "Flyers", 20),
    ("2026-04-01", "Ads", 9),
)


def test_cac_is_of_the_months_with_spend() -> None:
    """January 30 for a; February 70 for b and c; April 9 for nobody; March, of d and e, is not known."""
    result = cac_by_month(SHOP, MONEY)
    assert result["month"].dt.month.tolist() == [1, 2, 4]
    assert result["spend"].tolist() == [30.0, 70.0, 9.0]
    assert result["new_customers"].tolist() == [1, 2, 0]
    assert result["cac"].tolist()[:2] == [30.0, 35.0]
    assert math.isnan(result["cac"].tolist()[2])
    assert acquisition(SHOP, referrals(), MONEY).cac == (30 + 70 + 9) / 3


def test_cac_of_a_period_is_of_the_months_that_begin_in_it() -> None:
    result = acquisition(SHOP, referrals(), MONEY, dt.date(2026, 1, 2), dt.date(2026, 2, 10))
    assert (result.cac, result.spend, result.new_customers) == (70 / 2, 70.0, 2)
    assert acquisition(SHOP, referrals(), MONEY, dt.date(2026, 3, 1), None).cac is None


def test_cac_by_channel_is_of_its_own_new_customers() -> None:
    """a and b came by ads in months with ads; c by ads too, d in a month without; of flyers came nobody."""
    came = pd.DataFrame(
        {"customer_id": ["a", "b", "c", "d", "e"], "acquired_via": ["ads ", "Ads", "ADS", "Ads", None]}
    )
    result = cac_by_channel(SHOP, MONEY, came)
    assert result["channel"].tolist() == ["Ads", "Flyers"]
    assert result["spend"].tolist() == [89.0, 20.0]
    assert result["new_customers"].tolist() == [3, 0]
    assert result["cac"].iloc[0] == 89 / 3
    assert np.isnan(result["cac"].iloc[1])


def test_nothing_spent_is_no_table() -> None:
    assert cac_by_month(SHOP, NOTHING).empty
    assert cac_by_channel(SHOP, NOTHING, pd.DataFrame({"customer_id": ["a"], "acquired_via": ["Ads"]})).empty


people = st.sampled_from("abcdefg")


@given(
    st.lists(st.tuples(people, people, st.sampled_from([None, "2026-01-01", "2026-03-01"])), max_size=25),
    st.floats(1, 9),
)
@settings(deadline=None, derandomize=True, max_examples=80)
def test_shares_are_shares_and_money_scales(rows: list[tuple[str, str, str | None]], factor: float) -> None:
    referral_rows = referrals(*rows)
    result = acquisition(SHOP, referral_rows, MONEY)
    brought = successful_referrals(SHOP, referral_rows)
    assert brought["referred_id"].is_unique
    assert int(referred_by_customer(SHOP, referral_rows).sum()) == len(brought)
    assert 0 <= (result.referral_rate or 0) <= 1
    assert result.referrers <= len(brought)
    scaled = acquisition(SHOP, referral_rows, MONEY.assign(amount=MONEY["amount"] * factor))
    assert scaled.cac == pytest.approx((result.cac or 0) * factor)
    turned = acquisition(SHOP, referral_rows.iloc[::-1].reset_index(drop=True), MONEY)
    assert (turned.referral_rate, turned.referred_share) == (result.referral_rate, result.referred_share)


def test_cac_by_month_and_channel_by_hand() -> None:
    """b came through ads in February and e through flyers in March, when nothing was spent on flyers; c's word is not
    among the channels."""
    origins = pd.DataFrame({"customer_id": list("bce"), "acquired_via": ["ADS ", "friend", "flyers"]})
    paid = spend(
        ("2026-02", "Ads", 30.0),
        ("2026-03", "Ads", 20.0),
        ("2026-02", "Flyers", 8.0),
        ("2026-02", "ads", 2.0),
    )
    assert customers_by_paid_channel(SHOP, paid, origins).to_dict("records") == [
        {"customer_id": "b", "channel": "Ads", "month": pd.Timestamp("2026-02-01")}
    ]
    table = cac_by_month_and_channel(SHOP, paid, origins)
    assert table.drop(columns=["month", "cac"]).to_numpy().tolist() == [
        ["Ads", 32.0, 1],
        ["Flyers", 8.0, 0],
        ["Ads", 20.0, 0],
    ]
    assert table["cac"].fillna(-1).tolist() == [32.0, -1, -1]
    assert table["spend"].sum() == paid["amount"].sum()


def test_referred_by_month() -> None:
    referral_rows = referrals(("a", "b", "2026-02-03"), ("a", "e", None))
    table = referred_by_month(SHOP, referral_rows)
    assert table["new_customers"].tolist() == [1, 2, 2]
    assert table["referred"].tolist() == [0, 1, 1]
    assert (table["low"][1], table["high"][1]) == wilson(1, 2)
    assert table["new_customers"].sum() == len(SHOP)
    assert referred_by_month(SHOP.iloc[:0], referral_rows).empty

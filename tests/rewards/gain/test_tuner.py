"""The replay: worked by hand on five customers, then what must hold for any shop."""

from __future__ import annotations

import timeit
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.rewards.errors import UnknownTier
from loyalty.rewards.gain.tuner import assumptions, compare, headline, replay, threshold_curve
from loyalty.rewards.points.order_points import tiers_by_customer
from loyalty.rewards.programme.programme import Programme, Tier
from loyalty.words import words_for

BASE = Tier("base", "Member", Decimal(0))
SILVER = Tier("silver", "Silver", Decimal(200), Decimal("1.5"))
GOLD = Tier("gold", "Gold", Decimal(450), Decimal(2))
PROGRAMME = Programme("Club", Decimal(1), Decimal("0.05"), (BASE, SILVER, GOLD))
WORDS = words_for("en", "EUR")


def made(seed: int, n: int) -> pd.DataFrame:
    """A shop of `n` customers with spend in cents, a fifth of them silent for a year."""
    rng = np.random.default_rng(seed)
    orders = rng.integers(1, 12, n)
    revenue = np.round(rng.lognormal(4, 1, n) * orders, 2)
    recent = np.where(rng.random(n) < 0.2, 0.0, np.round(revenue * rng.random(n), 2))
    ids = [f"c{i}" for i in range(n)]
    return pd.DataFrame({"customer_id": ids, "orders": orders, "revenue": revenue, "revenue_365": recent})


def at(silver: float, gold: float) -> Programme:
    tiers = replace(SILVER, threshold=Decimal(str(silver))), replace(GOLD, threshold=Decimal(str(gold)))
    return replace(PROGRAMME, tiers=(BASE, *tiers))


def test_worked_by_hand(shop: pd.DataFrame) -> None:
    tuning = replay(shop, PROGRAMME)
    base, silver, gold = tuning.tiers
    # spend of the year: a 500 gold; b 400 silver; c 180, d 25, e 0 base
    assert [t.customers for t in tuning.tiers] == [3, 1, 1]
    assert [t.earned for t in tuning.tiers] == [5, 2, 1]
    # b is 50 below gold with orders of 50 (just within); c is 20 below silver with orders of 60
    assert [t.within_reach for t in tuning.tiers] == [0, 1, 1]
    assert [t.revenue for t in tuning.tiers] == [205.0, 400.0, 500.0]
    assert gold.share_of_revenue == pytest.approx(500 / 1105)
    # a unit of currency: 1 point x multiplier x 0.05 x 0.6 used
    assert base.cost_per_year == pytest.approx(205 * 0.03)
    assert silver.cost_per_year == pytest.approx(400 * 1.5 * 0.03)
    assert gold.cost_per_year == pytest.approx(500 * 2 * 0.03)
    assert tuning.cost_per_year == pytest.approx(6.15 + 18 + 30)
    assert tuning.cost_per_month == pytest.approx(54.15 / 12)
    assert tuning.share_of_revenue == pytest.approx(54.15 / 1105)
    assert tuning.points == pytest.approx(205 + 600 + 1000)


def test_a_customer_without_orders_is_measured_by_the_shops_average(shop: pd.DataFrame) -> None:
    stranger = shop.assign(orders=[7, 8, 3, 0, 3], revenue=[700.0, 400.0, 180.0, 0.0, 120.0])
    # the shop's order: 1400 / 21 = 66.67; d at 140 lacks 60
    stranger["revenue_365"] = [500.0, 400.0, 180.0, 140.0, 0.0]
    assert replay(stranger, PROGRAMME).tiers[1].within_reach == 2


def test_a_shop_without_sales_costs_nothing(shop: pd.DataFrame) -> None:
    for empty in (shop.iloc[:0], shop.assign(revenue_365=0.0)):
        tuning = replay(empty, PROGRAMME)
        assert (tuning.cost_per_year, tuning.share_of_revenue) == (0.0, 0.0)
        assert [t.share_of_revenue for t in tuning.tiers] == [0.0, 0.0, 0.0]
        assert headline(tuning, WORDS).startswith("No sales to known customers in the last 365 days")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60), st.sampled_from([0.01, 0.5, 3.0, 100.0]))
def test_money_in_another_unit_scales_cost_alone(seed: int, n: int, c: float) -> None:
    customers = made(seed, n)
    scaled = customers.assign(revenue=customers["revenue"] * c, revenue_365=customers["revenue_365"] * c)
    before, after = replay(customers, at(200, 450)), replay(scaled, at(200 * c, 450 * c))
    assert after.cost_per_year == pytest.approx(before.cost_per_year * c, rel=1e-9)
    assert [t.customers for t in after.tiers] == [t.customers for t in before.tiers]
    assert [t.within_reach for t in after.tiers] == [t.within_reach for t in before.tiers]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60), st.floats(1, 400))
def test_parts_make_the_whole(seed: int, n: int, silver: float) -> None:
    customers, programme = made(seed, n), at(round(silver, 2), 450)
    tuning = replay(customers, programme)
    assert sum(t.customers for t in tuning.tiers) == n == tuning.tiers[0].earned
    assert sum(t.cost_per_year for t in tuning.tiers) == pytest.approx(tuning.cost_per_year)
    if tuning.revenue:
        assert sum(t.share_of_revenue for t in tuning.tiers) == pytest.approx(1.0)
    held = tiers_by_customer(customers, programme)
    assert len(held) == n
    assert held["tier"].value_counts().to_dict() == {
        t.tier.key: t.customers for t in tuning.tiers if t.customers
    }


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(1, 440), st.floats(1, 440))
def test_a_higher_threshold_never_has_more_holders_nor_costs_more(
    seed: int, one: float, other: float
) -> None:
    customers = made(seed, 40)
    low, high = (replay(customers, at(round(t, 2), 450)) for t in sorted((one, other)))
    assert high.tiers[1].customers <= low.tiers[1].customers
    assert high.tiers[1].earned <= low.tiers[1].earned
    assert high.cost_per_year <= low.cost_per_year + 1e-9


def test_the_curve_agrees_with_the_replay() -> None:
    customers = made(3, 200)
    customers.loc[0, "revenue_365"] = 150.0  # someone exactly on a threshold
    curve = threshold_curve(customers, PROGRAMME, "silver", [400, 150, 150, 300])
    assert curve["threshold"].tolist() == [150, 300, 400]
    for row in curve.itertuples():
        tuning = replay(customers, at(row.threshold, 450))
        assert row.customers == tuning.tiers[1].customers
        assert row.share_of_revenue == pytest.approx(tuning.tiers[1].share_of_revenue)
        assert row.tier_cost_per_year == pytest.approx(tuning.tiers[1].cost_per_year)
        assert row.cost_per_year == pytest.approx(tuning.cost_per_year)


def test_the_highest_tiers_curve_has_no_upper_end() -> None:
    customers = made(4, 200)
    curve = threshold_curve(customers, PROGRAMME, "gold", [200, 201, 1e9])
    assert curve["threshold"].tolist() == [201, 1e9]  # 200 is silver's
    assert curve["customers"].tolist() == [replay(customers, at(200, 201)).tiers[2].customers, 0]


def test_an_empty_curve_keeps_its_columns(shop: pd.DataFrame) -> None:
    assert threshold_curve(shop, PROGRAMME, "silver", []).empty
    nobody = threshold_curve(shop.iloc[:0], PROGRAMME, "silver", [100])
    assert nobody.iloc[0].tolist() == [100, 0, 0, 0, 0]


@pytest.mark.parametrize("key", ["base", "platinum"])
def test_only_tiers_that_can_move_have_a_curve(shop: pd.DataFrame, key: str) -> None:
    with pytest.raises(UnknownTier, match="silver, gold"):
        threshold_curve(shop, PROGRAMME, key, [1])


def test_compare(shop: pd.DataFrame) -> None:
    simple = replace(PROGRAMME, tiers=(BASE, replace(SILVER, threshold=Decimal(150))))
    change = compare(replay(shop, PROGRAMME), replay(shop, simple))
    # proposed: base 25 x .03; silver (500 + 400 + 180) x 1.5 x .03 = 48.6
    assert change.cost_per_year == pytest.approx(0.75 + 48.6 - 54.15)
    assert change.cost_per_month == pytest.approx((0.75 + 48.6 - 54.15) / 12)
    assert change.share_of_revenue == pytest.approx((0.75 + 48.6 - 54.15) / 1105)
    assert dict(change.customers) == {"base": -1, "silver": 2, "gold": -1}


def test_headline(shop: pd.DataFrame) -> None:
    tuning = replay(shop, PROGRAMME)
    assert headline(tuning, WORDS) == (
        "Over the last 12 months these rewards would have cost about €4.51 a month, 4.9% of sales. "
        "1 customer of 5 would hold Gold."
    )
    assert "60% of points" in assumptions(tuning, WORDS)
    alone = replay(shop, replace(PROGRAMME, tiers=(BASE,)))
    assert headline(alone, WORDS).endswith("3.0% of sales.")


def test_fifty_thousand_customers_are_no_wait() -> None:
    customers = made(1, 50_000)
    assert min(timeit.repeat(lambda: replay(customers, PROGRAMME), number=1, repeat=5)) < 0.1

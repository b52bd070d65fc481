"""Points are whole, never negative, and counted at the multiplier of the tier."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.rewards.points.order_points import points_earned, tiers_by_customer, whole_points
from loyalty.rewards.programme.programme import Programme, Tier
from loyalty.rewards.programme.rules import Earning

BASE, SILVER = Tier("base", "Base", Decimal(0)), Tier("silver", "Silver", Decimal(400), Decimal("1.5"))
PROGRAMME = Programme("Club", Decimal(1), Decimal("0.03"), (BASE, SILVER))


@pytest.mark.parametrize(
    ("amount", "base", "silver"),
    [("19.99", 19, 29), ("20", 20, 30), ("0.66", 0, 0), ("0.67", 0, 1), ("0", 0, 0)],
)
def test_points_of_an_order_round_down(amount: str, base: int, silver: int) -> None:
    order = np.array([float(amount)])
    assert whole_points(order, PROGRAMME).tolist() == [base]
    assert whole_points(order, PROGRAMME, float(SILVER.multiplier)).tolist() == [silver]


def test_an_order_counts_once_and_while_something_is_left_of_it() -> None:
    rules = replace(PROGRAMME, earning=Earning(per_order=5))
    assert whole_points(np.array([19.99, 0.0]), rules, 1.5).tolist() == [29 + 5, 0]
    assert whole_points(np.array([19.99, 0.0]), rules, 1.5, cap=20).tolist() == [20, 0]
    assert points_earned(np.array([100.0]), 3.0, rules, 1.5).tolist() == [150 + 15]


def test_exact_where_floats_are_not() -> None:
    cents = Programme("Club", Decimal(100), Decimal(1), (BASE,))
    assert whole_points(np.array([1.13]), cents).tolist() == [
        113
    ]  # 1.13 * 100 is 112.99999999999999 in floats


def test_tiers_begin_at_their_threshold(shop: pd.DataFrame) -> None:
    assert tiers_by_customer(shop, PROGRAMME)["tier"].tolist() == ["silver", "silver", "base", "base", "base"]


def test_float_noise_does_not_cost_a_tier() -> None:
    paid = [sum([0.1] * 4000)]  # 400.00000000000557 or a little less, never quite 400
    customers = pd.DataFrame({"customer_id": ["a"], "revenue_365": [paid[0] - 2e-9], "revenue": paid})
    assert tiers_by_customer(customers, PROGRAMME)["tier"].tolist() == ["silver"]


@given(st.lists(st.decimals("0", "9999", places=2), min_size=1, max_size=20))
def test_orders_apart_never_earn_more_than_together(amounts: list[Decimal]) -> None:
    apart = int(whole_points(np.array(amounts, dtype=np.float64), PROGRAMME, 1.5).sum())
    together = int(whole_points(np.array([float(sum(amounts))]), PROGRAMME, 1.5)[0])
    assert together - len(amounts) < apart <= together

"""Points are whole, never negative, and counted at the multiplier of the tier."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.rewards.points.order_points import points_for, tiers_by_customer
from loyalty.rewards.programme.programme import Programme, Tier

BASE, SILVER = Tier("base", "Base", Decimal(0)), Tier("silver", "Silver", Decimal(400), Decimal("1.5"))
PROGRAMME = Programme("Club", Decimal(1), Decimal("0.03"), (BASE, SILVER))


@pytest.mark.parametrize(
    ("amount", "base", "silver"),
    [("19.99", 19, 29), ("20", 20, 30), ("0.66", 0, 0), ("0.67", 0, 1), ("0", 0, 0), ("-50", 0, 0)],
)
def test_points_of_an_order_round_down(amount: str, base: int, silver: int) -> None:
    assert points_for(Decimal(amount), PROGRAMME, BASE) == base
    assert points_for(Decimal(amount), PROGRAMME, SILVER) == silver


def test_exact_where_floats_are_not() -> None:
    cents = Programme("Club", Decimal(100), Decimal(1), (BASE,))
    assert points_for(Decimal("1.13"), cents, BASE) == 113  # 1.13 * 100 is 112.99999999999999 in floats


def test_tiers_begin_at_their_threshold(shop: pd.DataFrame) -> None:
    assert tiers_by_customer(shop, PROGRAMME)["tier"].tolist() == ["silver", "silver", "base", "base", "base"]


def test_float_noise_does_not_cost_a_tier() -> None:
    paid = [sum([0.1] * 4000)]  # 400.00000000000557 or a little less, never quite 400
    customers = pd.DataFrame({"customer_id": ["a"], "revenue_365": [paid[0] - 2e-9], "revenue": paid})
    assert tiers_by_customer(customers, PROGRAMME)["tier"].tolist() == ["silver"]


@given(st.lists(st.decimals("0", "9999", places=2), min_size=1, max_size=20))
def test_orders_apart_never_earn_more_than_together(amounts: list[Decimal]) -> None:
    apart = sum(points_for(amount, PROGRAMME, SILVER) for amount in amounts)
    together = points_for(sum(amounts, Decimal(0)), PROGRAMME, SILVER)
    assert together - len(amounts) < apart <= together

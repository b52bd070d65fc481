"""Who has a standing discount, and what discounts take off together."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.rewards.discounts import discount_amount, entitled
from loyalty.rewards.programme.rules import Caps, Discount

TEN = Discount("Ten", "new", "percent", Decimal(10))
FIVE = Discount("Five", "tier", "fixed", Decimal(5), "gold", Decimal(20))


def test_the_best_or_one_after_the_other() -> None:
    assert discount_amount(Decimal(100), [TEN, FIVE], Caps()) == Decimal(10)
    assert discount_amount(Decimal(30), [TEN, FIVE], Caps()) == Decimal(5)
    assert discount_amount(Decimal(100), [FIVE, TEN], Caps(stacking="all")) == Decimal(15)
    assert discount_amount(Decimal(19), [FIVE], Caps()) == 0
    assert discount_amount(Decimal("33.33"), [TEN], Caps()) == Decimal("3.33")
    assert discount_amount(Decimal(100), [TEN], Caps(discount_share=Decimal("0.2")), Decimal(50)) == Decimal(
        20
    )


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.decimals("0.01", "9999", places=2),
    st.decimals("0", "9999", places=2),
    st.sampled_from(["best", "all"]),
)
def test_never_more_than_the_order(order: Decimal, points: Decimal, stacking: str) -> None:
    off = discount_amount(order, [TEN, FIVE], Caps(stacking=stacking), points)  # type: ignore[arg-type]
    assert 0 <= off <= order


def test_who_has_which() -> None:
    customers = pd.DataFrame(
        {"customer_id": ["a", "b", "c"], "first_at": pd.to_datetime(["2024-01-01", "2025-06-01", None])}
    )
    groups = pd.DataFrame({"customer_id": ["a", "b"], "segment": ["loyal", "new"], "tier": ["gold", "base"]})
    long = Discount("Year", "long_standing", "percent", Decimal(5))
    segment = Discount("Loyal", "segment", "percent", Decimal(5), "loyal")
    discounts = entitled(customers, groups, [TEN, FIVE, long, segment], dt.date(2025, 6, 30))
    assert discounts.to_numpy().tolist() == [["a", "Five"], ["a", "Loyal"], ["a", "Year"], ["c", "Ten"]]

"""Bundles: the arithmetic by hand, and what is left out."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.models.cross_sell.basket_index import BasketIndex, index_baskets
from loyalty.models.cross_sell.bundles import BadUplift, BundleTerms, find_bundles, round_price
from loyalty.models.cross_sell.rules import Rule

PRICES = {"dripper": 28.0, "filters": 7.5, "kettle": 62.0}


def rule(*products: str) -> Rule:
    return Rule(products[:-1], products[-1], 0.1, 0.5, 3.0, 20, 2.0, 0.001, 2.5, 20)


def year(*orders: tuple[tuple[str, ...], int]) -> BasketIndex:
    """Orders by their products, each as often as told."""
    sets = [products for products, times in orders for _ in range(times)]
    return index_baskets(
        pd.DataFrame(
            [(at, name) for at, held in enumerate(sets) for name in held], columns=["basket", "product"]
        )
    )


def test_one_bundle_by_hand() -> None:
    """20 orders with both, 10 with dripper alone, 30 with filters alone; margin .6, a fifth more orders."""
    sold = year((("dripper", "filters"), 20), (("dripper",), 10), (("filters",), 30))
    (bundle,) = find_bundles([rule("dripper", "filters")], sold, PRICES, BundleTerms(margin=0.6, uplift=0.2))
    extra = 0.2 * 20
    added = (30 * 28.0 + 10 * 7.5) / 40  # 30 orders lack the dripper, 10 the filters
    break_even = extra * 0.6 * added / (35.5 * (extra + 20))
    assert (bundle.orders, bundle.lacking, bundle.extra_orders, bundle.apart) == (20, 40, extra, 35.5)
    assert bundle.price == 34.5  # the lowest step of .5 from 35.5 * (1 - break_even / 2) = 34.36 on
    assert bundle.apart * (1 - break_even / 2) == pytest.approx(34.356, abs=0.01)
    assert bundle.extra_revenue == pytest.approx(extra * (added - 1.0) - 20 * 1.0)
    assert bundle.extra_profit == pytest.approx(extra * (0.6 * added - 1.0) - 20 * 1.0)
    assert bundle.margin == pytest.approx((34.5 - 0.4 * 35.5) / 34.5)
    assert bundle.discount == pytest.approx(1.0 / 35.5)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.floats(0.05, 1), st.floats(0.01, 3), st.integers(5, 200), st.integers(0, 300), st.integers(0, 300))
def test_the_price_never_costs_profit(margin: float, uplift: float, both: int, a: int, b: int) -> None:
    sold = year((("dripper", "filters"), both), (("dripper",), a), (("filters",), b))
    (bundle,) = find_bundles([rule("dripper", "filters")], sold, PRICES, BundleTerms(margin, uplift))
    assert bundle.extra_profit is not None
    assert bundle.extra_profit >= -1e-9
    assert bundle.price <= bundle.apart
    assert bundle.extra_orders <= a + b


def test_without_a_margin_there_is_no_discount() -> None:
    sold = year((("dripper", "filters"), 20), (("filters",), 30))
    (bundle,) = find_bundles([rule("dripper", "filters")], sold, PRICES, BundleTerms())
    assert (bundle.price, bundle.discount, bundle.extra_profit, bundle.margin) == (35.5, 0, None, None)
    assert bundle.extra_revenue == pytest.approx(0.2 * 20 * 28.0)  # what is lacking is the dripper


def test_what_is_left_out() -> None:
    sold = year(
        (("dripper", "filters", "kettle"), 10),
        (("dripper", "filters"), 50),
        (("mug", "tea"), 20),
        (("a", "b"), 4),
    )
    prices = {**PRICES, "a": 1.0, "b": 1.0, "tea": 4.0}
    rules = [
        rule("dripper", "filters"),
        rule("dripper", "filters", "kettle"),
        rule("mug", "tea"),
        rule("a", "b"),
    ]
    bundles = find_bundles(rules, sold, prices, BundleTerms(0.5))
    # the mug has no price; a and b met 4 times; of the two that hold each other, one is kept
    assert len(bundles) == 1
    assert {"dripper", "filters"} <= set(bundles[0].products)
    five = rule("dripper", "filters", "kettle", "a", "b")
    assert (
        find_bundles([five], year((("dripper", "filters", "kettle", "a", "b"), 9)), prices, BundleTerms(0.5))
        == []
    )


def test_no_product_fills_the_list() -> None:
    names = [f"p{n}" for n in range(6)]
    sold = year(*((("dripper", name), 10) for name in names))
    bundles = find_bundles(
        [rule("dripper", name) for name in names],
        sold,
        {**PRICES, **dict.fromkeys(names, 5.0)},
        BundleTerms(0.5),
    )
    assert len(bundles) == 3


def test_a_share_that_makes_no_sense_is_refused() -> None:
    for uplift in (-0.1, 11, float("nan")):
        with pytest.raises(BadUplift):
            find_bundles([], year(), PRICES, BundleTerms(0.5, uplift))


@settings(deadline=None, derandomize=True)
@given(st.floats(0.02, 1e6), st.floats(0.5, 1))
def test_round_prices_lie_between(most: float, share: float) -> None:
    price = round_price(most * share, most)
    assert most * share - 1e-6 <= price <= most

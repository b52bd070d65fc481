"""Products that bring people back, that are new, that are on sale."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.models.recommendations.product_history import (
    RETURN_SHRINK,
    count_returns,
    first_sale_day,
    last_purchase_day,
    new_products,
    products_on_sale,
    return_factor,
)
from tests.models.recommendations.builders import shop


def test_who_began_with_a_product_and_came_back() -> None:
    """Ann and Bob began with tea, Ann was back in time, Bob was not; Cid began too late to tell."""
    data = shop(
        "ann 0 tea",
        "ann 60 milk",
        "bob 0 tea jam",
        "bob 95 tea",
        "cid 150 tea",
        "cid 160 tea",
        "dan 1 milk",
        "- 200 tea",
    )
    started, came = count_returns(data)
    assert dict(zip(data.products, zip(started, came, strict=True), strict=True)) == {
        "jam": (1, 0), "milk": (1, 0), "tea": (2, 1),
    }  # fmt: skip
    mean = 1 / 4
    assert return_factor(started, came)[2] == pytest.approx(
        (1 + RETURN_SHRINK * mean) / (2 + RETURN_SHRINK) / mean
    )
    assert return_factor(np.array([3]), np.array([0])).tolist() == [1]


def test_no_dates_no_returns() -> None:
    started, came = count_returns(shop("ann 0 tea", "ann 60 tea", dated=False))
    assert (started.tolist(), came.tolist()) == ([0], [0])


def test_new_is_what_was_first_sold_within_thirty_days() -> None:
    old = [f"- {day} tea" for day in range(0, 100, 5)]
    data = shop(*old, "- 90 fresh", "- 92 fresh", "- 94 fresh", "- 99 rare")
    assert dict(zip(data.products, new_products(data), strict=True)) == {
        "fresh": True,
        "rare": False,
        "tea": False,
    }
    assert not new_products(
        shop("- 0 tea", "- 1 tea", "- 2 tea", "- 30 tea")
    ).any()  # a young shop: all would be new
    assert (data.now - first_sale_day(data)).tolist() == [10, 1, 100]


def test_on_sale_is_what_was_sold_of_late() -> None:
    data = shop("- 0 gone", "- 0 tea", "- 150 tea", "ann 200 jam")
    assert dict(zip(data.products, products_on_sale(data), strict=True)) == {
        "gone": False,
        "jam": True,
        "tea": True,
    }
    assert products_on_sale(shop("- 0 gone", "- 200 tea", dated=False)).all()


def test_last_days() -> None:
    data = shop("ann 0 tea", "ann 7 tea", "bob 3 tea")
    assert (last_purchase_day(data) - data.now).tolist() == [-1, -5]

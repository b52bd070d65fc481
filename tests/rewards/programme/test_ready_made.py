"""Ready-made programmes make sense for every shop, and their numbers follow the shop's."""

from __future__ import annotations

import pandas as pd
import pytest

from loyalty.rewards.programme.programme_file import programme_from_json, programme_to_json
from loyalty.rewards.programme.ready_made import READY_MADE, ready_made


@pytest.mark.parametrize("key", READY_MADE)
def test_checked_and_the_same_through_its_file(key: str, shop: pd.DataFrame) -> None:
    for customers, currency in ((shop, "USD"), (shop.iloc[:0], "JPY"), (shop.iloc[:1], "EUR")):
        made = ready_made(key, customers, currency, ["loyal"])
        assert programme_from_json(programme_to_json(made)) == made


def test_numbers_follow_the_shop(shop: pd.DataFrame) -> None:
    richer = shop.assign(revenue=shop["revenue"] * 10, revenue_365=shop["revenue_365"] * 10)
    one, ten = ready_made("crafts", shop, "USD"), ready_made("crafts", richer, "USD")
    assert ten.tiers[1].threshold == one.tiers[1].threshold * 10
    cafe = ready_made("cafe", shop, "USD")
    # 1,425 in 22 orders: an order is 64, a round 60, for ten visits
    assert (cafe.steps[0].points, cafe.steps[0].value, cafe.point_value) == (10, 60, 6)

"""The first programme fits the shop."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from loyalty.rewards.gain.tuner import replay
from loyalty.rewards.programme.starting_programme import round_down, starting_offer, starting_programme
from loyalty.rewards.programme.validation import checked


def test_thresholds_are_round_numbers_near_the_percentiles() -> None:
    spent = np.arange(1.0, 1001.0)  # 70th percentile 700.3, 90th 900.1
    customers = pd.DataFrame({"orders": 1, "revenue": spent, "revenue_365": spent})
    programme = checked(starting_programme(customers))
    assert [tier.threshold for tier in programme.tiers] == [0, 600, 800]
    assert [tier.customers for tier in replay(customers, programme).tiers] == [599, 200, 201]


def test_those_silent_for_a_year_do_not_count(shop: pd.DataFrame) -> None:
    # of 25, 180, 400, 500: 70th percentile 402, 90th 470
    assert [tier.threshold for tier in starting_programme(shop).tiers] == [0, 400, 500]


def test_one_spend_for_all_still_gives_rising_tiers() -> None:
    customers = pd.DataFrame({"orders": [1] * 9, "revenue": [95.0] * 9, "revenue_365": [95.0] * 9})
    assert [tier.threshold for tier in checked(starting_programme(customers)).tiers] == [0, 80, 100]


@pytest.mark.parametrize(("currency", "expected"), [("USD", [0, 200, 500]), ("JPY", [0, 20000, 50000])])
def test_an_empty_shop_gets_sensible_numbers(shop: pd.DataFrame, currency: str, expected: list[int]) -> None:
    programme = checked(starting_programme(shop.iloc[:0], currency, ["new"]))
    assert [tier.threshold for tier in programme.tiers] == expected
    assert programme.offers[0].minimum_spend == 0


def test_an_offer_asks_for_a_usual_order(shop: pd.DataFrame) -> None:
    # (700 + 400 + 180 + 25 + 120) / (7 + 8 + 3 + 1 + 3) = 1425 / 22 = 64.77
    offer = starting_offer("new", shop)
    assert [offer.value, offer.minimum_spend, offer.valid_days] == [10, 60, 30]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0.001", "0.01"),
        ("0.99", "0.8"),
        ("1", "1"),
        ("1.19", "1"),
        ("2.5", "2.5"),
        ("99.99", "80"),
        ("1250", "1200"),
    ],
)
def test_round_down(amount: str, expected: str) -> None:
    assert round_down(Decimal(amount)) == Decimal(expected)

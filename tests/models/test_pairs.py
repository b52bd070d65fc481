"""The least number of orders for a rule: few where the shop is small, more where pairs would flood the page."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from loyalty.models.pairs import FEWEST, starting_count


def baskets(*orders: str) -> pd.DataFrame:
    """One order a word, one product a letter."""
    return pd.DataFrame([(n, letter) for n, order in enumerate(orders) for letter in order], columns=["basket", "product"])


def pairs_with(frame: pd.DataFrame, count: int) -> int:
    """Pairs in at least `count` orders, counted one by one."""
    found: dict[tuple[str, str], int] = {}
    for _, order in frame.groupby("basket"):
        for pair in itertools.combinations(sorted(order["product"]), 2):
            found[pair] = found.get(pair, 0) + 1
    return sum(n >= count for n in found.values())


def test_a_small_shop_starts_at_the_fewest() -> None:
    assert starting_count(baskets(*["ab"] * 6, "c")) == FEWEST


def test_nothing_at_all() -> None:
    assert starting_count(baskets()) == FEWEST
    assert starting_count(baskets("a", "b")) == FEWEST


def test_the_count_leaves_no_more_pairs_than_wanted() -> None:
    random = np.random.default_rng(3)
    letters = [chr(97 + n) for n in range(20)]
    weights = np.linspace(3, 1, 20) / np.linspace(3, 1, 20).sum()
    orders = ["".join(random.choice(letters, size=5, replace=False, p=weights)) for _ in range(400)]
    frame = baskets(*orders)
    for most in (5, 20, 60):
        count = starting_count(frame, most)
        assert pairs_with(frame, count) <= most
        assert count == FEWEST or pairs_with(frame, count - 1) > most

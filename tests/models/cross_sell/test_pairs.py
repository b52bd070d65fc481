"""The least number of orders for a rule, and the table of lifts."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from loyalty.models.cross_sell.pairs import MIN_COUNT, default_min_count, lift_table


def baskets(*orders: str) -> pd.DataFrame:
    """One order a word, one product a letter."""
    return pd.DataFrame(
        [(n, letter) for n, order in enumerate(orders) for letter in order], columns=["basket", "product"]
    )


def pairs_with(frame: pd.DataFrame, count: int) -> int:
    """Pairs in at least `count` orders, counted one by one."""
    counts: dict[tuple[str, str], int] = {}
    for _, order in frame.groupby("basket"):
        for pair in itertools.combinations(sorted(order["product"]), 2):
            counts[pair] = counts.get(pair, 0) + 1
    return sum(n >= count for n in counts.values())


def test_a_small_shop_starts_at_the_fewest() -> None:
    assert default_min_count(baskets(*["ab"] * 6, "c")) == MIN_COUNT


def test_nothing_at_all() -> None:
    assert default_min_count(baskets()) == MIN_COUNT
    assert default_min_count(baskets("a", "b")) == MIN_COUNT


def test_the_count_leaves_no_more_pairs_than_wanted() -> None:
    random = np.random.default_rng(3)
    letters = [chr(97 + n) for n in range(20)]
    weights = np.linspace(3, 1, 20) / np.linspace(3, 1, 20).sum()
    orders = ["".join(random.choice(letters, size=5, replace=False, p=weights)) for _ in range(400)]
    frame = baskets(*orders)
    for most in (5, 20, 60):
        count = default_min_count(frame, most)
        assert pairs_with(frame, count) <= most
        assert count == MIN_COUNT or pairs_with(frame, count - 1) > most


def test_lifts_of_pairs_by_hand() -> None:
    lifts = lift_table(baskets(*["ab"] * 6, *["a"] * 2, *["c"] * 12), ["a", "b", "c"])
    # 20 orders: a in 8, b in 6, both in 6: (6 + 5) / (8 * 6 / 20 + 5)
    assert lifts.loc["a", "b"] == lifts.loc["b", "a"] == 11 / 7.4
    assert lifts.loc["a", "c"] == 5 / (8 * 12 / 20 + 5)
    assert np.isnan(np.diag(lifts)).all()
    doubled = pd.concat([baskets(*["ab"] * 6, *["a"] * 2, *["c"] * 12)] * 2)  # a line twice counts once
    assert lift_table(doubled, ["a", "b"]).loc["a", "b"] == 11 / 7.4

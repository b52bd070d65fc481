"""The frequent-itemset miner against mlxtend, and its limits."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlxtend.frequent_patterns import fpgrowth

from loyalty.models.cross_sell.itemsets import Itemsets, mine_itemsets, support_count

BASKETS = st.lists(st.frozensets(st.sampled_from("abcdefg"), min_size=1), min_size=1, max_size=40)


def lines(baskets: list[frozenset[str]]) -> pd.DataFrame:
    """A BASKETS frame, one line a product."""
    rows = [(number, product) for number, basket in enumerate(baskets) for product in sorted(basket)]
    return pd.DataFrame(rows, columns=["basket", "product"])


def counts(mined: Itemsets) -> dict[frozenset[str], int]:
    frame = mined.frame()
    return dict(zip(frame["itemsets"], np.rint(frame["support"] * mined.baskets).astype(int), strict=True))


def by_mlxtend(frame: pd.DataFrame, min_count: int, max_len: int | None = None) -> dict[frozenset[str], int]:
    table = pd.crosstab(frame["basket"], frame["product"]).astype(bool)
    if min_count > len(table):
        return {}
    mined = fpgrowth(table, min_support=(min_count - 0.5) / len(table), use_colnames=True, max_len=max_len)
    return dict(zip(mined["itemsets"], np.rint(mined["support"] * len(table)).astype(int), strict=True))


@settings(max_examples=40, deadline=None)
@given(BASKETS, st.integers(1, 6), st.sampled_from([None, 1, 2, 3]))
def test_the_same_sets_and_counts_as_mlxtend(
    baskets: list[frozenset[str]], min_count: int, max_len: int | None
) -> None:
    frame = lines(baskets)
    assert counts(mine_itemsets(frame, min_count, max_len)) == by_mlxtend(frame, min_count, max_len)


@settings(max_examples=40, deadline=None)
@given(BASKETS, st.integers(1, 40))
def test_a_limit_raises_the_count_and_keeps_everything_above_it(
    baskets: list[frozenset[str]], limit: int
) -> None:
    frame = lines(baskets)
    mined = mine_itemsets(frame, 1, max_itemsets=limit)
    everything = by_mlxtend(frame, 1)
    assert len(mined) <= limit
    assert counts(mined) == {items: n for items, n in everything.items() if n >= mined.min_count}
    assert mined.asked_count == 1
    if mined.min_count > 1:  # the step before was too low
        step = next(c for c in range(1, 99) if max(c + 1, math.ceil(c * 1.1)) == mined.min_count)
        assert sum(n >= step for n in everything.values()) > limit


def test_baskets_longer_than_a_machine_word() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"basket": rng.integers(0, 300, 1500), "product": rng.integers(0, 12, 1500).astype(str)}
    )
    frame = frame.drop_duplicates()
    assert counts(mine_itemsets(frame, 20)) == by_mlxtend(frame, 20)


def test_repeated_lines_and_empty_products_do_not_count() -> None:
    frame = pd.DataFrame({"basket": [7, 7, 7, 9, 9], "product": ["a", "a", "b", "a", None]})
    mined = mine_itemsets(frame, 1)
    assert counts(mined) == {frozenset("a"): 2, frozenset("b"): 1, frozenset("ab"): 1}
    assert mined.baskets == 2


def test_a_hundred_alike_baskets_of_thirty_products_stay_within_the_limit() -> None:
    frame = lines([frozenset(f"p{i}" for i in range(30))] * 100)  # 2 ** 30 sets, all in 100 baskets
    mined = mine_itemsets(frame, 10, max_itemsets=5_000)
    assert (len(mined), mined.min_count > 100) == (0, True)


def test_no_baskets_no_sets() -> None:
    assert len(mine_itemsets(lines([]), 1)) == 0
    assert mine_itemsets(lines([]), 1).frame().empty


@pytest.mark.parametrize(
    ("support", "baskets", "count"), [(0.001, 9835, 10), (0.07, 100, 7), (0.5, 3, 2), (0.01, 0, 1)]
)
def test_support_as_a_count(support: float, baskets: int, count: int) -> None:
    assert support_count(support, baskets) == count

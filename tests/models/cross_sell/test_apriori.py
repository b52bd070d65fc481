"""Classic Apriori finds what Eclat finds: sets, counts, limits, rules."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.models.cross_sell.apriori import mine_by_apriori
from loyalty.models.cross_sell.itemsets import Itemsets, mine_itemsets
from loyalty.models.cross_sell.rules import mine_rules


def counts(itemsets: Itemsets) -> dict[frozenset[str], int]:
    frame = itemsets.frame()
    return dict(zip(frame["itemsets"], itemsets.count.tolist(), strict=True))


def frame_of(baskets: list[frozenset[str]]) -> pd.DataFrame:
    rows = [(number, product) for number, basket in enumerate(baskets) for product in sorted(basket)]
    return pd.DataFrame(rows, columns=["basket", "product"])


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(st.frozensets(st.sampled_from("abcdefg"), min_size=1), min_size=1, max_size=30),
    st.integers(1, 5),
    st.sampled_from([None, 1, 2, 3]),
    st.sampled_from([8, 10_000]),
)
def test_the_same_sets(
    baskets: list[frozenset[str]], least: int, max_len: int | None, max_itemsets: int
) -> None:
    one, other = (
        mine(frame_of(baskets), least, max_len, max_itemsets) for mine in (mine_by_apriori, mine_itemsets)
    )
    assert counts(one) == counts(other)
    assert (one.baskets, one.min_count, one.asked_count) == (
        other.baskets,
        other.min_count,
        other.asked_count,
    )


@pytest.mark.parametrize("all_rules", [False, True])
def test_the_same_rules(all_rules: bool) -> None:
    rng = np.random.default_rng(3)
    table = rng.random((500, 8)) < 0.25
    table[:, 1] |= table[:, 0] & (rng.random(500) < 0.6)
    basket, product = np.nonzero(table)
    frame = pd.DataFrame({"basket": basket, "product": [f"p{i}" for i in product]})
    by_apriori, by_eclat = (
        mine_rules(frame, 0.02, 0.1, all_rules=all_rules, miner=miner)
        for miner in (mine_by_apriori, mine_itemsets)
    )
    assert len(by_eclat.rules) > 0
    pd.testing.assert_frame_equal(by_apriori.rules, by_eclat.rules)


def test_baskets_without_anything() -> None:
    assert len(mine_by_apriori(frame_of([]), 1)) == 0
    assert len(mine_by_apriori(frame_of([frozenset("a")]), 2)) == 0

"""The index of baskets by product against sets."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.models.cross_sell.basket_index import index_baskets

LINES = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from([*"abcd", None]), st.sampled_from(["x", "y", None])),
    max_size=60,
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(LINES, st.sets(st.sampled_from("abcde"), min_size=1))
def test_the_index_counts_as_sets_do(
    lines: list[tuple[int, str | None, str | None]], asked: set[str]
) -> None:
    buyer = {basket: customer for basket, _, customer in lines}  # an order has one customer
    frame = pd.DataFrame(
        [(basket, product, buyer[basket]) for basket, product, _ in lines],
        columns=["basket", "product", "customer_id"],
    )
    index = index_baskets(frame)
    sets: dict[int, set[str]] = {}
    for basket, product, _ in lines:
        if product is not None:
            sets.setdefault(basket, set()).add(product)
    holders = [basket for basket, held in sets.items() if asked <= held]
    people = {buyer[basket] or f"nobody {basket}" for basket in holders}
    assert index.baskets == len(sets)
    assert index.count(asked) == len(holders)
    assert index.customers(asked) == len(people)


def test_where_nobody_is_named_each_basket_is_a_customer() -> None:
    index = index_baskets(pd.DataFrame({"basket": [1, 1, 2], "product": ["a", "b", "a"]}))
    assert (index.count(["a"]), index.customers(["a"]), index.count(["a", "b"])) == (2, 2, 1)

"""Counts of product pairs: the default least count of a rule, and a table of lifts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from loyalty.columns import Ints
from loyalty.models.cross_sell.significance import shrunk_lift

MIN_COUNT = 5
MIN_SHARE = 0.002
MAX_PAIRS = 300


def count_for_most_pairs(counts: Ints, floor: int = MIN_COUNT, max_pairs: int = MAX_PAIRS) -> int:
    """The least count at which no more than `max_pairs` pairs are left, never below `floor`; `counts`: of each pair."""
    ordered = np.sort(counts)[::-1]
    return max(floor, int(ordered[max_pairs]) + 1) if len(ordered) > max_pairs else floor


def default_min_count(baskets: pd.DataFrame, max_pairs: int = MAX_PAIRS) -> int:
    """The least number of orders with both products at which no more than `max_pairs` pairs are left.

    `baskets`: a BASKETS frame. Never below 5 orders or 0.2 % of all. Pairs are counted by a sparse product Xᵀ·X
    of the order-by-product matrix; products too rare to matter are left out first.
    """
    if baskets.empty:
        return MIN_COUNT
    order, orders = pd.factorize(baskets["basket"])
    product, _ = pd.factorize(baskets["product"])
    floor = max(MIN_COUNT, int(MIN_SHARE * len(orders)))
    frequent = np.bincount(product) >= floor
    is_frequent = frequent[product]
    if not is_frequent.any():
        return floor
    column = (np.cumsum(frequent) - 1)[product[is_frequent]]
    matrix = sparse.csr_matrix(
        (np.ones(int(is_frequent.sum()), dtype=np.int32), (order[is_frequent], column))
    )
    return count_for_most_pairs(sparse.triu(matrix.T @ matrix, k=1).data, floor, max_pairs)


def lift_table(baskets: pd.DataFrame, products: Sequence[str]) -> pd.DataFrame:
    """Shrunk lift of each pair of `products` (rows and columns, in their order); NaN on the diagonal.

    `baskets`: a BASKETS frame; the lift is that of `loyalty.models.cross_sell.rules`, out of all its baskets.
    """
    lines = baskets[baskets["product"].isin(list(products))]
    position = {name: index for index, name in enumerate(products)}
    column = lines["product"].map(position).to_numpy(dtype=np.int64)
    order, orders = pd.factorize(lines["basket"])
    matrix = sparse.csr_matrix((np.ones(len(order)), (order, column)), shape=(len(orders), len(products)))
    matrix.data = np.minimum(matrix.data, 1.0)
    both = (matrix.T @ matrix).toarray()
    product_counts = np.diag(both)
    lifts = shrunk_lift(both, np.outer(product_counts, product_counts) / max(baskets["basket"].nunique(), 1))
    np.fill_diagonal(lifts, np.nan)
    return pd.DataFrame(lifts, index=list(products), columns=list(products))

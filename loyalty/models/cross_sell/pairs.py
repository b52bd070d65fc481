"""Pairs of products counted at once: how many orders a rule should rest on to begin with, and a table of lifts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from loyalty.models.cross_sell.significance import shrunk_lift

MIN_COUNT = 5
SHARE = 0.002
MAX_PAIRS = 300


def default_min_count(baskets: pd.DataFrame, most_pairs: int = MAX_PAIRS) -> int:
    """The least number of orders with both products at which no more than `most_pairs` pairs are left.

    `baskets`: a BASKETS frame. Never below 5 orders or 0.2 % of all. Pairs are counted by a sparse product Xᵀ·X
    of the order-by-product matrix; products too rare to matter are left out first.
    """
    if baskets.empty:
        return MIN_COUNT
    order, orders = pd.factorize(baskets["basket"])
    product, _ = pd.factorize(baskets["product"])
    floor = max(MIN_COUNT, int(SHARE * len(orders)))
    frequent = np.bincount(product) >= floor
    kept = frequent[product]
    if not kept.any():
        return floor
    column = (np.cumsum(frequent) - 1)[product[kept]]
    held = sparse.csr_matrix((np.ones(int(kept.sum()), dtype=np.int32), (order[kept], column)))
    counts = sparse.triu(held.T @ held, k=1).data
    counts = np.sort(counts[counts >= floor])[::-1]
    return floor if len(counts) <= most_pairs else int(counts[most_pairs]) + 1


def lift_table(baskets: pd.DataFrame, products: Sequence[str]) -> pd.DataFrame:
    """Shrunk lift of each pair of `products` (rows and columns, in their order); NaN on the diagonal.

    `baskets`: a BASKETS frame; the lift is that of `loyalty.models.cross_sell.rules`, out of all its baskets.
    """
    lines = baskets[baskets["product"].isin(list(products))]
    place = {name: at for at, name in enumerate(products)}
    column = lines["product"].map(place).to_numpy(dtype=np.int64)
    order, orders = pd.factorize(lines["basket"])
    held = sparse.csr_matrix((np.ones(len(order)), (order, column)), shape=(len(orders), len(products)))
    held.data = np.minimum(held.data, 1.0)
    both = (held.T @ held).toarray()
    own = np.diag(both)
    found = shrunk_lift(both, np.outer(own, own) / max(baskets["basket"].nunique(), 1))
    np.fill_diagonal(found, np.nan)
    return pd.DataFrame(found, index=list(products), columns=list(products))

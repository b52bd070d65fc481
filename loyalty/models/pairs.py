"""How many orders a rule should rest on to begin with: as few as the shop's size allows, but no flood of pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

FEWEST = 5
SHARE = 0.002
MOST_PAIRS = 300


def starting_count(baskets: pd.DataFrame, most_pairs: int = MOST_PAIRS) -> int:
    """The least number of orders with both products at which no more than `most_pairs` pairs are left.

    `baskets`: a BASKETS frame. Never below 5 orders or 0.2 % of all. Pairs are counted by a sparse product Xᵀ·X
    of the order-by-product matrix; products too rare to matter are left out first.
    """
    if baskets.empty:
        return FEWEST
    order, orders = pd.factorize(baskets["basket"])
    product, _ = pd.factorize(baskets["product"])
    floor = max(FEWEST, int(SHARE * len(orders)))
    frequent = np.bincount(product) >= floor
    kept = frequent[product]
    if not kept.any():
        return floor
    column = (np.cumsum(frequent) - 1)[product[kept]]
    held = sparse.csr_matrix((np.ones(int(kept.sum()), dtype=np.int32), (order[kept], column)))
    counts = sparse.triu(held.T @ held, k=1).data
    counts = np.sort(counts[counts >= floor])[::-1]
    return floor if len(counts) <= most_pairs else int(counts[most_pairs]) + 1

"""Frequent itemsets by classic Apriori (mlxtend), to compare with Eclat: both give the same sets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loyalty.models.cross_sell.itemsets import MAX_ITEMSETS, ItemsetCollector, Itemsets, encode_baskets


def mine_by_apriori(
    baskets: pd.DataFrame,
    min_count: int,
    max_len: int | None = None,
    max_itemsets: int = MAX_ITEMSETS,
) -> Itemsets:
    """The same as `loyalty.models.cross_sell.itemsets.mine_itemsets`, by mlxtend's `apriori`.

    Agrawal & Srikant (1994), "Fast algorithms for mining association rules". All sets are counted before
    `max_itemsets` is applied, so it is for small files.
    """
    from mlxtend.frequent_patterns import apriori  # imported here: it loads matplotlib

    lines, names, counts, total = encode_baskets(baskets, min_count)
    collector = ItemsetCollector(min_count, max_itemsets)
    if not len(names):
        collector.add(counts, counts, counts)
        return collector.itemsets(total, names, min_count)
    basket = np.searchsorted(np.unique(lines.until), lines.until)
    table = np.zeros((total, len(names)), dtype=bool)
    table[basket, lines.item] = True
    least = min_count / total - 1e-12
    sets = apriori(pd.DataFrame(table), min_support=least, max_len=max_len, low_memory=True)
    members = [tuple(sorted(items)) for items in sets["itemsets"]]  # shorter sets come first
    node_of = {items: number for number, items in enumerate(members)} | {(): -1}
    parents = np.array([node_of[items[:-1]] for items in members])
    last = np.array([items[-1] for items in members])
    collector.add(parents, last, np.rint(sets["support"].to_numpy() * total).astype(np.int64))
    return collector.itemsets(total, names, min_count)

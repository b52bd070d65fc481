"""Candidate rules from frequent itemsets: a set of k products gives k rules with one consequent.

There are two implementations with the same result (tested). The classic list (`all_rules`) comes from mlxtend's
`association_rules` while there are few splits: it tries all 2 ** k - 2 splits of a set in Python (0.2 s for the
13,492 sets of the groceries data at support .001). Above `MLXTEND_SPLITS`, and where shorter rules have to be
compared, the counts are looked up in arrays (.01 s for the same).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.columns import Floats, Ints
from loyalty.models.cross_sell.itemsets import Itemsets

MLXTEND_SPLITS = 20_000
SIDES = ["antecedent", "consequent"]
METRICS = ["support", "confidence", "lift"]
COUNTS = ["count", "antecedent_count", "consequent_count"]  # baskets with both sides, and with each
COLUMNS = [*SIDES, *METRICS, *COUNTS]
TIE = 1e-12  # confidences nearer than this are equal: they are ratios of whole numbers


@dataclass(frozen=True)
class Splits:
    """All splits of the sets of one length: row = a set, column = which of its items is the consequent.

    `items`: shape (sets, length). `rest`: the node of the set without that item, `confidence`: count of the
    set ÷ count of `rest`, `shorter`: the best confidence of any rule with the same consequent and only some
    of the antecedent (0 where there is none), all of the same shape. `count`: baskets with the set, shape
    (sets,).
    """

    items: Ints
    count: Ints
    rest: Ints
    confidence: Floats
    shorter: Floats


def family_size(itemsets: Itemsets) -> int:
    """Number of one-consequent rules that have the support: the number of tests for the false-discovery rate."""
    return int(itemsets.length[itemsets.length >= 2].sum())


def all_splits(itemsets: Itemsets) -> list[Splits]:
    """The splits of the sets of 2, 3, … items (see `Splits`)."""
    finder = NodeFinder(itemsets)
    splits: list[Splits] = []
    for length in range(2, int(itemsets.length.max(initial=0)) + 1):
        nodes, items = itemsets.members(length)
        rest = np.stack([finder.nodes(np.delete(items, j, axis=1)) for j in range(length)], axis=1)
        count = itemsets.count[nodes]
        shorter = np.zeros(rest.shape) if not splits else _best_shorter(rest, splits[-1], itemsets)
        splits.append(Splits(items, count, rest, count[:, None] / itemsets.count[rest], shorter))
    return splits


class NodeFinder:
    """Looks up the nodes of many sets at once: one binary search per level in the sorted (parent, item) keys."""

    def __init__(self, itemsets: Itemsets) -> None:
        self._count = itemsets.count
        self._width = len(itemsets.names)
        keys = (itemsets.parent + 1) * self._width + itemsets.item
        self._order = np.argsort(keys)
        self._keys = keys[self._order]

    def nodes(self, items: Ints) -> Ints:
        """The node of each row of ascending `items`; every row must be a frequent set."""
        node = np.full(len(items), -1, dtype=np.int64)
        for column in items.T:
            node = self._order[np.searchsorted(self._keys, (node + 1) * self._width + column)]
        return node

    def counts(self, items: Ints) -> Ints:
        """The baskets that hold each row of `items`, in any order; every row must be a frequent set."""
        return self._count[self.nodes(np.sort(items, axis=1))]


def _best_shorter(rest: Ints, shorter_splits: Splits, itemsets: Itemsets) -> Floats:
    """Best confidence of any shorter rule for each split, given the splits of the sets one item shorter.

    Dropping antecedent item x from the set leaves the set `rest[:, x]`, whose split by the same consequent
    is in `shorter_splits`, together with the best confidence of its own shorter rules.
    """
    best_below = np.maximum(shorter_splits.confidence, shorter_splits.shorter)
    row_of = rest - int(np.searchsorted(itemsets.length, shorter_splits.items.shape[1]))
    best = np.zeros(rest.shape)
    for consequent in range(rest.shape[1]):
        for dropped in range(rest.shape[1]):
            if dropped != consequent:
                column = consequent - (dropped < consequent)
                best[:, consequent] = np.maximum(best[:, consequent], best_below[row_of[:, dropped], column])
    return best


def rules_by_arrays(
    itemsets: Itemsets, min_confidence: float, *, improving_only: bool = False
) -> pd.DataFrame:
    """The rules of at least `min_confidence`, with COLUMNS; the antecedent is a tuple of names in order.

    `improving_only`: only rules with a higher confidence than each of their shorter rules.
    """
    parts = [
        _rules_of_length(splits, itemsets, min_confidence, improving_only) for splits in all_splits(itemsets)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def _rules_of_length(
    splits: Splits, itemsets: Itemsets, min_confidence: float, improving_only: bool
) -> pd.DataFrame:
    """The rules from the sets of one length."""
    passes = splits.confidence >= min_confidence - TIE
    if improving_only:
        passes &= splits.confidence > splits.shorter + TIE
    row, column = np.nonzero(passes)
    width = splits.items.shape[1]
    others = splits.items[row][np.arange(width) != column[:, None]].reshape(len(row), width - 1)
    consequent = splits.items[row, column]
    count, n = splits.count[row], itemsets.baskets
    a, b = itemsets.count[splits.rest[row, column]], itemsets.count[consequent]
    names = [tuple(sorted(side)) for side in itemsets.names[others].tolist()]
    values = (names, itemsets.names[consequent], count / n, count / a, count * n / (a * b), count, a, b)
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))


def rules_by_mlxtend(itemsets: Itemsets, min_confidence: float) -> pd.DataFrame:
    """The same rules from mlxtend's `association_rules`: those with one item on the right, with COLUMNS."""
    from mlxtend.frequent_patterns import association_rules  # imported here: it loads matplotlib

    if not (itemsets.length >= 2).any():
        return pd.DataFrame(columns=COLUMNS)
    shares = ["antecedent support", "consequent support"]
    rules = association_rules(
        itemsets.frame(), min_threshold=min_confidence - TIE, return_metrics=[*METRICS, *shares]
    )
    rules = rules[rules["consequents"].map(len) == 1]
    sides = (
        [tuple(sorted(names)) for names in rules["antecedents"]],
        [name for (name,) in rules["consequents"]],
    )
    counts = np.rint(rules[["support", *shares]].to_numpy() * itemsets.baskets).astype(np.int64)
    values = (*sides, *rules[METRICS].to_numpy(dtype=np.float64).T, *counts.T)
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))


def classic_rules(itemsets: Itemsets, min_confidence: float) -> pd.DataFrame:
    """All rules of at least `min_confidence`, by mlxtend where that is quick, else by arrays."""
    splits = float(np.sum(2.0 ** np.minimum(itemsets.length, 60) - 2.0))
    return (rules_by_mlxtend if splits <= MLXTEND_SPLITS else rules_by_arrays)(itemsets, min_confidence)

"""Redundant rules: longer rules that are not significantly better than a shorter one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loyalty.columns import Flags, Ints
from loyalty.models.cross_sell.candidates import NodeFinder
from loyalty.models.cross_sell.itemsets import Itemsets
from loyalty.models.cross_sell.significance import fisher_upper_tail

LEVEL = 0.01


def is_productive(rules: pd.DataFrame, itemsets: Itemsets) -> Flags:
    """Whether each rule (antecedent, consequent) is significantly better than its shorter ones, shape (rules,).

    Webb 2007 ("Discovering significant patterns", section 4.1): among the baskets with the antecedent less one product, those
    with that product too must hold the consequent more often than the others; Fisher's one-sided test at 1 %,
    for each product in turn. Rules of two products always pass.
    """
    passes = np.ones(len(rules), dtype=bool)
    number = {name: rows_of_length for rows_of_length, name in enumerate(itemsets.names)}
    finder = NodeFinder(itemsets)
    lengths = rules["antecedent"].map(len).to_numpy(dtype=np.int64)
    for length in np.unique(lengths[lengths > 1]):
        rows_of_length = np.flatnonzero(lengths == length)
        antecedents = np.array(
            [[number[name] for name in side] for side in rules["antecedent"].iloc[rows_of_length]],
            dtype=np.int64,
        )
        consequents = np.array(
            [number[name] for name in rules["consequent"].iloc[rows_of_length]], dtype=np.int64
        )
        passes[rows_of_length] = np.all(
            [_improves(antecedents, dropped, consequents, finder) for dropped in range(length)], axis=0
        )
    return passes


def _improves(antecedents: Ints, dropped: int, consequents: Ints, finder: NodeFinder) -> Flags:
    """Whether the `dropped`-th product of each antecedent, shape (rules, length), raises the chance of `consequents`."""
    shorter = np.delete(antecedents, dropped, axis=1)
    with_shorter, with_all = finder.counts(shorter), finder.counts(antecedents)
    both_shorter = finder.counts(np.column_stack([shorter, consequents]))
    both = finder.counts(np.column_stack([antecedents, consequents]))
    return np.asarray(fisher_upper_tail(both, with_all, both_shorter, with_shorter) <= LEVEL)

"""Which products of a longer rule earn their place: rules that say no more than a shorter one are left out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loyalty.columns import Flags, Ints
from loyalty.models.cross_sell.candidates import NodeFinder
from loyalty.models.cross_sell.itemsets import Itemsets
from loyalty.models.cross_sell.significance import fisher_upper_tail

LEVEL = 0.01


def is_productive(rules: pd.DataFrame, itemsets: Itemsets) -> Flags:
    """Whether each rule (antecedent, consequent) beats all of its shorter ones by more than chance, shape (rules,).

    Webb 2007 ("Discovering significant patterns", section 4.1): among the baskets with the antecedent less one product, those
    with that product too must hold the consequent more often than the others; Fisher's one-sided test at 1 %,
    for each product in turn. Rules of two products always pass.
    """
    passes = np.ones(len(rules), dtype=bool)
    number = {name: at for at, name in enumerate(itemsets.names)}
    finder = NodeFinder(itemsets)
    lengths = rules["antecedent"].map(len).to_numpy(dtype=np.int64)
    for length in np.unique(lengths[lengths > 1]):
        at = np.flatnonzero(lengths == length)
        sides = np.array(
            [[number[name] for name in side] for side in rules["antecedent"].iloc[at]], dtype=np.int64
        )
        last = np.array([number[name] for name in rules["consequent"].iloc[at]], dtype=np.int64)
        passes[at] = np.all([_earns(sides, dropped, last, finder) for dropped in range(length)], axis=0)
    return passes


def _earns(sides: Ints, dropped: int, last: Ints, finder: NodeFinder) -> Flags:
    """Whether the `dropped`-th product of each antecedent, shape (rules, length), raises the chance of `last`."""
    shorter = np.delete(sides, dropped, axis=1)
    with_shorter, with_all = finder.counts(shorter), finder.counts(sides)
    both_shorter = finder.counts(np.column_stack([shorter, last]))
    both = finder.counts(np.column_stack([sides, last]))
    return np.asarray(fisher_upper_tail(both, with_all, both_shorter, with_shorter) <= LEVEL)

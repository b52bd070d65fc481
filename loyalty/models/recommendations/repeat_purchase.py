"""Repeat purchases: a customer's own purchases, weighed down with every later basket, plus popularity.

score = own · f + κ · p, with own: the sum of .95 ** (baskets since) over the customer's purchases of the product;
f: how much likelier than others the product is bought again, and in season; p: recent sales (1 for the most popular
product); κ: how many own purchases the most popular product is worth, chosen on the shop's own past.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from loyalty.columns import Floats, Ints
from loyalty.models.recommendations.holdout import choose_holdout
from loyalty.models.recommendations.interactions import (
    Interactions,
    Scores,
    baskets_since,
    counts,
    last_basket,
    matrix,
)
from loyalty.models.recommendations.metrics import recall
from loyalty.models.recommendations.popularity import recent_counts, relative_to_highest, season_factor
from loyalty.models.recommendations.ranking import top_lists

DECAY = 0.95
REBUY_POWER = 0.5
REBUY_SHRINK = 20.0
SEASON_POWER = 0.25
STRENGTHS = (0.5, 1.0, 2.0, 3.0)
DEFAULT_STRENGTH = 1.0
MAX_CUSTOMERS = 2_000  # that κ is chosen on
MIN_CUSTOMERS = 30  # with fewer, κ is DEFAULT_STRENGTH


@dataclass(frozen=True)
class RepeatPurchase:
    """`own`: weighted purchases (buyers × products); `share`: popularity (products,); `strength`: its weight κ."""

    own: sparse.csr_matrix
    share: Scores
    strength: float

    def scores(self, rows: Ints) -> Scores:
        """Shape (rows, products)."""
        return np.asarray(self.own[rows].toarray() + self.strength * self.share, dtype=np.float32)


def fit_repeat_purchase(data: Interactions, strength: float | None = None) -> RepeatPurchase:
    """Fit the ranker; `strength`: κ, None: chosen on the data."""
    share = relative_to_highest(recent_counts(data) if data.dated else counts(data))
    return RepeatPurchase(own_purchases(data), share, best_strength(data) if strength is None else strength)


def own_purchases(data: Interactions, decay: float = DECAY) -> sparse.csr_matrix:
    """Purchases weighed by baskets since, by the rebuy factor and, a little, by season."""
    factor = rebuy_factor(data) * season_factor(data) ** SEASON_POWER
    return matrix(data, decay ** baskets_since(data) * factor[data.item])


def rebuy_factor(data: Interactions) -> Floats:
    """Rebuy rate of each product over the average (shrunk, square root): shape (products,).

    Rebuy rate: of buyers with a later basket, the share that bought the product again (beans high, a dripper low).
    """
    if not len(data.item):
        return np.ones(len(data.products))
    pair = data.buyer * len(data.products) + data.item
    _, first, times = np.unique(pair, return_index=True, return_counts=True)
    item = data.item[first]
    had_chance = data.basket[first] < last_basket(data)[data.buyer[first]]
    chances = np.bincount(item[had_chance], minlength=len(data.products)).astype(np.float64)
    rebought = np.bincount(item[times > 1], minlength=len(data.products)).astype(np.float64)
    mean = rebought.sum() / max(chances.sum(), 1.0)
    if mean == 0:
        return np.ones(len(data.products))
    rate = (rebought + REBUY_SHRINK * mean) / (chances + REBUY_SHRINK)
    return np.asarray((rate / mean) ** REBUY_POWER)


def best_strength(data: Interactions) -> float:
    """The κ with the best recall@10 on the hold-out; 1 where it has too few customers."""
    holdout = choose_holdout(data, MAX_CUSTOMERS)
    if len(holdout.rows) < MIN_CUSTOMERS:
        return DEFAULT_STRENGTH
    ranker = fit_repeat_purchase(holdout.history, DEFAULT_STRENGTH)
    recalls = []
    for strength in STRENGTHS:
        lists = top_lists(replace(ranker, strength=strength), holdout.history, holdout.rows, 10)
        recalls.append(recall(lists.every, holdout.truth).mean())
    return STRENGTHS[int(np.argmax(recalls))]

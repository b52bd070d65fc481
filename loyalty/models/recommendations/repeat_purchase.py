"""What a customer will buy again: own purchases that fade with every basket, on top of what is popular.

score = own · f + κ · p for a customer's own purchases (each .95 ** baskets since), p the share of recent sales
(1 for the most popular product) and f how much likelier than others a product is bought again, and in season. κ says how many own
purchases the most popular product is worth; it is found on the shop's own past.
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
MAX_CUSTOMERS = 2_000  # customers whose last basket decides on the strength
MIN_CUSTOMERS = 30  # fewer than these decide nothing


@dataclass(frozen=True)
class RepeatPurchase:
    """Own fading purchases (buyers × products), the popularity prior (products,) and its strength κ."""

    own: sparse.csr_matrix
    share: Scores
    strength: float

    def scores(self, rows: Ints) -> Scores:
        """Shape (rows, products)."""
        return np.asarray(self.own[rows].toarray() + self.strength * self.share, dtype=np.float32)


def fit_repeat_purchase(data: Interactions, strength: float | None = None) -> RepeatPurchase:
    """The ranker; `strength`: κ, found on the data where it is not given."""
    share = relative_to_highest(recent_counts(data) if data.dated else counts(data))
    return RepeatPurchase(own_purchases(data), share, best_strength(data) if strength is None else strength)


def own_purchases(data: Interactions, decay: float = DECAY) -> sparse.csr_matrix:
    """Fading purchases times how soon the product is bought again, and a little how much it is in season."""
    factor = rebuy_factor(data) * season_factor(data) ** SEASON_POWER
    return matrix(data, decay ** baskets_since(data) * factor[data.item])


def rebuy_factor(data: Interactions) -> Floats:
    """How much likelier than the average product each is bought again once bought (square root, shrunk); (products,).

    Of buyers with a later basket, the share that bought the product twice; a dripper has few of them, beans many.
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
    """The κ with the best recall@10 on the latest part of the data; 1 where too few customers came back in it."""
    holdout = choose_holdout(data, MAX_CUSTOMERS)
    if len(holdout.rows) < MIN_CUSTOMERS:
        return DEFAULT_STRENGTH
    ranker = fit_repeat_purchase(holdout.history, DEFAULT_STRENGTH)
    recalls = []
    for strength in STRENGTHS:
        lists = top_lists(replace(ranker, strength=strength), holdout.history, holdout.rows, 10)
        recalls.append(recall(lists.every, holdout.truth).mean())
    return STRENGTHS[int(np.argmax(recalls))]

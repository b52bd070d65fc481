"""What everybody buys, at all times, of late and in season; and what each buyer has bought most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from loyalty.columns import Floats, Ints
from loyalty.models.recommendations.interactions import Interactions, Scores, baskets_since, counts, matrix

RECENT_DAYS = 30.0
SEASON_HALF_LIFE = 30.0
SEASON_SHRINK = (
    3.0  # baskets of the average kind added to what was sold of late and to what was to be expected
)
LATEST_BASKETS = 1  # "of late" where there are no dates: each buyer's last basket


@dataclass(frozen=True)
class Popular:
    """The same scores for everybody: `share`, 1 for the most popular product; shape (products,)."""

    share: Scores

    def scores(self, rows: Ints) -> Scores:
        """Shape (rows, products)."""
        return np.tile(self.share, (len(rows), 1))


@dataclass(frozen=True)
class OwnHistory:
    """How often a buyer has bought each product; popularity fills up and breaks ties."""

    own: sparse.csr_matrix
    share: Scores

    def scores(self, rows: Ints) -> Scores:
        """Shape (rows, products)."""
        return np.asarray(self.own[rows].toarray() + 0.5 * self.share, dtype=np.float32)


def relative_to_highest(amounts: Floats) -> Scores:
    """Amounts as parts of the greatest one."""
    return np.asarray(amounts / max(float(amounts.max(initial=0.0)), 1e-12), dtype=np.float32)


def recent_counts(data: Interactions) -> Floats:
    """Baskets with each product in the last 30 days, or among the buyers' last ones where there are no dates."""
    is_recent = data.day > data.now - RECENT_DAYS if data.dated else baskets_since(data) < LATEST_BASKETS
    return counts(data, is_recent.astype(np.float64))


def fit_popular(data: Interactions) -> Popular:
    """Baskets of all time."""
    return Popular(relative_to_highest(counts(data)))


def fit_recent(data: Interactions) -> Popular:
    """Baskets of the last 30 days; sales of all time break ties."""
    return Popular(relative_to_highest(recent_counts(data) + 1e-3 * relative_to_highest(counts(data))))


def fit_own_history(data: Interactions) -> OwnHistory:
    """Counts of each buyer's baskets with a product."""
    return OwnHistory(matrix(data), relative_to_highest(counts(data)))


def season_factor(data: Interactions) -> Scores:
    """How much more a product sells now than over all time, 1 for as much: shape (products,).

    Sales with a half-life of 30 days over the sales to be expected at the product's usual share, both shrunk
    towards each other. All 1 where there are no dates.
    """
    if not data.dated or not len(data.item):
        return np.ones(len(data.products), dtype=np.float32)
    weight = 0.5 ** ((data.now - data.day) / SEASON_HALF_LIFE)
    usual = counts(data) * weight.sum() / len(data.item)
    return np.asarray((counts(data, weight) + SEASON_SHRINK) / (usual + SEASON_SHRINK), dtype=np.float32)

"""Popularity of products, of all time, recent and seasonal; and each buyer's own most bought products."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from loyalty.columns import Floats, Ints
from loyalty.models.recommendations.interactions import Interactions, Scores, baskets_since, counts, matrix

RECENT_DAYS = 30.0
SEASON_HALF_LIFE = 30.0
SEASON_SHRINK = 3.0  # pseudo-baskets added to both recent and expected sales
LATEST_BASKETS = 1  # "recent" where there are no dates: each buyer's last basket


@dataclass(frozen=True)
class Popular:
    """The same scores for every buyer: `share`, 1 for the most popular product; shape (products,)."""

    share: Scores

    def scores(self, rows: Ints) -> Scores:
        """Shape (rows, products)."""
        return np.tile(self.share, (len(rows), 1))


@dataclass(frozen=True)
class OwnHistory:
    """Number of a buyer's baskets with each product; popularity ranks the rest and breaks ties."""

    own: sparse.csr_matrix
    share: Scores

    def scores(self, rows: Ints) -> Scores:
        """Shape (rows, products)."""
        return np.asarray(self.own[rows].toarray() + 0.5 * self.share, dtype=np.float32)


def relative_to_highest(amounts: Floats) -> Scores:
    """Amounts divided by the highest one."""
    return np.asarray(amounts / max(float(amounts.max(initial=0.0)), 1e-12), dtype=np.float32)


def recent_counts(data: Interactions) -> Floats:
    """Baskets with each product in the last 30 days; without dates, among each buyer's last baskets."""
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
    """Recent sales of each product over those expected at its overall share, shrunk towards 1: shape (products,).

    Recent sales have a half-life of 30 days. All 1 without dates.
    """
    if not data.dated or not len(data.item):
        return np.ones(len(data.products), dtype=np.float32)
    weight = 0.5 ** ((data.now - data.day) / SEASON_HALF_LIFE)
    usual = counts(data) * weight.sum() / len(data.item)
    return np.asarray((counts(data, weight) + SEASON_SHRINK) / (usual + SEASON_SHRINK), dtype=np.float32)

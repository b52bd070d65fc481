"""Baseline rules that a method has to beat: by recency, and by whether a customer ordered in the last period."""

from __future__ import annotations

import numpy as np

from loyalty.columns import Flags, Floats, Ints
from loyalty.models.predictions.snapshot import Snapshot
from loyalty.models.predictions.training import Scorer, TrainingData

BANDS = 5
PRIOR = 2.0  # pseudo-customers with the overall share in each band


def _smoothed(y: Flags, at: Ints, bands: int) -> Floats:
    """Share who bought in each band, shrunk to the overall share; shape (bands,)."""
    bought = np.bincount(at, weights=y, minlength=bands) + PRIOR * y.mean()
    return np.asarray(bought / (np.bincount(at, minlength=bands) + PRIOR))


def _band(column: Floats, edges: Floats) -> Ints:
    return np.searchsorted(edges, column, side="right").astype(np.int64)


def fit_recency(training: TrainingData) -> Scorer:
    """Predict the share who bought in the customer's fifth by days since the last order."""
    recency = np.concatenate(
        [window.snapshot.features["recency_days"].to_numpy() for window in training.windows]
    )
    edges = np.unique(np.quantile(recency, np.linspace(0, 1, BANDS + 1)[1:-1]))
    share = _smoothed(training.bought, _band(recency, edges), len(edges) + 1)
    return lambda at: share[_band(at.features["recency_days"].to_numpy(), edges)]


def _ordered_last_period(at: Snapshot) -> Ints:
    """1 for each customer with an order within one horizon before the cutoff, else 0; shape (n,)."""
    return (at.features["recency_days"].to_numpy() < at.horizon_days).astype(np.int64)


def fit_last_period(training: TrainingData) -> Scorer:
    """Predict the share who bought among those who did, or did not, order in the last period."""
    share = _smoothed(
        training.bought,
        np.concatenate([_ordered_last_period(window.snapshot) for window in training.windows]),
        2,
    )
    return lambda at: share[_ordered_last_period(at)]

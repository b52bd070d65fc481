"""Rules of thumb that a method has to beat: by how lately somebody came, and whether they came in the last period."""

from __future__ import annotations

import numpy as np

from loyalty.columns import Flags, Floats, Ints
from loyalty.models.predictions.snapshot import Snapshot
from loyalty.models.predictions.training import Scorer, Training

BANDS = 5
PRIOR = 2.0  # made-up customers of the shop's average in each band


def _smoothed(y: Flags, at: Ints, bands: int) -> Floats:
    """Share who bought in each band, leaning on the overall share."""
    came = np.bincount(at, weights=y, minlength=bands) + PRIOR * y.mean()
    return np.asarray(came / (np.bincount(at, minlength=bands) + PRIOR))


def _banded(column: Floats, edges: Floats) -> Ints:
    return np.searchsorted(edges, column, side="right").astype(np.int64)


def fit_recency(on: Training) -> Scorer:
    """Fifths by days since the last order, each with its share of those who bought."""
    silent = np.concatenate([window.at.features["recency_days"].to_numpy() for window in on.windows])
    edges = np.unique(np.quantile(silent, np.linspace(0, 1, BANDS + 1)[1:-1]))
    share = _smoothed(on.bought, _banded(silent, edges), len(edges) + 1)
    return lambda at: share[_banded(at.features["recency_days"].to_numpy(), edges)]


def _lately(at: Snapshot) -> Ints:
    """1 for whoever ordered within a horizon before the cutoff."""
    return (at.features["recency_days"].to_numpy() < at.horizon_days).astype(np.int64)


def fit_last_period(on: Training) -> Scorer:
    """Whoever ordered in the last period orders in the next, as often as was so before; others likewise."""
    share = _smoothed(on.bought, np.concatenate([_lately(window.at) for window in on.windows]), 2)
    return lambda at: share[_lately(at)]

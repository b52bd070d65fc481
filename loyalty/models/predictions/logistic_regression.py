"""Logistic regression on logarithms of what was known, pulled towards the shop's average; and what it says each time.

The pull (ridge) is as strong as an ordinary shop needs, and the search may only change it: with a few hundred
customers a weak one is where such regressions go wrong (`benchmarks/predict.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from loyalty.columns import Flags, Floats
from loyalty.models.predictions.feature_matrix import design
from loyalty.models.predictions.snapshot import Snapshot
from loyalty.models.predictions.training import Scorer, Training, best_of

PULLS = (100.0, 30.0, 300.0)  # ridge penalties on standardised columns, the usual one first
SEARCH_FROM = 3_000  # rows; below, the search itself would be chance
CLOSE = 1e-7  # of a column's spread: below, it says nothing


@dataclass(frozen=True)
class LogisticModel:
    """Log odds = `level` + weights · (x − mean) / sd over the columns of `design`, shape (k,) each."""

    level: float
    weights: Floats
    mean: Floats
    sd: Floats

    def parts(self, table: Floats) -> Floats:
        """What each column adds to the log odds of each row, shape (n, k), against the average customer."""
        return np.asarray((table - self.mean) / self.sd * self.weights)

    def odds(self, table: Floats) -> Floats:
        """Log odds of each row, shape (n,)."""
        return np.asarray(self.level + self.parts(table).sum(axis=1))

    def __call__(self, at: Snapshot) -> Floats:
        """P(buys within the horizon)."""
        return np.asarray(expit(self.odds(design(at.features))))


def fit_logistic_model(table: Floats, y: Flags, pull: float) -> LogisticModel:
    """The line of the highest likelihood less `pull`/2 × squared weights; the level is free. `y`: some True, some not."""
    mean, sd = table.mean(axis=0), table.std(axis=0)
    sd = np.where(sd > CLOSE, sd, 1.0)
    with threadpool_limits(1, "blas"):  # else threads cost several times what they save
        found = LogisticRegression(C=1 / pull, tol=1e-8, max_iter=500).fit((table - mean) / sd, y)
    return LogisticModel(float(found.intercept_[0]), found.coef_[0], mean, sd)


def search_ridge_penalty(on: Training) -> float:
    """The pull that was best on customers kept back; below SEARCH_FROM rows the usual one."""

    def with_pull(pull: float, known: Training) -> Scorer:
        return fit_logistic_model(known.table, known.bought, pull)

    return best_of(PULLS, with_pull, on) if on.rows >= SEARCH_FROM else PULLS[0]


def fit_logistic(on: Training) -> LogisticModel:
    """The line of the searched pull."""
    return fit_logistic_model(on.table, on.bought, search_ridge_penalty(on))

"""Logistic regression on logarithms of what was known, pulled towards the shop's average; and what it says each time.

The pull (ridge) is as strong as an ordinary shop needs, and the search may only change it: with a few hundred
customers a weak one is where such regressions go wrong (`benchmarks/predict.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from loyalty.models.predictions.feature_matrix import design
from loyalty.models.predictions.snapshot import Snapshot
from loyalty.models.predictions.training import Scorer, Training, best_of

Floats = npt.NDArray[np.float64]

PULLS = (100.0, 30.0, 300.0)  # ridge penalties on standardised columns, the usual one first
SEARCH_FROM = 3_000  # rows; below, the search itself would be chance
STEPS = 50
CLOSE = 1e-7


@dataclass(frozen=True)
class Line:
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


def fit_line(table: Floats, y: npt.NDArray[np.bool_], pull: float) -> Line:
    """The line of the highest likelihood less `pull`/2 × squared weights, by Newton's method."""
    mean, sd = table.mean(axis=0), table.std(axis=0)
    sd = np.where(sd > CLOSE, sd, 1.0)
    x = np.column_stack([np.ones(len(table)), (table - mean) / sd])
    ridge = np.append(CLOSE, np.full(table.shape[1], pull))
    share = np.clip(y.mean(), 1 / (2 * len(y)), 1 - 1 / (2 * len(y)))
    found = np.append(np.log(share / (1 - share)), np.zeros(table.shape[1]))
    for _ in range(STEPS):
        p = expit(x @ found)
        curve = (x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(curve, x.T @ (y - p) - ridge * found)
        found = found + step * min(1.0, 2 / max(float(np.abs(step).max()), CLOSE))
        if np.abs(step).max() < CLOSE:
            break
    return Line(float(found[0]), found[1:], mean, sd)


def searched_pull(on: Training) -> float:
    """The pull that was best on customers kept back; below SEARCH_FROM rows the usual one."""

    def with_pull(pull: float, known: Training) -> Scorer:
        return fit_line(known.table, known.bought, pull)

    return best_of(PULLS, with_pull, on) if on.rows >= SEARCH_FROM else PULLS[0]


def fit_logistic(on: Training) -> Line:
    """The line of the searched pull."""
    return fit_line(on.table, on.bought, searched_pull(on))

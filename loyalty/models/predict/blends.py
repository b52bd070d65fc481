"""Habit and regression together: their mean, and one stacked on the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from loyalty.models.predict.design import design
from loyalty.models.predict.habit import habit
from loyalty.models.predict.linear import PULLS, SEARCH_FROM, Line, fit_line, fit_logistic
from loyalty.models.predict.snapshot import Snapshot
from loyalty.models.predict.training import Scorer, Training, best_of

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Average:
    """The plain mean of what the habit says and what the line says."""

    line: Line

    def __call__(self, at: Snapshot) -> Floats:
        """P(buys within the horizon)."""
        return np.asarray((habit(at).p_buy + self.line(at)) / 2)


def fit_average(on: Training) -> Average:
    """The line from the past; the habit as of the day that is predicted from."""
    return Average(fit_logistic(on))


@dataclass(frozen=True)
class Stacked:
    """A line whose last column is the log odds that the habit gives."""

    line: Line

    def __call__(self, at: Snapshot) -> Floats:
        """P(buys within the horizon)."""
        return np.asarray(expit(self.line.odds(_table(at))))


def _table(at: Snapshot) -> Floats:
    return np.column_stack([design(at.features), habit(at).log_odds])


def fit_stacked(on: Training) -> Scorer:
    """A line on all columns and the habit's log odds at each window, with a searched pull."""
    tables = [_table(window.at) for window in on.windows]

    def with_pull(pull: float, known: Training) -> Scorer:
        return Stacked(fit_line(np.concatenate([_table(w.at) for w in known.windows]), known.bought, pull))

    pull = best_of(PULLS, with_pull, on) if on.rows >= SEARCH_FROM else PULLS[0]
    return Stacked(fit_line(np.concatenate(tables), on.bought, pull))

"""Habit and regression together: one stacked on the other, and the mean of all that speak."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from loyalty.columns import Floats
from loyalty.models.predictions.feature_matrix import design
from loyalty.models.predictions.logistic_regression import (
    LogisticModel,
    fit_logistic_model,
    search_ridge_penalty,
)
from loyalty.models.predictions.purchase_model import PurchaseModelScores, purchase_model_scores
from loyalty.models.predictions.snapshot import Snapshot
from loyalty.models.predictions.training import Training

STACKED_FROM = 1_000  # rows; with fewer, a second regression only adds noise of the same kind


@dataclass(frozen=True)
class StackedEnsemble:
    """A line whose last column is the log odds that the habit gives."""

    line: LogisticModel

    def __call__(self, at: Snapshot) -> Floats:
        """P(buys within the horizon)."""
        return self.given(at, purchase_model_scores(at))

    def given(self, at: Snapshot, own: PurchaseModelScores) -> Floats:
        """The same, where the habit at that day is known."""
        return np.asarray(expit(self.line.odds(_table(at, own))))


def _table(at: Snapshot, own: PurchaseModelScores) -> Floats:
    return np.column_stack([design(at.features), own.log_odds])


def _stacked(on: Training, pull: float) -> StackedEnsemble:
    """A line on all columns and the habit's log odds at each window."""
    return StackedEnsemble(
        fit_logistic_model(
            np.concatenate([_table(window.at, purchase_model_scores(window.at)) for window in on.windows]),
            on.bought,
            pull,
        )
    )


def fit_stacked_ensemble(on: Training) -> StackedEnsemble:
    """With the pull that is best for the plain line: the one column more hardly asks for another."""
    return _stacked(on, search_ridge_penalty(on))


@dataclass(frozen=True)
class MeanEnsemble:
    """The plain mean of what the habit says, what the line says, and `stacked` where there is one."""

    line: LogisticModel
    stacked: StackedEnsemble | None = None

    def __call__(self, at: Snapshot) -> Floats:
        """P(buys within the horizon)."""
        own = purchase_model_scores(at)
        said = [own.p_buy, self.line(at)]
        if self.stacked is not None:
            said.append(self.stacked.given(at, own))
        return np.asarray(np.mean(said, axis=0))


def fit_mean_ensemble(on: Training) -> MeanEnsemble:
    """The line from the past, the habit as of the day that is predicted from, and from STACKED_FROM rows on the stacked line."""
    pull = search_ridge_penalty(on)
    line = fit_logistic_model(on.table, on.bought, pull)
    return MeanEnsemble(line, _stacked(on, pull) if on.rows >= STACKED_FROM else None)

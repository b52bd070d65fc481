"""Ensembles of the purchase model and the logistic regression: stacked, and the plain mean."""

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
from loyalty.models.predictions.training import TrainingData

STACKED_FROM = 1_000  # rows; with fewer, a second regression only adds more of the same noise


@dataclass(frozen=True)
class StackedEnsemble:
    """A logistic regression with the log odds of the purchase model as its last column."""

    regression: LogisticModel

    def __call__(self, at: Snapshot) -> Floats:
        """P(buys within the horizon)."""
        return self.score_with(at, purchase_model_scores(at))

    def score_with(self, at: Snapshot, scores: PurchaseModelScores) -> Floats:
        """P(buys within the horizon), given the purchase model's scores of that snapshot."""
        return np.asarray(expit(self.regression.log_odds(_table(at, scores))))


def _table(at: Snapshot, scores: PurchaseModelScores) -> Floats:
    return np.column_stack([design(at.features), scores.log_odds])


def _fit_stacked(training: TrainingData, ridge_penalty: float) -> StackedEnsemble:
    return StackedEnsemble(
        fit_logistic_model(
            np.concatenate(
                [
                    _table(window.snapshot, purchase_model_scores(window.snapshot))
                    for window in training.windows
                ]
            ),
            training.bought,
            ridge_penalty,
        )
    )


def fit_stacked_ensemble(training: TrainingData) -> StackedEnsemble:
    """Fit with the ridge penalty that is best without the extra column, which hardly changes it."""
    return _fit_stacked(training, search_ridge_penalty(training))


@dataclass(frozen=True)
class MeanEnsemble:
    """The mean probability of the purchase model, the logistic regression and the stacked model, if there is one."""

    regression: LogisticModel
    stacked: StackedEnsemble | None = None

    def __call__(self, at: Snapshot) -> Floats:
        """P(buys within the horizon)."""
        scores = purchase_model_scores(at)
        probabilities = [scores.p_buy, self.regression(at)]
        if self.stacked is not None:
            probabilities.append(self.stacked.score_with(at, scores))
        return np.asarray(np.mean(probabilities, axis=0))


def fit_mean_ensemble(training: TrainingData) -> MeanEnsemble:
    """Fit the regression, and from STACKED_FROM rows on the stacked model too; the purchase model is fitted to each snapshot."""
    ridge_penalty = search_ridge_penalty(training)
    regression = fit_logistic_model(training.table, training.bought, ridge_penalty)
    return MeanEnsemble(
        regression, _fit_stacked(training, ridge_penalty) if training.rows >= STACKED_FROM else None
    )

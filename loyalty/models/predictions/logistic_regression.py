"""Logistic regression with a ridge penalty on the features, and the contribution of each column to a prediction.

The default penalty suits ordinary shops and is only searched with many rows: with a few hundred customers, a weak penalty
is where such regressions go wrong (`benchmarks/predict.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from loyalty.columns import Flags, Floats
from loyalty.models.predictions.feature_matrix import design
from loyalty.models.predictions.snapshot import Snapshot
from loyalty.models.predictions.training import Scorer, TrainingData, best_setting

RIDGE_PENALTIES = (100.0, 30.0, 300.0)  # on standardised columns, the default first
SEARCH_FROM = 3_000  # rows; with fewer, the search would follow chance
LEAST_SD = 1e-7  # of a column's standard deviation: below, the column is constant


@dataclass(frozen=True)
class LogisticModel:
    """Log odds = `intercept` + weights · (x − mean) / sd over the columns of `design`; shape (k,) each."""

    intercept: float
    weights: Floats
    mean: Floats
    sd: Floats

    def contributions(self, table: Floats) -> Floats:
        """What each column adds to the log odds of each row, relative to the average customer; shape (n, k)."""
        return np.asarray((table - self.mean) / self.sd * self.weights)

    def log_odds(self, table: Floats) -> Floats:
        """Log odds of each row, shape (n,)."""
        return np.asarray(self.intercept + self.contributions(table).sum(axis=1))

    def __call__(self, at: Snapshot) -> Floats:
        """P(buys within the horizon)."""
        return np.asarray(expit(self.log_odds(design(at.features))))


def fit_logistic_model(table: Floats, y: Flags, ridge_penalty: float) -> LogisticModel:
    """Maximise the likelihood less `ridge_penalty`/2 × squared weights; the intercept is not penalised.

    Args:
        table: features, shape (n, k).
        y: whether each customer bought, shape (n,); both must occur.
        ridge_penalty: on the weights of the standardised columns.
    """
    mean, sd = table.mean(axis=0), table.std(axis=0)
    sd = np.where(sd > LEAST_SD, sd, 1.0)
    fitted = LogisticRegression(C=1 / ridge_penalty, tol=1e-8, max_iter=500).fit((table - mean) / sd, y)
    return LogisticModel(float(fitted.intercept_[0]), fitted.coef_[0], mean, sd)


def search_ridge_penalty(training: TrainingData) -> float:
    """The ridge penalty that is best on validation customers; below SEARCH_FROM rows the default one."""

    def fit_with(ridge_penalty: float, part: TrainingData) -> Scorer:
        return fit_logistic_model(part.table, part.bought, ridge_penalty)

    return (
        best_setting(RIDGE_PENALTIES, fit_with, training)
        if training.rows >= SEARCH_FROM
        else RIDGE_PENALTIES[0]
    )


def fit_logistic(training: TrainingData) -> LogisticModel:
    """Fit with the ridge penalty that the search finds best."""
    return fit_logistic_model(training.table, training.bought, search_ridge_penalty(training))

"""Tree methods: a decision tree, a random forest and gradient boosting, each with a small grid search of its size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from loyalty.columns import Flags, Floats
from loyalty.models.predictions.feature_matrix import design
from loyalty.models.predictions.snapshot import Snapshot
from loyalty.models.predictions.training import Scorer, TrainingData, best_setting

S = TypeVar("S")

DEPTHS = (3, 2, 4)
LEAVES = (20, 50)  # least customers in a leaf of a forest's tree
FOREST = 100
BOOSTED = ((4, 60), (8, 60))  # leaves of a tree, trees


class Classifier(Protocol):
    """The interface of scikit-learn's classifiers."""

    def fit(self, table: Floats, y: Flags) -> object:
        """Fit to features, shape (n, k), and whether each customer bought, shape (n,)."""

    def predict_proba(self, table: Floats) -> Floats:
        """P(does not buy), P(buys) of each row; shape (n, 2)."""


def fit_classifier(classifier: Classifier, training: TrainingData) -> Scorer:
    """Fit a classifier with one thread, so that equal data give equal figures."""
    with threadpool_limits(1):
        classifier.fit(training.table, training.bought)

    def score(at: Snapshot) -> Floats:
        with threadpool_limits(1):
            return np.asarray(classifier.predict_proba(design(at.features))[:, 1])

    return score


def search_and_fit(
    grid: tuple[S, ...], make: Callable[[S, int], Classifier], training: TrainingData
) -> Scorer:
    """Search a grid for the best setting, and fit it on all training data."""
    best = best_setting(
        grid, lambda setting, part: fit_classifier(make(setting, training.seed), part), training
    )
    return fit_classifier(make(best, training.seed), training)


def fit_tree(training: TrainingData) -> Scorer:
    """Fit a decision tree (CART), its depth searched."""
    return search_and_fit(
        DEPTHS,
        lambda depth, seed: DecisionTreeClassifier(max_depth=depth, min_samples_leaf=20, random_state=seed),
        training,
    )


def fit_forest(training: TrainingData) -> Scorer:
    """Fit a random forest of 100 trees, the size of its leaves searched."""
    return search_and_fit(
        LEAVES,
        lambda leaf, seed: RandomForestClassifier(FOREST, min_samples_leaf=leaf, random_state=seed, n_jobs=1),
        training,
    )


def fit_boosted(training: TrainingData) -> Scorer:
    """Fit histogram gradient boosting, the size and number of its trees searched."""

    def make(setting: tuple[int, int], seed: int) -> Classifier:
        leaves, rounds = setting
        classifier: Classifier = HistGradientBoostingClassifier(
            max_leaf_nodes=leaves,
            max_iter=rounds,
            learning_rate=0.05,
            l2_regularization=1.0,
            random_state=seed,
        )
        return classifier

    return search_and_fit(BOOSTED, make, training)

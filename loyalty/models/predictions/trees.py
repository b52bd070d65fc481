"""Trees: one, a forest of them, and boosted ones, each with a small search of its size on customers kept back."""

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
from loyalty.models.predictions.training import Scorer, Training, best_of

S = TypeVar("S")

DEPTHS = (3, 2, 4)
LEAVES = (20, 50)  # least customers in a leaf of a forest's tree
FOREST = 100
BOOSTED = ((4, 60), (8, 60))  # leaves of a tree, trees


class Classifier(Protocol):
    """What scikit-learn's classifiers have in common."""

    def fit(self, table: Floats, y: Flags) -> object:
        """Learn from rows and whether each bought."""

    def predict_proba(self, table: Floats) -> Floats:
        """P(not), P(bought) of each row, shape (n, 2)."""


def scorer_of(made: Classifier, on: Training) -> Scorer:
    """Fit on all rows, with one thread, so that equal data give equal figures."""
    with threadpool_limits(1):
        made.fit(on.table, on.bought)

    def score(at: Snapshot) -> Floats:
        with threadpool_limits(1):
            return np.asarray(made.predict_proba(design(at.features))[:, 1])

    return score


def searched(grid: tuple[S, ...], make: Callable[[S, int], Classifier], on: Training) -> Scorer:
    """The best of a grid, fitted on everything."""
    best = best_of(grid, lambda setting, known: scorer_of(make(setting, on.seed), known), on)
    return scorer_of(make(best, on.seed), on)


def fit_tree(on: Training) -> Scorer:
    """One decision tree (CART), its depth searched."""
    return searched(
        DEPTHS,
        lambda depth, seed: DecisionTreeClassifier(max_depth=depth, min_samples_leaf=20, random_state=seed),
        on,
    )


def fit_forest(on: Training) -> Scorer:
    """A random forest of 100 trees, the size of its leaves searched."""
    return searched(
        LEAVES,
        lambda leaf, seed: RandomForestClassifier(FOREST, min_samples_leaf=leaf, random_state=seed, n_jobs=1),
        on,
    )


def fit_boosted(on: Training) -> Scorer:
    """Gradient boosting over histograms, the size and number of its trees searched."""

    def make(setting: tuple[int, int], seed: int) -> Classifier:
        leaves, rounds = setting
        found: Classifier = HistGradientBoostingClassifier(
            max_leaf_nodes=leaves,
            max_iter=rounds,
            learning_rate=0.05,
            l2_regularization=1.0,
            random_state=seed,
        )
        return found

    return searched(BOOSTED, make, on)

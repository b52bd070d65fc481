"""Training data (snapshots of earlier days with their outcomes) and what a candidate method is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import pandas as pd

from loyalty.columns import Flags, Floats
from loyalty.models.predictions.feature_matrix import design
from loyalty.models.predictions.metrics import log_loss
from loyalty.models.predictions.snapshot import Example, Snapshot

Scorer = Callable[[Snapshot], Floats]
T = TypeVar("T")

VALIDATION_SHARE = 0.3  # of customers, in a search for a setting


@dataclass(frozen=True)
class TrainingData:
    """The `windows` that a method learns from: examples, the newest first, none ending after the day of the prediction.

    Equal seeds give equal fits.
    """

    windows: tuple[Example, ...]
    seed: int = 0

    @property
    def rows(self) -> int:
        """Number of training rows: the customers of all windows together."""
        return sum(len(window.snapshot) for window in self.windows)

    @property
    def bought(self) -> Flags:
        """Whether each customer bought, window after window; shape (rows,)."""
        parts = [window.outcome.bought for window in self.windows]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=bool)

    @property
    def table(self) -> Floats:
        """The feature matrix of all windows (see `design`), shape (rows, k)."""
        return np.concatenate([design(window.snapshot.features) for window in self.windows])

    @property
    def has_both_outcomes(self) -> bool:
        """Whether some customers bought and some did not; otherwise nothing can be learned."""
        return bool(0 < self.bought.sum() < self.rows)

    def at_most(self, rows: int) -> TrainingData:
        """A sample of customers, the same in each window, of about `rows` rows in total."""
        if self.rows <= rows:
            return self
        return self.split(rows / self.rows)[0]

    def split(self, share: float) -> tuple[TrainingData, TrainingData]:
        """Split by customer: about `share` of them, drawn by id and seed, and the others."""
        drawn = [_uniform_by_id(window.snapshot, self.seed) < share for window in self.windows]
        return self._part(drawn), self._part([~flags for flags in drawn])

    def _part(self, chosen: Sequence[Flags]) -> TrainingData:
        windows = [
            window.part(flags) for window, flags in zip(self.windows, chosen, strict=True) if flags.any()
        ]
        return replace(self, windows=tuple(windows))


def _uniform_by_id(at: Snapshot, seed: int) -> Floats:
    """A number in [0, 1) for each customer, determined by id and seed alone; shape (n,)."""
    hashed = pd.util.hash_array(at.history.customer_id, hash_key=f"{seed:016d}", categorize=False)
    return np.asarray(hashed / 2.0**64)


def best_setting(grid: Sequence[T], fit: Callable[[T, TrainingData], Scorer], training: TrainingData) -> T:
    """Search a grid for the setting with the least log loss on validation customers; the first where there are too few.

    Args:
        grid: the settings to try, the default one first.
        fit: fits a method with a setting to training data.
        training: split by customer into a fitting and a validation part.
    """
    fitting, validation = training.split(1 - VALIDATION_SHARE)
    if not (fitting.has_both_outcomes and validation.has_both_outcomes):
        return grid[0]

    def loss(setting: T) -> float:
        scorer = fit(setting, fitting)
        p_buy = np.concatenate([scorer(window.snapshot) for window in validation.windows])
        return log_loss(validation.bought, p_buy)

    return min(grid, key=loss)


@dataclass(frozen=True)
class Candidate:
    """A method that takes part in model selection.

    `title`, `description`: for the reader. `fit(training)` returns a scorer: a function from a snapshot to P(buys within
    the horizon), shape (n,). `learns`: whether it needs training data; `max_rows`: it is fitted on a sample of at most
    so many rows, as some methods grow slow; `installed`: whether its library is installed.
    """

    name: str
    title: str
    description: str
    fit: Callable[[TrainingData], Scorer]
    learns: bool = True
    max_rows: int = 60_000
    installed: Callable[[], bool] = field(default=lambda: True)

    def ready(self, training: TrainingData) -> bool:
        """Whether it can be fitted to this training data."""
        return self.installed() and (not self.learns or training.has_both_outcomes)

    def learn(self, training: TrainingData) -> Scorer:
        """Fit it on at most `max_rows` rows."""
        return self.fit(training.at_most(self.max_rows) if self.learns else training)

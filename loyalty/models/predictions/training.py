"""What a method may learn from: snapshots of earlier days whose horizon was over by then."""

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

HELD = 0.3  # share of customers that a search keeps back


@dataclass(frozen=True)
class Training:
    """`windows`: examples, the newest first, none of which ends after the day that is predicted from. Equal seeds give
    equal fits."""

    windows: tuple[Example, ...]
    seed: int = 0

    @property
    def rows(self) -> int:
        """Customers of all windows, each as often as they are in one."""
        return sum(len(window.at) for window in self.windows)

    @property
    def bought(self) -> Flags:
        """Whether they bought, window after window."""
        parts = [window.became.bought for window in self.windows]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=bool)

    @property
    def table(self) -> Floats:
        """`design` of all windows, shape (rows, k)."""
        return np.concatenate([design(window.at.features) for window in self.windows])

    @property
    def tells(self) -> bool:
        """Whether there is anything to learn: some bought and some did not."""
        return bool(0 < self.bought.sum() < self.rows)

    def at_most(self, rows: int) -> Training:
        """A sample of the customers, the same in each window, with about `rows` rows in all."""
        if self.rows <= rows:
            return self
        return self.of_share(rows / self.rows)[0]

    def of_share(self, share: float) -> tuple[Training, Training]:
        """Two parts by customers: about `share` of them, drawn by their id and the seed, and the others."""
        drawn = [_drawn(window.at, self.seed) < share for window in self.windows]
        return self._where(drawn), self._where([~flags for flags in drawn])

    def _where(self, chosen: Sequence[Flags]) -> Training:
        kept = [window.part(flags) for window, flags in zip(self.windows, chosen, strict=True) if flags.any()]
        return replace(self, windows=tuple(kept))


def _drawn(at: Snapshot, seed: int) -> Floats:
    """A number in [0, 1) for each customer that hangs on the id and the seed alone."""
    hashed = pd.util.hash_array(at.known.customer_id, hash_key=f"{seed:016d}", categorize=False)
    return np.asarray(hashed / 2.0**64)


def best_of(grid: Sequence[T], fit: Callable[[T, Training], Scorer], on: Training) -> T:
    """The setting with the least log loss on customers that were kept back; the first where that cannot be told."""
    known, held = on.of_share(1 - HELD)
    if not (known.tells and held.tells):
        return grid[0]

    def loss(setting: T) -> float:
        scorer = fit(setting, known)
        return log_loss(held.bought, np.concatenate([scorer(window.at) for window in held.windows]))

    return min(grid, key=loss)


@dataclass(frozen=True)
class Candidate:
    """A method. `title`: what it is called; `gloss`: what it goes by, in plain words; `family`: "rule", "habit",
    "learned" or "blend".

    `fit(training)` learns and gives a function from a snapshot to P(buys within the horizon), shape (n,). `learns`:
    whether it needs a past at all; `most`: rows it is given at most, as some grow slow with many; `there`: whether
    what it needs is installed.
    """

    name: str
    title: str
    gloss: str
    family: str
    fit: Callable[[Training], Scorer]
    learns: bool = True
    most: int = 60_000
    there: Callable[[], bool] = field(default=lambda: True)

    def ready(self, on: Training) -> bool:
        """Whether it can take part."""
        return self.there() and (not self.learns or on.tells)

    def learn(self, on: Training) -> Scorer:
        """`fit` on no more rows than it can take."""
        return self.fit(on.at_most(self.most) if self.learns else on)

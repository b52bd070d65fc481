"""The highest point of a likelihood over parameters above 0, with or without a prior, and how sharp it is.

Searches are in logarithms of the parameters. Written out here, as four parameters need no library: the
libraries' own searches spend most of their time on starting threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

REACH = 12.0  # a search stays within e^±12 of where it is centred
LONGEST = 1.5  # of one step, in logarithms
SHORTEST = 1e-7
ROUGHLY = 1e-5  # BFGS hands over to Newton when its next step would gain less than this in log-likelihood
CLOSE = 1e-8  # and Newton ends here
EQUAL = 1e-6  # of a log-likelihood: ends that differ by less are equally high
STEP = 1e-4  # of a difference of gradients
ROUNDS = 200
NEWTON_ROUNDS = 15
#: Where searches begin, in logarithms relative to the centre.
STARTS = np.array(
    [[0, 0, 0, 0], [-1, -1, 1, 1], [1, 1, 0, 1], [-1, 0, -1.5, -1], [1, 1.5, 1, -1]], dtype=np.float64
)


@dataclass(frozen=True)
class Objective:
    """What is maximised over theta, shape (k,): a log-likelihood with its gradient, and a prior if any.

    `sd`: the prior says that ln theta is normal around ln `centre` with this standard deviation; None for
    no prior.
    """

    likelihood: Callable[[Floats], tuple[float, Floats]]
    centre: Floats
    sd: float | None = None

    @property
    def middle(self) -> Floats:
        """ln `centre`."""
        return np.asarray(np.log(self.centre), dtype=np.float64)

    def at(self, logs: Floats) -> tuple[float, Floats]:
        """Value and gradient at ln theta, the prior included."""
        theta = np.exp(logs)
        value, slope = self.likelihood(theta)
        if self.sd is None:
            return value, slope * theta
        away = (logs - self.middle) / self.sd
        return value - 0.5 * float(away @ away), slope * theta - away / self.sd

    def within(self, logs: Floats) -> Floats:
        """`logs`, brought back within reach."""
        return np.clip(logs, self.middle - REACH, self.middle + REACH)

    def curvature(self, logs: Floats) -> Floats:
        """Minus the matrix of second derivatives in ln theta, by central differences of the gradient."""
        steps = STEP * np.eye(len(logs))
        matrix = np.array([self.at(logs - step)[1] - self.at(logs + step)[1] for step in steps]) / (2 * STEP)
        return np.asarray((matrix + matrix.T) / 2, dtype=np.float64)


@dataclass(frozen=True)
class Optimum:
    """The highest point found. `log_likelihood` leaves the prior out; `covariance` is that of ln theta.

    `covariance` is None where the search did not end at a maximum within reach.
    """

    theta: Floats
    log_likelihood: float
    covariance: Floats | None


def maximise(objective: Objective) -> Optimum:
    """Search from the centre, then from other starts until one ends at a maximum; else the highest end.

    Two searches that end equally high, and at no maximum, went up the same ridge: others would as well.
    """
    ends: list[Optimum] = []
    for found in _searches(objective):
        if found.covariance is not None:
            return found
        ridge = any(abs(found.log_likelihood - end.log_likelihood) < _alike(end) for end in ends)
        ends.append(found)
        if ridge:
            break
    return max(ends, key=lambda end: end.log_likelihood)


def _alike(end: Optimum) -> float:
    """What two log-likelihoods may differ by and be called equally high."""
    return EQUAL * max(1.0, abs(end.log_likelihood))


def _searches(objective: Objective) -> Iterator[Optimum]:
    for start in STARTS[:, : len(objective.centre)]:
        logs, covariance = _newton(objective, _climb(objective, objective.middle + start))
        theta = np.exp(logs)
        yield Optimum(theta, float(objective.likelihood(theta)[0]), covariance)


def _climb(objective: Objective, logs: Floats) -> Floats:
    """BFGS (Nocedal & Wright 2006, chapter 6) until the next step would gain little."""
    value, slope = objective.at(logs)
    inverse = np.eye(len(logs)) / max(float(np.abs(slope).max()), 1.0)
    for _ in range(ROUNDS):
        step = inverse @ slope
        step *= min(1.0, LONGEST / float(np.abs(step).max() + SHORTEST))
        if slope @ step < ROUGHLY:
            break
        there, (higher, next_slope) = _line(objective, logs, value, slope, step)
        moved, bent = there - logs, slope - next_slope
        if np.abs(moved).max() < SHORTEST:
            break
        if moved @ bent > 0:
            inverse = _updated(inverse, moved, bent)
        logs, value, slope = there, higher, next_slope
    return logs


def _line(
    objective: Objective, logs: Floats, value: float, slope: Floats, step: Floats
) -> tuple[Floats, tuple[float, Floats]]:
    """Go along `step`, or a part of it, so far that the objective rises (Armijo's rule)."""
    while True:
        there = objective.within(logs + step)
        found = objective.at(there)
        if found[0] >= value + 1e-4 * float(slope @ (there - logs)) or np.abs(step).max() < SHORTEST:
            return there, found
        step = step / 3


def _updated(inverse: Floats, moved: Floats, bent: Floats) -> Floats:
    """The next estimate of the inverse curvature, equation (6.17) there."""
    rho = 1 / (moved @ bent)
    left = np.eye(len(moved)) - rho * np.outer(moved, bent)
    return np.asarray(left @ inverse @ left.T + rho * np.outer(moved, moved), dtype=np.float64)


def _newton(objective: Objective, logs: Floats) -> tuple[Floats, Floats | None]:
    """Newton's steps to the top, and the inverse curvature there; None where it is no maximum within reach."""
    for _ in range(NEWTON_ROUNDS):
        value, slope = objective.at(logs)
        values, vectors = np.linalg.eigh(objective.curvature(logs))
        if values[0] <= 0 or np.abs(logs - objective.middle).max() >= REACH:
            return logs, None
        covariance = (vectors / values) @ vectors.T
        step = covariance @ slope
        if slope @ step < 2 * CLOSE:
            return logs, np.asarray(covariance, dtype=np.float64)
        step *= min(1.0, LONGEST / float(np.abs(step).max()))
        logs, _ = _line(objective, logs, value, slope, step)
    return logs, None

"""Maximum likelihood over positive parameters, with or without a prior, and the curvature at the maximum.

Searches are scipy's L-BFGS-B (Byrd, Lu, Nocedal & Zhu 1995) in logarithms of the parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # published without types

from loyalty.columns import Floats

REACH = 12.0  # a search stays within e^±12 of where it is centred
SHORT = 0.01  # of Newton's last step, in logarithms; on a ridge that flattens out for ever it stays near 1
EQUAL = 1e-6  # of a log-likelihood: ends that differ by less are equally high
STEP = 1e-4  # of a difference of gradients
SEARCH = {"ftol": 1e-13, "gtol": 1e-6, "maxiter": 500}
THREADS = ThreadpoolController()  # starting a thread takes longer than a step of so few parameters
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

    def curvature(self, logs: Floats) -> Floats:
        """Minus the matrix of second derivatives in ln theta, by central differences of the gradient."""
        steps = STEP * np.eye(len(logs))
        matrix = np.array([self.at(logs - step)[1] - self.at(logs + step)[1] for step in steps]) / (2 * STEP)
        return np.asarray((matrix + matrix.T) / 2, dtype=np.float64)


@dataclass(frozen=True)
class Optimum:
    """The highest point of a search. `log_likelihood` leaves the prior out; `covariance` is that of ln theta.

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
    for start in STARTS[:, : len(objective.centre)]:
        optimum = _search(objective, objective.middle + start)
        if optimum.covariance is not None:
            return optimum
        alike = EQUAL * max(1.0, abs(optimum.log_likelihood))
        ridge = any(abs(optimum.log_likelihood - end.log_likelihood) < alike for end in ends)
        ends.append(optimum)
        if ridge:
            break
    return max(ends, key=lambda end: end.log_likelihood)


def _search(objective: Objective, start: Floats) -> Optimum:
    """Climb from `start`; the curvature at the end tells a maximum from a ridge, gives the covariance and one last Newton step."""

    def downhill(logs: Floats) -> tuple[float, Floats]:
        value, slope = objective.at(logs)
        return -value, -slope

    bounds = [(low - REACH, low + REACH) for low in objective.middle]
    with THREADS.limit(limits=1, user_api="blas"):
        logs = minimize(downhill, start, jac=True, method="L-BFGS-B", bounds=bounds, options=SEARCH).x
    slope, (values, vectors) = objective.at(logs)[1], np.linalg.eigh(objective.curvature(logs))
    covariance = None
    if values[0] > 0 and np.abs(logs - objective.middle).max() < REACH:
        inverse = (vectors / values) @ vectors.T
        step = inverse @ slope
        if np.abs(step).max() < SHORT:
            logs, covariance = logs + step, inverse
    theta = np.exp(logs)
    return Optimum(theta, float(objective.likelihood(theta)[0]), covariance)

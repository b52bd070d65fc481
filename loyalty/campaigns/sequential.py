"""Group sequential analysis: interim looks at a result without a higher error rate.

A campaign has four looks, at the quarters of its duration. Each look's range is widened so that all four together are
wrong at most 5 times in 100: the error is spent as Lan & DeMets (1983), "Discrete sequential boundaries for clinical trials",
Biometrika 70, propose after O'Brien & Fleming, for each side α*(t) = 2(1 − Φ(z_{α/4} / √t)). Ranges at a boundary's level are the
repeated confidence intervals of Jennison & Turnbull (1989).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

LOOKS = (0.25, 0.5, 0.75, 1.0)  # shares of the duration
STEPS = 801  # points of the grid that the density between the boundaries is kept on


def error_spent(t: float, alpha: float = 0.05) -> float:
    """Two-sided error spent up to the share `t` in (0, 1] of the information."""
    return float(4 * norm.sf(norm.isf(alpha / 4) / np.sqrt(t)))


@lru_cache(maxsize=32)
def boundaries(times: tuple[float, ...] = LOOKS, alpha: float = 0.05) -> tuple[float, ...]:
    """Two-sided z boundary of each look; `times`: ascending shares of the information, the last usually 1.

    Armitage, McPherson & Rowe (1969): the density of the score B(t) = z√t among paths that passed no earlier boundary is
    carried from look to look by numerical integration.

    >>> [round(z, 3) for z in boundaries()]
    [4.333, 2.963, 2.359, 2.014]
    """
    limits: list[float] = []
    grid, density, before, used = np.array([0.0]), np.array([1.0]), 0.0, 0.0
    for t in times:
        allowed, step = error_spent(t, alpha) - used, np.sqrt(t - before)
        edge = float(brentq(_short, 0.0, 12.0 * np.sqrt(t), args=(grid, density, step, allowed), xtol=1e-9))
        limits.append(edge / float(np.sqrt(t)))
        wider = np.linspace(-edge, edge, STEPS)
        weights = np.full(STEPS, wider[1] - wider[0])
        weights[[0, -1]] /= 2
        kernel = norm.pdf((wider[:, None] - grid[None, :]) / step) / step
        grid, density, before, used = wider, (kernel @ density) * weights, t, error_spent(t, alpha)
    return tuple(limits)


def _short(edge: float, grid: np.ndarray, density: np.ndarray, step: float, allowed: float) -> float:
    """How much more than `allowed` passes ±`edge` in one step from the paths on `grid`."""
    passing = norm.sf((edge - grid) / step) + norm.cdf((-edge - grid) / step)
    return float(density @ passing) - allowed


def looks_reached(elapsed: float, looks: Sequence[float] = LOOKS) -> int:
    """Number of looks reached at the share `elapsed` of the duration; 0 before the first."""
    return sum(elapsed >= look - 1e-9 for look in looks)


def look_level(look: int, looks: tuple[float, ...] = LOOKS) -> float:
    """Confidence level of the range at a look (the first is 1), such as .956 at the last of four."""
    return float(1 - 2 * norm.sf(boundaries(looks)[look - 1]))

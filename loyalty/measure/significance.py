"""Tests of differences between groups: the difference of two shares, and false-discovery rates."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr
from scipy.stats import false_discovery_control

from loyalty.columns import Floats

Z95 = 1.959963984540054  # two-sided 95 % of a normal distribution
FALSE_DISCOVERY_RATE = 0.05  # of the groups named, one in twenty may be named by chance


def q_values(p_values: npt.ArrayLike, tests: int | None = None) -> Floats:
    """q-values of Benjamini & Hochberg (1995), shape (n,), in the order of `p_values`.

    `tests`: how many tests were made, n or more, when `p_values` holds only those of interest (the rest count as p = 1,
    which can only raise q).
    """
    p = np.asarray(p_values, dtype=np.float64)
    q = false_discovery_control(p) * (tests or len(p)) / max(len(p), 1)
    return np.asarray(np.minimum(q, 1.0), dtype=np.float64)


def share_difference_p_values(
    a: npt.ArrayLike, n_a: npt.ArrayLike, b: npt.ArrayLike, n_b: npt.ArrayLike
) -> Floats:
    """Two-sided p-values of "the shares `a` and `b` are equal", by the arcsine transform; 1 where n is 0.

    z = 2 (asin sqrt(a) - asin sqrt(b)) / sqrt(1/n_a + 1/n_b)

    One of the five tests that Klein, Logan, Harhoff & Andersen (2007), "Analyzing survival curves at a fixed point
    in time", compare; unlike the log-log one it has a value when nobody or everybody in a group bought again. `n_…`:
    people asked, or for Kaplan-Meier shares the effective number (see `loyalty.measure.group_repurchase`).
    All of shape (n,), shares in [0, 1].
    """
    one, other = (np.arcsin(np.sqrt(np.asarray(share, dtype=np.float64))) for share in (a, b))
    sizes = [np.asarray(n, dtype=np.float64) for n in (n_a, n_b)]
    asked = (sizes[0] > 0) & (sizes[1] > 0)
    spread = np.sqrt(sum(1.0 / np.where(asked, n, 1.0) for n in sizes))
    z = 2.0 * (one - other) / spread
    return np.where(asked, 2.0 * ndtr(-np.abs(z)), 1.0)

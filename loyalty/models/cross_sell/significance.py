"""Significance of pairs of products: Fisher's exact test, lower bound of lift, shrunk lift."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from loyalty.columns import Floats
from loyalty.measure.significance import Z95

PRIOR = 5.0  # pseudo-baskets added to both sides of a lift: rare pairs shrink towards 1


def fisher_upper_tail(
    count: npt.ArrayLike, a: npt.ArrayLike, b: npt.ArrayLike, baskets: npt.ArrayLike
) -> Floats:
    """P(X >= count) of Fisher's exact test, one-sided: X is hypergeometric under independence.

    `count`: baskets that hold both sides, `a` the antecedent, `b` the consequent, all of shape (n,), out of
    `baskets` (one number, or one for each). The tail away from the mode is summed term by term, so that
    small probabilities keep their digits.
    """
    x, a, b = (np.asarray(value, dtype=np.float64) for value in (count, a, b))
    n = np.broadcast_to(np.asarray(baskets, dtype=np.float64), x.shape)
    upper = x > (a + 1) * (b + 1) / (n + 2)
    start = np.where(upper, x, x - 1)
    tail = _tail(start, a, b, n, np.where(upper, 1.0, -1.0))
    return np.clip(np.where(upper, tail, 1.0 - tail), 0.0, 1.0)


def _tail(start: Floats, a: Floats, b: Floats, n: Floats, step: Floats) -> Floats:
    """Sum of the probabilities from `start` upwards (step 1) or downwards (-1), until the terms are negligible."""
    lowest, highest = np.maximum(0.0, a + b - n), np.minimum(a, b)
    total = np.zeros_like(start)
    live = np.flatnonzero((start >= lowest) & (start <= highest))
    k = start[live]
    term = np.exp(_log_probability(k, a[live], b[live], n[live]))
    while len(live):
        total[live] += term
        only_a, only_b = a[live] - k, b[live] - k
        neither = n[live] - a[live] - only_b
        upwards = only_a * only_b / ((k + 1) * (neither + 1))
        downwards = k * neither / ((only_a + 1) * (only_b + 1))
        term, k = term * np.where(step[live] > 0, upwards, downwards), k + step[live]
        counts = term > total[live] * 1e-16
        live, k, term = live[counts], k[counts], term[counts]
    return total


def _log_probability(k: Floats, a: Floats, b: Floats, n: Floats) -> Floats:
    """Log of C(a, k) C(n - a, b - k) / C(n, b)."""
    return _log_choose(a, k) + _log_choose(n - a, b - k) - _log_choose(n, b)


def _log_choose(n: Floats, k: Floats) -> Floats:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1), dtype=np.float64)


def lift_low(count: npt.ArrayLike, a: npt.ArrayLike, b: npt.ArrayLike, baskets: int) -> Floats:
    """Lower 95 % bound of lift: the Wilson (1927) bound of the confidence count ÷ a, over the share of b.

    The consequent's share is of all baskets and is taken as exact. Written out for whole arrays: scipy's bound takes
    one share at a time, half a millisecond each.
    """
    x, a, b = (np.asarray(value, dtype=np.float64) for value in (count, a, b))
    p, z2 = x / a, Z95 * Z95
    low = (p + z2 / (2 * a) - Z95 * np.sqrt(p * (1 - p) / a + z2 / (4 * a * a))) / (1 + z2 / a)
    return np.maximum(low, 0.0) * baskets / b


def shrunk_lift(count: npt.ArrayLike, expected: npt.ArrayLike) -> Floats:
    """(count + 5) / (expected + 5), the lift to expect later; `expected`: baskets with both by chance."""
    return (np.asarray(count, dtype=np.float64) + PRIOR) / (np.asarray(expected, dtype=np.float64) + PRIOR)

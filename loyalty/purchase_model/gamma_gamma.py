"""Gamma-Gamma (Fader & Hardie 2013): spend a purchase day, independent of purchase frequency.

A day's spend is Gamma(p, nu) and nu ~ Gamma(q, v) differs from customer to customer. Searched in (p, q - 1,
v), so that the mean spend p v / (q - 1) exists.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

from loyalty.columns import Floats, Ints
from loyalty.purchase_model.histories import Histories

#: (p, q - 1, v) of an ordinary shop whose mean spend is 1.
TYPICAL = (5.0, 2.5, 0.5)


@dataclass(frozen=True)
class Spend:
    """Purchase days (`count`) and their mean value (`mean`) for each customer; shape (n,).

    A customer without any, or whose mean is not above 0, has count 0 and mean 0.
    """

    count: Floats
    mean: Floats


def spend(history: Histories, *, first: bool = True) -> Spend:
    """Mean spend a purchase day, with the first purchase day or, as in the papers, without it."""
    count = history.x + first
    total = history.repeat_value + (history.first_value if first else 0.0)
    mean = total / np.maximum(count, 1)
    has_spend = (count > 0) & (mean > 0)
    return Spend(np.where(has_spend, count, 0.0), np.where(has_spend, mean, 0.0))


@dataclass(frozen=True)
class SpendRows:
    """What the likelihood needs of the customers with spend; money in units of `unit`."""

    unit: float
    x: Floats  # distinct counts, shape (u,)
    n: Floats  # customers with each
    at: Ints  # which of them each customer has, shape (n,)
    total: Floats  # count x mean of each customer
    constant: Floats  # by count: the sum of ln total, shape (u,)
    jacobian: float  # the sum of ln mean, mean in money


def spend_rows(spent: Spend) -> SpendRows | None:
    """The rows of customers with spend; None without any."""
    has_spend = spent.count > 0
    if not has_spend.any():
        return None
    count, mean = spent.count[has_spend], spent.mean[has_spend]
    unit = float(mean.mean())
    x, at = np.unique(count, return_inverse=True)
    at = at.astype(np.int64)
    total = count * mean / unit
    logs = np.bincount(at, weights=np.log(total)).astype(np.float64)
    return SpendRows(unit, x, np.bincount(at).astype(np.float64), at, total, logs, float(np.log(mean).sum()))


def log_likelihood(theta: Floats, rows: SpendRows) -> tuple[float, Floats]:
    """Sum of ln f(mean | p, q, v; count), equation (1a) of the note, and its gradient in (p, q - 1, v)."""
    p, q, v = theta[0], theta[1] + 1, theta[2]
    px = p * rows.x
    more = rows.total + v
    logs = np.bincount(rows.at, weights=np.log(more))  # by count
    inverse = np.bincount(rows.at, weights=1 / more)
    customers = rows.n.sum()
    value = rows.n @ (gammaln(px + q) - gammaln(px) - gammaln(q)) + customers * q * np.log(v)
    value += px @ rows.constant - rows.jacobian - (px + q) @ logs
    both = digamma(px + q)
    slope = [
        rows.x @ (rows.n * (both - digamma(px)) + rows.constant - logs),
        rows.n @ (both - digamma(q)) + customers * np.log(v) - logs.sum(),
        customers * q / v - (px + q) @ inverse,
    ]
    return float(value), np.array(slope)


def expected_value(p: float, q: float, v: float, spent: Spend) -> Floats:
    """E[mean spend a purchase day | count, mean], equation (5): p (v + count x mean) / (p count + q - 1)."""
    return np.asarray(p * (v + spent.count * spent.mean) / (p * spent.count + q - 1), dtype=np.float64)

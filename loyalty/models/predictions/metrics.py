"""Metrics of predicted probabilities: ranking, error and calibration.

`y`, shape (n,): whether it happened; `p`, shape (n,): the predicted probability. What is undefined with n = 0, or where all
of `y` are equal, is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit
from scipy.stats import rankdata

from loyalty.columns import Flags, Floats

BINS = 10
LEAST_P = 1e-4  # no prediction is certain
STEPS = 50


def clipped(p: npt.ArrayLike) -> Floats:
    """Clip probabilities to [LEAST_P, 1 − LEAST_P]."""
    return np.clip(np.asarray(p, dtype=np.float64), LEAST_P, 1 - LEAST_P)


def log_losses(y: Flags, p: Floats) -> Floats:
    """−ln of the probability given to what happened, of each customer; shape (n,)."""
    inside = clipped(p)
    return np.asarray(-np.log(np.where(y, inside, 1 - inside)))


def log_loss(y: Flags, p: Floats) -> float:
    """Mean of `log_losses`; a coin's is ln 2 = .693."""
    return float(log_losses(y, p).mean()) if len(y) else float("nan")


def brier(y: Flags, p: Floats) -> float:
    """Mean squared difference (Brier 1950)."""
    return float(((y - p) ** 2).mean()) if len(y) else float("nan")


def auc(y: Flags, p: Floats) -> float:
    """P(someone who bought was ranked above someone who did not), ties half: Mann & Whitney's U over its maximum."""
    bought = int(y.sum())
    others = len(y) - bought
    if not bought or not others:
        return float("nan")
    return float((rankdata(p)[y].sum() - bought * (bought + 1) / 2) / (bought * others))


def average_precision(y: Flags, p: Floats) -> float:
    """Area under the precision-recall curve, as steps; equal probabilities form one step."""
    if not y.any():
        return float("nan")
    order = np.argsort(-p, kind="stable")
    hits, ranked = np.cumsum(y[order]), p[order]
    ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    gained = np.diff(hits[ends], prepend=0)
    return float((gained * hits[ends] / (ends + 1)).sum() / y.sum())


def top_capture(y: Flags, p: Floats, share: float = 0.1) -> float:
    """Of those who bought, the share among the `share` of customers ranked first; ties count by their part."""
    if not y.any():
        return float("nan")
    room = max(1, round(share * len(y)))
    edge = np.partition(-p, room - 1)[room - 1]
    above, tied = -p < edge, -p == edge
    inside = y[above].sum() + y[tied].mean() * (room - above.sum())
    return float(inside / y.sum())


@dataclass(frozen=True)
class Reliability:
    """Customers in tenths by predicted probability: its mean, the `observed` share and the number `n`; shape (b,) each."""

    predicted: Floats
    observed: Floats
    n: Floats


def reliability(y: Flags, p: Floats, bins: int = BINS) -> Reliability:
    """The reliability of probabilities in bins of equal numbers of customers, as far as ties allow."""
    if not len(y):
        return Reliability(np.zeros(0), np.zeros(0), np.zeros(0))
    edges = np.unique(np.quantile(p, np.linspace(0, 1, bins + 1)[1:-1]))
    at = np.searchsorted(edges, p, side="left")
    n = np.bincount(at).astype(np.float64)
    filled = n > 0
    predicted, observed = np.bincount(at, weights=p), np.bincount(at, weights=y)
    return Reliability(predicted[filled] / n[filled], observed[filled] / n[filled], n[filled])


def calibration_error(y: Flags, p: Floats) -> float:
    """Expected calibration error: mean of |predicted − observed| over the bins of `reliability`, by customers."""
    bins = reliability(y, p)
    error = (bins.n * np.abs(bins.predicted - bins.observed)).sum()
    return float(error / bins.n.sum()) if len(y) else float("nan")


def calibration_slope(y: Flags, p: Floats) -> float:
    """Slope of y on logit p in a logistic regression (Cox 1958): 1 is right, below 1 predictions are too extreme."""
    x = logit(clipped(p))
    if not 0 < y.sum() < len(y) or np.ptp(x) == 0:
        return float("nan")
    design = np.column_stack([np.ones(len(x)), x])
    coefficients = np.array([0.0, 1.0])
    for _ in range(STEPS):
        fitted = expit(design @ coefficients)
        weight = fitted * (1 - fitted)
        curve = (design * weight[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.linalg.solve(curve, design.T @ (y - fitted))
        coefficients = coefficients + step * min(1.0, 2 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-8:
            break
    return float(coefficients[1])


def gain_curve(y: Flags, p: Floats, points: int = 21) -> tuple[Floats, Floats]:
    """Shares of customers taken from the top of the ranking, and the share of buyers among them; shape (points,) each."""
    shares = np.linspace(0, 1, points)
    order = np.argsort(-p, kind="stable")
    hits = np.append(0.0, np.cumsum(y[order])) / max(int(y.sum()), 1)
    return shares, np.interp(shares * len(y), np.arange(len(y) + 1), hits)

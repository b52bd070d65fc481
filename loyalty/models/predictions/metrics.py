"""How right probabilities were: who ranks above whom, how far they are off, and whether 30 % means 30 %.

`y`, shape (n,): whether it happened; `p`, shape (n,): the probability that was said. What a shape of n = 0, or a `y`
that is all one way, leaves undefined is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit
from scipy.stats import rankdata

from loyalty.columns import Flags, Floats

BINS = 10
LEAST_P = 1e-4  # nobody is ever quite sure
STEPS = 50


def clipped(p: npt.ArrayLike) -> Floats:
    """Probabilities within [LEAST_P, 1 − LEAST_P]."""
    return np.clip(np.asarray(p, dtype=np.float64), LEAST_P, 1 - LEAST_P)


def log_losses(y: Flags, p: Floats) -> Floats:
    """−ln of the probability given to what happened, one by one, shape (n,)."""
    sure = clipped(p)
    return np.asarray(-np.log(np.where(y, sure, 1 - sure)))


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
    """Area under precision and recall as steps; those of one probability are taken together."""
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
    """Customers in tenths by what was said of them: `said` (mean), `came` (share who did), `n`; shape (b,) each."""

    said: Floats
    came: Floats
    n: Floats


def reliability(y: Flags, p: Floats, bins: int = BINS) -> Reliability:
    """Equal numbers of customers a bin, as far as ties allow."""
    if not len(y):
        return Reliability(np.zeros(0), np.zeros(0), np.zeros(0))
    edges = np.unique(np.quantile(p, np.linspace(0, 1, bins + 1)[1:-1]))
    at = np.searchsorted(edges, p, side="left")
    n = np.bincount(at).astype(np.float64)
    some = n > 0
    said, came = np.bincount(at, weights=p), np.bincount(at, weights=y)
    return Reliability(said[some] / n[some], came[some] / n[some], n[some])


def calibration_error(y: Flags, p: Floats) -> float:
    """Expected calibration error: mean of |said − came| over `reliability`'s bins, by customers."""
    of = reliability(y, p)
    return float((of.n * np.abs(of.said - of.came)).sum() / of.n.sum()) if len(y) else float("nan")


def calibration_slope(y: Flags, p: Floats) -> float:
    """Slope of y on logit p in a logistic regression (Cox 1958): 1 is right, below 1 the extremes were said too boldly."""
    x = logit(clipped(p))
    if not 0 < y.sum() < len(y) or np.ptp(x) == 0:
        return float("nan")
    design = np.column_stack([np.ones(len(x)), x])
    found = np.array([0.0, 1.0])
    for _ in range(STEPS):
        fitted = expit(design @ found)
        weight = fitted * (1 - fitted)
        curve = (design * weight[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.linalg.solve(curve, design.T @ (y - fitted))
        found = found + step * min(1.0, 2 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-8:
            break
    return float(found[1])


def gain_curve(y: Flags, p: Floats, points: int = 21) -> tuple[Floats, Floats]:
    """Share of customers taken from the top, and of those who bought the share among them; shape (points,) each."""
    shares = np.linspace(0, 1, points)
    order = np.argsort(-p, kind="stable")
    hits = np.append(0.0, np.cumsum(y[order])) / max(int(y.sum()), 1)
    return shares, np.interp(shares * len(y), np.arange(len(y) + 1), hits)

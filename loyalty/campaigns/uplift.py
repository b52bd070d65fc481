"""Uplift model: people ranked by the rise of their chance to buy through a message."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from loyalty.columns import Flags, Floats

MINIMUM_BUYERS = 50  # in each group, minimum for a ranking
MOST_WORDS = 30  # distinct values of a text column used as feature
STRENGTH = 0.1  # inverse of the ridge penalty (scikit-learn's C)


@dataclass(frozen=True)
class Qini:
    """Quality of a ranking on people it was not fitted on.

    `share`, `gain`: the curve, from (0, 0): extra buyers per hundred treated, when only the best `share` get a message.
    `coefficient`: area between the curve and the line of a random order, in those units. `low`, `high`: its 95 % range over
    resampled people; above 0 the ranking is better than chance.
    """

    share: Floats
    gain: Floats
    coefficient: float
    low: float
    high: float


def uplift_scores(x: Floats, treated: Flags, outcome: Floats, x_new: Floats) -> Floats:
    """Rise of each new person's chance to buy through a message: a logistic regression for each group, and the difference.

    The two-model approach, Radcliffe (2007), "Using control groups to target on predicted lift". `x`: (n, k), `outcome`: 0
    or 1, `x_new`: (m, k); shape (m,).
    """
    chances = []
    for group in (treated, ~treated):
        model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=500))
        chances.append(model.fit(x[group], outcome[group] > 0).predict_proba(x_new)[:, 1])
    return np.asarray(chances[0] - chances[1], dtype=np.float64)


def qini_curve(score: Floats, treated: Flags, outcome: Floats, points: int = 101) -> tuple[Floats, Floats]:
    """Share of the list contacted, best first, and extra buyers per hundred treated people of the whole list.

    Q(φ) = n_t,1(φ) − n_c,1(φ)·n_t(φ)/n_c(φ), Radcliffe (2007), over n_t. People with equal scores share their rank.
    """
    order = np.argsort(-score, kind="stable")
    t, y = treated[order].astype(np.float64), outcome[order].astype(np.float64)
    n_t, n_c, y_t, y_c = (np.cumsum(part) for part in (t, 1 - t, t * y, (1 - t) * y))
    last = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    with np.errstate(divide="ignore", invalid="ignore"):
        gains = np.where(n_c[last] > 0, y_t[last] - y_c[last] * n_t[last] / n_c[last], 0.0) * 100 / n_t[-1]
    share = np.linspace(0.0, 1.0, points)
    return share, np.interp(share, np.append(0.0, (last + 1) / len(order)), np.append(0.0, gains))


def qini(score: Floats, treated: Flags, outcome: Floats, *, seed: int = 0, draws: int = 200) -> Qini:
    """The curve, its coefficient, and the coefficient's range over people resampled with replacement."""
    share, gain = qini_curve(score, treated, outcome)
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(draws):
        who = random.integers(0, len(score), len(score))
        drawn.append(_area(*qini_curve(score[who], treated[who], outcome[who])))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Qini(share, gain, _area(share, gain), float(low), float(high))


def held_out_qini(x: Floats, treated: Flags, outcome: Floats, *, seed: int = 0) -> Qini | None:
    """Rank one random half by a model of the other half; None while either group has too few buyers."""
    bought = outcome > 0
    if min(int((bought & treated).sum()), int((bought & ~treated).sum())) < MINIMUM_BUYERS:
        return None
    first = np.random.default_rng(seed).permutation(len(outcome)) < len(outcome) // 2
    score = uplift_scores(x[first], treated[first], outcome[first], x[~first])
    return qini(score, treated[~first], outcome[~first], seed=seed)


def features(people: pd.DataFrame, names: list[str]) -> Floats:
    """Columns as numbers, shape (n, k): counts and money on a log scale, text as one column for each value."""
    parts = []
    for name in names:
        column = people[name]
        numbers = pd.to_numeric(column, errors="coerce")
        if numbers.notna().all():
            values = numbers.to_numpy(dtype=np.float64)
            parts.append((np.log1p(values) if values.min() >= 0 else values)[:, None])
        elif column.nunique() <= MOST_WORDS:
            parts.append(pd.get_dummies(column.astype(str)).to_numpy(dtype=np.float64))
    return np.hstack(parts) if parts else np.empty((len(people), 0))


def _area(share: Floats, gain: Floats) -> float:
    """Area between the curve and the straight line to its end."""
    return float(np.trapezoid(gain - share * gain[-1], share))

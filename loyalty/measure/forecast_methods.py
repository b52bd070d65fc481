"""Forecast methods for monthly series: simple on purpose, as nothing beats them on a small shop's series.

A method takes the history (shape (n,), the oldest first) and a horizon, and gives that many values. Exponential
smoothing follows Hyndman, Koehler, Ord & Snyder (2008), "Forecasting with Exponential Smoothing", ch. 3; its
parameters are those of a grid with the least squared one-step error. The grid is tried at once, in .1 to .2 ms a series;
statsmodels (which a test compares with) takes 2 to 12 ms, and Home forecasts some 70 series: see decision 021.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from loyalty.columns import Floats
from loyalty.words import N_

PredictFunction = Callable[[Floats, int], Floats]
YEAR = 12
TWO_YEARS = 24

ALPHAS = np.arange(0.05, 1.0, 0.05)
BETAS = np.array([0.02, 0.05, 0.1, 0.2, 0.4])
PHIS = np.array([0.8, 0.9, 0.98])


@dataclass(frozen=True)
class Method:
    """A candidate method. `needs`: months it must have; `from_months`: months of history before it is a candidate."""

    key: str
    name: str
    predict: PredictFunction
    needs: int
    from_months: int = 0


def last_value(history: Floats, horizon: int) -> Floats:
    """The last month repeated."""
    return np.full(horizon, history[-1])


def mean_of_last(months: int) -> PredictFunction:
    """The mean of the last so many months."""

    def predict(history: Floats, horizon: int) -> Floats:
        return np.full(horizon, history[-months:].mean())

    return predict


def exponential_smoothing(history: Floats, horizon: int) -> Floats:
    """Simple exponential smoothing: l = l + alpha (y - l), the same level for every future month."""
    level, loss = np.full(len(ALPHAS), history[0]), np.zeros(len(ALPHAS))
    for value in history[1:]:
        error = value - level
        loss += error**2
        level = level + ALPHAS * error
    return np.full(horizon, level[np.argmin(loss)])


def damped_trend(history: Floats, horizon: int) -> Floats:
    """Holt's method with a damped trend (Gardner & McKenzie 1985): l + (phi + … + phi^h) b."""
    alpha, beta, phi = (grid.ravel() for grid in np.meshgrid(ALPHAS[1::2], BETAS, PHIS, indexing="ij"))
    level, trend = np.full(alpha.shape, history[0]), np.full(alpha.shape, _slope(history))
    loss = np.zeros(alpha.shape)
    for value in history[1:]:
        expected = level + phi * trend
        error = value - expected
        loss += error**2
        level, trend = expected + alpha * error, phi * trend + alpha * beta * error
    best = int(np.argmin(loss))
    steps = np.cumsum(phi[best] ** np.arange(1, horizon + 1))
    return np.asarray(level[best] + steps * trend[best])


def _slope(history: Floats) -> float:
    """A first trend: the mean step over the first half year."""
    first = history[: YEAR // 2]
    return float(first[-1] - first[0]) / max(len(first) - 1, 1)


def same_month(history: Floats, horizon: int) -> Floats:
    """The same month of the year before (seasonal naive)."""
    return np.resize(history[-YEAR:], horizon)


def same_month_growing(history: Floats, horizon: int) -> Floats:
    """The same month of the year before, times the growth of the latest months over the same months a year before."""
    compared = min(YEAR, len(history) - YEAR)
    then = float(history[-YEAR - compared : len(history) - YEAR].sum())
    growth = float(history[-compared:].sum()) / then if then > 0 else 1.0
    return same_month(history, horizon) * growth


#: In the order of simplicity: of two equally good ones, the simpler is selected.
METHODS: tuple[Method, ...] = (
    Method("last", N_("like the last month"), last_value, 1),
    Method("mean3", N_("mean of the last 3 months"), mean_of_last(3), 3),
    Method("mean4", N_("mean of the last 4 months"), mean_of_last(4), 4),
    Method("smoothing", N_("exponential smoothing"), exponential_smoothing, 4),
    Method("damped", N_("exponential smoothing with a damped trend"), damped_trend, 6),
    Method("season", N_("like the same month a year before"), same_month, YEAR, TWO_YEARS),
    Method(
        "season_growth",
        N_("the same month a year before, with the growth since"),
        same_month_growing,
        YEAR + 3,
        TWO_YEARS,
    ),
)

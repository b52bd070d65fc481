"""Forecasts of monthly figures: a backtest on the shop's own past selects the method and gives the range.

Rolling origin: from a first origin on, every month of the past (the last 24) is treated as the present; each method sees the months
before it and predicts the next ones, whose actual values exist. The method with the least MASE is selected: the mean absolute error over the
mean absolute step from one month to the next (Hyndman & Koehler 2006, "Another look at measures of forecast
accuracy"): below 1 it beats "like the month before", one month ahead. All methods are tested at the same origins.

The range comes from the selected method's own errors, by how many months ahead (k errors e, each as a share of the level then,
the mean of the last 12 months): expected ± t(0.9; k - 1) sqrt(1 + 1/k) sqrt(mean e²) × the level now. On made-up
shops with seasons, growth and drift it held 76 to 87 of 100 months (`benchmarks/forecast.py`); it is called 80 %.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

from loyalty.columns import Floats
from loyalty.measure.calendar_months import last_complete_month, month_number, month_of
from loyalty.measure.forecast_methods import METHODS, TWO_YEARS, YEAR, Method
from loyalty.words import N_, Message

MINIMUM_MONTHS = 6  # full months
ORIGINS = 3  # minimum number of origins
MOST_ORIGINS = 24  # the latest ones: older origins say little, and each costs time
POOLED = 4  # with fewer errors at a horizon, those of shorter horizons are pooled in
TAIL = 0.9  # 80 % in the middle
LATE_START = 7  # a first month that begins later than this day is not whole


@dataclass(frozen=True)
class Candidate:
    """Backtest of one method: `mase` (see the module), `mae` in the figure's unit, over `tries` predicted months."""

    key: str
    name: str
    mase: float
    mae: float
    tries: int
    chosen: bool


@dataclass(frozen=True)
class Forecast:
    """`months`: month, expected, low, high (80 %), one row for each future month; empty with a `note` that says why.

    `history`: month, value, the whole months it rests on. `candidates`: every method tested, the best first.
    `mean_error`: mean absolute error of the selected method one month ahead, as a share of the mean month. `note` with months: a caution.
    """

    history: pd.DataFrame
    months: pd.DataFrame
    candidates: list[Candidate]
    mean_error: float | None
    note: Message | None

    @property
    def method(self) -> Candidate | None:
        """The selected method."""
        return next((trial for trial in self.candidates if trial.chosen), None)


@dataclass(frozen=True)
class _Backtest:
    """Backtest of one method: by horizon, errors and the level at the origin, each of shape (tries,)."""

    errors: list[Floats]
    levels: list[Floats]


def first_whole_month(first: dt.date) -> dt.date:
    """The first day of the history: of the month of the `first` sale, or of the next month after a late start."""
    return month_of(month_number(first) + (first.day > LATE_START))


def whole_months(months: pd.DataFrame, column: str, as_of: dt.date, first: dt.date) -> pd.DataFrame:
    """month, value: a column of the MONTHS frame for every whole month, months without a sale as 0.

    The month of `as_of` counts on its last day only; the month of the shop's `first` sale where that was within
    its first seven days.
    """
    start = month_number(first_whole_month(first))
    index = [pd.Timestamp(month_of(n)) for n in range(start, month_number(last_complete_month(as_of)) + 1)]
    values = months.groupby("month")[column].sum().reindex(index, fill_value=0)
    return pd.DataFrame({"month": index, "value": values.to_numpy(dtype=np.float64)})


def forecast(history: pd.DataFrame, horizon: int, extra: Sequence[Method] = ()) -> Forecast:
    """The next `horizon` months after `history` (month, value; see `whole_months`).

    `extra`: more candidates beside `METHODS`, such as one that uses customer data: it gets the history's values and
    can infer the month from their number.
    """
    values = history["value"].to_numpy(dtype=np.float64)
    if len(values) < MINIMUM_MONTHS or horizon < 1:
        return Forecast(
            history, _coming_months(history, *([np.empty(0)] * 3)), [], None, _too_short(len(values))
        )
    methods = [m for m in (*METHODS, *extra) if len(values) >= max(m.needs + ORIGINS, m.from_months)]
    trials = {m.key: _backtest(m, values, max(m.needs for m in methods), horizon) for m in methods}
    candidates = _rank_candidates(methods, trials, values)
    best = next(m for m in methods if m.key == candidates[0].key)
    expected = np.maximum(best.predict(values, horizon), 0.0)
    half = _half_widths(trials[best.key], horizon) * _level(values)
    months = _coming_months(history, expected, np.maximum(expected - half, 0.0), expected + half)
    return Forecast(history, months, candidates, _mean_error(trials[best.key]), _caution(len(values)))


def forecast_column(
    months: pd.DataFrame,
    column: str,
    as_of: dt.date,
    first: dt.date,
    horizon: int = 6,
    extra: Sequence[Method] = (),
) -> Forecast:
    """`forecast` of a column of the MONTHS frame; the current month is predicted as a whole, and never below its sales so far."""
    result = forecast(whole_months(months, column, as_of, first), horizon, extra)
    this_month = pd.Timestamp(as_of).to_period("M").start_time
    so_far = float(months.loc[months["month"] == this_month, column].sum())
    coming, under_way = result.months, result.months["month"] == this_month
    raised = {
        name: coming[name].mask(under_way, coming[name].clip(lower=so_far))
        for name in ("expected", "low", "high")
    }
    return Forecast(
        result.history, coming.assign(**raised), result.candidates, result.mean_error, result.note
    )


def _too_short(months: int) -> Message:
    return Message(
        N_("A forecast needs {enough} whole months of sales; so far there are {have}, {more} more to go."),
        {"enough": MINIMUM_MONTHS, "have": months, "more": max(MINIMUM_MONTHS - months, 0)},
    )


def _caution(months: int) -> Message | None:
    """The caution for a history too short to show seasons."""
    if months >= TWO_YEARS:
        return None
    return Message(
        N_(
            "Seasons can be told from {enough} whole months of sales; so far there are {have}. Until then a busy season may "
            "take the forecast by surprise."
        ),
        {"enough": TWO_YEARS, "have": months},
    )


def _level(values: Floats) -> float:
    """The mean of the last twelve months."""
    return float(values[-YEAR:].mean())


def _backtest(method: Method, values: Floats, start: int, horizon: int) -> _Backtest:
    """The method's errors at every origin from `start` months on (the latest ones)."""
    errors: list[list[float]] = [[] for _ in range(horizon)]
    levels: list[list[float]] = [[] for _ in range(horizon)]
    for origin in range(max(start, len(values) - MOST_ORIGINS), len(values)):
        past, future = values[:origin], values[origin : origin + horizon]
        predicted = np.maximum(method.predict(past, len(future)), 0.0)
        for h, error in enumerate(future - predicted):
            errors[h].append(float(error))
            levels[h].append(_level(past))
    return _Backtest([np.array(e) for e in errors], [np.array(one) for one in levels])


def _rank_candidates(
    methods: Sequence[Method], trials: dict[str, _Backtest], values: Floats
) -> list[Candidate]:
    """All candidates, the least MASE first; the simpler method (the earlier one) where two are equal."""
    scale = float(np.abs(np.diff(values)).mean()) or float(np.abs(values).mean()) or 1.0
    errors = {m.key: np.abs(np.concatenate(trials[m.key].errors)) for m in methods}
    order = sorted(methods, key=lambda m: float(errors[m.key].mean()))
    return [
        Candidate(
            m.key,
            m.name,
            float(errors[m.key].mean()) / scale,
            float(errors[m.key].mean()),
            len(errors[m.key]),
            i == 0,
        )
        for i, m in enumerate(order)
    ]


def _half_widths(trials: _Backtest, horizon: int) -> Floats:
    """Half the 80 % range by months ahead, as a share of the level; never narrower further ahead."""
    half_widths, pooled = np.zeros(horizon), np.empty(0)
    for h in range(horizon):
        shares = trials.errors[h] / np.maximum(trials.levels[h], 1e-9)
        pooled = shares if len(shares) >= POOLED or h == 0 else np.concatenate([pooled, shares])
        k = len(pooled)
        half_widths[h] = student.ppf(TAIL, max(k - 1, 1)) * np.sqrt((1 + 1 / k) * np.mean(pooled**2))
    return np.asarray(np.maximum.accumulate(half_widths))


def _mean_error(trials: _Backtest) -> float | None:
    """Mean absolute error one month ahead ÷ mean level."""
    level = float(trials.levels[0].mean())
    return float(np.abs(trials.errors[0]).mean()) / level if level > 0 else None


def _coming_months(history: pd.DataFrame, expected: Floats, low: Floats, high: Floats) -> pd.DataFrame:
    """The frame of future months."""
    last = month_number(history["month"].iloc[-1]) if len(history) else 0
    months = [pd.Timestamp(month_of(last + 1 + h)) for h in range(len(expected))]
    index = pd.DatetimeIndex(months)
    return pd.DataFrame({"month": index, "expected": expected, "low": low, "high": high})

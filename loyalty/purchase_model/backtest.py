"""Back-tests: predictions from earlier dates beside the actual figures, and the drift of totals that they show.

The error of a total is mostly drift and season, which the histories of single customers do not show. Its size is
learned here from the shop's own back-tests, starting from what is usual in other shops.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loyalty.columns import Floats
from loyalty.purchase_model.expectations import expected_purchases
from loyalty.purchase_model.histories import (
    DAYS_A_MONTH,
    WEEK,
    Holdout,
    PurchaseDays,
    day_number,
    histories,
    split,
)
from loyalty.purchase_model.minimum_data import LEAST_REPEATERS, LEAST_WEEKS, missing_data
from loyalty.purchase_model.model import BG_NBD, Model
from loyalty.purchase_model.prediction import Forecast, Range, forecast, total_draws
from loyalty.purchase_model.simulation import INTERVAL_80
from loyalty.purchase_model.terms import Terms
from loyalty.words import N_, Message, Words

USUAL_DRIFT_SD = 0.25  # sd of the log of a shop's factor, without back-tests of its own
USUAL_COUNTS = 3.0  # independent back-tests that the usual drift weighs as
LEAST_DRIFT = 0.1
MOST_ORIGINS = 8
DRAWS = 400  # simulations of each origin
STEPS = 4  # origins in one span ahead
LEAST_TOTAL = 0.01  # money
MOST_ERROR = 2.0  # of one back-test, in logarithms

TOO_SHORT = N_("There is no back-test yet: it needs {more} more days of sales.")
TOO_FEW = N_(
    "There is no back-test yet: at the dates it would start from, fewer than {enough} customers had come back."
)
COMPARISON = N_("On {as_of} it would have said {low} to {high} up to {until}; it became {actual}.")


@dataclass(frozen=True)
class Origin:
    """One back-test: a prediction as of the end of `as_of` of what `customers` spend up to `until` (inclusive).

    `predicted`: net revenue expected, not discounted and without margin, with an 80 % interval; `actual`:
    the actual figure. `purchases_expected`, `purchases`: the same in purchase days. `model_sd`: sd of the log of
    the prediction before drift.
    """

    as_of: dt.date
    until: dt.date
    customers: int
    predicted: Range
    actual: float
    purchases_expected: float
    purchases: int
    model_sd: float

    @property
    def within_range(self) -> bool:
        """Whether the actual figure lies within the interval."""
        return self.predicted.low <= self.actual <= self.predicted.high


@dataclass(frozen=True)
class Drift:
    """`sd` of the log of a common factor on the total, and how many independent back-tests it was `learned` from."""

    sd: float
    learned: float


@dataclass(frozen=True)
class BackTest:
    """All back-tests, the oldest first, how many months each looks ahead, and the drift they show.

    `note`: why there are none; None otherwise.
    """

    origins: tuple[Origin, ...]
    months: int
    drift: Drift
    note: Message | None


USUAL_DRIFT = Drift(USUAL_DRIFT_SD, 0.0)


def backtest(
    days: PurchaseDays, as_of: dt.date, terms: Terms, rng: np.random.Generator, model: Model = BG_NBD
) -> BackTest:
    """Predict from up to `MOST_ORIGINS` earlier dates as far ahead as `terms` say, and compare.

    Where the sales do not go back far enough, half as far ahead, or a quarter. The interval of an origin uses only
    the drift of origins that had ended by then.
    """
    for months in (terms.months, terms.months // 2, terms.months // 4):
        spans = _spans(days, as_of, months) if months else []
        if spans:
            origins = _origins(days, spans, Terms(months, 0.0), rng, model)
            return BackTest(origins, months, learn_drift(origins, months / terms.months), None)
    return BackTest((), terms.months, USUAL_DRIFT, _why_none(days, as_of, terms.months))


def _why_none(days: PurchaseDays, as_of: dt.date, months: int) -> Message:
    """Why there is no back-test: what the first one still needs."""
    ahead = max(1, months // 4) * DAYS_A_MONTH
    first = int(days.day.min()) if len(days.day) else day_number(as_of)
    more = round(LEAST_WEEKS * WEEK + ahead) - (day_number(as_of) - first)
    if more > 0:
        return Message(TOO_SHORT, {"more": more})
    return Message(TOO_FEW, {"enough": LEAST_REPEATERS})


def backtest_sentence(origin: Origin, words: Words) -> str:
    """For example: On 30 Jun 2024 it would have said $41,000 to $52,000 up to 30 Jun 2025; it became $47,300."""
    return words.say(
        COMPARISON,
        as_of=words.date(origin.as_of),
        until=words.date(origin.until),
        low=words.money(origin.predicted.low, cents=False),
        high=words.money(origin.predicted.high, cents=False),
        actual=words.money(origin.actual, cents=False),
    )


def _spans(days: PurchaseDays, as_of: dt.date, months: int) -> list[tuple[dt.date, dt.date]]:
    """(as_of, until) of the origins with enough data to predict from, the oldest first."""
    length = dt.timedelta(days=round(months * DAYS_A_MONTH))
    spans: list[tuple[dt.date, dt.date]] = []
    for step in range(MOST_ORIGINS):
        until = as_of - step * length / STEPS
        cutoff = until - length
        if missing_data(histories(days, cutoff)) is not None:
            break
        spans.insert(0, (cutoff, until))
    return spans


def _origins(
    days: PurchaseDays,
    spans: Sequence[tuple[dt.date, dt.date]],
    terms: Terms,
    rng: np.random.Generator,
    model: Model,
) -> tuple[Origin, ...]:
    origins: list[Origin] = []
    for cutoff, until in spans:
        history, later = split(days, cutoff, until)
        prediction = forecast(history, terms, model)
        draws = total_draws(prediction, 0.0, rng, DRAWS)
        drift = learn_drift([origin for origin in origins if origin.until <= cutoff])
        origins.append(_origin((cutoff, until), prediction, draws, drift.sd, later, rng))
    return tuple(origins)


def _origin(
    span: tuple[dt.date, dt.date],
    prediction: Forecast,
    draws: Floats,
    drift_sd: float,
    later: Holdout,
    rng: np.random.Generator,
) -> Origin:
    purchases = expected_purchases(prediction.fit, prediction.rows, later.weeks)[prediction.rows.customer_row]
    low, high = np.quantile(draws * np.exp(drift_sd * rng.standard_normal(len(draws))), INTERVAL_80)
    return Origin(
        *span,
        customers=len(prediction.history),
        predicted=Range(float(prediction.lifetime_value.sum()), float(low), float(high)),
        actual=float(later.value.sum()),
        purchases_expected=float(purchases.sum()),
        purchases=int(later.purchases.sum()),
        model_sd=float(np.log(np.maximum(draws, LEAST_TOTAL)).std()),
    )


def learn_drift(origins: Sequence[Origin], weight: float = 1.0) -> Drift:
    """Learn the drift from back-tests, mixed with the usual drift by their number.

    Origins overlap: only each `STEPS`-th is independent. The variance of the prediction itself is taken off the
    squared error. `weight`: of one back-test, below 1 where it looked less far ahead.
    """
    if not origins:
        return USUAL_DRIFT
    error = [np.log(max(o.actual, LEAST_TOTAL) / max(o.predicted.expected, LEAST_TOTAL)) for o in origins]
    excess = np.clip(error, -MOST_ERROR, MOST_ERROR) ** 2 - np.array([o.model_sd for o in origins]) ** 2
    count = weight * (1 + (len(origins) - 1) / STEPS)
    usual = USUAL_COUNTS * USUAL_DRIFT_SD**2
    variance = (usual + count * max(float(excess.mean()), 0.0)) / (USUAL_COUNTS + count)
    return Drift(max(float(np.sqrt(variance)), LEAST_DRIFT), count)

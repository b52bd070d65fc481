"""What the model would have said at earlier dates, beside what became of it; and how far years differ from habits.

The miss of a total is mostly drift and season, which no history of single customers shows. Its size is
learned here from the shop's own past, starting from what it is in other shops.
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

USUAL_DRIFT_SD = 0.25  # sd of the log of a shop's factor, before it has a past of its own
USUAL_COUNTS = 3.0  # as many independent back-tests as that is worth
LEAST_DRIFT = 0.1
MOST_ORIGINS = 8
DRAWS = 400  # futures of each origin
STEPS = 4  # origins in one span ahead
LEAST = 0.01  # money
FARTHEST = 2.0  # of one miss, in logarithms

TOO_SHORT = N_("There is no back-test yet: it needs {more} more days of sales.")
TOO_FEW = N_(
    "There is no back-test yet: at the dates it would start from, fewer than {enough} customers had come back."
)
SAID = N_("On {as_of} it would have said {low} to {high} up to {until}; it became {actual}.")


@dataclass(frozen=True)
class Origin:
    """One back-test: as of the end of `as_of`, what `customers` would spend up to `until` (inclusive).

    `predicted`: net revenue expected, not discounted and without margin, with an 80 % interval; `actual`:
    what it became. `purchases_expected`, `purchases`: the same in purchase days. `own_sd`: sd of the log of
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
        """Whether the interval had the actual figure."""
        return self.predicted.low <= self.actual <= self.predicted.high


@dataclass(frozen=True)
class Drift:
    """`sd` of the log of a common factor on the total, and how many independent back-tests it was `learned` from."""

    sd: float
    learned: float


@dataclass(frozen=True)
class BackTest:
    """All origins, the oldest first, the months each looked ahead, and the drift they show.

    `note`: why there are none.
    """

    origins: tuple[Origin, ...]
    months: int
    drift: Drift
    note: Message | None


USUAL_DRIFT = Drift(USUAL_DRIFT_SD, 0.0)


def backtest(
    days: PurchaseDays, as_of: dt.date, terms: Terms, rng: np.random.Generator, model: Model = BG_NBD
) -> BackTest:
    """Predict from up to `MOST_ORIGINS` earlier dates as far ahead as `terms` say and compare.

    Where the past is too short for that, half as far, or a quarter. An origin's interval uses only drift
    that was known by then.
    """
    for months in (terms.months, terms.months // 2, terms.months // 4):
        spans = _spans(days, as_of, months) if months else []
        if spans:
            origins = _origins(days, spans, Terms(months, 0.0), rng, model)
            return BackTest(origins, months, learned(origins, months / terms.months), None)
    return BackTest((), terms.months, USUAL_DRIFT, _no_past(days, as_of, terms.months))


def _no_past(days: PurchaseDays, as_of: dt.date, months: int) -> Message:
    """What a first back-test still needs."""
    ahead = max(1, months // 4) * DAYS_A_MONTH
    first = int(days.day.min()) if len(days.day) else day_number(as_of)
    more = round(LEAST_WEEKS * WEEK + ahead) - (day_number(as_of) - first)
    if more > 0:
        return Message(TOO_SHORT, {"more": more})
    return Message(TOO_FEW, {"enough": LEAST_REPEATERS})


def backtest_sentence(origin: Origin, words: Words) -> str:
    """For example: On 30 Jun 2024 it would have said $41,000 to $52,000 up to 30 Jun 2025; it became $47,300."""
    return words.say(
        SAID,
        as_of=words.date(origin.as_of),
        until=words.date(origin.until),
        low=words.money(origin.predicted.low, cents=False),
        high=words.money(origin.predicted.high, cents=False),
        actual=words.money(origin.actual, cents=False),
    )


def _spans(days: PurchaseDays, as_of: dt.date, months: int) -> list[tuple[dt.date, dt.date]]:
    """(as_of, until) of the origins that had enough to predict from, the oldest first."""
    length = dt.timedelta(days=round(months * DAYS_A_MONTH))
    found: list[tuple[dt.date, dt.date]] = []
    for step in range(MOST_ORIGINS):
        until = as_of - step * length / STEPS
        cutoff = until - length
        if missing_data(histories(days, cutoff)) is not None:
            break
        found.insert(0, (cutoff, until))
    return found


def _origins(
    days: PurchaseDays,
    spans: Sequence[tuple[dt.date, dt.date]],
    terms: Terms,
    rng: np.random.Generator,
    model: Model,
) -> tuple[Origin, ...]:
    found: list[Origin] = []
    for cutoff, until in spans:
        known, became = split(days, cutoff, until)
        said = forecast(known, terms, model)
        draws = total_draws(said, 0.0, rng, DRAWS)
        drift = learned([origin for origin in found if origin.until <= cutoff])
        found.append(_origin((cutoff, until), said, draws, drift.sd, became, rng))
    return tuple(found)


def _origin(
    span: tuple[dt.date, dt.date],
    said: Forecast,
    draws: Floats,
    drift_sd: float,
    became: Holdout,
    rng: np.random.Generator,
) -> Origin:
    purchases = expected_purchases(said.fit, said.rows, became.weeks)[said.rows.of]
    low, high = np.quantile(draws * np.exp(drift_sd * rng.standard_normal(len(draws))), INTERVAL_80)
    return Origin(
        *span,
        customers=len(said.known),
        predicted=Range(float(said.worth.sum()), float(low), float(high)),
        actual=float(became.value.sum()),
        purchases_expected=float(purchases.sum()),
        purchases=int(became.purchases.sum()),
        model_sd=float(np.log(np.maximum(draws, LEAST)).std()),
    )


def learned(origins: Sequence[Origin], weight: float = 1.0) -> Drift:
    """The drift that back-tests show, mixed with the usual one by how much each is worth.

    Origins overlap: only each `STEPS`-th is a new one. What the prediction itself allowed for is taken off
    the squared miss. `weight`: of one back-test, below 1 where it looked less far ahead.
    """
    if not origins:
        return USUAL_DRIFT
    miss = [np.log(max(o.actual, LEAST) / max(o.predicted.expected, LEAST)) for o in origins]
    beyond = np.clip(miss, -FARTHEST, FARTHEST) ** 2 - np.array([o.model_sd for o in origins]) ** 2
    worth = weight * (1 + (len(origins) - 1) / STEPS)
    usual = USUAL_COUNTS * USUAL_DRIFT_SD**2
    variance = (usual + worth * max(float(beyond.mean()), 0.0)) / (USUAL_COUNTS + worth)
    return Drift(max(float(np.sqrt(variance)), LEAST_DRIFT), worth)

"""Monitoring of predictions: for each month, how many customers were expected, how many came, and the usual band."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from loyalty.columns import Floats
from loyalty.models.predictions.snapshot import PurchaseLog
from loyalty.purchase_model import expectations
from loyalty.purchase_model.fit import fit, rows_of
from loyalty.purchase_model.histories import WEEK, day_number, histories, holdout

MONTH_DAYS = 30
MOST_MONTHS = 13
LEAST_BEFORE = 4  # months that a band is made of
LEAST_DAYS = 60  # of sales before the first month
Z = 2.0


@dataclass(frozen=True)
class Month:
    """The 30 days after the end of `as_of`: customers `expected` to buy, and how many `came`.

    `low`, `high`: the band expected if nothing has changed (NaN while there are too few months before it).
    """

    as_of: dt.date
    expected: float
    came: int
    low: float
    high: float

    @property
    def outside(self) -> bool:
        """Whether `came` lies outside the band."""
        return bool(self.came < self.low or self.came > self.high)


def monitor(log: PurchaseLog, as_of: dt.date) -> tuple[Month, ...]:
    """Up to MOST_MONTHS months that end with `as_of`, the oldest first, each predicted from its own first day."""
    spans = []
    for place in range(MOST_MONTHS, 0, -1):
        cutoff = as_of - dt.timedelta(days=MONTH_DAYS * place)
        if len(log.placed.day) and day_number(cutoff) - log.first >= LEAST_DAYS:
            spans.append((cutoff, *_expected_and_came(log, cutoff)))
    months, ratios = [], np.zeros(0)
    for cutoff, expected, chance, came in spans:
        low = high = float("nan")
        if len(ratios) >= LEAST_BEFORE:
            low, high = _band(expected, chance, ratios)
        months.append(Month(cutoff, expected, came, low, high))
        ratios = np.append(ratios, np.log((came + 0.5) / (expected + 0.5)))
    return tuple(months)


def _expected_and_came(log: PurchaseLog, cutoff: dt.date) -> tuple[float, float, int]:
    """Expected buyers, the standard deviation of their number, and actual buyers, of the customers as of `cutoff`."""
    history = histories(log.placed, cutoff)
    rows = rows_of(history)
    p = expectations.p_purchase(fit(history, prior=True), rows, MONTH_DAYS / WEEK)[rows.customer_row]
    later = holdout(log.placed, cutoff, cutoff + dt.timedelta(days=MONTH_DAYS))
    return float(p.sum()), float(np.sqrt((p * (1 - p)).sum())), int((later.purchases > 0).sum())


def _band(expected: float, chance: float, ratios: Floats) -> tuple[float, float]:
    """The band around the median log ratio of earlier months, from their variation and chance."""
    centre = float(np.median(ratios))
    spread = np.sqrt(float(ratios.std(ddof=1)) ** 2 + (chance / max(expected, 1.0)) ** 2)
    return float(expected * np.exp(centre - Z * spread)), float(expected * np.exp(centre + Z * spread))

"""Whether predictions still hold: month by month how many were expected to come, how many did, and the usual band."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from loyalty.columns import Floats
from loyalty.models.predictions.snapshot import PurchaseLog
from loyalty.purchase_model import expectations as btyd
from loyalty.purchase_model.fit import fit, rows_of
from loyalty.purchase_model.histories import day_number, histories, holdout

MONTH_DAYS = 30
MOST_MONTHS = 13
LEAST_BEFORE = 4  # months that a band is made of
LEAST_DAYS = 60  # of sales before the first month
Z = 2.0


@dataclass(frozen=True)
class Month:
    """30 days after the end of `as_of`: customers `expected` to come and who `came`; `low`, `high`: the band of what may
    come if nothing has changed (NaN while there are too few months before it)."""

    as_of: dt.date
    expected: float
    came: int
    low: float
    high: float

    @property
    def outside(self) -> bool:
        """Whether what came lies outside its band."""
        return bool(self.came < self.low or self.came > self.high)


def monitor(of: PurchaseLog, as_of: dt.date) -> tuple[Month, ...]:
    """Up to MOST_MONTHS months that end with `as_of`, the oldest first, each predicted from its own first day."""
    spans = []
    for place in range(MOST_MONTHS, 0, -1):
        cutoff = as_of - dt.timedelta(days=MONTH_DAYS * place)
        if len(of.seen.day) and day_number(cutoff) - of.first >= LEAST_DAYS:
            spans.append((cutoff, *_one(of, cutoff)))
    found, ratios = [], np.zeros(0)
    for cutoff, expected, chance, came in spans:
        low = high = float("nan")
        if len(ratios) >= LEAST_BEFORE:
            low, high = _band(expected, chance, ratios)
        found.append(Month(cutoff, expected, came, low, high))
        ratios = np.append(ratios, np.log((came + 0.5) / (expected + 0.5)))
    return tuple(found)


def _one(of: PurchaseLog, cutoff: dt.date) -> tuple[float, float, int]:
    """Expected buyers, their standard deviation by chance, and who came, of those known by `cutoff`."""
    known = histories(of.seen, cutoff)
    rows = rows_of(known)
    p = btyd.p_purchase(fit(known, prior=True), rows, MONTH_DAYS / 7)[rows.of]
    came = holdout(of.seen, cutoff, cutoff + dt.timedelta(days=MONTH_DAYS))
    return float(p.sum()), float(np.sqrt((p * (1 - p)).sum())), int((came.purchases > 0).sum())


def _band(expected: float, chance: float, before: Floats) -> tuple[float, float]:
    """Around the usual ratio of earlier months, as wide as they differed and as chance makes it."""
    centre = float(np.median(before))
    spread = np.sqrt(float(before.std(ddof=1)) ** 2 + (chance / max(expected, 1.0)) ** 2)
    return float(expected * np.exp(centre - Z * spread)), float(expected * np.exp(centre + Z * spread))

"""A shop's customers as they were known at the end of one day, and what they did in the days after it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from loyalty.columns import Flags, Floats
from loyalty.purchase_model.histories import Histories, PurchaseDays, day_number, histories, purchase_days

HORIZONS = (30, 60, 90, 180)  # days ahead


@dataclass(frozen=True)
class PurchaseLog:
    """Every day with an order: `seen`, as placed, at the value it had then; `kept`, those that still count, after refunds."""

    seen: PurchaseDays
    kept: PurchaseDays

    @property
    def first(self) -> int:
        """The first day, in days since 1970-01-01; 0 without any."""
        return int(self.seen.day.min()) if len(self.seen.day) else 0


def purchase_log(days: pd.DataFrame) -> PurchaseLog:
    """From `facts.features.order_days`."""
    kept = days[days["kept"]]
    return PurchaseLog(purchase_days(days), purchase_days(kept.assign(value=kept["net"])))


@dataclass(frozen=True)
class Snapshot:
    """Customers with an order by the end of `cutoff`, by customer id, n of them; looked at `horizon_days` ahead.

    `features`: customer_id and the columns of `facts.features.FEATURES`, one row each; `known`: their histories;
    `days`: all their days with an order up to `cutoff`.
    """

    cutoff: dt.date
    horizon_days: int
    features: pd.DataFrame
    known: Histories
    days: PurchaseDays

    def __len__(self) -> int:
        return len(self.known)

    @property
    def weeks(self) -> float:
        """The horizon in weeks."""
        return self.horizon_days / 7

    def part(self, chosen: Flags) -> Snapshot:
        """Some of the customers, in the same order; `chosen`, shape (n,)."""
        rows, of, days = np.flatnonzero(chosen), self.known, self.days
        kept = np.zeros(len(days.names), dtype=bool)
        kept[np.unique(days.customer)[rows]] = True
        own = kept[days.customer]
        return Snapshot(
            self.cutoff,
            self.horizon_days,
            self.features.iloc[rows].reset_index(drop=True),
            Histories(
                of.customer_id[rows],
                of.x[rows],
                of.t_x[rows],
                of.T[rows],
                of.first_value[rows],
                of.repeat_value[rows],
            ),
            PurchaseDays(days.names, days.customer[own], days.day[own], days.value[own]),
        )


def snapshot(of: PurchaseLog, features: pd.DataFrame, cutoff: dt.date, horizon_days: int) -> Snapshot:
    """The customers of `features`, which were asked as of `cutoff`, with their days until then."""
    seen = of.seen.day <= day_number(cutoff)
    days = PurchaseDays(of.seen.names, of.seen.customer[seen], of.seen.day[seen], of.seen.value[seen])
    known = histories(days, cutoff)
    if list(known.customer_id) != list(features["customer_id"]):
        raise ValueError("features and days tell of different customers")
    return Snapshot(cutoff, horizon_days, features, known, days)


@dataclass(frozen=True)
class Outcome:
    """What the customers of a snapshot did within its horizon, shape (n,) each: days with a purchase that still counts,
    and their net revenue."""

    purchases: Floats
    value: Floats

    @cached_property
    def bought(self) -> Flags:
        """Whether they bought at all."""
        return np.asarray(self.purchases > 0)

    def part(self, chosen: Flags) -> Outcome:
        """Of some of the customers."""
        return Outcome(self.purchases[chosen], self.value[chosen])


def outcome(of: PurchaseLog, at: Snapshot) -> Outcome:
    """Purchases after the cutoff, up to and including the last day of the horizon."""
    start, days = day_number(at.cutoff), of.kept
    later = (days.day > start) & (days.day <= start + at.horizon_days)
    place = pd.Index(at.known.customer_id).get_indexer(pd.Index(days.names[days.customer[later]]))
    own = place >= 0
    value = days.value[later][own]
    return Outcome(
        np.bincount(place[own], minlength=len(at)).astype(np.float64),
        np.bincount(place[own], weights=value, minlength=len(at)).astype(np.float64),
    )


@dataclass(frozen=True)
class Example:
    """A snapshot whose horizon is over, with what became of it."""

    at: Snapshot
    became: Outcome

    def part(self, chosen: Flags) -> Example:
        """Some of the customers."""
        return Example(self.at.part(chosen), self.became.part(chosen))

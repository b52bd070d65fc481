"""A shop's customers as of the end of one day, and what they did in the days after it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from loyalty.columns import Flags, Floats
from loyalty.purchase_model.histories import (
    WEEK,
    Histories,
    PurchaseDays,
    day_number,
    histories,
    purchase_days,
)

HORIZONS = (30, 60, 90, 180)  # days ahead


@dataclass(frozen=True)
class PurchaseLog:
    """All days with an order: `placed`, with the value at the time of the order; `counted`, those that still count as purchases,
    with the revenue after refunds."""

    placed: PurchaseDays
    counted: PurchaseDays

    @property
    def first(self) -> int:
        """The first day, in days since 1970-01-01; 0 without any."""
        return int(self.placed.day.min()) if len(self.placed.day) else 0


def purchase_log(days: pd.DataFrame) -> PurchaseLog:
    """The purchase log from the frame of `loyalty.facts.predictions.placed_days`."""
    counted = days[days["kept"]]
    return PurchaseLog(purchase_days(days), purchase_days(counted.assign(value=counted["net"])))


@dataclass(frozen=True)
class Snapshot:
    """Customers with an order by the end of `cutoff`, by customer id (n of them), with a horizon of `horizon_days`.

    `features`: customer_id and the columns of `facts.predictions.FEATURES`, one row each; `history`: their purchase histories;
    `days`: all their days with an order up to `cutoff`.
    """

    cutoff: dt.date
    horizon_days: int
    features: pd.DataFrame
    history: Histories
    days: PurchaseDays

    def __len__(self) -> int:
        return len(self.history)

    @property
    def weeks(self) -> float:
        """The horizon in weeks."""
        return self.horizon_days / WEEK

    def part(self, chosen: Flags) -> Snapshot:
        """The `chosen` customers, shape (n,), in the same order."""
        rows, history, days = np.flatnonzero(chosen), self.history, self.days
        is_chosen = np.zeros(len(days.names), dtype=bool)
        is_chosen[np.unique(days.customer)[rows]] = True
        selected = is_chosen[days.customer]
        return Snapshot(
            self.cutoff,
            self.horizon_days,
            self.features.iloc[rows].reset_index(drop=True),
            Histories(
                history.customer_id[rows],
                history.x[rows],
                history.t_x[rows],
                history.T[rows],
                history.first_value[rows],
                history.repeat_value[rows],
            ),
            PurchaseDays(days.names, days.customer[selected], days.day[selected], days.value[selected]),
        )


def snapshot(log: PurchaseLog, features: pd.DataFrame, cutoff: dt.date, horizon_days: int) -> Snapshot:
    """The snapshot at the end of `cutoff`, from `features` as of the same day. Raises ValueError where the customers differ."""
    before = log.placed.day <= day_number(cutoff)
    days = PurchaseDays(
        log.placed.names, log.placed.customer[before], log.placed.day[before], log.placed.value[before]
    )
    history = histories(days, cutoff)
    if list(history.customer_id) != list(features["customer_id"]):
        raise ValueError("features and days are of different customers")
    return Snapshot(cutoff, horizon_days, features, history, days)


@dataclass(frozen=True)
class Outcome:
    """What the customers of a snapshot did within its horizon, shape (n,) each: days with a purchase that still counts,
    and their net revenue."""

    purchases: Floats
    value: Floats

    @cached_property
    def bought(self) -> Flags:
        """Whether each customer bought at all."""
        return np.asarray(self.purchases > 0)

    def part(self, chosen: Flags) -> Outcome:
        """The outcome of the `chosen` customers, shape (n,)."""
        return Outcome(self.purchases[chosen], self.value[chosen])


def outcome(log: PurchaseLog, at: Snapshot) -> Outcome:
    """The outcome of a snapshot: purchases after the cutoff, up to and including the last day of the horizon."""
    start, days = day_number(at.cutoff), log.counted
    later = (days.day > start) & (days.day <= start + at.horizon_days)
    place = pd.Index(at.history.customer_id).get_indexer(pd.Index(days.names[days.customer[later]]))
    in_snapshot = place >= 0
    value = days.value[later][in_snapshot]
    return Outcome(
        np.bincount(place[in_snapshot], minlength=len(at)).astype(np.float64),
        np.bincount(place[in_snapshot], weights=value, minlength=len(at)).astype(np.float64),
    )


@dataclass(frozen=True)
class Example:
    """A snapshot whose horizon is over, with its outcome."""

    snapshot: Snapshot
    outcome: Outcome

    def part(self, chosen: Flags) -> Example:
        """The `chosen` customers, shape (n,)."""
        return Example(self.snapshot.part(chosen), self.outcome.part(chosen))

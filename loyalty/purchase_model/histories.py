"""Purchase days split at a date: each customer's history up to it, and the holdout after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar, cast

import numpy as np
import pandas as pd

from loyalty.columns import Flags, Floats, Ints, Texts

Result = TypeVar("Result")

WEEK = 7.0  # days
DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class PurchaseDays:
    """One entry a customer and day with purchases, by customer and day; all but `names` have shape (m,).

    `names`: the distinct customer ids in order; `customer`: position in `names`; `day`: days since
    1970-01-01; `value`: net revenue of that day.
    """

    names: Texts
    customer: Ints
    day: Ints
    value: Floats


@dataclass(frozen=True)
class Histories:
    """Customers with a first purchase by the cutoff, by customer id; every array has shape (n,).

    `x`: days with a repeat purchase (count); `t_x`, `T`: age at the last purchase day and at the cutoff
    (weeks); `first_value`: net revenue of the first purchase day; `repeat_value`: of all later ones.
    Models fitted to these customers are cached here (`once`).
    """

    customer_id: Texts
    x: Floats
    t_x: Floats
    T: Floats
    first_value: Floats
    repeat_value: Floats
    _cache: dict[Hashable, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, name: Hashable, work: Callable[[], Result]) -> Result:
        """The result of `work`, computed the first time and cached under `name`."""
        if name not in self._cache:
            self._cache[name] = work()
        return cast(Result, self._cache[name])

    def __len__(self) -> int:
        return len(self.x)

    @property
    def repeaters(self) -> int:
        """How many customers came back on a later day."""
        return int((self.x > 0).sum())


@dataclass(frozen=True)
class Holdout:
    """The purchases of the same customers, in the same order, after the cutoff; every array has shape (n,).

    `purchases`: days with a purchase (count); `value`: their net revenue; `first_after`: weeks from the
    cutoff to the first of them, infinity without any.
    """

    weeks: float
    purchases: Floats
    value: Floats
    first_after: Floats


def purchase_days(days: pd.DataFrame) -> PurchaseDays:
    """Purchase days from a frame with customer_id, day (date or datetime) and value, added up by day.

    Rows without a customer are left out. The order of the rows does not matter.
    """
    code, names = pd.factorize(days["customer_id"], sort=True)
    day = pd.to_datetime(days["day"]).to_numpy().astype("datetime64[D]").astype(np.int64)
    value = days["value"].to_numpy(dtype=np.float64)
    order = np.lexsort((value, day, code))
    order = order[code[order] >= 0]
    code, day, value = code[order].astype(np.int64), day[order], value[order]
    starts = np.flatnonzero(_changes(code) | _changes(day))
    sums = np.add.reduceat(value, starts) if len(starts) else value
    return PurchaseDays(np.asarray(names, dtype=object), code[starts], day[starts], sums)


def histories(days: PurchaseDays, cutoff: dt.date) -> Histories:
    """The history of each customer at the end of `cutoff`; later purchases are left out."""
    before = days.day <= day_number(cutoff)
    customer, day, value = days.customer[before], days.day[before], days.value[before]
    starts = np.flatnonzero(_changes(customer))
    ends = np.append(starts[1:], len(customer)) - 1 if len(starts) else starts
    total = np.add.reduceat(value, starts) if len(starts) else value
    first, last = day[starts], day[ends]
    return Histories(
        customer_id=days.names[customer[starts]],
        x=(ends - starts).astype(np.float64),
        t_x=(last - first) / WEEK,
        T=(day_number(cutoff) - first) / WEEK,
        first_value=value[starts],
        repeat_value=np.where(ends > starts, total - value[starts], 0.0),
    )


def holdout(days: PurchaseDays, cutoff: dt.date, end: dt.date) -> Holdout:
    """The holdout: purchases after `cutoff` up to and including `end` of the customers of `histories(days, cutoff)`."""
    start, stop = day_number(cutoff), day_number(end)
    customers = np.unique(days.customer[days.day <= start])
    later = (days.day > start) & (days.day <= stop) & np.isin(days.customer, customers)
    place = np.searchsorted(customers, days.customer[later])
    first_after = np.full(len(customers), np.inf)
    np.minimum.at(first_after, place, (days.day[later] - start) / WEEK)
    return Holdout(
        weeks=(stop - start) / WEEK,
        purchases=np.bincount(place, minlength=len(customers)).astype(np.float64),
        value=np.bincount(place, weights=days.value[later], minlength=len(customers)).astype(np.float64),
        first_after=first_after,
    )


def split(days: PurchaseDays, cutoff: dt.date, end: dt.date) -> tuple[Histories, Holdout]:
    """Split into the calibration period up to `cutoff` and the holdout after it up to `end` (both inclusive)."""
    return histories(days, cutoff), holdout(days, cutoff, end)


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - dt.date(1970, 1, 1).toordinal()


def weeks_of(months: float) -> float:
    """`months` as whole days, in weeks: 12 months are 365 days."""
    return round(months * DAYS_A_MONTH) / WEEK


def _changes(values: Ints) -> Flags:
    """Whether each value differs from the one before it; the first does."""
    changes = np.ones(len(values), dtype=bool)
    changes[1:] = values[1:] != values[:-1]
    return changes

"""Point lots: points that are earned together and expire together, by the rule of the version they were earned under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loyalty.columns import Flags, Ints
from loyalty.rewards.points.history import DAY_S, Version
from loyalty.rewards.points.tier_history import NEVER
from loyalty.rewards.programme.rules import Expiry


@dataclass(frozen=True)
class PointLots:
    """One row a lot, in the order in which points are used: soonest to expire first, then the oldest.

    customer (code), when, confirmed, expires (seconds: the first at which they are gone), points; `reversal_*`: points
    taken back of the lot at a place when its order was returned; `use_*`: points that customers used, by time.
    """

    customer: Ints
    when: Ints
    confirmed: Ints
    expires: Ints
    points: Ints
    reversal_of: Ints
    reversal_at: Ints
    reversal_points: Ints
    use_customer: Ints
    use_at: Ints
    use_points: Ints

    def reversed_points(self) -> Ints:
        """Points taken back of each lot, shape (lots,)."""
        return np.bincount(self.reversal_of, weights=self.reversal_points, minlength=len(self.points)).astype(
            np.int64
        )


def lot_expiries(
    customer: Ints, at: Ints, version: Ints, versions: Sequence[Version], activity: tuple[Ints, Ints]
) -> Ints:
    """When each lot expires.

    Args:
        customer: each lot's customer code.
        at: when each lot was earned, in seconds.
        version: the place of each lot's version in `versions`.
        versions: the programme's versions.
        activity: customer and second of all buying and using of points, in order of both.

    Returns:
        Seconds since 1970; NEVER for lots that do not expire.
    """
    expires = np.full(len(at), NEVER, dtype=np.int64)
    for place, each in enumerate(versions):
        rows = np.flatnonzero(version == place)
        if len(rows):
            expires[rows] = _expiry(each.programme.expiry, customer[rows], at[rows] // DAY_S, activity)
    return expires


def _expiry(rule: Expiry, customer: Ints, day: Ints, activity: tuple[Ints, Ints]) -> Ints:
    if rule.kind == "never":
        return np.full(len(day), NEVER, dtype=np.int64)
    if rule.kind == "rolling":
        return (day + rule.days + 1) * DAY_S
    if rule.kind == "fixed":
        return (_next_day_of_year(day + rule.days, rule.on) + 1) * DAY_S
    return (_last_active_day(customer, day, rule.days, activity) + rule.days + 1) * DAY_S


def _next_day_of_year(day: Ints, on: str) -> Ints:
    """The first day, from each on, that is the MM-DD `on` (29 February: 28 in other years)."""
    month, number = int(on[:2]), int(on[3:])
    years = day.astype("datetime64[D]").astype("datetime64[Y]")
    days = _day_in_year(years, month, number)
    past = days < day
    days[past] = _day_in_year(years[past] + 1, month, number)
    return days


def _day_in_year(years: np.ndarray, month: int, number: int) -> Ints:
    first = years.astype("datetime64[M]") + (month - 1)
    days: Ints = first.astype("datetime64[D]").astype(np.int64) + number - 1
    last: Ints = (first + 1).astype("datetime64[D]").astype(np.int64) - 1
    return np.minimum(days, last)


def _last_active_day(customer: Ints, day: Ints, days: int, activity: tuple[Ints, Ints]) -> Ints:
    """For each lot the day of the last activity before a gap of more than `days`, never before the lot's own."""
    active_customer, active_day = activity[0], activity[1] // DAY_S
    if not len(active_customer):
        return day
    last = np.ones(len(active_customer), dtype=np.bool_)
    last[:-1] = (active_customer[1:] != active_customer[:-1]) | (active_day[1:] - active_day[:-1] > days)
    low = int(min(active_day.min(), day.min()))
    span = int(max(active_day.max(), day.max())) - low + 1
    run_keys = active_customer[last] * span + active_day[last] - low
    lot_keys = customer * span + day - low
    run = np.minimum(np.searchsorted(run_keys, lot_keys), len(run_keys) - 1)
    same = (active_customer[last][run] == customer) & (run_keys[run] >= lot_keys)
    # A gap before the next activity ends the lot, even where that activity would begin another run.
    begins = _run_begins(active_day, last)[run]
    return np.where(same & (begins <= day + days), active_day[last][run], day)


def _run_begins(active_day: Ints, last: Flags) -> Ints:
    """The first day of each run of activity that ends where `last` is true."""
    first = np.ones(len(active_day), dtype=np.bool_)
    first[1:] = last[:-1]
    return active_day[first]

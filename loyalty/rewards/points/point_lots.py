"""PointLots: points that came together and go together. When each goes, by the rule of the version that it was earned under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loyalty.columns import Ints
from loyalty.rewards.points.history import DAY_S, Version
from loyalty.rewards.points.tier_history import NEVER
from loyalty.rewards.programme.rules import Expiry


@dataclass(frozen=True)
class PointLots:
    """One row a lot, in the order in which points are used: soonest to expire first, then the oldest.

    customer (code), when, confirmed, expires (seconds: the first at which they are gone), points; `claw_*`: points taken
    back of the lot at a place; `use_*`: points that customers used, by time.
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


def expiries(
    customer: Ints, at: Ints, version: Ints, versions: Sequence[Version], activity: tuple[Ints, Ints]
) -> Ints:
    """When each lot expires (seconds; NEVER for those that do not). `activity`: customer and second of all buying and
    using of points, in order of both."""
    found = np.full(len(at), NEVER, dtype=np.int64)
    for place, each in enumerate(versions):
        rows = np.flatnonzero(version == place)
        if len(rows):
            found[rows] = _expiry(each.programme.expiry, customer[rows], at[rows] // DAY_S, activity)
    return found


def _expiry(rule: Expiry, customer: Ints, day: Ints, activity: tuple[Ints, Ints]) -> Ints:
    if rule.kind == "never":
        return np.full(len(day), NEVER, dtype=np.int64)
    if rule.kind == "rolling":
        return (day + rule.days + 1) * DAY_S
    if rule.kind == "fixed":
        return (_next_of_year(day + rule.days, rule.on) + 1) * DAY_S
    return (_last_active(customer, day, rule.days, activity) + rule.days + 1) * DAY_S


def _next_of_year(day: Ints, on: str) -> Ints:
    """The first day, from each on, that is the MM-DD `on` (29 February: 28 in other years)."""
    month, number = int(on[:2]), int(on[3:])
    years = day.astype("datetime64[D]").astype("datetime64[Y]")
    found = _in_year(years, month, number)
    late = found < day
    found[late] = _in_year(years[late] + 1, month, number)
    return found


def _in_year(years: np.ndarray, month: int, number: int) -> Ints:
    first = years.astype("datetime64[M]") + (month - 1)
    days = first.astype("datetime64[D]").astype(np.int64) + number - 1
    last = (first + 1).astype("datetime64[D]").astype(np.int64) - 1
    found: Ints = np.minimum(days, last)
    return found


def _last_active(customer: Ints, day: Ints, days: int, activity: tuple[Ints, Ints]) -> Ints:
    """For each lot the day of the last activity before a silence of more than `days`, never before the lot's own."""
    who, when = activity[0], activity[1] // DAY_S
    if not len(who):
        return day
    last = np.ones(len(who), dtype=np.bool_)
    last[:-1] = (who[1:] != who[:-1]) | (when[1:] - when[:-1] > days)
    span = int(max(when.max(), day.max()) - min(when.min(), day.min()) + 1)
    low = int(min(when.min(), day.min()))
    keys, own = who[last] * span + when[last] - low, customer * span + day - low
    place = np.minimum(np.searchsorted(keys, own), len(keys) - 1)
    same = (who[last][place] == customer) & (keys[place] >= own)
    # A silence before the next activity ends the lot, even where that activity would begin another run.
    begins = _run_begins(who, when, last)[place]
    found: Ints = np.where(same & (begins <= day + days), when[last][place], day)
    return found


def _run_begins(who: Ints, when: Ints, last: np.ndarray) -> Ints:
    """The first day of each run of activity that ends where `last` is true."""
    first = np.ones(len(who), dtype=np.bool_)
    first[1:] = last[:-1]
    return when[first]

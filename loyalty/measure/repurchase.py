"""Which customers come back: the share who buy again, by month or quarter of the first purchase and by how they came.

Groups (first products, channels, sources) are compared with everybody else, and named as better or worse only
when the difference survives a false-discovery rate of 5 % over all groups looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from loyalty.columns import Flags, Floats, Ints
from loyalty.measure.group_repurchase import compare_groups_with_rest
from loyalty.measure.retention import (
    HORIZONS,
    Within,
    bought_again_within,
    by_first_purchase,
    waiting_days,
    within_days,
)
from loyalty.measure.significance import FALSE_DISCOVERY_RATE, q_values, share_difference_p_values

MINIMUM_CUSTOMERS = 20  # customers; smaller groups are pooled
HORIZON = 90
Unit = Literal["month", "quarter"]


@dataclass(frozen=True)
class CohortRepurchase:
    """Those whose first purchase fell in the month or quarter that begins with `start`."""

    start: pd.Timestamp
    customers: int
    within: dict[int, Within]


@dataclass(frozen=True)
class GroupRepurchase:
    """One group beside all others.

    `name`: None for the pooled small groups; `within`: by days; `rest`: the share of the customers outside the group,
    at the horizon that is compared (None: unknown). `q_value`: false-discovery rate of "this group differs" (None
    while one side is unknown). `verdict`: "more" or "fewer" come back than among the rest, "" where it may be chance.
    """

    name: str | None
    customers: int
    within: dict[int, Within]
    rest: float | None
    q_value: float | None
    verdict: Literal["more", "fewer", ""]


def repurchase_by_cohort(
    customers: pd.DataFrame, as_of: dt.date, unit: Unit = "quarter", horizons: Sequence[int] = HORIZONS
) -> list[CohortRepurchase]:
    """`bought_again_within` of each month or quarter of first purchases (CUSTOMERS), the oldest first."""
    known = by_first_purchase(customers, as_of)
    starts = known["first_at"].dt.to_period("M" if unit == "month" else "Q")
    return [
        CohortRepurchase(start.start_time, len(part), bought_again_within(part, as_of, horizons))
        for start, part in known.groupby(starts)
    ]


def repurchase_by_group(
    customers: pd.DataFrame,
    groups: pd.DataFrame,
    as_of: dt.date,
    horizon: int = HORIZON,
    least: int = MINIMUM_CUSTOMERS,
) -> list[GroupRepurchase]:
    """The groups with `least` customers or more, the largest first, then the others pooled.

    `groups`: customer_id, group; a customer may be in several (the products of a first order). Customers in no
    group are left out of everything. `horizon`: the days at which groups are compared.
    """
    known = by_first_purchase(customers, as_of)
    known = known[known["customer_id"].isin(groups["customer_id"])]
    days, seen = waiting_days(known, as_of)
    members = _members(known["customer_id"], groups, least)
    beside, q_values = _beside_the_rest(days, seen, [places for _, places in members], horizon)
    found = []
    for (name, places), rest, q in zip(members, beside, q_values, strict=True):
        within = within_days(days[places], seen[places], sorted({*HORIZONS, horizon}))
        found.append(
            GroupRepurchase(name, len(places), within, rest, q, _verdict(within[horizon].rate, rest, q))
        )
    return found


def _members(known: pd.Series, groups: pd.DataFrame, least: int) -> list[tuple[str | None, Ints]]:
    """Groups with their customers' places in `known`, large to small; who is in small ones only makes up the last, without a name."""
    place = pd.Series(np.arange(len(known)), index=known.to_numpy())
    told = groups[groups["customer_id"].isin(place.index)].drop_duplicates(["customer_id", "group"])
    told = told.assign(place=told["customer_id"].map(place))
    sizes = told.groupby("group").size()
    large = sizes[sizes >= least].sort_index().sort_values(ascending=False, kind="stable")
    lists = {name: part.to_numpy(dtype=np.int64) for name, part in told.groupby("group")["place"]}
    found: list[tuple[str | None, Ints]] = [(str(name), lists[name]) for name in large.index]
    named = np.concatenate([np.empty(0, dtype=np.int64), *(places for _, places in found)])
    others = np.setdiff1d(np.arange(len(known)), named)
    return [*found, (None, others)] if len(others) else found


def _beside_the_rest(
    days: Ints, seen: Flags, members: Sequence[Ints], horizon: int
) -> tuple[list[float | None], list[float | None]]:
    """The share of each group's rest, and the false-discovery rate of each group's difference; None where unknown."""
    if not members:
        return [], []
    group = np.repeat(np.arange(len(members)), [len(places) for places in members])
    both = compare_groups_with_rest(days, seen, np.concatenate(members), group, horizon)
    known = (both.size > 0) & (both.rest_size > 0)
    p = share_difference_p_values(
        both.rate[known], both.size[known], both.rest_rate[known], both.rest_size[known]
    )
    q = np.full(len(members), np.nan)
    q[known] = q_values(p)
    return _or_none(both.rest_rate), _or_none(q)


def _or_none(values: Floats) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def _verdict(rate: float | None, rest: float | None, q: float | None) -> Literal["more", "fewer", ""]:
    if q is None or q > FALSE_DISCOVERY_RATE or rate is None or rest is None:
        return ""
    return "more" if rate > rest else "fewer"

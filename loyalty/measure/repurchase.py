"""Repurchase by cohort (month or quarter of the first purchase) and by group (first product, channel, source).

Groups (first products, channels, sources) are compared with all other customers, and named as better or worse only
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
    """Repurchase of the customers whose first purchase fell in the month or quarter that begins with `start`."""

    start: pd.Timestamp
    customers: int
    within: dict[int, Within]


@dataclass(frozen=True)
class GroupRepurchase:
    """Repurchase of one group compared with all others.

    `name`: None for the pooled small groups; `within`: by days; `rest`: the share of the customers outside the group,
    at the horizon that is compared (None: unknown). `q_value`: false-discovery rate of "this group differs" (None
    while one side is unknown). `verdict`: "more" or "fewer" buy again than among the rest, "" where it may be chance.
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
    buyers = by_first_purchase(customers, as_of)
    starts = buyers["first_at"].dt.to_period("M" if unit == "month" else "Q")
    return [
        CohortRepurchase(start.start_time, len(part), bought_again_within(part, as_of, horizons))
        for start, part in buyers.groupby(starts)
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
    buyers = by_first_purchase(customers, as_of)
    buyers = buyers[buyers["customer_id"].isin(groups["customer_id"])]
    days, observed = waiting_days(buyers, as_of)
    members = _members(buyers["customer_id"], groups, least)
    rest_rates, group_q_values = _compare_with_rest(
        days, observed, [places for _, places in members], horizon
    )
    results = []
    for (name, places), rest, q in zip(members, rest_rates, group_q_values, strict=True):
        within = within_days(days[places], observed[places], sorted({*HORIZONS, horizon}))
        results.append(
            GroupRepurchase(name, len(places), within, rest, q, _verdict(within[horizon].rate, rest, q))
        )
    return results


def _members(customer_ids: pd.Series, groups: pd.DataFrame, least: int) -> list[tuple[str | None, Ints]]:
    """Groups with their customers' positions in `customer_ids`, the largest first; customers of small groups only come last, without a name."""
    place = pd.Series(np.arange(len(customer_ids)), index=customer_ids.to_numpy())
    memberships = groups[groups["customer_id"].isin(place.index)].drop_duplicates(["customer_id", "group"])
    memberships = memberships.assign(place=memberships["customer_id"].map(place))
    sizes = memberships.groupby("group").size()
    large = sizes[sizes >= least].sort_index().sort_values(ascending=False, kind="stable")
    lists = {name: part.to_numpy(dtype=np.int64) for name, part in memberships.groupby("group")["place"]}
    members: list[tuple[str | None, Ints]] = [(str(name), lists[name]) for name in large.index]
    named = np.concatenate([np.empty(0, dtype=np.int64), *(places for _, places in members)])
    others = np.setdiff1d(np.arange(len(customer_ids)), named)
    return [*members, (None, others)] if len(others) else members


def _compare_with_rest(
    days: Ints, observed: Flags, members: Sequence[Ints], horizon: int
) -> tuple[list[float | None], list[float | None]]:
    """Repurchase of each group's rest, and the false-discovery rate of each group's difference; None where unknown."""
    if not members:
        return [], []
    group = np.repeat(np.arange(len(members)), [len(places) for places in members])
    compared = compare_groups_with_rest(days, observed, np.concatenate(members), group, horizon)
    comparable = (compared.size > 0) & (compared.rest_size > 0)
    p = share_difference_p_values(
        compared.rate[comparable],
        compared.size[comparable],
        compared.rest_rate[comparable],
        compared.rest_size[comparable],
    )
    q = np.full(len(members), np.nan)
    q[comparable] = q_values(p)
    return _or_none(compared.rest_rate), _or_none(q)


def _or_none(values: Floats) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def _verdict(rate: float | None, rest: float | None, q: float | None) -> Literal["more", "fewer", ""]:
    if q is None or q > FALSE_DISCOVERY_RATE or rate is None or rest is None:
        return ""
    return "more" if rate > rest else "fewer"

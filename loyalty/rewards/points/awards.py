"""What each order earned under the rules of its own day, and what its returns take back.

Points are whole and rounded down, once an order: floor(sum of amounts x points_per_unit x product's multiplier x
multiplier of tier and day) + per_order. What is left after a partial return earns what it would have earned alone, so a
return of everything takes back exactly what was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.columns import Floats, Ints
from loyalty.rewards.points.history import (
    DAY_S,
    Orders,
    PointsHistory,
    Version,
    group_starts,
    in_force,
    running_sum,
    seconds,
    sort_order,
)
from loyalty.rewards.points.order_points import SUM_DIGITS, tier_multipliers, whole_points
from loyalty.rewards.points.tier_history import tier_counts, tiers_held
from loyalty.rewards.programme.programme import Programme
from loyalty.rewards.programme.rules import WEEKDAYS, BonusDays, ProductPoints

EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday
NOTHING_LEFT = 1e-6  # money below this is 0


@dataclass(frozen=True)
class Awards:
    """Points given. One row an award: customer (code), when, confirmed (seconds), points, version (its place), source
    (a word), ref (what for). `reversal_*`: the place of the award, when, and the points taken back."""

    customer: Ints
    when: Ints
    confirmed: Ints
    points: Ints
    version: Ints
    source: np.ndarray
    ref: np.ndarray
    reversal_of: Ints
    reversal_at: Ints
    reversal_points: Ints


def order_arrays(history: PointsHistory, codes: pd.Series, end: int) -> Orders:
    """The orders of identified customers before `end`, and their returns before it, by customer and time."""
    sales = history.sales
    at = seconds(sales["at"])
    customer = codes.reindex(sales["customer_id"]).to_numpy(dtype=np.int64)
    number = sales["order"].to_numpy(dtype=np.int64)
    rows = sort_order(customer, at, np.zeros(len(at), np.int64))
    rows = rows[at[rows] < end]
    gross = sales["gross"].to_numpy(dtype=np.float64)[rows]
    at, customer = at[rows], customer[rows]
    returns = history.returns
    return_of = pd.Index(number[rows]).get_indexer(pd.Index(returns["order"].to_numpy(dtype=np.int64)))
    returned_at = seconds(returns["at"]) if len(returns) else np.zeros(0, np.int64)
    valid = np.flatnonzero((return_of >= 0) & (returned_at < end))
    return_of = return_of[valid].astype(np.int64)
    returned_at = np.maximum(returned_at[valid], at[return_of])
    amount = np.round(returns["amount"].to_numpy(dtype=np.float64)[valid], SUM_DIGITS)
    order = np.lexsort((returned_at, return_of))
    return_of, returned_at, amount = return_of[order], returned_at[order], amount[order]
    so_far = running_sum(np.round(amount * 1e6).astype(np.int64), group_starts(return_of)) / 1e6
    after = np.maximum(gross[return_of] - so_far, 0.0)
    before = np.minimum(np.maximum(gross[return_of] - so_far + amount, 0.0), gross[return_of])
    before, after = (
        np.where(left < NOTHING_LEFT, 0.0, np.round(left, SUM_DIGITS)) for left in (before, after)
    )
    return Orders(
        customer=customer,
        when=at,
        gross=np.round(gross, SUM_DIGITS),
        number=number[rows],
        ref=sales["ref"].to_numpy(dtype=object)[rows],
        return_of=return_of,
        returned_at=returned_at,
        left_before=before,
        left_after=after,
    )


def tiers_at(orders: Orders, customer: Ints, at: Ints, programme: Programme) -> Ints:
    """For each customer and second the place of the tier held just before it, under one version's rules."""
    return tiers_held(tier_counts(orders, programme), customer, at, programme)


def order_awards(history: PointsHistory, versions: Sequence[Version], orders: Orders) -> Awards:
    """What orders earned, and what returns took back, each under the version of the order's day."""
    version = in_force(orders.when // DAY_S, versions)
    weight = _product_weights(history.lines, versions, version, orders.number)
    multiplier = np.zeros(len(orders.when))
    for place, each in enumerate(versions):
        rows = np.flatnonzero(version == place)
        rules = each.programme
        tiers = tier_multipliers(rules)[tiers_at(orders, orders.customer[rows], orders.when[rows], rules)]
        days = day_multipliers(orders.when[rows] // DAY_S, rules.earning.bonus_days)
        multiplier[rows] = combined_multipliers(tiers, days, rules.earning.together) * weight[rows]
    whole = _points_left(orders.gross, multiplier, versions, version)
    granted = _month_capped(orders, whole, versions, version)
    awarded = np.flatnonzero(granted > 0)
    award_of = np.full(len(granted), -1, dtype=np.int64)
    award_of[awarded] = np.arange(len(awarded))
    before, after = (
        np.minimum(
            granted[orders.return_of],
            _points_left(money, multiplier[orders.return_of], versions, version[orders.return_of]),
        )
        for money in (orders.left_before, orders.left_after)
    )
    taken = before - after
    reversals = np.flatnonzero((taken > 0) & (award_of[orders.return_of] >= 0))
    wait = np.array([v.programme.earning.return_days for v in versions], dtype=np.int64)[version[awarded]]
    return Awards(
        customer=orders.customer[awarded],
        when=orders.when[awarded],
        confirmed=orders.when[awarded] + wait * DAY_S,
        points=granted[awarded],
        version=version[awarded],
        source=np.full(len(awarded), "order", dtype=object),
        ref=orders.ref[awarded],
        reversal_of=award_of[orders.return_of[reversals]],
        reversal_at=orders.returned_at[reversals],
        reversal_points=taken[reversals],
    )


def _points_left(money: Floats, multiplier: Floats, versions: Sequence[Version], version: Ints) -> Ints:
    """Whole points of orders with so much money left, each under its own version."""
    points = np.zeros(len(money), dtype=np.int64)
    for place, each in enumerate(versions):
        rows, rules = np.flatnonzero(version == place), each.programme
        points[rows] = whole_points(money[rows], rules, multiplier[rows], rules.caps.points_an_order)
    return points


def _month_capped(orders: Orders, whole: Ints, versions: Sequence[Version], version: Ints) -> Ints:
    """`whole` with no more in a calendar month than its version's cap, the earlier order first."""
    caps = np.array([v.programme.caps.points_a_month for v in versions] + [0], dtype=np.int64)[version]
    if not caps.any():
        return whole
    months = orders.when.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    first = group_starts(orders.customer) | group_starts(months)
    total = running_sum(whole, first)
    most = np.where(caps > 0, caps, np.iinfo(np.int64).max)
    granted: Ints = np.clip(most - (total - whole), 0, whole)
    return granted


def combined_multipliers(tier: Floats, day: Floats, together: str) -> Floats:
    """The multipliers of tiers and bonus days combined as `Earning.together` says; without a bonus day the tier's."""
    return tier * day if together == "multiplied" else np.where(day == 1, tier, np.maximum(tier, day))


def day_multipliers(days: Ints, bonus: Sequence[BonusDays]) -> Floats:
    """The highest multiplier of the bonus days that apply to each day; 1 where none does."""
    multipliers = np.ones(len(days))
    weekday = (days + EPOCH_WEEKDAY) % 7
    for each in bonus:
        applies = np.ones(len(days), dtype=np.bool_)
        if each.weekdays:
            applies &= np.isin(weekday, [WEEKDAYS.index(name) for name in each.weekdays])
        if each.first:
            applies &= days >= np.datetime64(each.first).astype(np.int64)
        if each.last:
            applies &= days <= np.datetime64(each.last).astype(np.int64)
        multiplier = float(each.multiplier)
        higher = (multipliers == 1) | (multipliers < multiplier)
        multipliers = np.where(applies & higher, multiplier, multipliers)
    return multipliers


def _product_weights(
    lines: pd.DataFrame, versions: Sequence[Version], version: Ints, numbers: Ints
) -> Floats:
    """For each order the mean multiplier of its products under the version that it was made under; see `product_weight`."""
    weights = np.ones(len(numbers))
    if lines.empty or not any(v.programme.earning.products for v in versions):
        return weights
    places = pd.Index(numbers).get_indexer(pd.Index(lines["order"].to_numpy(dtype=np.int64)))
    for place, each in enumerate(versions):
        here = (places >= 0) & (version[np.maximum(places, 0)] == place)
        if each.programme.earning.products and here.any():
            of_version = product_weight(
                lines[here], places[here], each.programme.earning.products, len(numbers)
            )
            weights = np.where(version == place, of_version, weights)
    return weights


def product_weight(lines: pd.DataFrame, places: Ints, rules: Sequence[ProductPoints], orders: int) -> Floats:
    """For each of so many orders the mean multiplier of its products, weighted by their amounts; 1 where it has none. `places`: the order of each line. A product's own rule takes precedence over its category's."""
    amount = lines["amount"].fillna(0.0).to_numpy(dtype=np.float64).clip(min=0)
    times = np.ones(len(lines))
    for kind in ("category", "product"):
        names = {rule.name: float(rule.multiplier) for rule in rules if rule.kind == kind}
        of_kind = lines[kind].map(names).to_numpy(dtype=np.float64)
        times = np.where(np.isnan(of_kind), times, of_kind)
    whole = np.bincount(places, weights=amount, minlength=orders)
    earning = np.bincount(places, weights=amount * times, minlength=orders)
    return np.where(whole > 0, earning / np.where(whole > 0, whole, 1.0), 1.0)

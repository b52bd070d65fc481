"""Points of one order, what points are worth, and which tier a year's purchases reach."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pandas as pd

from loyalty.columns import Floats, Ints
from loyalty.rewards.programme.programme import Programme
from loyalty.rewards.programme.rules import Step

SUM_DIGITS = 6  # sums of money in floats are exact to this many decimals; the rest is rounding noise


def points_earned(
    money: Floats, orders: Floats | float, programme: Programme, multiplier: Floats | float = 1.0
) -> Floats:
    """Points of an amount of money spent in a number of orders, not yet rounded down.

    `multiplier`: of tiers, days and products, on the points for money alone. The ledger calls
    this order by order, the tuner and the expected gain with the sums of a year.
    """
    return money * (float(programme.points_per_unit) * multiplier) + orders * programme.earning.per_order


def whole_points(money: Floats, programme: Programme, multiplier: Floats | float = 1.0, cap: int = 0) -> Ints:
    """Points of single orders with so much money left: rounded down, none once nothing is left, at most `cap` (0: any).

    19.99 at 1 point a unit and a multiplier of 1.5 earns 29.
    """
    left = (money > 0).astype(np.float64)
    points = np.floor(np.round(points_earned(money, left, programme, multiplier), SUM_DIGITS))
    return (np.minimum(points, cap) if cap else points).astype(np.int64)


def tier_multipliers(programme: Programme) -> Floats:
    """Of each tier, shape (tiers,)."""
    return np.array([float(tier.multiplier) for tier in programme.tiers])


def spend(customers: pd.DataFrame, column: str = "revenue_365") -> Floats:
    """A revenue column of CUSTOMERS as an array, never negative, without the noise of adding floats."""
    amounts: Floats = customers[column].to_numpy(dtype=np.float64)
    return np.round(amounts, SUM_DIGITS).clip(min=0.0)


def tier_measure(customers: pd.DataFrame, programme: Programme) -> Floats:
    """The measure of tiers (spend, orders or points) over the last 365 days whatever their period. `customers`: CUSTOMERS."""
    if programme.tiering.by == "spend":
        return spend(customers)
    orders: Floats = customers["orders_365"].to_numpy(dtype=np.float64)
    if programme.tiering.by == "orders":
        return orders
    return points_earned(spend(customers), orders, programme)


def measure_per_order(customers: pd.DataFrame, programme: Programme) -> Floats:
    """What one average order of each customer adds to the tier measure."""
    if programme.tiering.by == "orders":
        return np.ones(len(customers))
    usual = usual_order(customers)
    if programme.tiering.by == "spend":
        return usual
    return points_earned(usual, 1.0, programme)


def mean_order(customers: pd.DataFrame) -> float:
    """The shop's average order; 0 without any."""
    orders = float(customers["orders"].sum())
    return float(spend(customers, "revenue").sum()) / orders if orders > 0 else 0.0


def usual_order(customers: pd.DataFrame) -> Floats:
    """Each customer's average order; the shop's for those without one."""
    orders, revenue = customers["orders"].to_numpy(dtype=np.float64), spend(customers, "revenue")
    return np.where((orders > 0) & (revenue > 0), revenue / np.maximum(orders, 1.0), mean_order(customers))


def highest_point_value(programme: Programme) -> Decimal:
    """What one point takes off at most: its value, or the best step's value over its points."""
    if not programme.steps:
        return programme.point_value
    return max(step.value / step.points for step in programme.steps)


def point_cost(programme: Programme) -> float:
    """What an issued point is expected to cost: what it takes off, times the share of points that are ever used."""
    return float(highest_point_value(programme) * programme.expected_redemption)


def points_value(points: int, programme: Programme) -> Decimal:
    """What a balance takes off if it is used now; exact.

    Without steps every point counts. With steps the highest that the balance reaches is taken, then again of the rest.
    """
    if not programme.steps:
        return points * programme.point_value
    worth, left = Decimal(0), max(points, 0)
    for step in reversed(programme.steps):
        worth, left = worth + (left // step.points) * step.value, left % step.points
    return worth


def points_values(points: Ints, programme: Programme) -> Floats:
    """`points_value` for many balances, as floats rounded to 6 decimals."""
    if not programme.steps:
        return np.round(points * float(programme.point_value), 6)
    worth, left = np.zeros(len(points)), np.maximum(points, 0)
    for step in reversed(programme.steps):
        worth, left = worth + (left // step.points) * float(step.value), left % step.points
    return np.round(worth, 6)


def next_step(points: int, steps: Sequence[Step]) -> Step | None:
    """The first step that a balance does not reach yet."""
    return next((step for step in steps if step.points > points), None)


def tier_numbers(spent: Floats, programme: Programme) -> Ints:
    """For each measure (see `measured`) the place in `programme.tiers` of the highest tier that it reaches."""
    thresholds = np.array([float(tier.threshold) for tier in programme.tiers])
    return np.searchsorted(thresholds, spent, side="right").astype(np.int64) - 1


def tiers_by_customer(customers: pd.DataFrame, programme: Programme) -> pd.DataFrame:
    """One row a customer: customer_id, tier (its key). `customers`: CUSTOMERS."""
    numbers = tier_numbers(tier_measure(customers, programme), programme)
    keys = np.array([tier.key for tier in programme.tiers], dtype=object)[numbers]
    return pd.DataFrame(
        {"customer_id": customers["customer_id"].to_numpy(), "tier": pd.Series(keys, dtype="str")}
    )

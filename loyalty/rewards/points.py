"""Points of one order, and the tier that spend of 365 days reaches: what the tuner counts with."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

import numpy as np
import numpy.typing as npt
import pandas as pd

from loyalty.rewards.programme import Programme, Tier

SUM_DIGITS = 6  # sums of money in floats are exact to this many decimals; more is noise of adding


def points_for(amount: Decimal, programme: Programme, tier: Tier) -> int:
    """Whole points that an order of net `amount` earns in `tier`: rounded down once an order, never negative.

    floor(amount x points_per_unit x multiplier). An order of 19.99 at 1 point a unit and multiplier 1.5 earns
    29.
    """
    points = amount * programme.points_per_unit * tier.multiplier
    return max(0, int(points.to_integral_value(ROUND_FLOOR)))


def spend(customers: pd.DataFrame, column: str = "revenue_365") -> npt.NDArray[np.float64]:
    """A revenue column of CUSTOMERS as an array, never negative, without the noise of adding floats."""
    amounts: npt.NDArray[np.float64] = customers[column].to_numpy(dtype=np.float64)
    return np.round(amounts, SUM_DIGITS).clip(min=0.0)


def tier_numbers(spent: npt.NDArray[np.float64], programme: Programme) -> npt.NDArray[np.int64]:
    """For each spend of 365 days the place in `programme.tiers` of the highest tier that it reaches."""
    thresholds = np.array([float(tier.threshold) for tier in programme.tiers])
    return np.searchsorted(thresholds, spent, side="right").astype(np.int64) - 1


def tiers_by_customer(customers: pd.DataFrame, programme: Programme) -> pd.DataFrame:
    """One row a customer: customer_id, tier (its key). `customers`: CUSTOMERS."""
    numbers = tier_numbers(spend(customers), programme)
    keys = np.array([tier.key for tier in programme.tiers], dtype=object)[numbers]
    return pd.DataFrame(
        {"customer_id": customers["customer_id"].to_numpy(), "tier": pd.Series(keys, dtype="str")}
    )


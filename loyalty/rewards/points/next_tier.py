"""How far each customer is from the next tier, in money."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loyalty.rewards.points.order_points import (
    SUM_DIGITS,
    measure_per_order,
    tier_measure,
    tier_numbers,
    usual_order,
)
from loyalty.rewards.programme.programme import Programme


def to_next_tier(customers: pd.DataFrame, programme: Programme) -> pd.DataFrame:
    """One row a customer: customer_id, next_tier (its name, None for holders of the highest) and to_tier.

    `to_tier` is the money still lacking over the last 365 days, above 0 (NaN for holders of the highest tier). Where tiers
    are by orders or points, what is lacking is converted at the customer's usual order. `customers`: CUSTOMERS.
    """
    measure = tier_measure(customers, programme)
    next_place = tier_numbers(measure, programme) + 1
    names = [*(tier.name for tier in programme.tiers), None]
    thresholds = np.array([*(float(tier.threshold) for tier in programme.tiers), np.nan])
    lacking = thresholds[next_place] - measure
    if programme.tiering.by != "spend":
        per_order = measure_per_order(customers, programme)
        lacking *= usual_order(customers) / np.where(per_order > 0, per_order, np.nan)
    return pd.DataFrame(
        {
            "customer_id": customers["customer_id"].to_numpy(),
            "next_tier": pd.Series([names[place] for place in next_place], dtype="object"),
            "to_tier": np.round(lacking, SUM_DIGITS),
        }
    )

"""How far everyone is from the tier above theirs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loyalty.rewards.points.order_points import SUM_DIGITS, spend, tier_numbers
from loyalty.rewards.programme.programme import Programme


def to_next_tier(customers: pd.DataFrame, programme: Programme) -> pd.DataFrame:
    """One row a customer: customer_id, next_tier (its name, None for holders of the highest), to_tier (money that the spend
    of 365 days still lacks, above 0; NaN for those). `customers`: CUSTOMERS."""
    spent = spend(customers)
    above = tier_numbers(spent, programme) + 1
    names = [*(tier.name for tier in programme.tiers), None]
    thresholds = np.array([*(float(tier.threshold) for tier in programme.tiers), np.nan])
    return pd.DataFrame(
        {
            "customer_id": customers["customer_id"].to_numpy(),
            "next_tier": pd.Series([names[place] for place in above], dtype="object"),
            "to_tier": np.round(thresholds[above] - spent, SUM_DIGITS),
        }
    )

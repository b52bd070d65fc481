"""Example snapshots: features of a frame of purchase days, computed row by row with pandas."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from loyalty.facts.predictions import FEATURES
from loyalty.models.predictions.rolling_origins import Plan, plan
from loyalty.models.predictions.snapshot import Example, PurchaseLog, outcome, purchase_log, snapshot
from tests.purchase_model.builders import AS_OF, shop


def order_days(n: int, seed: int = 0, weeks: int = 104) -> pd.DataFrame:
    """Order days of an example shop: customer_id, day, value, net, kept."""
    days = shop(n, seed=seed, weeks=weeks).groupby(["customer_id", "day"], as_index=False)["value"].sum()
    return days.assign(net=days["value"], kept=True)


def features_of(days: pd.DataFrame, cutoff: dt.date) -> pd.DataFrame:
    """The features that depend on days and money; the others are 0 or missing."""
    seen = days[days["day"] <= pd.Timestamp(cutoff)].sort_values(["customer_id", "day"])
    rows = []
    for who, rows_of_customer in seen.groupby("customer_id"):
        ago = (pd.Timestamp(cutoff) - rows_of_customer["day"]).dt.days.to_numpy()
        gaps, value = -np.diff(ago), rows_of_customer["value"].to_numpy()
        row = dict.fromkeys(FEATURES, 0.0) | {
            "customer_id": who,
            "satisfaction": np.nan,
            "event_recency": np.nan,
        }
        row |= {
            "recency_days": ago.min(),
            "age_days": ago.max(),
            "days": len(ago),
            "orders": len(ago),
            "channels": 1,
        }
        row |= {f"days_{n}": (ago < n).sum() for n in (30, 90, 180, 365)}
        row |= {
            "gap_mean": gaps.mean() if len(gaps) else np.nan,
            "gap_sd": gaps.std() if len(gaps) else np.nan,
            "gap_last": gaps[-1] if len(gaps) else np.nan,
            "spend": value.sum(),
            "spend_90": value[ago < 90].sum(),
            "spend_365": value[ago < 365].sum(),
            "last_value": value[-1],
            "best_value": value.max(),
        }
        rows.append(row)
    frame = pd.DataFrame(rows)[["customer_id", *FEATURES]]
    return frame.astype(dict.fromkeys(FEATURES, "float64"))


def example_shop(
    n: int, seed: int = 0, horizon: int = 90, weeks: int = 104
) -> tuple[PurchaseLog, Plan, dict[dt.date, Example]]:
    """The purchase log, the plan and all examples of an example shop; the horizon of the last one is not over yet."""
    days = order_days(n, seed, weeks)
    log = purchase_log(days)
    origin_plan = plan(days["day"].min().date(), AS_OF, horizon)
    snapshots = [snapshot(log, features_of(days, day), day, horizon) for day in origin_plan.days]
    return log, origin_plan, {at.cutoff: Example(at, outcome(log, at)) for at in snapshots}

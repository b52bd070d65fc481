"""Named groups of customers besides their status, for lists, actions and audiences: one function each."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

UNHAPPY_DAYS = 60
LOW = 0.5  # of a scale from 0 to 1


def near_tier(customers: pd.DataFrame, to_tier: pd.Series) -> frozenset[str]:
    """Customers whose average order would take them to the next tier.

    `customers`: CUSTOMERS; `to_tier`: money still missing to the next tier, indexed by customer_id (NaN: no higher tier).
    """
    missing = to_tier.reindex(customers["customer_id"]).to_numpy(dtype=np.float64)
    average_order = (customers["revenue"] / customers["orders"]).to_numpy(dtype=np.float64)
    return frozenset(customers.loc[(missing > 0) & (missing <= average_order), "customer_id"])


def unhappy(customers: pd.DataFrame, answers: pd.DataFrame, as_of: dt.date) -> frozenset[str]:
    """Customers whose last answer is in the lower half of its scale, within UNHAPPY_DAYS, without a purchase since.

    `answers`: the last scored answer of each customer with customer_id, at and `level` (0 lowest, 1 highest).
    """
    last = answers.merge(customers[["customer_id", "last_at"]], on="customer_id")
    recent = last["at"] >= pd.Timestamp(as_of) - pd.Timedelta(days=UNHAPPY_DAYS)
    no_purchase_since = last["last_at"].dt.normalize() <= last["at"].dt.normalize()
    return frozenset(last.loc[recent & (last["level"] < LOW) & no_purchase_since, "customer_id"])

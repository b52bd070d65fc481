"""Regulars who are slipping away: silent longer than usual, and no longer likely to come."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import numpy.typing as npt
import pandas as pd

REGULAR_ORDERS = 3
USUAL = 0.8  # four of five gaps are shorter
ALIVE = 0.5


def usual_silence(gaps_days: npt.NDArray[np.float64]) -> int | None:
    """The shop's own 80th percentile of days between purchases, rounded up; None without a gap."""
    return math.ceil(float(np.quantile(gaps_days, USUAL))) if len(gaps_days) else None


def silent_days_by_customer(customers: pd.DataFrame, as_of: dt.date) -> pd.Series:
    """Days since each customer's last purchase (int64), indexed by customer_id."""
    last = customers.set_index("customer_id")["last_at"].dt.normalize()
    silent: pd.Series = (pd.Timestamp(as_of) - last).dt.days.astype("int64")
    return silent


def slipping(
    customers: pd.DataFrame,
    gaps_days: npt.NDArray[np.float64],
    as_of: dt.date,
    p_alive: pd.Series | None = None,
) -> pd.DataFrame:
    """Regulars of CUSTOMERS (three orders or more, one within a year) silent longer than `usual_silence`.

    `p_alive`: the chance that each is still a customer, indexed by customer_id, from a model; given, only those
    below one half are slipping, and it stands in the column `p_alive`. Without it silence alone decides.
    """
    usual = usual_silence(gaps_days)
    if usual is None:
        return customers.iloc[:0]
    silent = silent_days_by_customer(customers, as_of).to_numpy() > usual
    late = silent & (customers["orders"] >= REGULAR_ORDERS) & (customers["orders_365"] > 0)
    if p_alive is None:
        return customers[late]
    chance = p_alive.reindex(customers["customer_id"]).set_axis(customers.index)
    return customers.assign(p_alive=chance)[late & (chance < ALIVE)]

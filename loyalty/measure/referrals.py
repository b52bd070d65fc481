"""Customers brought by customers: the referral rate, and the share of new customers who were referred.

REFERRALS: a frame, one row a person brought: referrer_id, referred_id (str), referred_at (datetime64 or NaT). A row
counts when the referred person became a customer, was none before the day of the referral, and is somebody else.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from loyalty.measure.retention import by_first_purchase
from loyalty.measure.satisfaction import wilson


def _counting(customers: pd.DataFrame, referrals: pd.DataFrame) -> pd.DataFrame:
    """The rows that count, with first_at of the person brought."""
    first = customers.set_index("customer_id")["first_at"]
    known = referrals.assign(first_at=first.reindex(referrals["referred_id"]).to_numpy())
    said = pd.to_datetime(known["referred_at"]).dt.normalize()
    new = known["first_at"].notna() & (said.isna() | (known["first_at"] >= said))
    return known[new & (known["referrer_id"] != known["referred_id"])]


def brought_by_customer(customers: pd.DataFrame, referrals: pd.DataFrame) -> pd.Series:
    """New customers whom each customer brought (int64), indexed by customer_id."""
    counted = _counting(customers, referrals).drop_duplicates(["referrer_id", "referred_id"])
    each = counted.groupby("referrer_id").size()
    found: pd.Series = each.reindex(customers["customer_id"], fill_value=0).astype("int64")
    return found.rename_axis("customer_id")


def referral_rate(customers: pd.DataFrame, referrals: pd.DataFrame) -> float | None:
    """Customers who brought at least one new customer ÷ customers; None without customers."""
    return float((brought_by_customer(customers, referrals) >= 1).mean()) if len(customers) else None


def was_referred_by_customer(
    customers: pd.DataFrame, referrals: pd.DataFrame, as_of: dt.date, since: dt.date | None = None
) -> pd.Series:
    """1.0 for each customer new between `since` and `as_of` (inclusive) whom another brought, else 0.0."""
    new = by_first_purchase(customers, as_of, since)
    brought = set(_counting(customers, referrals)["referred_id"])
    return new.set_index("customer_id").index.to_series().isin(brought).astype("float64")


def referred_share(
    customers: pd.DataFrame, referrals: pd.DataFrame, as_of: dt.date, since: dt.date | None = None
) -> float | None:
    """New customers who were referred ÷ new customers of the period; None without one."""
    each = was_referred_by_customer(customers, referrals, as_of, since)
    return float(each.mean()) if len(each) else None


def referred_by_month(customers: pd.DataFrame, referrals: pd.DataFrame) -> pd.DataFrame:
    """One row a month of first purchases: month, new_customers, referred, share, low, high (Wilson 95 %)."""
    brought = customers["customer_id"].isin(set(_counting(customers, referrals)["referred_id"]))
    month = customers["first_at"].dt.to_period("M").dt.to_timestamp()
    both = [(m, len(part), int(part.sum())) for m, part in brought.groupby(month)]
    rows = [(m, n, k, k / n, *wilson(k, n)) for m, n, k in both]
    return pd.DataFrame(rows, columns=["month", "new_customers", "referred", "share", "low", "high"])

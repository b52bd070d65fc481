"""What a new customer costs and when the money is back: CAC by month and channel, CLV : CAC, payback.

SPEND: a frame, one row a month and channel: month (datetime64, first day), channel (str), amount (float64, in the
shop's currency). NEW: month, channel, new_customers, of `new_customers`: each customer once, under the channel of
their first purchase or what the owner says they were won by. Only months that are over count, from the first
with spend to the last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.measure.months import last_complete_month, month_number

KEYS = ["month", "channel"]


def new_customers(customers: pd.DataFrame, by: pd.DataFrame | None = None) -> pd.DataFrame:
    """The NEW frame of CUSTOMERS; `by` (customer_id, group) goes before the channel of the first purchase."""
    label = customers["channel"]
    if by is not None and len(by):
        said = customers["customer_id"].map(
            by.drop_duplicates("customer_id").set_index("customer_id")["group"]
        )
        label = said.where(said.notna(), label)
    month = customers["first_at"].dt.to_period("M").dt.to_timestamp()
    counted = pd.DataFrame({"month": month, "channel": label}).groupby(KEYS).size()
    return counted.rename("new_customers").reset_index()


def in_scope(spend: pd.DataFrame, new: pd.DataFrame, as_of: dt.date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both frames, cut to the months from the first to the last with spend that are over by `as_of`."""
    over = pd.Timestamp(last_complete_month(as_of))
    paid = spend[spend["month"] <= over]
    if paid.empty:
        return paid, new.iloc[:0]
    return paid, new[new["month"].between(paid["month"].min(), paid["month"].max())]


def cac(spend: pd.DataFrame, new: pd.DataFrame, as_of: dt.date) -> float | None:
    """Marketing spend ÷ new customers, all channels together; None without spend or without a new customer."""
    paid, won = in_scope(spend, new, as_of)
    count = int(won["new_customers"].sum())
    return float(paid["amount"].sum()) / count if count and len(paid) else None


def cac_table(
    spend: pd.DataFrame, new: pd.DataFrame, as_of: dt.date, by: Sequence[str] = ("month", "channel")
) -> pd.DataFrame:
    """Columns `by` ("month", "channel" or both), spend, new_customers, cac; in the order of `by`.

    Spend without a new customer has no `cac` (NaN); neither have new customers of a channel that nothing was
    spent on. The sums of `spend` and `new_customers` are those of the whole.
    """
    keys = list(by)
    paid, won = in_scope(spend, new, as_of)
    sums = [paid.groupby(keys)["amount"].sum().rename("spend"), won.groupby(keys)["new_customers"].sum()]
    table = pd.concat(sums, axis=1).fillna(0.0).sort_index().reset_index()
    told = (table["spend"] > 0) & (table["new_customers"] > 0)
    table["cac"] = table["spend"].where(told) / table["new_customers"].where(told)
    return table.astype({"new_customers": "int64"})


def clv_to_cac(clv: float | None, cost: float | None) -> float | None:
    """CLV ÷ CAC; None when either is unknown or nothing was paid."""
    return clv / cost if clv is not None and cost else None


@dataclass(frozen=True)
class Payback:
    """How the margin of new customers grows over their CAC.

    `curve`: k (months after the first purchase's own, from 0), customers (watched for so long), margin (cumulated,
    per customer). `months`: the first k at which it covers `cac`; None while it does not within the months watched,
    or without a CAC.
    """

    channel: str | None
    cac: float | None
    customers: int
    curve: pd.DataFrame
    months: int | None


def payback(
    spend: pd.DataFrame,
    new: pd.DataFrame,
    revenue: pd.DataFrame,
    as_of: dt.date,
    channel: str | None = None,
    margin: float | None = None,
) -> Payback:
    """The payback of all new customers in scope, or of one `channel`.

    `revenue`: cohort, channel, k, revenue, of `loyalty.facts.firsts.cohort_revenue` under the same channels. A month
    k counts for those cohorts alone whose k-th month is over; what they earned in it is divided by their customers, and
    the months are added up (a life table). `margin`: share of revenue that is left; None counts revenue itself.
    """
    if channel is not None:
        spend, new, revenue = (frame[frame["channel"] == channel] for frame in (spend, new, revenue))
    won = in_scope(spend, new, as_of)[1]
    cost = cac(spend, new, as_of)
    curve = _margin_curve(won, revenue, as_of, 1.0 if margin is None else margin)
    covered = curve.loc[curve["margin"] >= cost, "k"] if cost is not None else curve["k"].iloc[:0]
    months = int(covered.iloc[0]) if len(covered) else None
    return Payback(channel, cost, int(won["new_customers"].sum()), curve, months)


def _margin_curve(won: pd.DataFrame, revenue: pd.DataFrame, as_of: dt.date, margin: float) -> pd.DataFrame:
    """The `curve` of `Payback`."""
    columns = ["k", "customers", "margin"]
    sizes = won.groupby("month")["new_customers"].sum()
    if sizes.empty:
        return pd.DataFrame(columns=columns)
    watched = month_number(last_complete_month(as_of)) - pd.Series(sizes.index.map(month_number), sizes.index)
    ks = np.arange(int(watched.max()) + 1)
    people = [int(sizes[watched >= k].sum()) for k in ks]
    own = revenue[revenue["cohort"].isin(sizes.index)]
    own = own[own["k"] <= own["cohort"].map(watched)]
    earned = own.groupby("k")["revenue"].sum().reindex(ks, fill_value=0.0)
    gained = np.cumsum(earned.to_numpy() / np.array(people)) * margin
    return pd.DataFrame(dict(zip(columns, (ks, people, gained), strict=True)))


def payback_by_cohort(
    spend: pd.DataFrame, new: pd.DataFrame, revenue: pd.DataFrame, as_of: dt.date, margin: float | None = None
) -> pd.DataFrame:
    """One row a month of first purchases: month, new_customers, cac, watched (months over since), months (NaN: not yet)."""
    rows = []
    for month in sorted(in_scope(spend, new, as_of)[0]["month"].unique()):
        own = (
            spend[spend["month"] == month],
            new[new["month"] == month],
            revenue[revenue["cohort"] == month],
        )
        found = payback(*own, as_of, margin=margin)
        watched = int(found.curve["k"].max()) if len(found.curve) else 0
        rows.append((month, found.customers, found.cac, watched, found.months))
    columns = ["month", "new_customers", "cac", "watched", "months"]
    return pd.DataFrame(rows, columns=columns).astype({"cac": "float64", "months": "float64"})

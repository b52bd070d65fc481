"""Payback of acquisition cost: CLV : CAC, and the months until the margin of new customers covers their cost.

The shapes SPEND and ORIGINS are in `loyalty.measure.acquisition_cost`. NEWCOMERS: one row a customer: customer_id, month
(datetime64, first day, of the first purchase). REVENUE: cohort (month of first purchases), k (months since), revenue, of
the same customers (`loyalty.facts.first_orders.cohort_revenue`). CAC counts every month with spend; revenue of
new customers counts complete months only.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.measure.calendar_months import last_complete_month, month_number


def clv_to_cac(clv: float | None, cost: float | None) -> float | None:
    """CLV ÷ CAC; None when either is unknown or nothing was paid."""
    return clv / cost if clv is not None and cost else None


@dataclass(frozen=True)
class Payback:
    """Cumulated margin of new customers compared with their CAC.

    `spend`, `newcomers`: of the months that have spend; `cac`: one by the other, None without either.
    `curve`: k (months after the first purchase's own, from 0), customers (observed for that long), margin (cumulated,
    per customer). `months`: the first k at which it covers `cac`; None while it does not within the months observed.
    """

    spend: float
    newcomers: int
    cac: float | None
    curve: pd.DataFrame
    months: int | None


def payback(
    spend: pd.DataFrame,
    newcomers: pd.DataFrame,
    revenue: pd.DataFrame,
    as_of: dt.date,
    margin: float | None = None,
) -> Payback:
    """Payback of SPEND by the REVENUE of NEWCOMERS.

    A month k counts for those cohorts alone whose k-th month is over; what they earned in it is divided by their
    customers, and the months are added up (a life table). `margin`: margin as a share of revenue; None counts revenue itself.
    """
    sizes = newcomers.loc[newcomers["month"].isin(spend["month"]), "month"].value_counts().sort_index()
    money, people = float(spend["amount"].sum()), int(sizes.sum())
    cost = money / people if people else None
    over = sizes[sizes.index <= pd.Timestamp(last_complete_month(as_of))]
    curve = _margin_curve(over, revenue, as_of, 1.0 if margin is None else margin)
    covered = curve.loc[curve["margin"] >= cost, "k"] if cost is not None else curve["k"].iloc[:0]
    return Payback(money, people, cost, curve, int(covered.iloc[0]) if len(covered) else None)


def _margin_curve(sizes: pd.Series, revenue: pd.DataFrame, as_of: dt.date, margin: float) -> pd.DataFrame:
    """The `curve` of `Payback`; `sizes`: newcomers by month."""
    columns = ["k", "customers", "margin"]
    if sizes.empty:
        return pd.DataFrame({name: pd.Series(dtype="float64") for name in columns})
    last = month_number(last_complete_month(as_of))
    months_observed = pd.Series([last - month_number(month) for month in sizes.index], index=sizes.index)
    ks = np.arange(int(months_observed.max()) + 1)
    people = [int(sizes[months_observed >= k].sum()) for k in ks]
    cohorts = revenue[revenue["cohort"].isin(sizes.index)]
    cohorts = cohorts[cohorts["k"].to_numpy() <= months_observed.reindex(cohorts["cohort"]).to_numpy()]
    earned = cohorts.groupby("k")["revenue"].sum().reindex(ks, fill_value=0.0)
    gained = np.cumsum(earned.to_numpy() / np.array(people)) * margin
    return pd.DataFrame(dict(zip(columns, (ks, people, gained), strict=True)))


def payback_by_cohort(
    spend: pd.DataFrame,
    newcomers: pd.DataFrame,
    revenue: pd.DataFrame,
    as_of: dt.date,
    margin: float | None = None,
) -> pd.DataFrame:
    """One row for each complete month with spend: month, spend, newcomers, cac, watched (months over since), months (NaN: not yet)."""
    rows = []
    for month in sorted(
        spend.loc[spend["month"] <= pd.Timestamp(last_complete_month(as_of)), "month"].unique()
    ):
        cohort = (
            spend[spend["month"] == month],
            newcomers[newcomers["month"] == month],
            revenue[revenue["cohort"] == month],
        )
        result = payback(*cohort, as_of, margin)
        watched = int(result.curve["k"].max()) if len(result.curve) else 0
        rows.append((month, result.spend, result.newcomers, result.cac, watched, result.months))
    columns = ["month", "spend", "newcomers", "cac", "watched", "months"]
    return pd.DataFrame(rows, columns=columns).astype({"cac": "float64", "months": "float64"})

"""The key figures, as `docs/definitions.md` defines them; None where there is nothing to divide by."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from loyalty.columns import Floats, Totals
from loyalty.measure.acquisition_cost import Acquisition
from loyalty.measure.clv import FormulaClv, formula_clv, historic_clv
from loyalty.measure.retention import Within, bought_again_within
from loyalty.measure.satisfaction import Csat, Nps, Reviews, csat, nps, reviews


@dataclass(frozen=True)
class Gap:
    """Days between one customer's purchase days: median and quartiles over `gaps` gaps; None without one."""

    gaps: int
    median: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Kpis:
    """The figures as of one day. Shares in [0, 1], money in the shop's currency, None: nothing to divide by.

    `customers`, `orders`, `revenue`, `aov`, `repurchase_rate_period`, `returning_rate`, `anonymous_…` are
    of the period that `Totals` cover; the rest are of all time up to `as_of`, or of the 365 days that end
    with it. For `acquisition` see its class.
    """

    customers: int
    orders: int
    revenue: float
    aov: float | None
    repurchase_rate: float | None
    repurchase_rate_period: float | None
    repurchase_within: dict[int, Within]
    returning_rate: float | None
    purchase_frequency: float | None
    gap: Gap
    anonymous_share: float | None
    anonymous_revenue_share: float | None
    historic_clv: float | None
    formula_clv: FormulaClv | None
    csat: Csat
    nps: Nps
    reviews: Reviews = field(default_factory=Reviews)
    acquisition: Acquisition = field(default_factory=Acquisition)

    @property
    def median_gap_days(self) -> float | None:
        """The median of `gap`."""
        return self.gap.median


def kpis(
    totals: Totals,
    customers: pd.DataFrame,
    gaps_days: Floats,
    feedback: pd.DataFrame,
    as_of: dt.date,
    activity: pd.DataFrame | None = None,
) -> Kpis:
    """All key figures.

    `totals`: of the period shown; `customers`: a CUSTOMERS frame as of `as_of`; `gaps_days`: the days
    between consecutive purchase days, of all customers together, shape (gaps,); `feedback`: a FEEDBACK
    frame; `activity`: see `loyalty.measure.clv.yearly_dropout`, without it there is no formula CLV.
    """
    return Kpis(
        customers=totals.customers,
        orders=totals.orders,
        revenue=totals.revenue,
        aov=ratio(totals.revenue, totals.orders),
        repurchase_rate=mean(bought_again_by_customer(customers)),
        repurchase_rate_period=ratio(totals.repeat_customers, totals.customers),
        repurchase_within=bought_again_within(customers, as_of),
        returning_rate=ratio(totals.returning_customers, totals.customers),
        purchase_frequency=mean(purchase_frequency_by_customer(customers)),
        gap=gap(gaps_days),
        anonymous_share=ratio(totals.anonymous_orders, totals.orders),
        anonymous_revenue_share=share(totals.anonymous_revenue, totals.revenue),
        historic_clv=historic_clv(customers),
        formula_clv=None if activity is None else formula_clv(customers, activity, as_of),
        csat=csat(feedback),
        nps=nps(feedback),
        reviews=reviews(feedback),
    )


def ratio(part: float, whole: float) -> float | None:
    """part / whole, or None when `whole` is not above 0."""
    return part / whole if whole > 0 else None


def share(part: float, whole: float) -> float | None:
    """`ratio` kept within [0, 1]: refunds can push a share of money outside."""
    value = ratio(part, whole)
    return None if value is None else min(1.0, max(0.0, value))


def mean(values: pd.Series) -> float | None:
    """The mean; None without values."""
    return float(values.mean()) if len(values) else None


def bought_again_by_customer(customers: pd.DataFrame) -> pd.Series:
    """1.0 for each customer with two or more purchases, else 0.0; the repurchase rate is its mean."""
    return (customers.set_index("customer_id")["orders"] >= 2).astype("float64")


def purchase_frequency_by_customer(customers: pd.DataFrame) -> pd.Series:
    """Orders in 365 days of each customer who ordered in them; the purchase frequency is its mean."""
    orders = customers.set_index("customer_id")["orders_365"]
    return orders[orders > 0].astype("float64")


def aov_by_customer(customers: pd.DataFrame) -> pd.Series:
    """Net revenue per order of each customer; the shop's AOV weighs by orders and adds anonymous sales."""
    indexed = customers.set_index("customer_id")
    return indexed["revenue"] / indexed["orders"]


def gap_days_by_customer(customers: pd.DataFrame) -> pd.Series:
    """Mean days between purchase days of each customer who has two or more of them."""
    repeat = customers[customers["days"] >= 2].set_index("customer_id")
    span = (repeat["last_at"].dt.normalize() - repeat["first_at"].dt.normalize()).dt.days
    gaps: pd.Series = span / (repeat["days"] - 1)
    return gaps


def gap(gaps_days: Floats) -> Gap:
    """Median and quartiles (linear interpolation) of the gaps between purchase days."""
    if not len(gaps_days):
        return Gap(0, None, None, None)
    lower, median, upper = (float(value) for value in np.quantile(gaps_days, (0.25, 0.5, 0.75)))
    return Gap(len(gaps_days), median, lower, upper)

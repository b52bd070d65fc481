"""Products that one customer usually buys: share of their orders, and days between purchases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.columns import Ints

MINIMUM_DAYS = 3  # two gaps: one alone says nothing


@dataclass(frozen=True)
class UsualProduct:
    """A product that a customer buys. `share`: of their orders with product lines, in (0, 1]; `gap_days`: median of days from one
    day with it to the next, None before the third such day; `silent_days`: since the last one."""

    product: str
    orders: int
    share: float
    gap_days: float | None
    silent_days: int


def median_gap_days(moments: pd.Series) -> float | None:
    """Median of days between distinct days; None for fewer than three days.

    >>> median_gap_days(pd.Series(pd.to_datetime(["2026-01-01 09:00", "2026-01-01 18:00", "2026-01-11 12:00", "2026-02-10 12:00"])))
    20.0
    """
    days = _days(moments)
    return float(np.median(np.diff(days))) if len(days) >= MINIMUM_DAYS else None


def usual_products(items: pd.DataFrame, as_of: dt.date) -> list[UsualProduct]:
    """Products by number of orders, then by name. `items`: order, at, product: each product of a purchase,
    more than once as well."""
    if items.empty:
        return []
    orders = items["order"].nunique()
    today = np.datetime64(as_of, "D").astype(np.int64)
    products = [
        UsualProduct(
            product=str(product),
            orders=rows["order"].nunique(),
            share=rows["order"].nunique() / orders,
            gap_days=median_gap_days(rows["at"]),
            silent_days=int(today - _days(rows["at"])[-1]),
        )
        for product, rows in items.groupby("product")
    ]
    return sorted(products, key=lambda habit: (-habit.orders, habit.product))


def _days(moments: pd.Series) -> Ints:
    """Distinct days since 1970, rising."""
    return np.unique(moments.to_numpy().astype("datetime64[D]").astype(np.int64))

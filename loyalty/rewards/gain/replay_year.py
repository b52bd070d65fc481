"""The last 365 days as arrays: what a programme's benefits besides points for sales are replayed on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from loyalty.columns import Flags, Floats, Ints, Texts
from loyalty.rewards.gain.responses import HEAVY
from loyalty.rewards.points.history import empty_frame
from loyalty.rewards.points.order_points import spend

DAYS = 365
YEAR_LINES = ("order", "product", "category", "amount")
REFERRALS = ("order", "referrer")


@dataclass(frozen=True)
class ReplayYear:
    """Customers (m, in the order of `customers`, a CUSTOMERS frame) and their orders (n, in order of time).

    segment: (m,) keys, "" for none. customer: (n,) places among the customers; day: (n,) days since 1970-01-01; value: (n,) net
    revenue, above 0; age: (n,) days since the customer's first order; first: (n,) whether it is that order.
    lines: YEAR_LINES, `order` a place among the orders. events: how many sign-ups and reviews. referrals: REFERRALS, one row a
    first order of a referred customer. days: by `Gift.key`, the customers (places) and the days of gifts.
    """

    customers: pd.DataFrame
    segment: Texts
    customer: Ints
    day: Ints
    value: Floats
    age: Ints
    first: Flags
    lines: pd.DataFrame = field(default_factory=lambda: empty_frame(YEAR_LINES))
    events: Mapping[str, int] = field(default_factory=dict)
    referrals: pd.DataFrame = field(default_factory=lambda: empty_frame(REFERRALS))
    days: Mapping[str, tuple[Ints, Ints]] = field(default_factory=dict)

    @property
    def light(self) -> Flags:
        """(n,) whether the order is not of a heavy buyer (see `responses.HEAVY`)."""
        spent = spend(self.customers)
        bought = spent[spent > 0]
        heavy = float(np.quantile(bought, HEAVY)) if len(bought) else 0.0
        return np.asarray((spent <= heavy)[self.customer])

    def product_amounts(self, name: str) -> Floats:
        """(n,) net revenue of a product in each order."""
        lines = self.lines[self.lines["product"] == name]
        amounts = lines["amount"].to_numpy(dtype=np.float64)
        return np.asarray(
            np.bincount(lines["order"].to_numpy(dtype=np.int64), weights=amounts, minlength=len(self.value)),
            dtype=np.float64,
        )


def replay_start(as_of: dt.date) -> dt.date:
    """The first of the 365 days."""
    return as_of - dt.timedelta(days=DAYS - 1)


def day_numbers(days: pd.Series) -> Ints:
    """Days since 1970-01-01."""
    return pd.to_datetime(days).to_numpy().astype("datetime64[D]").astype(np.int64)


def replay_year(customers: pd.DataFrame, segments: pd.DataFrame, sales: pd.DataFrame) -> ReplayYear:
    """The year without events, lines, referrals or gifts. `customers`: CUSTOMERS; `segments`: customer_id, segment; `sales`: customer_id, at, net,
    in order of time, all within the 365 days."""
    ids = pd.Index(customers["customer_id"])
    keys = (
        segments.drop_duplicates("customer_id")
        .set_index("customer_id")["segment"]
        .astype(object)
        .reindex(ids)
        .fillna("")
    )
    place = ids.get_indexer(pd.Index(sales["customer_id"]))
    counted = (place >= 0) & (sales["net"].to_numpy() > 0)
    orders = sales[counted]
    customer = place[counted].astype(np.int64)
    day = day_numbers(orders["at"])
    age = day - day_numbers(customers["first_at"])[customer]
    number = pd.Series(customer).groupby(customer).cumcount().to_numpy()
    return ReplayYear(
        customers=customers,
        segment=keys.to_numpy(dtype=object),
        customer=customer,
        day=day,
        value=orders["net"].to_numpy(dtype=np.float64),
        age=age,
        first=(age == 0) & (number == 0),
    )

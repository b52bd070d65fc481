"""First orders: their products, how the customer was acquired, and the revenue of each monthly cohort."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
from ibis.expr.types import Table

from loyalty.facts.baskets import bought_lines
from loyalty.facts.customers import customer_sales
from loyalty.facts.orders import to_frame


def first_orders(con: ibis.BaseBackend, as_of: dt.date) -> Table:
    """The first purchase of every identified customer: customer_id, channel, order_id, ordered_at."""
    table = customer_sales(con, as_of)
    bought = table.filter(table.purchase)
    place = ibis.row_number().over(group_by=bought.customer_id, order_by=[bought.ordered_at, bought.order_id])
    numbered = bought.mutate(place=place)
    return numbered.filter(numbered.place == 0).select("customer_id", "channel", "order_id", "ordered_at")


def first_products(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """customer_id, group: each product of the customer's first order once; customers whose first order names no product are absent."""
    first = first_orders(con, as_of).select("channel", "order_id")
    lines = bought_lines(con, as_of)
    bought = lines.join(first, ["channel", "order_id"]).select("customer_id", group="product").distinct()
    return to_frame(bought.order_by(["customer_id", "group"]))


def sources(con: ibis.BaseBackend) -> pd.DataFrame:
    """customer_id, group: how a customer was acquired, as customer lists state it; others are absent."""
    people = con.table("customers")
    source = people.acquired_via.strip()
    stated = people.mutate(group=source).filter(people.customer_id.notnull(), source != "")
    return to_frame(stated.select("customer_id", "group").order_by("customer_id"))


def cohort_revenue(con: ibis.BaseBackend, as_of: dt.date, by: pd.DataFrame | None = None) -> pd.DataFrame:
    """Revenue of each monthly cohort, month by month: cohort, channel, k, revenue; sparse, the oldest first.

    `cohort`: the month of the first purchase; `channel`: that of the first purchase; `k`: months since; `revenue`:
    net, refunds taken off. `by` (customer_id, channel): only these customers, under these channels.
    Months without a sale have no row.
    """
    first = first_orders(con, as_of).select("customer_id", "channel", first_at="ordered_at")
    if by is not None:
        named = ibis.memtable(
            by[["customer_id", "channel"]].astype(object),
            schema={"customer_id": "string", "channel": "string"},
        )
        first = first.drop("channel").join(named, "customer_id")
    sold = customer_sales(con, as_of).select("customer_id", "ordered_at", "net").join(first, "customer_id")
    cohort, month = sold.first_at.truncate("M"), sold.ordered_at.truncate("M")
    rows = to_frame(
        sold.group_by(cohort=cohort, channel=sold.channel, month=month)
        .aggregate(revenue=sold.net.sum())
        .order_by(["cohort", "channel", "month"])
    )
    rows["k"] = _months(rows["month"]) - _months(rows["cohort"])
    return rows[["cohort", "channel", "k", "revenue"]]


def _months(at: pd.Series) -> pd.Series:
    """Months counted through all years."""
    counted: pd.Series = (at.dt.year * 12 + at.dt.month).astype("int64")
    return counted

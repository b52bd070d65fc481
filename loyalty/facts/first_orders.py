"""How people came: the products of their first order, the source they were won by, what each month's newcomers brought."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
from ibis.expr.types import Table

from loyalty.facts.baskets import bought_lines
from loyalty.facts.customers import known_sales


def first_orders(con: ibis.BaseBackend, as_of: dt.date) -> Table:
    """The first purchase of every identified customer: customer_id, channel, order_id, ordered_at."""
    table = known_sales(con, as_of)
    bought = table.filter(table.purchase)
    place = ibis.row_number().over(group_by=bought.customer_id, order_by=[bought.ordered_at, bought.order_id])
    numbered = bought.mutate(place=place)
    return numbered.filter(numbered.place == 0).select("customer_id", "channel", "order_id", "ordered_at")


def first_products(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """customer_id, group: each product of the customer's first order once; who bought nothing by name is absent."""
    first = first_orders(con, as_of).select("channel", "order_id")
    lines = bought_lines(con, as_of)
    bought = lines.join(first, ["channel", "order_id"]).select("customer_id", group="product").distinct()
    found: pd.DataFrame = bought.order_by(["customer_id", "group"]).execute()
    return found


def sources(con: ibis.BaseBackend) -> pd.DataFrame:
    """customer_id, group: what customer lists say a person was won by; who has no such word is absent."""
    people = con.table("customers")
    said = people.acquired_via.strip()
    told = people.filter(people.customer_id.notnull(), people.acquired_via.notnull(), said != "")
    found: pd.DataFrame = (
        told.select("customer_id", group=told.acquired_via.strip()).order_by("customer_id").execute()
    )
    return found


def cohort_revenue(con: ibis.BaseBackend, as_of: dt.date, by: pd.DataFrame | None = None) -> pd.DataFrame:
    """What the newcomers of each month brought, month by month: cohort, channel, k, revenue; sparse, the oldest first.

    `cohort`: the month of the first purchase; `channel`: that of the first purchase; `k`: months since; `revenue`:
    net, refunds taken off. Given `by` (customer_id, channel), only the customers that it names, under its channels.
    Months without a sale have no row.
    """
    first = first_orders(con, as_of).select("customer_id", "channel", first_at="ordered_at")
    if by is not None:
        told = ibis.memtable(
            by[["customer_id", "channel"]].astype(object),
            schema={"customer_id": "string", "channel": "string"},
        )
        first = first.drop("channel").join(told, "customer_id")
    sold = known_sales(con, as_of).select("customer_id", "ordered_at", "net").join(first, "customer_id")
    cohort, month = sold.first_at.truncate("M"), sold.ordered_at.truncate("M")
    found: pd.DataFrame = (
        sold.group_by(cohort=cohort, channel=sold.channel, month=month)
        .aggregate(revenue=sold.net.sum())
        .order_by(["cohort", "channel", "month"])
        .execute()
    )
    found["k"] = _months(found["month"]) - _months(found["cohort"])
    return found[["cohort", "channel", "k", "revenue"]]


def _months(at: pd.Series) -> pd.Series:
    """Months counted through all years."""
    counted: pd.Series = (at.dt.year * 12 + at.dt.month).astype("int64")
    return counted

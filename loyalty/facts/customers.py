"""Customers, their purchase days and the gaps between these, their activity by year, and their contacts."""

from __future__ import annotations

import datetime as dt

import ibis
import numpy as np
import pandas as pd
from ibis.expr.types import Table

from loyalty.columns import CUSTOMERS
from loyalty.facts.orders import ONE_DAY, midnight, sales, to_frame

YEAR = dt.timedelta(days=365)


def customer_sales(con: ibis.BaseBackend, as_of: dt.date) -> Table:
    """Sales of identified customers, stand-alone refunds included."""
    table = sales(con, as_of)
    return table.filter(table.customer_id.notnull())


def customers(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """The CUSTOMERS frame of `loyalty.columns`, ordered by customer_id."""
    table = customer_sales(con, as_of)
    bought = table.filter(table.purchase)
    order = ibis.row_number().over(group_by=bought.customer_id, order_by=[bought.ordered_at, bought.order_id])
    numbered = bought.mutate(number=order)
    recent_orders = numbered.ordered_at >= midnight(as_of - YEAR + ONE_DAY)
    people = numbered.group_by("customer_id").aggregate(
        channel=numbered.channel.max(where=numbered.number == 0),
        first_at=numbered.ordered_at.min(),
        last_at=numbered.ordered_at.max(),
        second_at=numbered.ordered_at.max(where=numbered.number == 1),
        orders=numbered.count(),
        days=numbered.ordered_at.date().nunique(),
        orders_365=recent_orders.cast("int64").sum(),
    )
    recent_sales = table.ordered_at >= midnight(as_of - YEAR + ONE_DAY)
    zero = ibis.literal(0).cast("float64")
    money = table.group_by("customer_id").aggregate(
        revenue=table.net.sum(), revenue_365=recent_sales.ifelse(table.net, zero).sum()
    )
    rows = to_frame(people.join(money, "customer_id").order_by("customer_id"))
    counts = dict.fromkeys(("orders", "days", "orders_365"), "int64")
    return rows.astype(counts)[list(CUSTOMERS)]


def purchase_days(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """customer_id, day (datetime64) and value (net revenue, float64): one row a purchase day of an identified customer.

    A paid order that cost nothing (a sample, a prize) counts here as well, as in the literature on repurchase; one
    that was refunded as a whole does not.
    """
    table = customer_sales(con, as_of)
    bought = table.filter(table.purchase | table.free)
    return to_frame(
        bought.group_by(bought.customer_id, day=bought.ordered_at.truncate("D"))
        .aggregate(value=bought.net.sum())
        .order_by(["customer_id", "day"])
    )


def gaps(con: ibis.BaseBackend, as_of: dt.date) -> np.ndarray:
    """Days between one purchase day and the next of the same customer, all customers together (float64, unordered)."""
    table = customer_sales(con, as_of)
    bought = table.filter(table.purchase)
    days = to_frame(
        bought.select(bought.customer_id, day=bought.ordered_at.truncate("D"))
        .distinct()
        .order_by(["customer_id", "day"])
    )
    if days.empty:
        return np.array([], dtype=np.float64)
    gaps_days = days["day"].diff().dt.days.to_numpy(dtype=np.float64)
    same_customer = (days["customer_id"] == days["customer_id"].shift()).to_numpy()
    return np.asarray(gaps_days[same_customer])


def activity(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """customer_id, bought_prior_year, bought_last_year (bool): the 365 days that end with `as_of`, and those before."""
    table = customer_sales(con, as_of)
    bought = table.filter(table.purchase)
    last, prior = midnight(as_of - YEAR + ONE_DAY), midnight(as_of - 2 * YEAR + ONE_DAY)
    return to_frame(
        bought.group_by("customer_id")
        .aggregate(
            bought_prior_year=((bought.ordered_at >= prior) & (bought.ordered_at < last)).any(),
            bought_last_year=(bought.ordered_at >= last).any(),
        )
        .order_by("customer_id")
    )


def contacts(con: ibis.BaseBackend) -> pd.DataFrame:
    """customer_id, name, email, phone. Personal: for exported lists and for the owner alone."""
    names = con.table("contacts").select("customer_id", "name", "email", "phone")
    return to_frame(names.order_by("customer_id"))


def birthdays(con: ibis.BaseBackend) -> pd.DataFrame:
    """customer_id and birthday (`YYYY-MM-DD`, or `--MM-DD` without its year): for gifts, never for figures."""
    table = con.table("contacts")
    return to_frame(
        table.filter(table.birthday.notnull()).select("customer_id", "birthday").order_by("customer_id")
    )

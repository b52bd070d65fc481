"""Customers as expressions: one row a person, their gaps, their activity by year."""

from __future__ import annotations

import datetime as dt

import ibis
import numpy as np
import pandas as pd
from ibis.expr.types import Table

from loyalty.facts.orders import ONE_DAY, midnight, sales

YEAR = dt.timedelta(days=365)


def known_sales(con: ibis.BaseBackend, as_of: dt.date) -> Table:
    """Sales of identified customers, stand-alone refunds included."""
    table = sales(con, as_of)
    return table.filter(table.customer_id.notnull())


def customers(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """The CUSTOMERS frame of `loyalty.columns`, ordered by customer_id."""
    table = known_sales(con, as_of)
    bought = table.filter(table.purchase)
    order = ibis.row_number().over(group_by=bought.customer_id, order_by=[bought.ordered_at, bought.order_id])
    numbered = bought.mutate(number=order)
    recent = numbered.ordered_at >= midnight(as_of - YEAR + ONE_DAY)
    people = numbered.group_by("customer_id").aggregate(
        channel=numbered.channel.max(where=numbered.number == 0),
        first_at=numbered.ordered_at.min(),
        last_at=numbered.ordered_at.max(),
        second_at=numbered.ordered_at.max(where=numbered.number == 1),
        orders=numbered.count(),
        days=numbered.ordered_at.date().nunique(),
        orders_365=recent.cast("int64").sum(),
    )
    recently = table.ordered_at >= midnight(as_of - YEAR + ONE_DAY)
    nothing = ibis.literal(0).cast("float64")
    money = table.group_by("customer_id").aggregate(
        revenue=table.net.sum(), revenue_365=recently.ifelse(table.net, nothing).sum()
    )
    found: pd.DataFrame = people.join(money, "customer_id").order_by("customer_id").execute()
    counts = dict.fromkeys(("orders", "days", "orders_365"), "int64")
    columns = [
        "customer_id", "channel", "first_at", "last_at", "second_at", "orders", "days", "revenue", "orders_365", "revenue_365",
    ]  # fmt: skip
    return found.astype(counts)[columns]


def purchase_days(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """customer_id, day (datetime64) and value (net revenue, float64): one row a purchase day of an identified customer.

    Here a paid order that cost nothing (a sample, a prize) is a sign of life as well, as in the literature on when
    customers come back; what was given back whole is not.
    """
    table = known_sales(con, as_of)
    bought = table.filter(table.purchase | table.free)
    found: pd.DataFrame = (
        bought.group_by(bought.customer_id, day=bought.ordered_at.truncate("D"))
        .aggregate(value=bought.net.sum())
        .order_by(["customer_id", "day"])
        .execute()
    )
    return found


def gaps(con: ibis.BaseBackend, as_of: dt.date) -> np.ndarray:
    """Days between one purchase day and the next of the same customer, all customers together (float64, unordered)."""
    table = known_sales(con, as_of)
    bought = table.filter(table.purchase)
    days = (
        bought.select(bought.customer_id, day=bought.ordered_at.truncate("D"))
        .distinct()
        .order_by(["customer_id", "day"])
        .execute()
    )
    if days.empty:
        return np.array([], dtype=np.float64)
    between = days["day"].diff().dt.days.to_numpy(dtype=np.float64)
    same = (days["customer_id"] == days["customer_id"].shift()).to_numpy()
    return np.asarray(between[same])


def activity(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """customer_id, bought_prior_year, bought_last_year (bool): the 365 days that end with `as_of`, and those before."""
    table = known_sales(con, as_of)
    bought = table.filter(table.purchase)
    last, prior = midnight(as_of - YEAR + ONE_DAY), midnight(as_of - 2 * YEAR + ONE_DAY)
    found: pd.DataFrame = (
        bought.group_by("customer_id")
        .aggregate(
            bought_prior_year=((bought.ordered_at >= prior) & (bought.ordered_at < last)).any(),
            bought_last_year=(bought.ordered_at >= last).any(),
        )
        .order_by("customer_id")
        .execute()
    )
    return found


def contacts(con: ibis.BaseBackend) -> pd.DataFrame:
    """customer_id, name, email, phone: only for lists that leave the shop, and for the owner's own eyes."""
    names = con.table("contacts").select("customer_id", "name", "email", "phone")
    found: pd.DataFrame = names.order_by("customer_id").execute()
    return found


def birthdays(con: ibis.BaseBackend) -> pd.DataFrame:
    """customer_id and birthday (`YYYY-MM-DD`, or `--MM-DD` without its year): for gifts, never for figures."""
    table = con.table("contacts")
    found: pd.DataFrame = (
        table.filter(table.birthday.notnull())
        .select("customer_id", "birthday")
        .order_by("customer_id")
        .execute()
    )
    return found

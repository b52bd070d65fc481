"""Campaign assignments, purchases in a period, redeemed codes, weekly revenue, tags and favourite products."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
from ibis.expr.types import Table

from loyalty.facts.customers import YEAR, customer_sales
from loyalty.facts.orders import ONE_DAY, midnight, sales, to_frame

WEEK = dt.timedelta(days=7)


def _assignments(con: ibis.BaseBackend) -> Table:
    """The table `assignments` under today's customer ids."""
    table, people = con.table("assignments"), con.table("identities").rename(person="customer_id")
    joined = table.left_join(people, table.customer_id == people["alias"])
    return joined.select(
        table.campaign_id,
        table.arm,
        table.stratum,
        table.segment,
        table.code,
        table.product,
        table.reason,
        customer_id=ibis.coalesce(joined.person, table.customer_id),
    )


def assignments(con: ibis.BaseBackend, campaign_id: int) -> pd.DataFrame:
    """One row a person assigned: customer_id (None once erased), arm, stratum, segment, code, product, reason."""
    table = _assignments(con)
    columns = ["customer_id", "arm", "stratum", "segment", "code", "product", "reason"]
    return to_frame(
        table.filter(table.campaign_id == campaign_id).select(*columns).order_by(["customer_id", "code"])
    )


def assigned_customers(con: ibis.BaseBackend) -> pd.DataFrame:
    """campaign_id, customer_id, arm of everyone who was ever assigned and was not erased."""
    table = _assignments(con)
    return to_frame(
        table.filter(table.customer_id.notnull())
        .select("campaign_id", "customer_id", "arm")
        .distinct()
        .order_by(["campaign_id", "customer_id"])
    )


def purchases(con: ibis.BaseBackend, as_of: dt.date, since: dt.date, until: dt.date) -> pd.DataFrame:
    """customer_id, orders (int64), revenue (float64): each identified customer's sales from `since` to `until`, both inclusive."""
    table = customer_sales(con, min(as_of, until))
    inside = table.filter(table.ordered_at >= midnight(since))
    return to_frame(
        inside.group_by("customer_id")
        .aggregate(orders=inside.purchase.cast("int64").sum(), revenue=inside.net.sum())
        .order_by("customer_id")
    ).astype({"orders": "int64", "revenue": "float64"})


def spent_before(con: ibis.BaseBackend, day: dt.date) -> pd.DataFrame:
    """customer_id, before (float64): net revenue of each identified customer in the 365 days before `day`."""
    table = customer_sales(con, day - ONE_DAY)
    inside = table.filter(table.ordered_at >= midnight(day - YEAR))
    return to_frame(
        inside.group_by("customer_id").aggregate(before=inside.net.sum()).order_by("customer_id")
    ).astype({"before": "float64"})


def orders_with_codes(con: ibis.BaseBackend, as_of: dt.date, since: dt.date) -> pd.DataFrame:
    """Orders from `since` to `as_of` that name a coupon: customer_id (None for an anonymous buyer), at, channel,
    order_id, coupon_code, net and discount (float64, the shop's currency; discount NaN where the export has none)."""
    table, orders = (
        sales(con, as_of),
        con.table("orders").select("channel", "order_id", "coupon_code", "discount"),
    )
    inside = table.filter(table.ordered_at >= midnight(since), table.purchase)
    joined = inside.join(orders.filter(orders.coupon_code.notnull()), ["channel", "order_id"])
    return to_frame(
        joined.select(
            "customer_id",
            "channel",
            "order_id",
            "coupon_code",
            "net",
            at=joined.ordered_at,
            discount=joined.discount.cast("float64") * joined.rate.cast("float64"),
        ).order_by(["at", "channel", "order_id"])
    )


def weeks(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """week (datetime64, its Monday), revenue (float64): each whole week up to `as_of`, also without a sale."""
    table = sales(con, as_of)
    sums = table.group_by(week=table.ordered_at.truncate("W")).aggregate(revenue=table.net.sum()).execute()
    if sums.empty:
        return pd.DataFrame({"week": pd.to_datetime([]), "revenue": []})
    revenue = sums.set_index("week")["revenue"].astype("float64")
    last = pd.Timestamp(as_of) + ONE_DAY - WEEK
    mondays = pd.date_range(revenue.index.min() + WEEK, last, freq="W-MON")
    weekly: pd.DataFrame = revenue.reindex(mondays, fill_value=0.0).rename_axis("week").reset_index()
    return weekly


def tags(con: ibis.BaseBackend) -> dict[str, str]:
    """The owner's tags by customer_id, from customer lists."""
    table = con.table("customers")
    rows = to_frame(table.filter(table.tags.notnull()).select("customer_id", "tags"))
    return dict(zip(rows["customer_id"], rows["tags"], strict=True))


def favourites(con: ibis.BaseBackend, as_of: dt.date) -> dict[str, str]:
    """By customer_id, the product in most of the customer's orders; of several, the one bought last."""
    lines = con.table("order_lines")
    named = lines.select("channel", "order_id", shown=ibis.coalesce(lines["product"], lines.product_id))
    table = customer_sales(con, as_of)
    joined = table.filter(table.purchase).join(named.filter(named.shown.notnull()), ["channel", "order_id"])
    counted = joined.group_by(["customer_id", "shown"]).aggregate(
        times=joined.order_id.nunique(), last=joined.ordered_at.max()
    )
    rows = to_frame(counted.order_by(["customer_id", "times", "last", "shown"]))
    best = rows.drop_duplicates("customer_id", keep="last")
    return dict(zip(best["customer_id"], best["shown"], strict=True))

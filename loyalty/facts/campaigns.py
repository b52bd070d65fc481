"""What campaigns are made of and judged by: who was drawn, what they bought then and before, which codes came back."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
from ibis.expr.types import Table

from loyalty.facts.customers import YEAR, known_sales
from loyalty.facts.orders import ONE_DAY, midnight, sales

WEEK = dt.timedelta(days=7)


def _resolved(con: ibis.BaseBackend) -> Table:
    """`assignments` under the ids that people go by today."""
    table, people = con.table("assignments"), con.table("identities").rename(person="customer_id")
    joined = table.left_join(people, table.customer_id == people["alias"])
    return joined.select(
        table.campaign_id, table.arm, table.stratum, table.segment, table.code, table.product, table.reason,
        customer_id=ibis.coalesce(joined.person, table.customer_id),
    )  # fmt: skip


def assignments(con: ibis.BaseBackend, campaign_id: int) -> pd.DataFrame:
    """One row a person drawn: customer_id (None once erased), arm, stratum, segment, code, product, reason."""
    table = _resolved(con)
    columns = ["customer_id", "arm", "stratum", "segment", "code", "product", "reason"]
    found: pd.DataFrame = (
        table.filter(table.campaign_id == campaign_id)
        .select(*columns)
        .order_by(["customer_id", "code"])
        .execute()
    )
    return found


def assigned_customers(con: ibis.BaseBackend) -> pd.DataFrame:
    """campaign_id, customer_id, arm of everyone who was ever drawn and can still be named."""
    table = _resolved(con)
    found: pd.DataFrame = (
        table.filter(table.customer_id.notnull()).select("campaign_id", "customer_id", "arm").distinct()
        .order_by(["campaign_id", "customer_id"]).execute()
    )  # fmt: skip
    return found


def purchases(con: ibis.BaseBackend, as_of: dt.date, since: dt.date, until: dt.date) -> pd.DataFrame:
    """customer_id, orders (int64), revenue (float64): each known customer's sales from `since` to `until`, both inclusive."""
    table = known_sales(con, min(as_of, until))
    inside = table.filter(table.ordered_at >= midnight(since))
    found: pd.DataFrame = (
        inside.group_by("customer_id")
        .aggregate(orders=inside.purchase.cast("int64").sum(), revenue=inside.net.sum())
        .order_by("customer_id")
        .execute()
    )
    return found.astype({"orders": "int64", "revenue": "float64"})


def spent_before(con: ibis.BaseBackend, day: dt.date) -> pd.DataFrame:
    """customer_id, before (float64): net revenue of each known customer in the 365 days before `day`."""
    table = known_sales(con, day - ONE_DAY)
    inside = table.filter(table.ordered_at >= midnight(day - YEAR))
    found: pd.DataFrame = (
        inside.group_by("customer_id").aggregate(before=inside.net.sum()).order_by("customer_id").execute()
    )
    return found.astype({"before": "float64"})


def orders_with_codes(con: ibis.BaseBackend, as_of: dt.date, since: dt.date) -> pd.DataFrame:
    """Orders from `since` to `as_of` that name a coupon: customer_id (None for a buyer without a name), at, channel,
    order_id, coupon_code, net and discount (float64, the shop's currency; discount NaN where the export has none)."""
    table, orders = (
        sales(con, as_of),
        con.table("orders").select("channel", "order_id", "coupon_code", "discount"),
    )
    inside = table.filter(table.ordered_at >= midnight(since), table.purchase)
    joined = inside.join(orders.filter(orders.coupon_code.notnull()), ["channel", "order_id"])
    found: pd.DataFrame = (
        joined.select(
            "customer_id", "channel", "order_id", "coupon_code", "net", at=joined.ordered_at,
            discount=joined.discount.cast("float64") * joined.rate.cast("float64"),
        )
        .order_by(["at", "channel", "order_id"])
        .execute()
    )  # fmt: skip
    return found


def weeks(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """week (datetime64, its Monday), revenue (float64): whole weeks from the first sale to `as_of`, none left out."""
    table = sales(con, as_of)
    sums = table.group_by(week=table.ordered_at.truncate("W")).aggregate(revenue=table.net.sum()).execute()
    if sums.empty:
        return pd.DataFrame({"week": pd.to_datetime([]), "revenue": []})
    found = sums.set_index("week")["revenue"].astype("float64")
    last = pd.Timestamp(as_of) + ONE_DAY - WEEK
    every = pd.date_range(found.index.min() + WEEK, last, freq="W-MON")
    whole: pd.DataFrame = found.reindex(every, fill_value=0.0).rename_axis("week").reset_index()
    return whole


def tags(con: ibis.BaseBackend) -> dict[str, str]:
    """The owner's own tags of customers, as a list of customers told them."""
    table = con.table("customers")
    found: pd.DataFrame = table.filter(table.tags.notnull()).select("customer_id", "tags").execute()
    return dict(zip(found["customer_id"], found["tags"], strict=True))


def favourites(con: ibis.BaseBackend, as_of: dt.date) -> dict[str, str]:
    """The product that each known customer bought in most orders; of several the one bought last."""
    lines = con.table("order_lines")
    named = lines.select("channel", "order_id", shown=ibis.coalesce(lines["product"], lines.product_id))
    table = known_sales(con, as_of)
    joined = table.filter(table.purchase).join(named.filter(named.shown.notnull()), ["channel", "order_id"])
    counted = joined.group_by(["customer_id", "shown"]).aggregate(
        times=joined.order_id.nunique(), last=joined.ordered_at.max()
    )
    found: pd.DataFrame = counted.order_by(["customer_id", "times", "last", "shown"]).execute()
    best = found.drop_duplicates("customer_id", keep="last")
    return dict(zip(best["customer_id"], best["shown"], strict=True))

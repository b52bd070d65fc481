"""Baskets, products, prices and feedback."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
from ibis import _
from ibis.expr.types import Table

from loyalty.columns import BASKETS, FEEDBACK
from loyalty.facts.orders import ONE_DAY, midnight, sales, to_frame

YEAR = dt.timedelta(days=365)


def bought_lines(con: ibis.BaseBackend, as_of: dt.date) -> Table:
    """Lines of purchases that are sales themselves (not a refund, not given away): channel, order_id, product, …"""
    bought = sales(con, as_of).filter(lambda t: t.purchase)
    lines = con.table("order_lines")
    sold = lines.filter(
        lines.amount.isnull() | (lines.amount > 0), lines.quantity.isnull() | (lines.quantity > 0)
    ).mutate(shown=ibis.coalesce(lines["product"], lines.product_id))
    joined = sold.join(bought, ["channel", "order_id"])
    return joined.filter(joined.shown.notnull()).select(
        joined.channel,
        joined.order_id,
        joined.customer_id,
        joined.ordered_at,
        joined.category,
        product=joined.shown,
        quantity=joined.quantity.cast("float64"),
        amount=joined.amount.cast("float64") * joined.rate.cast("float64"),
    )


def baskets(
    con: ibis.BaseBackend, as_of: dt.date, kind: str = "order", level: str = "product"
) -> pd.DataFrame:
    """The BASKETS frame of `loyalty.columns`: each product of a basket once.

    `kind`: order, or day (all that an identified customer buys on one day; an anonymous order stays its own).
    `level`: product, or category (of the line, else the one that the product has most often elsewhere).
    """
    lines = bought_lines(con, as_of)
    if level == "category":
        lines = by_category(lines)
    order = lines.channel.concat("|", lines.order_id)
    if kind == "day":
        day = lines.customer_id.concat("||", lines.ordered_at.date().cast("string"))
        order = lines.customer_id.isnull().ifelse(order, day)
    products = to_frame(
        lines.mutate(order=order)
        .group_by(["order", "product"])
        .aggregate(
            customer_id=lines.customer_id.max(), at=lines.ordered_at.min(), channel=lines.channel.min()
        )
        .order_by(["order", "product"])
    )
    basket = pd.factorize(products["order"])[0].astype("int64")
    products = products.assign(basket=basket, channel=products["channel"].astype("category"))
    return products[list(BASKETS)]


def by_category(lines: Table) -> Table:
    """Lines with their category in the column `product`; lines whose product has no category are left out."""
    usual_categories = lines.group_by("product").aggregate(usual=lines.category.mode())
    joined = lines.join(usual_categories, "product")
    categorised = joined.mutate(product=ibis.coalesce(joined.category, joined.usual)).drop("usual")
    return categorised.filter(categorised["product"].notnull())


def prices(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """One row a product sold within the 365 days that end with `as_of`: product, price.

    `price`: the median price of one unit, in the shop's currency. Products whose lines have no amounts are left out.
    """
    lines = bought_lines(con, as_of)
    recent = lines.filter(lines.ordered_at >= midnight(as_of - YEAR + ONE_DAY), lines.amount > 0)
    unit_price = recent.amount / ibis.coalesce(recent.quantity, ibis.literal(1).cast("float64"))
    return to_frame(
        recent.mutate(unit_price=unit_price)
        .group_by("product")
        .aggregate(price=_.unit_price.median())
        .order_by("product")
    )


def products(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """One row a product: product, orders, customers, quantity, revenue (0 where lines have no amounts), last_at."""
    lines = bought_lines(con, as_of)
    nothing = ibis.literal(0).cast("float64")
    return to_frame(
        lines.group_by("product")
        .aggregate(
            orders=lines.order_id.nunique(),
            customers=lines.customer_id.nunique(),
            quantity=ibis.coalesce(lines.quantity, nothing + 1).sum(),
            revenue=ibis.coalesce(lines.amount, nothing).sum(),
            last_at=lines.ordered_at.max(),
        )
        .order_by([ibis.desc("orders"), "product"])
    )


def feedback(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """The FEEDBACK frame of `loyalty.columns`, the oldest first."""
    table = con.table("feedback")
    answers = table.filter(table.answered_at < midnight(as_of + ONE_DAY)).mutate(
        at=table.answered_at, score=table.score.cast("float64"), text=table.comment
    )
    return to_frame(answers.select(*FEEDBACK).order_by("at"))

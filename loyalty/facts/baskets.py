"""What was bought together, and what was said: baskets, products, feedback."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
from ibis.expr.types import Table

from loyalty.facts.orders import ONE_DAY, midnight, sales


def bought_lines(con: ibis.BaseBackend, as_of: dt.date) -> Table:
    """Lines of purchases that are sales themselves (not a refund, not given away): channel, order_id, product, …"""
    bought = sales(con, as_of).filter(lambda t: t.purchase)
    lines = con.table("order_lines")
    real = lines.filter(
        lines.amount.isnull() | (lines.amount > 0), lines.quantity.isnull() | (lines.quantity > 0)
    ).mutate(shown=ibis.coalesce(lines["product"], lines.product_id))
    joined = real.join(bought, ["channel", "order_id"])
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


def baskets(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """The BASKETS frame of `loyalty.facts.frames`: each product of an order once."""
    lines = bought_lines(con, as_of)
    keys = ["channel", "order_id", "product"]
    found: pd.DataFrame = lines.select(*keys, "customer_id").distinct().order_by(keys).execute()
    basket = found.groupby(["channel", "order_id"], sort=False).ngroup().astype("int64")
    return pd.DataFrame({"basket": basket, "product": found["product"], "customer_id": found["customer_id"]})


def products(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """One row a product: product, orders, customers, quantity, revenue (0 where lines have no amounts), last_at."""
    lines = bought_lines(con, as_of)
    nothing = ibis.literal(0).cast("float64")
    found: pd.DataFrame = (
        lines.group_by("product")
        .aggregate(
            orders=lines.order_id.nunique(),
            customers=lines.customer_id.nunique(),
            quantity=ibis.coalesce(lines.quantity, nothing + 1).sum(),
            revenue=ibis.coalesce(lines.amount, nothing).sum(),
            last_at=lines.ordered_at.max(),
        )
        .order_by([ibis.desc("orders"), "product"])
        .execute()
    )
    return found


def feedback(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """The FEEDBACK frame of `loyalty.facts.frames`, the oldest first."""
    table = con.table("feedback")
    answers = table.filter(table.answered_at < midnight(as_of + ONE_DAY)).select(
        table.customer_id,
        table.kind,
        table.scale,
        at=table.answered_at,
        score=table.score.cast("float64"),
        text=table.comment,
        product=table["product"],
    )
    found: pd.DataFrame = answers.order_by("at").execute()
    return found

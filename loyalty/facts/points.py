"""Inputs of the points ledger: orders before returns, returns by the file that states them, lines and reviews."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
from ibis.expr.types import Table

from loyalty.facts.orders import ONE_DAY, midnight, to_frame

_PAID = ["paid", "refunded"]


def _identified(con: ibis.BaseBackend, as_of: dt.date) -> Table:
    """Paid orders of identified customers up to `as_of` (inclusive) whose currency has a rate."""
    orders = con.table("orders")
    return orders.filter(
        orders.ordered_at < midnight(as_of + ONE_DAY),
        orders.status.isin(_PAID),
        orders.net.notnull(),
        orders.customer_id.notnull(),
    )


def point_sales(con: ibis.BaseBackend, as_of: dt.date, since: dt.date | None = None) -> pd.DataFrame:
    """One row an order: ref ("channel|order_id"), customer_id, at, gross and net (float64, the shop's currency: before
    and after returns), in order of time, from the day `since` on if one is given. Orders that cost nothing are left out."""
    orders = _identified(con, as_of)
    if since is not None:
        orders = orders.filter(orders.ordered_at >= midnight(since))
    worth = orders.goods.cast("float64") * orders.rate.cast("float64")
    sold = orders.mutate(gross=worth).filter(lambda t: (t.goods > 0) & (t.net >= 0))
    return to_frame(
        sold.select(
            sold.customer_id,
            sold.gross,
            ref=sold.channel.concat("|", sold.order_id),
            at=sold.ordered_at,
            net=sold.net.cast("float64"),
        ).order_by(["at", "ref"])
    )


def lone_refunds(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """Refunds that stand alone, of identified customers: customer_id, at, amount (above 0), in order of time."""
    orders = _identified(con, as_of)
    back = orders.filter(orders.net < 0)
    return to_frame(
        back.select(back.customer_id, at=back.ordered_at, amount=-back.net.cast("float64")).order_by(
            ["at", "customer_id"]
        )
    )


def stated_returns(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """Refunds as each import states them, by ref and stated_at.

    ref, stated_at (the last moment of the file's data), back (refunded money in the order's currency), whole (bool:
    refunded as a whole), rate, first (bool: the first import that has the order). Undone imports do not count.
    """
    versions, imports, orders = con.table("order_versions"), con.table("imports"), _identified(con, as_of)
    standing = versions.join(imports.filter(imports.undone_at.isnull()), "import_id")
    imports_of_order = ibis.window(
        group_by=[standing.channel, standing.order_id], order_by=[standing.import_id]
    )
    statements = standing.select(
        standing.channel,
        standing.order_id,
        stated_at=standing.data_until,
        back=ibis.coalesce(standing.refunded, 0).abs().cast("float64"),
        whole=standing.status == "refunded",
        first=ibis.row_number().over(imports_of_order) == 0,
    )
    refunds = statements.filter((statements.back > 0) | statements.whole)
    joined = refunds.join(orders.select("channel", "order_id", "rate"), ["channel", "order_id"])
    return to_frame(
        joined.select(
            "stated_at",
            "back",
            "whole",
            "first",
            rate=joined.rate.cast("float64"),
            ref=joined.channel.concat("|", joined.order_id),
        ).order_by(["ref", "stated_at", "back"])
    )


def point_lines(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """One row a line of a paid order of an identified customer: ref, product (the shown name), category, amount (the shop's currency)."""
    orders = _identified(con, as_of).select("channel", "order_id", "rate")
    lines = con.table("order_lines")
    joined = lines.join(orders, ["channel", "order_id"])
    return to_frame(
        joined.select(
            joined.category,
            ref=joined.channel.concat("|", joined.order_id),
            product=ibis.coalesce(joined["product"], joined.product_id),
            amount=joined.amount.cast("float64") * joined.rate.cast("float64"),
        )
    )


def reviews(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """Reviews by identified customers up to `as_of`: customer_id, at, in order of time."""
    table = con.table("feedback")
    written = table.filter(
        table.kind == "review", table.customer_id.notnull(), table.answered_at < midnight(as_of + ONE_DAY)
    )
    return to_frame(written.select("customer_id", at=written.answered_at).order_by(["customer_id", "at"]))

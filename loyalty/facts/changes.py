"""Sales of two periods by channel and kind of buyer, by product, and by year of first purchase."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
from ibis.expr.types import StringValue, Table

from loyalty.facts.baskets import bought_lines
from loyalty.facts.orders import ONE_DAY, midnight, sales, to_frame

Period = tuple[dt.date, dt.date]  # first and last day, both inclusive


def _both(con: ibis.BaseBackend, as_of: dt.date, before: Period, after: Period) -> Table:
    """Sales of two periods that do not overlap: those of `sales`, `after` (bool), first_at, who.

    `who`: "new" (the first purchase fell in that period), "returning", "unknown" (no customer), or "refund" (one that
    stands alone).
    """
    table = sales(con, as_of)
    identified = table.filter(table.purchase, table.customer_id.notnull())
    first = identified.group_by("customer_id").aggregate(first_at=identified.ordered_at.min())

    def within(period: Period) -> ibis.expr.types.BooleanValue:
        return (table.ordered_at >= midnight(period[0])) & (table.ordered_at < midnight(period[1] + ONE_DAY))

    inside = table.mutate(after=within(after)).filter(within(before) | within(after))
    joined = inside.left_join(first, "customer_id").drop("customer_id_right")
    since = joined.after.ifelse(midnight(after[0]), midnight(before[0]))
    return joined.mutate(
        who=ibis.cases(
            (~joined.purchase, "refund"),
            (joined.customer_id.isnull(), "unknown"),
            (joined.first_at >= since, "new"),
            else_="returning",
        )
    )


def volumes(
    con: ibis.BaseBackend, as_of: dt.date, before: Period, after: Period, *, by_channel: bool = False
) -> pd.DataFrame:
    """after (bool), [channel], who, customers, orders, revenue; only what occurs. `who`: see `_both`."""
    table = _both(con, as_of, before, after)
    keys = ["after", "channel", "who"] if by_channel else ["after", "who"]
    return to_frame(
        table.group_by(keys)
        .aggregate(
            customers=table.customer_id.nunique(where=table.purchase),
            orders=table.purchase.cast("int64").sum(),
            revenue=table.net.sum(),
        )
        .order_by(keys)
    )


def revenue_variance(con: ibis.BaseBackend, as_of: dt.date, before: Period, after: Period) -> float:
    """The variance of the difference of the two periods' revenue, if only chance decided which buyers came.

    A sum over buyers who come independently (compound Poisson) has the variance sum of (revenue of each)²,
    estimated for each period and added. A buyer is a customer, or an order that names none.
    """
    table = _both(con, as_of, before, after)
    order = table.channel + " " + table.order_id
    each = table.group_by(after=table.after, buyer=ibis.coalesce(table.customer_id, order)).aggregate(
        revenue=table.net.sum()
    )
    variance = each.aggregate(variance=(each.revenue * each.revenue).sum()).execute()["variance"].iloc[0]
    return 0.0 if pd.isna(variance) else float(variance)


def by_cohort(con: ibis.BaseBackend, as_of: dt.date, before: Period, after: Period) -> pd.DataFrame:
    """after, group, revenue: `group` is the year of the buyer's first purchase; None for anonymous buyers."""
    table = _both(con, as_of, before, after)
    return _sums(table.mutate(group=table.first_at.year().cast("string")))


def by_product(con: ibis.BaseBackend, as_of: dt.date, before: Period, after: Period) -> pd.DataFrame:
    """after, group, revenue: an order's net revenue shared among its products in proportion to their amounts.

    The parts add up to net revenue, whatever discount or refund an order had. `group` is None for sales without
    products or amounts, and for refunds that stand alone.
    """
    table = _both(con, as_of, before, after)
    lines = bought_lines(con, as_of)
    priced = lines.filter(lines.amount > 0)
    keys = ["channel", "order_id"]
    each = priced.group_by([*keys, "product"]).aggregate(amount=priced.amount.sum())
    whole = each.group_by(keys).aggregate(whole=each.amount.sum())
    joined = table.left_join(each.join(whole, keys), keys)
    part = (joined.amount / joined.whole).fill_null(ibis.literal(1).cast("float64"))
    return _sums(joined.mutate(group=joined["product"], net=joined.net * part))


def _sums(table: Table) -> pd.DataFrame:
    """Revenue by period and group."""
    group: StringValue = table.group
    return to_frame(
        table.group_by(after=table.after, group=group)
        .aggregate(revenue=table.net.sum())
        .order_by(["after", "group"])
    )

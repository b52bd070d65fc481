"""Sales: which orders count, and their totals by period, month, channel and cohort."""

from __future__ import annotations

import datetime as dt

import ibis
import numpy as np
import pandas as pd
from ibis import _
from ibis.expr.types import BooleanValue, Table

from loyalty.columns import COHORTS, Floats, Totals

ONE_DAY = dt.timedelta(days=1)


def midnight(day: dt.date) -> dt.datetime:
    """The first moment of `day`."""
    return dt.datetime.combine(day, dt.time())


def to_frame(table: Table) -> pd.DataFrame:
    """The rows of an expression."""
    rows: pd.DataFrame = table.execute()
    return rows


def sales(con: ibis.BaseBackend, as_of: dt.date) -> Table:
    """Paid orders and stand-alone refunds up to `as_of` (inclusive): customer_id, channel, order_id, ordered_at, net (in
    the shop's currency), `rate` (units of it for one of the order's currency), `purchase` (bool: net above 0) and
    `free` (bool: it cost nothing, and nothing was refunded). Sales in a currency without a rate are left out."""
    orders = con.table("orders")
    return orders.filter(
        orders.ordered_at < midnight(as_of + ONE_DAY),
        orders.status.isin(["paid", "refunded"]),
        orders.net.notnull(),
    ).select(
        orders.customer_id,
        orders.channel,
        orders.order_id,
        orders.ordered_at,
        orders.rate,
        net=orders.net.cast("float64"),
        purchase=orders.net > 0,
        free=(orders.status == "paid") & (orders.goods == 0) & (ibis.coalesce(orders.refunded, 0) == 0),
    )


def order_sizes(con: ibis.BaseBackend, as_of: dt.date) -> Floats:
    """Net revenue of each order of the last 365 days, in rising order; shape (orders,)."""
    table = sales(con, as_of)
    recent = table.filter(table.purchase, table.ordered_at >= midnight(as_of - dt.timedelta(days=364)))
    return np.sort(recent.select("net").execute()["net"].to_numpy(dtype=np.float64))


def unconverted_sales(con: ibis.BaseBackend) -> pd.DataFrame:
    """Sales left out of all figures because their currency has no rate: currency, month (its first moment), sales (count)."""
    orders = con.table("orders")
    left_out = orders.filter(orders.status.isin(["paid", "refunded"]), orders.net.isnull())
    by_month = left_out.group_by(currency=left_out.currency, month=left_out.ordered_at.truncate("M"))
    return to_frame(by_month.aggregate(sales=left_out.count()).order_by(["currency", "month"]))


def span(con: ibis.BaseBackend) -> tuple[dt.date, dt.date] | None:
    """First and last day with an order, or None for an empty shop."""
    orders = con.table("orders")
    row = orders.aggregate(first=orders.ordered_at.min(), last=orders.ordered_at.max()).execute().iloc[0]
    return None if pd.isna(row["first"]) else (row["first"].date(), row["last"].date())


def channels(con: ibis.BaseBackend) -> list[str]:
    """All channels with an order, in alphabetical order."""
    orders = con.table("orders")
    return [
        str(name) for name in orders.select("channel").distinct().order_by("channel").execute()["channel"]
    ]


def totals(
    con: ibis.BaseBackend, as_of: dt.date, since: dt.date | None = None, until: dt.date | None = None
) -> Totals:
    """Counts between `since` and `until` (both inclusive; open where None), as of `as_of`."""
    table = sales(con, as_of)
    within = _within(table, since, until)
    identified = table.filter(table.purchase, table.customer_id.notnull())
    people = identified.group_by("customer_id").aggregate(
        inside=_within(identified, since, until).cast("int64").sum(),
        before=(identified.ordered_at < midnight(since)).cast("int64").sum()
        if since
        else ibis.literal(0, "int64"),
    )
    people = people.filter(people.inside > 0)
    counted = people.aggregate(
        customers=people.count(),
        repeat=(people.inside >= 2).cast("int64").sum(),
        returning=((people.before > 0) if since else (people.inside >= 2)).cast("int64").sum(),
    )
    inside = table.filter(within)
    anonymous = inside.customer_id.isnull()
    sums = inside.aggregate(
        orders=inside.purchase.cast("int64").sum(),
        revenue=inside.net.sum(),
        anonymous_orders=(anonymous & inside.purchase).cast("int64").sum(),
        anonymous_revenue=anonymous.ifelse(inside.net, ibis.literal(0).cast("float64")).sum(),
    )
    customer_counts, sums_of_orders = counted.execute().iloc[0], sums.execute().iloc[0].fillna(0)
    return Totals(
        customers=int(customer_counts["customers"]),
        returning_customers=0 if pd.isna(customer_counts["returning"]) else int(customer_counts["returning"]),
        repeat_customers=0 if pd.isna(customer_counts["repeat"]) else int(customer_counts["repeat"]),
        orders=int(sums_of_orders["orders"]),
        revenue=float(sums_of_orders["revenue"]),
        anonymous_orders=int(sums_of_orders["anonymous_orders"]),
        anonymous_revenue=float(sums_of_orders["anonymous_revenue"]),
    )


def _within(table: Table, since: dt.date | None, until: dt.date | None) -> BooleanValue:
    condition: BooleanValue = table.ordered_at.notnull()
    if since:
        condition = condition & (table.ordered_at >= midnight(since))
    if until:
        condition = condition & (table.ordered_at < midnight(until + ONE_DAY))
    return condition


def months(con: ibis.BaseBackend, as_of: dt.date, *, by_channel: bool = False) -> pd.DataFrame:
    """The MONTHS frame of `loyalty.columns`, the oldest first."""
    table = sales(con, as_of).mutate(month=_.ordered_at.truncate("M"))
    identified = table.filter(table.purchase, table.customer_id.notnull())
    first = identified.group_by("customer_id").aggregate(first_at=identified.ordered_at.min())
    joined = table.left_join(first, "customer_id").drop("customer_id_right")
    keys = ["month", "channel"] if by_channel else ["month"]
    is_identified = joined.purchase & joined.customer_id.notnull()
    new = is_identified & (joined.first_at.truncate("M") == joined.month)
    rows = to_frame(
        joined.group_by(keys)
        .aggregate(
            orders=joined.purchase.cast("int64").sum(),
            revenue=joined.net.sum(),
            customers=joined.customer_id.nunique(where=is_identified),
            new_customers=joined.customer_id.nunique(where=new),
        )
        .order_by(keys)
    )
    return rows.assign(returning_customers=rows["customers"] - rows["new_customers"])


def cohorts(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """The COHORTS frame of `loyalty.columns`; month offsets that have not begun by `as_of` are absent."""
    table = sales(con, as_of)
    identified = table.filter(table.purchase, table.customer_id.notnull())
    first = identified.group_by("customer_id").aggregate(first_at=identified.ordered_at.min())
    joined = identified.join(first, "customer_id")
    active = (
        joined.group_by(cohort=joined.first_at.truncate("M"), month=joined.ordered_at.truncate("M"))
        .aggregate(active=joined.customer_id.nunique())
        .execute()
    )
    if active.empty:
        return pd.DataFrame(columns=list(COHORTS))
    index = active["month"].dt.year * 12 + active["month"].dt.month
    active["k"] = index - (active["cohort"].dt.year * 12 + active["cohort"].dt.month)
    sizes = active.loc[active["k"] == 0].set_index("cohort")["active"]
    last = as_of.year * 12 + as_of.month
    cells = [
        (cohort, k)
        for cohort in sorted(sizes.index)
        for k in range(last - (cohort.year * 12 + cohort.month) + 1)
    ]
    full = pd.DataFrame(cells, columns=["cohort", "k"])
    full = full.merge(active[["cohort", "k", "active"]], how="left", on=["cohort", "k"])
    full["active"] = full["active"].fillna(0).astype("int64")
    full["size"] = full["cohort"].map(sizes).astype("int64")
    return full[list(COHORTS)]

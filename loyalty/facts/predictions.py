"""What was known of each customer at the end of a day: the ground that predictions stand on.

Nothing in here looks past that day. Orders count as they were placed, at what the goods cost then: a file does not
say when money was given back, so a refund that an order carries could have come later, and is not looked at. A refund
that stands alone has its own day and counts from it. Nothing personal is looked at either: no names, addresses,
birthdays, places, or how a customer was won; only what they did.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import ibis
import pandas as pd
from ibis.expr.types import Table

WINDOWS = (30, 90, 180, 365)  # days that end with the cutoff (inclusive)
YEAR = 365
BEHAVIOUR = [
    "recency_days", "age_days", "days", "days_30", "days_90", "days_180", "days_365", "gap_mean", "gap_sd", "gap_last",
    "season_days", "spend", "spend_90", "spend_365", "last_value", "best_value",
]  # fmt: skip
ORDERS = ["orders", "coupons", "discount_share", "channels", "evening_share", "weekend_share"]
LINES = ["products", "categories", "lines", "units"]
ACTS = ["refunds", "satisfaction", "answers", "events", "events_90", "event_recency", "brought"]
FEATURES = [*BEHAVIOUR, *ORDERS, *LINES, *ACTS]
EVENING = 18
KEYS = ["cutoff", "customer_id"]


def _known(table: Table, at: str, cutoffs: Sequence[dt.date]) -> Table:
    """Each row once for each cutoff by whose end it had happened; `cutoff` says which."""
    each = table.mutate(cutoff=ibis.array([ibis.literal(day) for day in cutoffs]).unnest())
    return each.filter(each[at] < (each.cutoff + ibis.interval(days=1)).cast("timestamp"))


def placed_orders(con: ibis.BaseBackend, cutoffs: Sequence[dt.date]) -> Table:
    """Orders of identified customers as they were placed, each once for each cutoff (inclusive) by which it was: cutoff,
    customer_id, channel, order_id, ordered_at, ago (days before the cutoff), value (goods in the shop's currency, before
    refunds), `off` (the discount), coupon, net and kept (whether it still counts as a purchase or was free)."""
    orders = con.table("orders")
    counted = orders.filter(
        orders.customer_id.notnull(),
        orders.status.isin(["paid", "refunded"]),
        orders.net.notnull(),
        orders.goods >= 0,
    )
    told = _known(counted, "ordered_at", cutoffs)
    rate = told.rate.cast("float64")
    nothing = ibis.literal(0).cast("float64")
    return told.select(
        told.cutoff,
        told.customer_id,
        told.channel,
        told.order_id,
        told.ordered_at,
        ago=told.cutoff.delta(told.ordered_at.date(), unit="day").cast("int64"),
        value=told.goods.cast("float64") * rate,
        off=ibis.coalesce(told.discount.cast("float64"), nothing).abs() * rate,
        coupon=told.coupon_code.notnull(),
        net=told.net.cast("float64"),
        kept=(told.net > 0) | ((told.goods == 0) & (told.status == "paid")),
    )


def order_days(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """One row a customer and day with an order: customer_id, day (datetime64), value (as placed), net (after refunds),
    kept (bool: whether any of it still counts), by customer and day."""
    table = placed_orders(con, [as_of])
    found: pd.DataFrame = (
        table.group_by(table.customer_id, day=table.ordered_at.truncate("D"))
        .aggregate(value=table.value.sum(), net=table.net.sum(), kept=table.kept.any())
        .order_by(["customer_id", "day"])
        .execute()
    )
    return found


def features(con: ibis.BaseBackend, cutoff: dt.date, horizon_days: int = 90) -> pd.DataFrame:
    """`features_at` one cutoff."""
    return features_at(con, [cutoff], horizon_days)[cutoff]


def features_at(
    con: ibis.BaseBackend, cutoffs: Sequence[dt.date], horizon_days: int = 90
) -> dict[dt.date, pd.DataFrame]:
    """By cutoff, one row a customer with an order by its end: customer_id, then FEATURES (float64), by customer_id. All
    cutoffs are one question: to put a question takes longer than to answer it for a small shop.

    recency_days, age_days: since the last and first order; days…: days with an order, ever and within 30, 90, 180, 365
    days; gap_mean, gap_sd, gap_last: days between them (NaN while there is none); season_days: days with an order in
    the same `horizon_days` of earlier years; spend…, last_value, best_value: money, in all and of a day; coupons:
    orders with one; discount_share: of the price; evening_share, weekend_share: of orders; lines, units, products,
    categories: in all; refunds: stand-alone ones; satisfaction: mean score from 0 to 1 (NaN without an answer);
    events: visits and the like; event_recency: days since the last (NaN); brought: customers they brought.
    """
    orders = placed_orders(con, cutoffs)
    found = _behaviour(orders, horizon_days)
    parts = (
        _orders(orders),
        _lines(con, orders),
        _refunds(con, cutoffs),
        _answers(con, cutoffs),
        _events(con, cutoffs),
        _brought(con, cutoffs),
    )
    for part in parts:
        found = found.left_join(part, KEYS).drop(*(f"{name}_right" for name in KEYS))
    frame: pd.DataFrame = found.select(*KEYS, *FEATURES).order_by("customer_id").execute()
    counts = [
        name
        for name in FEATURES
        if name not in ("gap_mean", "gap_sd", "gap_last", "satisfaction", "event_recency")
    ]
    values = frame[FEATURES].astype("float64").fillna(dict.fromkeys(counts, 0.0))
    whole = pd.concat([frame[["customer_id"]], values], axis=1)
    of = pd.to_datetime(frame["cutoff"])
    return {day: whole[of == pd.Timestamp(day)].reset_index(drop=True) for day in cutoffs}


def _behaviour(orders: Table, horizon_days: int) -> Table:
    """When and for how much, by customer."""
    days = orders.group_by([*KEYS, "ago"]).aggregate(value=orders.value.sum())
    before = days.ago.lag().over(group_by=[days.cutoff, days.customer_id], order_by=ibis.desc(days.ago))
    days = days.mutate(gap=(before - days.ago).cast("float64"))
    shifted = days.ago % YEAR
    within = {f"days_{n}": (days.ago < n).cast("int64").sum() for n in WINDOWS}
    spent = {f"spend_{n}": days.value.sum(where=days.ago < n) for n in (90, YEAR)}
    return days.group_by(KEYS).aggregate(
        recency_days=days.ago.min(),
        age_days=days.ago.max(),
        days=days.count(),
        gap_mean=days.gap.mean(),
        gap_sd=days.gap.std(how="pop"),
        gap_last=days.gap.argmin(days.ago),
        season_days=(shifted >= YEAR - min(horizon_days, YEAR)).cast("int64").sum(),
        spend=days.value.sum(),
        last_value=days.value.argmin(days.ago),
        best_value=days.value.max(),
        **within,
        **spent,
    )


def _orders(orders: Table) -> Table:
    """How and where they order, by customer."""
    full = (orders.value + orders.off).sum()
    weekend = orders.ordered_at.day_of_week.index() >= 5
    return orders.group_by(KEYS).aggregate(
        orders=orders.count(),
        coupons=orders.coupon.cast("int64").sum(),
        discount_share=orders.off.sum() / (full > 0).ifelse(full, ibis.literal(1).cast("float64")),
        channels=orders.channel.nunique(),
        evening_share=(orders.ordered_at.hour() >= EVENING).cast("float64").mean(),
        weekend_share=weekend.cast("float64").mean(),
    )


def _lines(con: ibis.BaseBackend, orders: Table) -> Table:
    """What they bought, by customer."""
    lines = con.table("order_lines")
    named = lines.select(
        lines.channel,
        lines.order_id,
        lines.category,
        shown=ibis.coalesce(lines["product"], lines.product_id),
        quantity=ibis.coalesce(lines.quantity.cast("float64"), ibis.literal(1).cast("float64")),
    )
    bought = named.join(orders.select("channel", "order_id", *KEYS), ["channel", "order_id"])
    return bought.group_by(KEYS).aggregate(
        products=bought.shown.nunique(),
        categories=bought.category.nunique(),
        lines=bought.count(),
        units=bought.quantity.sum(),
    )


def _refunds(con: ibis.BaseBackend, cutoffs: Sequence[dt.date]) -> Table:
    """Stand-alone refunds by customer, from their own day on."""
    orders = con.table("orders")
    back = _known(orders.filter(orders.customer_id.notnull(), orders.goods < 0), "ordered_at", cutoffs)
    return back.group_by(KEYS).aggregate(refunds=back.count())


def _answers(con: ibis.BaseBackend, cutoffs: Sequence[dt.date]) -> Table:
    """How content they said they are, by customer."""
    table = con.table("feedback")
    told = _known(table.filter(table.customer_id.notnull(), table.score.notnull()), "answered_at", cutoffs)
    lowest = (told.kind == "csat").ifelse(1, 0).cast("float64")
    level = (told.score.cast("float64") - lowest) / (told.scale.cast("float64") - lowest)
    return told.group_by(KEYS).aggregate(satisfaction=level.clip(0, 1).mean(), answers=told.count())


def _events(con: ibis.BaseBackend, cutoffs: Sequence[dt.date]) -> Table:
    """Visits and other acts, by customer."""
    table = con.table("events")
    seen = _known(table.filter(table.customer_id.notnull()), "happened_at", cutoffs)
    ago = seen.cutoff.delta(seen.happened_at.date(), unit="day").cast("int64")
    return seen.group_by(KEYS).aggregate(
        events=seen.count(), events_90=(ago < 90).cast("int64").sum(), event_recency=ago.min()
    )


def _brought(con: ibis.BaseBackend, cutoffs: Sequence[dt.date]) -> Table:
    """Customers whom they brought, by the day that is told."""
    table = con.table("referrals")
    told = _known(table.filter(table.referrer_id != table.referred_id), "referred_at", cutoffs)
    return told.group_by(told.cutoff, customer_id=told.referrer_id).aggregate(
        brought=told.referred_id.nunique()
    )

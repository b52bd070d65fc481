"""Features of each customer as of the end of a day, for predictions.

Nothing after that day is used. Orders count as they were placed, at the price of the goods then: a file does not
say when money was refunded, so a refund that an order carries could have come later and is not used. A refund that
stands alone has its own day and counts from it. No personal data are used: no names, addresses, birthdays, places or
acquisition source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import ibis
import pandas as pd
from ibis.expr.types import Table

from loyalty.facts.orders import to_frame

WINDOWS = (30, 90, 180, 365)  # days that end with the cutoff (inclusive)
YEAR = 365
BEHAVIOUR = [
    "recency_days",
    "age_days",
    "days",
    "days_30",
    "days_90",
    "days_180",
    "days_365",
    "gap_mean",
    "gap_sd",
    "gap_last",
    "season_days",
    "spend",
    "spend_90",
    "spend_365",
    "last_value",
    "best_value",
]
ORDERS = ["orders", "coupons", "discount_share", "channels", "evening_share", "weekend_share"]
LINES = ["products", "categories", "lines", "units"]
OTHER = ["refunds", "satisfaction", "answers", "events", "events_90", "event_recency", "brought"]
FEATURES = [*BEHAVIOUR, *ORDERS, *LINES, *OTHER]
EVENING = 18
KEYS = ["cutoff", "customer_id"]


def _until_cutoffs(table: Table, at: str, cutoffs: Sequence[dt.date]) -> Table:
    """Each row once for each cutoff before whose end it happened; `cutoff` says which."""
    each = table.mutate(cutoff=ibis.array([ibis.literal(day) for day in cutoffs]).unnest())
    return each.filter(each[at] < (each.cutoff + ibis.interval(days=1)).cast("timestamp"))


def placed_orders(con: ibis.BaseBackend, cutoffs: Sequence[dt.date]) -> Table:
    """Orders of identified customers as they were placed, each once for each cutoff (inclusive) on or after its day: cutoff,
    customer_id, channel, order_id, ordered_at, ago (days before the cutoff), value (goods in the shop's currency, before
    refunds), `off` (the discount), coupon, net and kept (whether it still counts as a purchase or was free)."""
    orders = con.table("orders")
    counted = orders.filter(
        orders.customer_id.notnull(),
        orders.status.isin(["paid", "refunded"]),
        orders.net.notnull(),
        orders.goods >= 0,
    )
    orders_by_cutoff = _until_cutoffs(counted, "ordered_at", cutoffs)
    rate = orders_by_cutoff.rate.cast("float64")
    zero = ibis.literal(0).cast("float64")
    return orders_by_cutoff.select(
        orders_by_cutoff.cutoff,
        orders_by_cutoff.customer_id,
        orders_by_cutoff.channel,
        orders_by_cutoff.order_id,
        orders_by_cutoff.ordered_at,
        ago=orders_by_cutoff.cutoff.delta(orders_by_cutoff.ordered_at.date(), unit="day").cast("int64"),
        value=orders_by_cutoff.goods.cast("float64") * rate,
        off=ibis.coalesce(orders_by_cutoff.discount.cast("float64"), zero).abs() * rate,
        coupon=orders_by_cutoff.coupon_code.notnull(),
        net=orders_by_cutoff.net.cast("float64"),
        kept=(orders_by_cutoff.net > 0)
        | ((orders_by_cutoff.goods == 0) & (orders_by_cutoff.status == "paid")),
    )


def order_days(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """One row a customer and day with an order: customer_id, day (datetime64), value (as placed), net (after refunds),
    kept (bool: whether any of it still counts), by customer and day."""
    table = placed_orders(con, [as_of])
    return to_frame(
        table.group_by(table.customer_id, day=table.ordered_at.truncate("D"))
        .aggregate(value=table.value.sum(), net=table.net.sum(), kept=table.kept.any())
        .order_by(["customer_id", "day"])
    )


def features(con: ibis.BaseBackend, cutoff: dt.date, horizon_days: int = 90) -> pd.DataFrame:
    """`features_at` one cutoff."""
    return features_at(con, [cutoff], horizon_days)[cutoff]


def features_at(
    con: ibis.BaseBackend, cutoffs: Sequence[dt.date], horizon_days: int = 90
) -> dict[dt.date, pd.DataFrame]:
    """By cutoff, one row a customer with an order by its end: customer_id, then FEATURES (float64), by customer_id. All
    cutoffs are one query: for a small shop, preparing a query takes longer than running it.

    recency_days, age_days: since the last and first order; days…: days with an order, ever and within 30, 90, 180, 365
    days; gap_mean, gap_sd, gap_last: days between them (NaN while there is none); season_days: days with an order in
    the same `horizon_days` of earlier years; spend…, last_value, best_value: money, in all and of a day; coupons:
    orders with one; discount_share: of the price; evening_share, weekend_share: of orders; lines, units, products,
    categories: in all; refunds: stand-alone ones; satisfaction: mean score from 0 to 1 (NaN without an answer);
    events: visits and the like; event_recency: days since the last (NaN); brought: customers they referred.
    """
    orders = placed_orders(con, cutoffs)
    table = _behaviour(orders, horizon_days)
    parts = (
        _orders(orders),
        _lines(con, orders),
        _refunds(con, cutoffs),
        _answers(con, cutoffs),
        _events(con, cutoffs),
        _referrals(con, cutoffs),
    )
    for part in parts:
        table = table.left_join(part, KEYS).drop(*(f"{name}_right" for name in KEYS))
    frame: pd.DataFrame = table.select(*KEYS, *FEATURES).order_by("customer_id").execute()
    counts = [
        name
        for name in FEATURES
        if name not in ("gap_mean", "gap_sd", "gap_last", "satisfaction", "event_recency")
    ]
    values = frame[FEATURES].astype("float64").fillna(dict.fromkeys(counts, 0.0))
    by_customer = pd.concat([frame[["customer_id"]], values], axis=1)
    cutoff_of = pd.to_datetime(frame["cutoff"])
    return {day: by_customer[cutoff_of == pd.Timestamp(day)].reset_index(drop=True) for day in cutoffs}


def _behaviour(orders: Table, horizon_days: int) -> Table:
    """Recency, gaps and spend, by customer."""
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
    """Order counts, coupons and shares of orders, by customer."""
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
    """Products, categories and units bought, by customer."""
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
    back = _until_cutoffs(
        orders.filter(orders.customer_id.notnull(), orders.goods < 0), "ordered_at", cutoffs
    )
    return back.group_by(KEYS).aggregate(refunds=back.count())


def _answers(con: ibis.BaseBackend, cutoffs: Sequence[dt.date]) -> Table:
    """Mean satisfaction and number of answers, by customer."""
    table = con.table("feedback")
    answers = _until_cutoffs(
        table.filter(table.customer_id.notnull(), table.score.notnull()), "answered_at", cutoffs
    )
    lowest = (answers.kind == "csat").ifelse(1, 0).cast("float64")
    level = (answers.score.cast("float64") - lowest) / (answers.scale.cast("float64") - lowest)
    return answers.group_by(KEYS).aggregate(satisfaction=level.clip(0, 1).mean(), answers=answers.count())


def _events(con: ibis.BaseBackend, cutoffs: Sequence[dt.date]) -> Table:
    """Visits and other events, by customer."""
    table = con.table("events")
    events = _until_cutoffs(table.filter(table.customer_id.notnull()), "happened_at", cutoffs)
    ago = events.cutoff.delta(events.happened_at.date(), unit="day").cast("int64")
    return events.group_by(KEYS).aggregate(
        events=events.count(), events_90=(ago < 90).cast("int64").sum(), event_recency=ago.min()
    )


def _referrals(con: ibis.BaseBackend, cutoffs: Sequence[dt.date]) -> Table:
    """Number of customers referred, by customer; referrals without a date do not count."""
    table = con.table("referrals")
    referrals = _until_cutoffs(table.filter(table.referrer_id != table.referred_id), "referred_at", cutoffs)
    return referrals.group_by(referrals.cutoff, customer_id=referrals.referrer_id).aggregate(
        brought=referrals.referred_id.nunique()
    )

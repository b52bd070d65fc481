"""What people did besides buying, and what is known of how they came: acts, recommendations, consents, spend."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
from ibis.expr.types import Table

from loyalty.facts.orders import ONE_DAY, midnight


def events(con: ibis.BaseBackend, as_of: dt.date) -> Table:
    """EVENTS of `loyalty.columns` up to `as_of` (inclusive), as an expression: there may be millions of them."""
    table = con.table("events")
    return table.filter(table.happened_at < midnight(as_of + ONE_DAY)).select(
        table.customer_id,
        table.kind,
        table["product"],
        at=table.happened_at,
        seconds=table.seconds.cast("float64"),
    )


def referrals(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """The REFERRALS frame of `loyalty.columns`: those up to `as_of` (inclusive), and those without a date."""
    table = con.table("referrals")
    told = table.filter(
        table.referred_at.isnull() | (table.referred_at < midnight(as_of + ONE_DAY)),
        table.referrer_id != table.referred_id,
    ).select(table.referrer_id, table.referred_id, at=table.referred_at)
    found: pd.DataFrame = told.order_by(["at", "referrer_id", "referred_id"]).execute()
    return found


def spend(con: ibis.BaseBackend) -> pd.DataFrame:
    """The SPEND frame of `loyalty.columns`; money in a currency that still lacks its rate is left out."""
    table = con.table("spend")
    known = table.filter(table.amount.notnull()).select(
        table.channel, month=table.month.cast("timestamp"), amount=table.amount.cast("float64")
    )
    sums = known.group_by(["month", "channel"]).aggregate(amount=known.amount.sum())
    found: pd.DataFrame = sums.order_by(["month", "channel"]).execute()
    return found


def consents(con: ibis.BaseBackend) -> pd.DataFrame:
    """The CONSENTS frame of `loyalty.columns`, ordered by customer_id and medium."""
    table = con.table("consents").select("customer_id", "medium", "granted", "stated_at", "source")
    found: pd.DataFrame = table.order_by(["customer_id", "medium"]).execute()
    return found


def agreed(con: ibis.BaseBackend) -> frozenset[str]:
    """Who said yes to some way of writing to them."""
    told = con.table("consents")
    found: pd.DataFrame = told.filter(told.granted).select("customer_id").distinct().execute()
    return frozenset(found["customer_id"])


def origins(con: ibis.BaseBackend) -> pd.DataFrame:
    """The ORIGINS frame of `loyalty.columns`, ordered by customer_id."""
    table = con.table("customers").select("customer_id", "first_seen", "acquired_via", "city", "tags")
    found: pd.DataFrame = table.order_by("customer_id").execute()
    return found

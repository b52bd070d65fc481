"""Events, referrals, marketing spend, consents, and how customers were acquired."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
from ibis.expr.types import Table

from loyalty.columns import CONSENTS, EVENTS, ORIGINS, REFERRALS
from loyalty.facts.orders import ONE_DAY, midnight, to_frame


def events(con: ibis.BaseBackend, as_of: dt.date) -> Table:
    """EVENTS of `loyalty.columns` up to `as_of` (inclusive), as an expression: there may be millions of them."""
    table = con.table("events")
    until = table.filter(table.happened_at < midnight(as_of + ONE_DAY))
    return until.mutate(at=until.happened_at, seconds=until.seconds.cast("float64")).select(*EVENTS)


def referrals(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """The REFERRALS frame of `loyalty.columns`: those up to `as_of` (inclusive), and those without a date."""
    table = con.table("referrals")
    pairs = table.filter(
        table.referred_at.isnull() | (table.referred_at < midnight(as_of + ONE_DAY)),
        table.referrer_id != table.referred_id,
    )
    dated = pairs.mutate(at=pairs.referred_at).select(*REFERRALS)
    return to_frame(dated.order_by(["at", "referrer_id", "referred_id"]))


def spend(con: ibis.BaseBackend) -> pd.DataFrame:
    """The SPEND frame of `loyalty.columns`; spend in a currency without an exchange rate is left out."""
    table = con.table("spend")
    converted = table.filter(table.amount.notnull()).select(
        table.channel, month=table.month.cast("timestamp"), amount=table.amount.cast("float64")
    )
    sums = converted.group_by(["month", "channel"]).aggregate(amount=converted.amount.sum())
    return to_frame(sums.order_by(["month", "channel"]))


def consents(con: ibis.BaseBackend) -> pd.DataFrame:
    """The CONSENTS frame of `loyalty.columns`, ordered by customer_id and medium."""
    return to_frame(con.table("consents").select(*CONSENTS).order_by(["customer_id", "medium"]))


def agreed(con: ibis.BaseBackend) -> frozenset[str]:
    """Customers who agreed to messages by at least one medium."""
    consents = con.table("consents")
    rows = to_frame(consents.filter(consents.granted).select("customer_id").distinct())
    return frozenset(rows["customer_id"])


def origins(con: ibis.BaseBackend) -> pd.DataFrame:
    """The ORIGINS frame of `loyalty.columns`, ordered by customer_id."""
    return to_frame(con.table("customers").select(*ORIGINS).order_by("customer_id"))

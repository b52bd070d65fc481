"""All that is known of one customer, as small frames; and what is looked up for each of them, asked once for everyone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import pandas as pd

from loyalty.facts.events import referrals
from loyalty.facts.orders import ONE_DAY, midnight
from loyalty.facts.recommendations import opted_out


@dataclass(frozen=True)
class Lookups:
    """What stories look things up in, up to the end of a day. `birthdays`: customer_id, month, day; `referrals`: REFERRALS;
    `opted_out`: those who said no to every way of writing to them; `aliases`: alias, customer_id, of ids that were joined."""

    as_of: dt.date
    birthdays: pd.DataFrame
    referrals: pd.DataFrame
    opted_out: frozenset[str]
    aliases: pd.DataFrame


@dataclass(frozen=True)
class CustomerRecords:
    """One customer up to the end of a day, each frame with its oldest row first.

    `orders`: at, channel, order_id, status, net (float64, the shop's currency; NaN while its rate is missing), refunded
    (float64, the same), coupon_code, purchase (bool: it counts as one). `lines`: channel, order_id, product (None where it
    has no name), bought (bool: a sale itself, neither returned nor given away). `events`: at, kind, product, seconds.
    `coupons`: at, code, kind ("percent" or "fixed"), value (float64), currency, expires_on. `recommendations`: at, mode, place,
    product. `messages`: at (the day the owner says a campaign was sent), campaign (its name), held (bool: the customer was
    held back), product, reason. `answers`: FEEDBACK, `referrals`: REFERRALS, of this customer on either side.
    """

    customer_id: str
    orders: pd.DataFrame
    lines: pd.DataFrame
    events: pd.DataFrame
    coupons: pd.DataFrame
    recommendations: pd.DataFrame
    messages: pd.DataFrame
    answers: pd.DataFrame
    referrals: pd.DataFrame


def lookups(con: ibis.BaseBackend, as_of: dt.date) -> Lookups:
    """The shop's look-ups."""
    aliases: pd.DataFrame = con.table("identities").select("alias", "customer_id").execute()
    return Lookups(as_of, birthdays(con), referrals(con, as_of), opted_out(con), aliases)


def customer_records(
    con: ibis.BaseBackend, known: Lookups, customer_id: str, feedback: pd.DataFrame
) -> CustomerRecords:
    """What the shop knows of the customer who goes by `customer_id`; empty frames for a stranger. `feedback`: FEEDBACK."""
    brought = known.referrals
    either = (brought["referrer_id"] == customer_id) | (brought["referred_id"] == customer_id)
    ids = [customer_id, *known.aliases.loc[known.aliases["customer_id"] == customer_id, "alias"]]
    orders = _orders(con, known.as_of, customer_id)
    return CustomerRecords(
        customer_id=customer_id,
        orders=orders,
        lines=_lines(con, orders),
        events=_events(con, known.as_of, customer_id),
        coupons=_coupons(con, known.as_of, ids),
        recommendations=_recommendations(con, known.as_of, ids),
        messages=_messages(con, known.as_of, ids),
        answers=feedback[feedback["customer_id"] == customer_id].reset_index(drop=True),
        referrals=brought[either].reset_index(drop=True),
    )


def _orders(con: ibis.BaseBackend, as_of: dt.date, customer_id: str) -> pd.DataFrame:
    """Every order, whatever became of it."""
    table = con.table("orders")
    own = table.filter(table.customer_id == customer_id, table.ordered_at < midnight(as_of + ONE_DAY))
    found: pd.DataFrame = (
        own.select(
            "channel",
            "order_id",
            "status",
            "coupon_code",
            at=own.ordered_at,
            net=own.net.cast("float64"),
            refunded=ibis.coalesce(own.refunded, 0).cast("float64") * own.rate.cast("float64"),
            purchase=ibis.coalesce(own.net > 0, ibis.literal(value=False))
            & own.status.isin(["paid", "refunded"]),
        )
        .order_by(["at", "channel", "order_id"])
        .execute()
    )
    return found


def _lines(con: ibis.BaseBackend, orders: pd.DataFrame) -> pd.DataFrame:
    """Lines of these orders, in the order of the export."""
    table = con.table("order_lines")
    own = table.filter(table.order_id.isin(sorted(set(orders["order_id"]))))
    found: pd.DataFrame = (
        own.select(
            "channel",
            "order_id",
            product=ibis.coalesce(own["product"], own.product_id),
            bought=ibis.coalesce(own.amount > 0, ibis.literal(value=True))
            & ibis.coalesce(own.quantity > 0, ibis.literal(value=True)),
            line_no=own.line_no,
        )
        .order_by(["channel", "order_id", "line_no"])
        .drop("line_no")
        .execute()
    )
    return orders[["channel", "order_id"]].merge(found, on=["channel", "order_id"])


def _events(con: ibis.BaseBackend, as_of: dt.date, customer_id: str) -> pd.DataFrame:
    events = con.table("events")
    own = events.filter(events.customer_id == customer_id, events.happened_at < midnight(as_of + ONE_DAY))
    found: pd.DataFrame = (
        own.select("kind", "product", at=own.happened_at, seconds=own.seconds.cast("float64"))
        .order_by(["at", "kind"])
        .execute()
    )
    return found


def _coupons(con: ibis.BaseBackend, as_of: dt.date, ids: Sequence[str]) -> pd.DataFrame:
    """Coupons made out to any id of the customer."""
    table = con.table("coupons")
    own = table.filter(table.customer_id.isin(ids), table.issued_at < midnight(as_of + ONE_DAY))
    found: pd.DataFrame = (
        own.select(
            "code", "kind", "currency", "expires_on", at=own.issued_at, value=own.value.cast("float64")
        )
        .order_by(["at", "code"])
        .execute()
    )
    return found


def _recommendations(con: ibis.BaseBackend, as_of: dt.date, ids: Sequence[str]) -> pd.DataFrame:
    table = con.table("recommendations")
    own = table.filter(table.customer_id.isin(ids), table.recommended_at < midnight(as_of + ONE_DAY))
    found: pd.DataFrame = (
        own.select("mode", "place", "product", at=own.recommended_at)
        .order_by(["at", "mode", "place"])
        .execute()
    )
    return found


def _messages(con: ibis.BaseBackend, as_of: dt.date, ids: Sequence[str]) -> pd.DataFrame:
    """Campaigns that were sent and in which the customer was drawn."""
    drawn, events = con.table("assignments"), con.table("campaign_events")
    named = con.table("campaigns").select("campaign_id", campaign="name")
    sent = events.filter(events.what == "sent")
    days = sent.group_by("campaign_id").aggregate(at=sent.happened_on.argmax(sent.noted_at).cast("timestamp"))
    days = days.filter(days["at"] < midnight(as_of + ONE_DAY))
    own = drawn.filter(drawn.customer_id.isin(ids)).join(days, "campaign_id").join(named, "campaign_id")
    found: pd.DataFrame = (
        own.select("at", "campaign", "product", "reason", held=own.arm == "held")
        .order_by(["at", "campaign"])
        .execute()
    )
    return found


def birthdays(con: ibis.BaseBackend) -> pd.DataFrame:
    """customer_id, month, day (int64) of everyone whose birthday a list tells, ordered by customer_id. Personal: for lists
    and for the owner's own eyes."""
    told: pd.DataFrame = (
        con.table("contacts")
        .filter(lambda t: t.birthday.notnull())
        .select("customer_id", "birthday")
        .execute()
    )
    parts = told["birthday"].astype("str").str.extract(r"-(\d\d)-(\d\d)$").astype("float64")
    found = told[["customer_id"]].assign(month=parts[0], day=parts[1]).dropna()
    return found.sort_values("customer_id", ignore_index=True).astype({"month": "int64", "day": "int64"})

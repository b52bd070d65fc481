"""All records of one customer, as small frames; and tables that are loaded once and looked up for every customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import pandas as pd

from loyalty.facts.events import referrals
from loyalty.facts.orders import ONE_DAY, midnight, to_frame
from loyalty.facts.recommendations import opted_out


@dataclass(frozen=True)
class Lookups:
    """Tables that every customer's records are looked up in, up to the end of a day.

    `birthdays`: customer_id, month, day; `referrals`: REFERRALS; `opted_out`: customers who refused messages by every
    medium; `aliases`: alias, customer_id of merged ids."""

    as_of: dt.date
    birthdays: pd.DataFrame
    referrals: pd.DataFrame
    opted_out: frozenset[str]
    aliases: pd.DataFrame


@dataclass(frozen=True)
class CustomerRecords:
    """The records of one customer up to the end of a day; in each frame the oldest row first.

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
    """The lookups of the whole shop."""
    aliases = to_frame(con.table("identities").select("alias", "customer_id"))
    return Lookups(as_of, birthdays(con), referrals(con, as_of), opted_out(con), aliases)


def customer_records(
    con: ibis.BaseBackend, tables: Lookups, customer_id: str, feedback: pd.DataFrame
) -> CustomerRecords:
    """The records of a customer by today's id; empty frames for an unknown one. `feedback`: a FEEDBACK frame."""
    brought = tables.referrals
    either = (brought["referrer_id"] == customer_id) | (brought["referred_id"] == customer_id)
    ids = [customer_id, *tables.aliases.loc[tables.aliases["customer_id"] == customer_id, "alias"]]
    orders = _orders(con, tables.as_of, customer_id)
    return CustomerRecords(
        customer_id=customer_id,
        orders=orders,
        lines=_lines(con, orders),
        events=_events(con, tables.as_of, customer_id),
        coupons=_coupons(con, tables.as_of, ids),
        recommendations=_recommendations(con, tables.as_of, ids),
        messages=_messages(con, tables.as_of, ids),
        answers=feedback[feedback["customer_id"] == customer_id].reset_index(drop=True),
        referrals=brought[either].reset_index(drop=True),
    )


def _orders(con: ibis.BaseBackend, as_of: dt.date, customer_id: str) -> pd.DataFrame:
    """Every order, also unpaid and cancelled ones."""
    table = con.table("orders")
    orders = table.filter(table.customer_id == customer_id, table.ordered_at < midnight(as_of + ONE_DAY))
    return to_frame(
        orders.select(
            "channel",
            "order_id",
            "status",
            "coupon_code",
            at=orders.ordered_at,
            net=orders.net.cast("float64"),
            refunded=ibis.coalesce(orders.refunded, 0).cast("float64") * orders.rate.cast("float64"),
            purchase=ibis.coalesce(orders.net > 0, ibis.literal(value=False))
            & orders.status.isin(["paid", "refunded"]),
        ).order_by(["at", "channel", "order_id"])
    )


def _lines(con: ibis.BaseBackend, orders: pd.DataFrame) -> pd.DataFrame:
    """Lines of these orders, in the order of the export."""
    table = con.table("order_lines")
    rows = table.filter(table.order_id.isin(sorted(set(orders["order_id"]))))
    lines = to_frame(
        rows.select(
            "channel",
            "order_id",
            product=ibis.coalesce(rows["product"], rows.product_id),
            bought=ibis.coalesce(rows.amount > 0, ibis.literal(value=True))
            & ibis.coalesce(rows.quantity > 0, ibis.literal(value=True)),
            line_no=rows.line_no,
        )
        .order_by(["channel", "order_id", "line_no"])
        .drop("line_no")
    )
    return orders[["channel", "order_id"]].merge(lines, on=["channel", "order_id"])


def _events(con: ibis.BaseBackend, as_of: dt.date, customer_id: str) -> pd.DataFrame:
    events = con.table("events")
    selected = events.filter(
        events.customer_id == customer_id, events.happened_at < midnight(as_of + ONE_DAY)
    )
    return to_frame(
        selected.select(
            "kind", "product", at=selected.happened_at, seconds=selected.seconds.cast("float64")
        ).order_by(["at", "kind"])
    )


def _coupons(con: ibis.BaseBackend, as_of: dt.date, ids: Sequence[str]) -> pd.DataFrame:
    """Coupons made out to any id of the customer."""
    table = con.table("coupons")
    coupons = table.filter(table.customer_id.isin(ids), table.issued_at < midnight(as_of + ONE_DAY))
    return to_frame(
        coupons.select(
            "code",
            "kind",
            "currency",
            "expires_on",
            at=coupons.issued_at,
            value=coupons.value.cast("float64"),
        ).order_by(["at", "code"])
    )


def _recommendations(con: ibis.BaseBackend, as_of: dt.date, ids: Sequence[str]) -> pd.DataFrame:
    table = con.table("recommendations")
    selected = table.filter(table.customer_id.isin(ids), table.recommended_at < midnight(as_of + ONE_DAY))
    return to_frame(
        selected.select("mode", "place", "product", at=selected.recommended_at).order_by(
            ["at", "mode", "place"]
        )
    )


def _messages(con: ibis.BaseBackend, as_of: dt.date, ids: Sequence[str]) -> pd.DataFrame:
    """Campaigns that were sent and that the customer was assigned to."""
    assigned, events = con.table("assignments"), con.table("campaign_events")
    named = con.table("campaigns").select("campaign_id", campaign="name")
    sent = events.filter(events.what == "sent")
    days = sent.group_by("campaign_id").aggregate(at=sent.happened_on.argmax(sent.noted_at).cast("timestamp"))
    days = days.filter(days["at"] < midnight(as_of + ONE_DAY))
    received = (
        assigned.filter(assigned.customer_id.isin(ids)).join(days, "campaign_id").join(named, "campaign_id")
    )
    return to_frame(
        received.select("at", "campaign", "product", "reason", held=received.arm == "held").order_by(
            ["at", "campaign"]
        )
    )


def birthdays(con: ibis.BaseBackend) -> pd.DataFrame:
    """customer_id, month, day (int64) of everyone whose birthday is stated, ordered by customer_id.

    Personal: for exported lists and for the owner alone.
    """
    contacts = con.table("contacts")
    stated = to_frame(contacts.filter(contacts.birthday.notnull()).select("customer_id", "birthday"))
    parts = stated["birthday"].astype("str").str.extract(r"-(\d\d)-(\d\d)$").astype("float64")
    rows = stated[["customer_id"]].assign(month=parts[0], day=parts[1]).dropna()
    return rows.sort_values("customer_id", ignore_index=True).astype({"month": "int64", "day": "int64"})

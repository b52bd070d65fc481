"""All that is known of one customer, as small frames, and everyone's birthdays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis
import pandas as pd
from ibis.expr.types import Table

from loyalty.facts.acts import referrals
from loyalty.facts.baskets import bought_lines
from loyalty.facts.offers import recommended
from loyalty.facts.orders import ONE_DAY, midnight


@dataclass(frozen=True)
class Told:
    """One customer up to the end of a day, each frame with its oldest row first.

    `orders`: at, channel, order_id, status, net (float64, the shop's currency; NaN while its rate is missing), refunded
    (float64, the same), coupon_code, products (their names in one text, None without). `items`: order, at, product: each
    product of a purchase once. `answers`: FEEDBACK; `acts`: EVENTS; `suggested`: RECOMMENDED; all of this customer.
    `coupons`: at, code, kind ("percent" or "fixed"), value (float64), currency, valid_from, expires_on (dates), reason.
    `brought`: REFERRALS in which the customer is either side.
    """

    customer_id: str
    orders: pd.DataFrame
    items: pd.DataFrame
    answers: pd.DataFrame
    acts: pd.DataFrame
    coupons: pd.DataFrame
    suggested: pd.DataFrame
    brought: pd.DataFrame


def told_of(con: ibis.BaseBackend, as_of: dt.date, customer_id: str, answers: pd.DataFrame) -> Told:
    """What the shop knows of the customer who goes by `customer_id`; empty frames for a stranger. `answers`: FEEDBACK."""
    brought = referrals(con, as_of)
    mine = (brought["referrer_id"] == customer_id) | (brought["referred_id"] == customer_id)
    return Told(
        customer_id=customer_id,
        orders=_orders(con, as_of, customer_id),
        items=_items(con, as_of, customer_id),
        answers=_only(answers, customer_id),
        acts=_acts(con, as_of, customer_id),
        coupons=_coupons(con, as_of, customer_id),
        suggested=_only(recommended(con, as_of), customer_id),
        brought=brought[mine].reset_index(drop=True),
    )


def _only(frame: pd.DataFrame, customer_id: str) -> pd.DataFrame:
    found: pd.DataFrame = frame[frame["customer_id"] == customer_id].reset_index(drop=True)
    return found


def _orders(con: ibis.BaseBackend, as_of: dt.date, customer_id: str) -> pd.DataFrame:
    """Every order, whatever became of it."""
    orders, lines = con.table("orders"), con.table("order_lines")
    own = orders.filter(orders.customer_id == customer_id, orders.ordered_at < midnight(as_of + ONE_DAY))
    named = lines.mutate(shown=ibis.coalesce(lines["product"], lines.product_id))
    named = named.semi_join(own, ["channel", "order_id"])
    products = named.group_by(["channel", "order_id"]).aggregate(
        products=named.shown.group_concat(", ", order_by=named.line_no)
    )
    joined = own.left_join(products, ["channel", "order_id"])
    found: pd.DataFrame = (
        joined.select(
            joined.channel,
            joined.order_id,
            joined.status,
            joined.coupon_code,
            joined.products,
            at=joined.ordered_at,
            net=joined.net.cast("float64"),
            refunded=ibis.coalesce(joined.refunded, 0).cast("float64") * joined.rate.cast("float64"),
        )
        .order_by(["at", "order_id"])
        .execute()
    )
    return found


def _items(con: ibis.BaseBackend, as_of: dt.date, customer_id: str) -> pd.DataFrame:
    lines = bought_lines(con, as_of)
    own = lines.filter(lines.customer_id == customer_id)
    found: pd.DataFrame = (
        own.group_by(order=own.channel.concat("|", own.order_id), product=own["product"])
        .aggregate(at=own.ordered_at.min())
        .order_by(["at", "order", "product"])
        .execute()
    )
    return found


def _acts(con: ibis.BaseBackend, as_of: dt.date, customer_id: str) -> pd.DataFrame:
    events = con.table("events")
    own = events.filter(events.customer_id == customer_id, events.happened_at < midnight(as_of + ONE_DAY))
    found: pd.DataFrame = (
        own.select("customer_id", "kind", "product", at=own.happened_at, seconds=own.seconds.cast("float64"))
        .order_by(["at", "kind"])
        .execute()
    )
    return found


def _coupons(con: ibis.BaseBackend, as_of: dt.date, customer_id: str) -> pd.DataFrame:
    """Coupons made out to any id of the customer."""
    table = _under_ids_of_today(con, con.table("coupons"))
    own = table.filter(table.person == customer_id, table.issued_at < midnight(as_of + ONE_DAY))
    found: pd.DataFrame = (
        own.select(
            "code", "kind", "currency", "valid_from", "expires_on", "reason", at=own.issued_at, value=own.value.cast("float64")
        )
        .order_by(["at", "code"])
        .execute()
    )
    return found


def _under_ids_of_today(con: ibis.BaseBackend, table: Table) -> Table:
    """`table` with `person`: the id that its customer goes by now."""
    people = con.table("identities").rename(now="customer_id", alias_of="alias")
    joined = table.left_join(people, table.customer_id == people.alias_of)
    return joined.mutate(person=ibis.coalesce(joined.now, joined.customer_id)).drop("now", "alias_of")


def birthdays(con: ibis.BaseBackend) -> pd.DataFrame:
    """customer_id, month, day (int64) of everyone whose birthday a list tells, ordered by customer_id. Personal: for lists and
    for the owner's own eyes."""
    told: pd.DataFrame = (
        con.table("contacts").filter(lambda t: t.birthday.notnull()).select("customer_id", "birthday").execute()
    )
    parts = told["birthday"].astype("str").str.extract(r"-(\d\d)-(\d\d)$").astype("float64")
    found = told[["customer_id"]].assign(month=parts[0], day=parts[1]).dropna()
    found = found.sort_values("customer_id", ignore_index=True)
    return found.astype({"month": "int64", "day": "int64"})

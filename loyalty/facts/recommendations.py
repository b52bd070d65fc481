"""Interactions of customers and products, recommendations made, clicks, and who may be contacted."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd

from loyalty.columns import INTERACTIONS, RECOMMENDED
from loyalty.facts.baskets import bought_lines
from loyalty.facts.customers import contacts
from loyalty.facts.orders import ONE_DAY, midnight, to_frame


def interactions(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """The INTERACTIONS frame of `loyalty.columns`: each product of an order once, anonymous orders too."""
    lines = bought_lines(con, as_of)
    keys = ["channel", "order_id", "product"]
    rows = to_frame(
        lines.group_by(keys)
        .aggregate(
            customer_id=lines.customer_id.max(),
            at=lines.ordered_at.min(),
            category=lines.category.max(),
            quantity=ibis.coalesce(lines.quantity, ibis.literal(1).cast("float64")).sum(),
        )
        .order_by(keys)
    )
    basket = rows.groupby(["channel", "order_id"], sort=False).ngroup().astype("int64")
    return rows.assign(basket=basket)[list(INTERACTIONS)]


def product_ids(con: ibis.BaseBackend) -> dict[str, str]:
    """The platform's id of each product that has one, by shown name (the highest, where channels differ)."""
    lines = con.table("order_lines")
    shown = lines.mutate(shown=ibis.coalesce(lines["product"], lines.product_id))
    ids = shown.filter(shown.product_id.notnull()).group_by("shown").aggregate(id=shown.product_id.max())
    rows = to_frame(ids)
    return dict(zip(rows["shown"], rows["id"], strict=True))


def recommended(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """The RECOMMENDED frame of `loyalty.columns`, the oldest first, under today's customer ids."""
    table, people = con.table("recommendations"), con.table("identities").rename(person="customer_id")
    joined = table.left_join(people, table.customer_id == people["alias"])
    return to_frame(
        joined.filter(joined.recommended_at < midnight(as_of + ONE_DAY))
        .select(
            joined.list_id,
            joined.product,
            joined.mode,
            joined.place,
            joined.method,
            joined.reason,
            at=joined.recommended_at,
            customer_id=ibis.coalesce(joined.person, joined.customer_id),
        )
        .select(*RECOMMENDED)
        .order_by(["at", "list_id", "customer_id", "mode", "place"])
    )


def clicks(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """customer_id, product, at: events of identified customers that name a product."""
    events = con.table("events")
    named = events.filter(
        events.happened_at < midnight(as_of + ONE_DAY),
        events.customer_id.notnull(),
        events["product"].notnull(),
    )
    return to_frame(named.select("customer_id", "product", at=named.happened_at).order_by("at"))


def allowed_contacts(con: ibis.BaseBackend) -> pd.DataFrame:
    """`loyalty.facts.customers.contacts`, without e-mail addresses and phones whose owner refused messages by that medium."""
    addresses, consents = contacts(con), con.table("consents")
    refused = to_frame(consents.filter(~consents.granted).select("customer_id", "medium"))
    for column, medium in (("email", "email"), ("phone", "sms")):
        without_consent = addresses["customer_id"].isin(
            refused.loc[refused["medium"] == medium, "customer_id"]
        )
        addresses[column] = addresses[column].mask(without_consent, None)
    return addresses


def opted_out(con: ibis.BaseBackend) -> frozenset[str]:
    """Customers who refused messages by every medium they were asked about: they get no offers."""
    consents = con.table("consents")
    asked = consents.group_by("customer_id").aggregate(any=consents.granted.any())
    rows = to_frame(asked.filter(~asked["any"]).select("customer_id"))
    return frozenset(rows["customer_id"])

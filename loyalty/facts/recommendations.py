"""What recommendations rest on: who bought what in which basket, what was recommended, and what came of it."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd

from loyalty.facts.baskets import bought_lines
from loyalty.facts.customers import contacts
from loyalty.facts.orders import ONE_DAY, midnight


def interactions(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """The INTERACTIONS frame of `loyalty.columns`: each product of an order once, anonymous orders too."""
    lines = bought_lines(con, as_of)
    keys = ["channel", "order_id", "product"]
    found: pd.DataFrame = (
        lines.group_by(keys)
        .aggregate(
            customer_id=lines.customer_id.max(),
            at=lines.ordered_at.min(),
            category=lines.category.max(),
            quantity=ibis.coalesce(lines.quantity, ibis.literal(1).cast("float64")).sum(),
        )
        .order_by(keys)
        .execute()
    )
    basket = found.groupby(["channel", "order_id"], sort=False).ngroup().astype("int64")
    return found.assign(basket=basket)[
        ["customer_id", "basket", "channel", "at", "product", "category", "quantity"]
    ]


def product_ids(con: ibis.BaseBackend) -> dict[str, str]:
    """The platform's own id of each shown product that has one (the highest, where channels differ)."""
    lines = con.table("order_lines")
    shown = lines.mutate(shown=ibis.coalesce(lines["product"], lines.product_id))
    ids = shown.filter(shown.product_id.notnull()).group_by("shown").aggregate(id=shown.product_id.max())
    found: pd.DataFrame = ids.execute()
    return dict(zip(found["shown"], found["id"], strict=True))


def recommended(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """The RECOMMENDED frame of `loyalty.columns`, the oldest first, under the customers' ids of today."""
    table, people = con.table("recommendations"), con.table("identities").rename(person="customer_id")
    joined = table.left_join(people, table.customer_id == people["alias"])
    found: pd.DataFrame = (
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
        .order_by(["at", "list_id", "customer_id", "mode", "place"])
        .execute()
    )
    return found


def clicks(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """customer_id, product, at: visits and other acts of known customers that name a product."""
    events = con.table("events")
    named = events.filter(
        events.happened_at < midnight(as_of + ONE_DAY),
        events.customer_id.notnull(),
        events["product"].notnull(),
    )
    found: pd.DataFrame = (
        named.select("customer_id", "product", at=named.happened_at).order_by("at").execute()
    )
    return found


def allowed_contacts(con: ibis.BaseBackend) -> pd.DataFrame:
    """`loyalty.facts.customers.contacts`, an address left out where its medium was refused: e-mail, or text messages."""
    found, told = contacts(con), con.table("consents")
    refused: pd.DataFrame = told.filter(~told.granted).select("customer_id", "medium").execute()
    for column, medium in (("email", "email"), ("phone", "sms")):
        silent = found["customer_id"].isin(refused.loc[refused["medium"] == medium, "customer_id"])
        found[column] = found[column].mask(silent, None)
    return found


def opted_out(con: ibis.BaseBackend) -> frozenset[str]:
    """Customers who said no to every medium they were asked about: no list is made of what to offer them."""
    told = con.table("consents")
    asked = told.group_by("customer_id").aggregate(any=told.granted.any())
    found: pd.DataFrame = asked.filter(~asked["any"]).select("customer_id").execute()
    return frozenset(found["customer_id"])

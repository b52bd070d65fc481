"""Whom a campaign may be for: an open list of sources, each of which names groups of customers and why they are written to.

A new source is one more function in SOURCES. Groups that take long to work out, or that the owner put together by hand,
come with the ground as `Named`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import ibis
import pandas as pd

from loyalty.campaigns.errors import NoSuchAudience
from loyalty.facts import customers as customer_facts
from loyalty.measure.slipping import silent_days_by_customer, slipping, usual_silence
from loyalty.models.segments.segmentation import Segmentation
from loyalty.rewards.occasions import day_of, solar_days
from loyalty.rewards.points.order_points import tiers_by_customer
from loyalty.rewards.programme.programme import Programme
from loyalty.services.figures import Facts, facts, segmentation
from loyalty.words import N_, Message

BIRTHDAY_DAYS = 30  # ahead
EVERYONE = "everyone"


@dataclass(frozen=True)
class Named:
    """People who were chosen elsewhere, under the key and name that their audience will have."""

    key: str
    name: Message
    reason: Message
    customer_ids: frozenset[str]


@dataclass(frozen=True)
class Ground:
    """What sources may look at, as of one day. `suggestions`: SUGGESTIONS of `loyalty.models.recommendations`, where they were
    worked out; `named`: groups that come from elsewhere."""

    con: ibis.BaseBackend
    known: Facts
    segments: Segmentation
    programme: Programme
    suggestions: pd.DataFrame | None = None
    named: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Audience:
    """`key` names it in plans, `name` on screens; `reason`: what a message says to these people of why it comes.

    `members`: customer_id, segment (key), and where the source gives one a product for each.
    """

    key: str
    name: Message
    reason: Message
    members: pd.DataFrame


Source = Callable[[Ground], list[Audience]]


def everyone(ground: Ground) -> list[Audience]:
    """All known customers who bought within a year."""
    recent = ground.known.customers["orders_365"] > 0
    return [
        _audience(ground, EVERYONE, Message(N_("Everyone who bought within a year")), Message(THANKS), recent)
    ]


def named(ground: Ground) -> list[Audience]:
    """The groups that came with the ground."""
    ids = ground.known.customers["customer_id"]
    return [
        _audience(ground, each.key, each.name, each.reason, ids.isin(each.customer_ids))
        for each in ground.named
    ]


def by_segment(ground: Ground) -> list[Audience]:
    """Each segment."""
    members, customers = ground.segments.members, ground.known.customers
    found = []
    for segment in ground.segments.segments:
        inside = customers["customer_id"].isin(
            set(members.loc[members["segment"] == segment.key, "customer_id"])
        )
        name = Message(N_("Segment: {name}"), {"name": segment.name})
        found.append(_audience(ground, f"segment:{segment.key}", name, Message(THANKS), inside))
    return found


def by_tier(ground: Ground) -> list[Audience]:
    """Each tier of the programme above the first."""
    held = tiers_by_customer(ground.known.customers, ground.programme)
    found = []
    for tier in ground.programme.tiers[1:]:
        inside = ground.known.customers["customer_id"].isin(
            set(held.loc[held["tier"] == tier.key, "customer_id"])
        )
        label = Message(tier.name)
        found.append(
            _audience(
                ground, f"tier:{tier.key}", Message(N_("Tier: {name}"), {"name": label}),
                Message(N_("Thank you for being a {tier} customer."), {"tier": label}), inside,
            )
        )  # fmt: skip
    return found


def slipping_away(ground: Ground) -> list[Audience]:
    """Regulars who are silent longer than usual."""
    late = slipping(ground.known.customers, ground.known.gaps, ground.known.as_of)
    inside = ground.known.customers["customer_id"].isin(set(late["customer_id"]))
    return [
        _audience(
            ground, "slipping", Message(N_("Regulars slipping away")),
            Message(MISSED), inside,
        )
    ]  # fmt: skip


def first_timers(ground: Ground) -> list[Audience]:
    """Bought once, not longer ago than four of five of the shop's gaps: their second purchase is still open."""
    customers, usual = ground.known.customers, usual_silence(ground.known.gaps)
    silent = silent_days_by_customer(customers, ground.known.as_of).to_numpy()
    inside = (customers["orders"] == 1) & (silent <= (usual or 90))
    return [
        _audience(
            ground, "first", Message(N_("First-time customers of late")),
            Message(N_("Thank you for your first order.")), inside,
        )
    ]  # fmt: skip


def birthdays(ground: Ground) -> list[Audience]:
    """Whoever has a birthday within the next 30 days."""
    told = customer_facts.birthdays(ground.con)
    soon = [coming(text, ground.known.as_of) for text in told["birthday"]]
    inside = ground.known.customers["customer_id"].isin(set(told.loc[soon, "customer_id"]))
    return [
        _audience(
            ground, "birthday", Message(N_("Birthday within 30 days")),
            Message(N_("Your birthday is coming up.")), inside,
        )
    ]  # fmt: skip


def suggested(ground: Ground) -> list[Audience]:
    """Whoever has a product on their list: of what is new to them the first, else of what they buy again."""
    lists = ground.suggestions
    if lists is None or lists.empty:
        return []
    first = lists.sort_values(["mode", "place"], ascending=[False, True], kind="stable").drop_duplicates(
        "customer_id"
    )
    inside = ground.known.customers["customer_id"].isin(set(first["customer_id"]))
    found = _audience(
        ground, "suggested", Message(N_("Everyone with a product suggested to them")),
        Message(N_("We thought of you.")), inside,
    )  # fmt: skip
    products = dict(zip(first["customer_id"], first["product"], strict=True))
    members = found.members.assign(product=found.members["customer_id"].map(products))
    return [Audience(found.key, found.name, found.reason, members)]


THANKS = N_("Thank you for being a customer of ours.")
MISSED = N_("We have not seen you for a while.")
PREDICTED = "predicted-away"
SOURCES: list[Source] = [
    named,
    everyone,
    slipping_away,
    first_timers,
    birthdays,
    suggested,
    by_segment,
    by_tier,
]


def audiences(ground: Ground, sources: list[Source] | None = None) -> list[Audience]:
    """All audiences of all sources that have anybody in them."""
    found = [audience for source in (sources or SOURCES) for audience in source(ground)]
    return [audience for audience in found if len(audience.members)]


def audience_named(found: list[Audience], key: str) -> Audience:
    """The audience with that key. Raises NoSuchAudience."""
    for audience in found:
        if audience.key == key:
            return audience
    raise NoSuchAudience(key=key, known=", ".join(audience.key for audience in found))


def ground_at(con: ibis.BaseBackend, day: dt.date, programme: Programme) -> Ground:
    """The ground as of an earlier day, without suggestions."""
    known = facts(con, day)
    return Ground(con, known, segmentation(known), programme)


def coming(birthday: str, as_of: dt.date, days: int = BIRTHDAY_DAYS) -> bool:
    """Whether a birthday (`YYYY-MM-DD` or `--MM-DD`) falls on one of the `days` days after `as_of`.

    >>> coming("--01-03", dt.date(2026, 12, 20)), coming("1990-12-20", dt.date(2026, 12, 20))
    (True, False)
    >>> coming("--02-29", dt.date(2026, 2, 27), 1), coming("--02-29", dt.date(2026, 2, 28), 1)  # the 28th, as for gifts
    (True, False)
    """
    told = day_of(birthday)
    if told is None:
        return False
    kept = solar_days(told[1], told[2], [as_of.year, as_of.year + 1])
    return any(as_of < day <= as_of + dt.timedelta(days=days) for day in kept)


def _audience(ground: Ground, key: str, name: Message, reason: Message, inside: pd.Series) -> Audience:
    """Those of the customers whom `inside` marks, each with their segment."""
    members = ground.known.customers.loc[inside.to_numpy(dtype=bool), ["customer_id"]]
    segments = ground.segments.members[["customer_id", "segment"]]
    return Audience(key, name, reason, members.merge(segments, how="left", on="customer_id"))

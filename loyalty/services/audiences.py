"""Audiences of campaigns: a list of sources, each of which names groups of customers and why they are contacted.

A new source is one more function in SOURCES. Groups that take long to compute, or that the owner chose by hand, come
with the inputs as `PreparedAudience`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis
import pandas as pd

from loyalty.campaigns.errors import NoSuchAudience
from loyalty.customers.birthdays import birthday_soon
from loyalty.customers.groups import near_tier, unhappy
from loyalty.customers.status import ACTIVE, DUE, LAPSED, NEW, ONCE, OVERDUE, STATUSES
from loyalty.facts.customer_story import birthdays
from loyalty.measure.customer_satisfaction import last_answers
from loyalty.models.next_actions import BIRTHDAY, NEAR_TIER, UNHAPPY
from loyalty.models.segments.segmentation import Segmentation
from loyalty.rewards.points.next_tier import to_next_tier
from loyalty.rewards.points.order_points import tiers_by_customer
from loyalty.rewards.programme.programme import Programme
from loyalty.services.figures import Facts, facts, segmentation
from loyalty.words import N_, Message

EVERYONE = "everyone"
WORTH_CONTACTING = "worth_contacting"
#: Keys of audiences in earlier versions, with today's keys.
OLD_KEYS: Mapping[str, str] = {"slipping": OVERDUE, "first": NEW, "predicted-away": WORTH_CONTACTING}
THANKS = N_("Thank you for being a customer of ours.")
MISSED = N_("We have not seen you for a while.")


@dataclass(frozen=True)
class PreparedAudience:
    """Customers who were chosen elsewhere, with the key, name and reason of their audience."""

    key: str
    name: Message
    reason: Message
    customer_ids: frozenset[str]


@dataclass(frozen=True)
class AudienceInputs:
    """What sources may use, as of one day. `suggestions`: SUGGESTIONS of `loyalty.models.recommendations`, where they were
    computed; `prepared`: groups chosen elsewhere; `in_force`: whether the owner has saved the programme."""

    con: ibis.BaseBackend
    facts: Facts
    segments: Segmentation
    programme: Programme
    suggestions: pd.DataFrame | None = None
    prepared: tuple[PreparedAudience, ...] = ()
    in_force: bool = False


@dataclass(frozen=True)
class Audience:
    """`key` names it in plans, `name` on screens; `reason`: why these customers get the message, in its text.

    `members`: customer_id, segment (key), and where the source gives one a product for each.
    """

    key: str
    name: Message
    reason: Message
    members: pd.DataFrame


Source = Callable[[AudienceInputs], list[Audience]]


def everyone(inputs: AudienceInputs) -> list[Audience]:
    """All identified customers who bought within a year."""
    recent = inputs.facts.customers["orders_365"] > 0
    return [
        _audience(inputs, EVERYONE, Message(N_("Everyone who bought within a year")), Message(THANKS), recent)
    ]


def prepared_audiences(inputs: AudienceInputs) -> list[Audience]:
    """The groups that came with the inputs."""
    ids = inputs.facts.customers["customer_id"]
    return [
        _audience(inputs, each.key, each.name, each.reason, ids.isin(each.customer_ids))
        for each in inputs.prepared
    ]


def by_segment(inputs: AudienceInputs) -> list[Audience]:
    """Each segment."""
    members, customers = inputs.segments.members, inputs.facts.customers
    segment_audiences = []
    for segment in inputs.segments.segments:
        is_member = customers["customer_id"].isin(
            set(members.loc[members["segment"] == segment.key, "customer_id"])
        )
        name = Message(N_("Segment: {name}"), {"name": segment.name})
        segment_audiences.append(
            _audience(inputs, f"segment:{segment.key}", name, Message(THANKS), is_member)
        )
    return segment_audiences


def by_tier(inputs: AudienceInputs) -> list[Audience]:
    """Each tier of the programme above the first."""
    tiers = tiers_by_customer(inputs.facts.customers, inputs.programme)
    tier_audiences = []
    for tier in inputs.programme.tiers[1:]:
        is_member = inputs.facts.customers["customer_id"].isin(
            set(tiers.loc[tiers["tier"] == tier.key, "customer_id"])
        )
        label = Message(tier.name)
        tier_audiences.append(
            _audience(
                inputs,
                f"tier:{tier.key}",
                Message(N_("Tier: {name}"), {"name": label}),
                Message(N_("Thank you for being a {tier} customer."), {"tier": label}),
                is_member,
            )
        )
    return tier_audiences


#: Why the customers of each status get a message, in its text.
STATUS_REASONS: Mapping[str, str] = {
    NEW: N_("Thank you for your first order."),
    ACTIVE: THANKS,
    DUE: THANKS,
    OVERDUE: MISSED,
    LAPSED: MISSED,
    ONCE: MISSED,
}


def by_status(inputs: AudienceInputs) -> list[Audience]:
    """Each status, under its own key."""
    status = inputs.facts.customers["status"]
    return [
        _audience(inputs, key, Message(name), Message(STATUS_REASONS[key]), status == key)
        for key, name in STATUSES.items()
    ]


def occasions(inputs: AudienceInputs) -> list[Audience]:
    """Customers one order away from a higher tier, unhappy ones, and those with a birthday soon."""
    customers, as_of = inputs.facts.customers, inputs.facts.as_of
    to_tier = to_next_tier(customers, inputs.programme).set_index("customer_id")["to_tier"]
    return [
        _audience(inputs, key, Message(name), Message(reason), customers["customer_id"].isin(ids))
        for key, name, reason, ids in (
            (
                NEAR_TIER,
                N_("One order away from a higher tier"),
                N_("You are close to the next tier."),
                near_tier(customers, to_tier) if inputs.in_force else frozenset(),
            ),
            (
                UNHAPPY,
                N_("Unhappy customers"),
                N_("We want to make it right."),
                unhappy(customers, last_answers(inputs.facts.feedback), as_of),
            ),
            (
                BIRTHDAY,
                N_("Birthday within 14 days"),
                N_("Your birthday is coming up."),
                birthday_soon(birthdays(inputs.con), as_of),
            ),
        )
    ]


def suggested(inputs: AudienceInputs) -> list[Audience]:
    """Customers with a suggested product: the first that is new to them, else the first of what they buy again."""
    suggestions = inputs.suggestions
    if suggestions is None or suggestions.empty:
        return []
    first = suggestions.sort_values(
        ["mode", "place"], ascending=[False, True], kind="stable"
    ).drop_duplicates("customer_id")
    is_member = inputs.facts.customers["customer_id"].isin(set(first["customer_id"]))
    audience = _audience(
        inputs,
        "suggested",
        Message(N_("Everyone with a product suggested to them")),
        Message(N_("We thought of you.")),
        is_member,
    )
    products = dict(zip(first["customer_id"], first["product"], strict=True))
    members = audience.members.assign(product=audience.members["customer_id"].map(products))
    return [Audience(audience.key, audience.name, audience.reason, members)]


SOURCES: list[Source] = [everyone, by_status, occasions, prepared_audiences, suggested, by_segment, by_tier]


def audiences(inputs: AudienceInputs, sources: list[Source] | None = None) -> list[Audience]:
    """All audiences of all sources that are not empty."""
    all_audiences = [audience for source in (sources or SOURCES) for audience in source(inputs)]
    return [audience for audience in all_audiences if len(audience.members)]


def current_key(key: str) -> str:
    """Today's key of an audience whose key may be one of OLD_KEYS."""
    return OLD_KEYS.get(key, key)


def audience_named(choices: list[Audience], key: str) -> Audience:
    """The audience with that key, which may be one of OLD_KEYS. Raises NoSuchAudience."""
    key = current_key(key)
    for audience in choices:
        if audience.key == key:
            return audience
    raise NoSuchAudience(key=key, known=", ".join(audience.key for audience in choices))


def earlier_inputs(
    con: ibis.BaseBackend, day: dt.date, programme: Programme, *, in_force: bool
) -> AudienceInputs:
    """The inputs as of an earlier day, without suggestions."""
    earlier = facts(con, day)
    return AudienceInputs(con, earlier, segmentation(earlier), programme, in_force=in_force)


def _audience(
    inputs: AudienceInputs, key: str, name: Message, reason: Message, is_member: pd.Series
) -> Audience:
    """An audience of the customers whom `is_member` marks, each with their segment."""
    members = inputs.facts.customers.loc[is_member.to_numpy(dtype=bool), ["customer_id"]]
    segments = inputs.segments.members[["customer_id", "segment"]]
    return Audience(key, name, reason, members.merge(segments, how="left", on="customer_id"))

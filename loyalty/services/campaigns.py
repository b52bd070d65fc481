"""Campaigns of an open shop: preview of a plan, reachable customers, and creation of the campaign.

Results are in `loyalty.services.campaign_results`. Pages and the command line both go through these two.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis
import pandas as pd

from loyalty.campaigns import power
from loyalty.campaigns.control_group import assign_arms, strata
from loyalty.campaigns.errors import NobodyToWriteTo, NoSuchAudience
from loyalty.campaigns.messages import checked_template
from loyalty.campaigns.plan import HELD, CampaignOffer, Plan, checked_offer, from_json, to_json
from loyalty.campaigns.reachable import ADDRESS, Reachable, find_reachable
from loyalty.facts import campaigns as campaign_facts
from loyalty.facts import customers as customer_facts
from loyalty.facts import events as act_facts
from loyalty.models.customer_advice import ControlGroupMembership
from loyalty.rewards.coupons import new_codes, reasons
from loyalty.rewards.points.order_points import mean_order
from loyalty.services.audiences import Audience, AudienceInputs, audience_named, audiences, earlier_inputs
from loyalty.shop.settings import Settings
from loyalty.shop.shop import Shop
from loyalty.store import campaigns as campaign_store
from loyalty.store import rewards as reward_store
from loyalty.store.database import Database
from loyalty.words import Words

ENOUGH_FOR_BASE = 30  # people of the same list earlier
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class CampaignPreview:
    """A campaign before it is created.

    Attributes:
        base: Share who buy within the plan's days without a message, measured on `base_people` customers.
        of_shop: Whether `base` is of all customers, because the audience was too small earlier.
        choices: Control group sizes to choose from; `best`: the suggested one.
        needed: People it takes to detect the expected effect, half of them in the control group.
        cost: Expected discount of the coupons of those contacted.
    """

    audience: Audience
    reach: Reachable
    base: float
    base_people: int
    of_shop: bool
    choices: tuple[power.Choice, ...]
    best: power.Choice
    needed: int
    cost: float

    @property
    def seen(self) -> bool:
        """Whether the expected effect is detectable with any of the choices."""
        return any(choice.seen for choice in self.choices)


def preview_campaign(shop: Shop, inputs: AudienceInputs, plan: Plan, today: dt.date) -> CampaignPreview:
    """Work out who can be contacted and what could be measured. Raises NoSuchAudience, NobodyToWriteTo."""
    for offer in plan.offers:
        checked_offer(offer)
    audience = audience_named(audiences(inputs), plan.audience)
    reach = find_reach(shop.database, inputs.con, audience.members, plan, today)
    if reach.people.empty:
        raise NobodyToWriteTo
    base, seen_on, of_shop = base_rate(inputs, plan)
    worth = _worth(inputs, plan, shop.settings, base)
    choices = power.control_group_choices(len(reach.people), base, plan.effect, worth.gain)
    best = power.suggested_choice(choices)
    needed = power.people_needed(base, plan.effect)
    return CampaignPreview(
        audience, reach, base, seen_on, of_shop, choices, best, needed, worth.coupon * best.sent
    )


@dataclass(frozen=True)
class _Worth:
    """Of one contacted person: expected gain if the effect is as expected, and expected discount of the coupon."""

    gain: float
    coupon: float


def _worth(inputs: AudienceInputs, plan: Plan, settings: Settings, base: float) -> _Worth:
    customers = inputs.facts.customers
    usual = mean_order(customers)
    off = sum(_off(offer, usual) for offer in plan.offers) / len(plan.offers)
    coupon = (base + plan.effect) * off
    margin = settings.margin or 1.0
    return _Worth(plan.effect * usual * margin - coupon - float(plan.message_cost), coupon)


def _off(offer: CampaignOffer, usual: float) -> float:
    """The discount of the offer on an order of the usual size, or on the minimum order where that is larger."""
    order = max(usual, float(offer.minimum_spend))
    return float(offer.value) if offer.kind == "fixed" else order * float(offer.value) / 100


def base_rate(inputs: AudienceInputs, plan: Plan) -> tuple[float, int, bool]:
    """Share of the same audience `days` days earlier who bought in those days; of how many people; whether all customers
    were taken because that audience was too small."""
    day = inputs.facts.as_of - dt.timedelta(days=plan.days)
    earlier = earlier_inputs(inputs.con, day, inputs.programme, in_force=inputs.in_force)
    bought = campaign_facts.purchases(inputs.con, inputs.facts.as_of, day + ONE_DAY, inputs.facts.as_of)
    buyers = set(bought.loc[bought["orders"] > 0, "customer_id"])
    try:
        people = audience_named(audiences(earlier), plan.audience).members["customer_id"]
    except NoSuchAudience:
        people = pd.Series([], dtype="object")
    of_shop = len(people) < ENOUGH_FOR_BASE
    if of_shop:
        customers = earlier.facts.customers
        people = customers.loc[customers["orders_365"] > 0, "customer_id"]
    return (float(people.isin(buyers).mean()) if len(people) else plan.base), len(people), of_shop


def find_reach(
    database: Database, con: ibis.BaseBackend, members: pd.DataFrame, plan: Plan, today: dt.date
) -> Reachable:
    """Which of `members` may be contacted today."""
    left_alone = customers_to_leave_alone(database, con, today, plan.rest_days)
    return find_reachable(
        members, plan.medium, act_facts.consents(con), customer_facts.contacts(con), left_alone
    )


def reachable_now(database: Database, con: ibis.BaseBackend, today: dt.date) -> frozenset[str]:
    """Who may be contacted today by at least one medium that needs an address: agreed to it, has one, and was neither
    contacted recently nor is in a control group."""
    consents, contacts = act_facts.consents(con), customer_facts.contacts(con)
    left_alone = customers_to_leave_alone(database, con, today, Plan.rest_days)
    people = contacts[["customer_id"]]
    return frozenset(
        customer_id
        for medium in ADDRESS
        for customer_id in find_reachable(people, medium, consents, contacts, left_alone).people[
            "customer_id"
        ]
    )


def customers_to_leave_alone(
    database: Database, con: ibis.BaseBackend, today: dt.date, rest_days: int
) -> frozenset[str]:
    """Customers contacted within `rest_days`, and the control groups of running campaigns."""
    assigned = campaign_facts.assigned_customers(con)
    customer_ids: set[str] = set()
    for record in campaign_store.campaigns(database):
        if record.cancelled_on is not None:
            continue
        campaign_people = assigned[assigned["campaign_id"] == record.campaign_id]
        if (today - record.starts_on).days < rest_days:
            customer_ids |= set(campaign_people.loc[campaign_people["arm"] != HELD, "customer_id"])
    return frozenset(customer_ids | set(current_control_groups(database, con, today)))


def current_control_groups(
    database: Database, con: ibis.BaseBackend, day: dt.date
) -> dict[str, ControlGroupMembership]:
    """Control group members of campaigns that are not over on `day`, by customer_id: do not contact them."""
    assigned = campaign_facts.assigned_customers(con)
    memberships: dict[str, ControlGroupMembership] = {}
    for record in campaign_store.campaigns(database):
        until = record.starts_on + dt.timedelta(days=from_json(record.plan).days - 1)
        if record.cancelled_on is None and day <= until:
            control_group = assigned[
                (assigned["campaign_id"] == record.campaign_id) & (assigned["arm"] == HELD)
            ]
            memberships |= dict.fromkeys(
                control_group["customer_id"], ControlGroupMembership(record.name, until)
            )
    return memberships


def create(
    shop: Shop,
    inputs: AudienceInputs,
    plan: Plan,
    words: Words,
    stamp: dt.datetime,
    draw_code: Callable[[int], int] = secrets.randbelow,
) -> int:
    """Assign customers to arms and control group, issue coupon codes and save the campaign; returns its number.

    `plan.held_share` is the share of the control group. Raises NoSuchAudience, NobodyToWriteTo, NotAnOffer, UnknownPlaceholder,
    NoFreshCodes.
    """
    checked_template(plan.message)
    for offer in plan.offers:
        checked_offer(offer)
    audience = audience_named(audiences(inputs), plan.audience)
    reach = find_reach(shop.database, inputs.con, audience.members, plan, stamp.date())
    if reach.people.empty:
        raise NobodyToWriteTo
    assigned = _assign(reach.people, inputs, plan)
    assigned["product"] = _products(assigned, inputs)
    assigned["reason"] = words.message(audience.reason)
    sent = assigned["arm"] != HELD
    assigned["code"] = None
    assigned.loc[sent, "code"] = new_codes(
        int(sent.sum()), reward_store.coupon_codes(shop.database), draw_code
    )
    why = reasons(inputs.facts.customers, inputs.facts.as_of, words)
    coupons = _coupons(assigned[sent], plan, stamp.date(), why)
    return campaign_store.save_campaign(shop.database, plan.name, to_json(plan), assigned, coupons, stamp)


def _assign(people: pd.DataFrame, inputs: AudienceInputs, plan: Plan) -> pd.DataFrame:
    """The people with their stratum and their randomly assigned arm."""
    customers = people[["customer_id"]].merge(inputs.facts.customers, how="left", on="customer_id")
    stratum = strata(customers)
    control_size = power.control_group_size(len(people), plan.held_share)
    return people.assign(
        stratum=stratum.to_numpy(), arm=assign_arms(stratum, control_size, plan.arms, plan.seed).to_numpy()
    )


def _products(assigned: pd.DataFrame, inputs: AudienceInputs) -> pd.Series:
    """The product named in each message: that of the audience, else the one the customer bought most often."""
    favourites = assigned["customer_id"].map(campaign_facts.favourites(inputs.con, inputs.facts.as_of))
    products: pd.Series = assigned["product"].fillna(favourites) if "product" in assigned else favourites
    return products.astype("object").where(products.notna(), None)


def _coupons(sent: pd.DataFrame, plan: Plan, start: dt.date, why: Mapping[str, str]) -> pd.DataFrame:
    """The rows of the coupon list."""
    offers = [plan.offer_of(arm) for arm in sent["arm"]]
    return pd.DataFrame(
        {
            "code": sent["code"].to_numpy(),
            "customer_id": sent["customer_id"].to_numpy(),
            "segment": sent["segment"].to_numpy(),
            "kind": [offer.kind for offer in offers],
            "value": [offer.value for offer in offers],
            "currency": plan.currency,
            "minimum_spend": [offer.minimum_spend for offer in offers],
            "valid_from": start,
            "expires_on": start + dt.timedelta(days=plan.days - 1),
            "reason": [why.get(customer, "") for customer in sent["customer_id"]],
        }
    )

"""Programmes to start from, for four kinds of shops, their numbers fitted to the shop's own sales.

Thresholds lie at the 70th and 90th percentile of what buyers spent (or how often they came) within a year; rewards are
sized by the usual order: about ten orders for the first step, so that a regular reaches it in a few months.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd

from loyalty.rewards.programme.programme import Programme, Tier
from loyalty.rewards.programme.rules import (
    BonusDays,
    Caps,
    Discount,
    Earning,
    Expiry,
    Gift,
    Referral,
    Reward,
    Step,
    Tiering,
)
from loyalty.rewards.programme.starting_programme import round_down, starting_programme
from loyalty.rewards.programme.validation import checked
from loyalty.words.message import N_

A_FEW, MANY = 6, 12  # orders a year, for a shop without buyers


@dataclass(frozen=True)
class ShopScale:
    """The shop's own size: a starting programme, the usual order, and orders a year at the 70th and 90th percentile of buyers."""

    start: Programme
    order: Decimal
    few: int
    many: int


def shop_scale(customers: pd.DataFrame, currency: str, segment_keys: Sequence[str] = ()) -> ShopScale:
    """`customers`: CUSTOMERS. Without sales: an order of a tenth of the first threshold."""
    start = starting_programme(customers, currency, segment_keys)
    orders, revenue = int(customers["orders"].sum()), float(customers["revenue"].sum())
    order = (
        round_down(Decimal(str(revenue / orders)))
        if orders and revenue > 0
        else start.tiers[1].threshold / 10
    )
    bought = customers.loc[customers["orders_365"] > 0, "orders_365"]
    few, many = (round(float(bought.quantile(q))) for q in (0.7, 0.9)) if len(bought) else (A_FEW, MANY)
    few = max(few, 2)
    return ShopScale(start, order, few, max(many, few + 1))


def cafe(scale: ShopScale) -> Programme:
    """A point a visit, the tenth one free: a stamp card that cannot be lost."""
    gift = Gift("birthday", "fixed", scale.order, days_before=3, valid_days=14)
    return replace(
        scale.start,
        name=N_("Stamp card"),
        points_per_unit=Decimal(0),
        point_value=(scale.order / 10).quantize(Decimal("0.0001")).normalize() + 0,
        tiers=(_tier("member", N_("Guest"), 0), _tier("regular", N_("Regular"), scale.many)),
        tiering=Tiering("orders", "rolling", 60),
        steps=(Step(10, scale.order),),
        earning=Earning(per_order=1),
        expiry=Expiry("inactivity", 180),
        discounts=(Discount(N_("For regulars"), "tier", "percent", Decimal(5), "regular"),),
        gifts=(gift,),
        referral=Referral(Reward("points", Decimal(3)), Reward("points", Decimal(2)), most_a_year=10),
    )


def crafts(scale: ShopScale) -> Programme:
    """For few, larger orders: points that last two years, gifts for reviews and recommendations, a maker's circle."""
    silver, gold = (tier.threshold for tier in scale.start.tiers[1:])
    welcome = Discount(N_("Welcome"), "new", "percent", Decimal(5), minimum_spend=scale.order)
    return replace(
        scale.start,
        name=N_("Maker's circle"),
        tiers=(
            _tier("friend", N_("Friend"), 0),
            _tier("patron", N_("Patron"), silver, "1.25"),
            _tier("circle", N_("Circle"), gold, "1.5"),
        ),
        tiering=Tiering("spend", "rolling", 90),
        expiry=Expiry("rolling", 730),
        earning=Earning(review=_step_points(scale, "0.02"), return_days=14),
        discounts=(welcome,),
        gifts=(Gift("anniversary", "percent", Decimal(10), valid_days=30),),
        referral=Referral(
            Reward("fixed", _order_share(scale, "0.15")), Reward("percent", Decimal(10)), scale.order, 12
        ),
    )


def tutoring(scale: ShopScale) -> Programme:
    """For lessons: tiers by lessons of all time, thanks for recommendations, a point a lesson."""
    loyal = Discount(N_("A year with us"), "long_standing", "percent", Decimal(5), after_days=365)
    return replace(
        scale.start,
        name=N_("Learning together"),
        points_per_unit=Decimal(0),
        point_value=_order_share(scale, "0.1"),
        tiers=(
            _tier("learner", N_("Learner"), 0),
            _tier("steady", N_("Steady"), scale.few * 2),
            _tier("scholar", N_("Scholar"), scale.many * 3),
        ),
        tiering=Tiering("orders", "lifetime"),
        steps=(Step(10, scale.order),),
        earning=Earning(per_order=1),
        expiry=Expiry("fixed", 180, "07-31"),
        discounts=(loyal, Discount(N_("For scholars"), "tier", "percent", Decimal(8), "scholar")),
        gifts=(Gift("birthday", "points", Decimal(2)), Gift("lunar_birthday", "points", Decimal(2))),
        referral=Referral(
            Reward("points", Decimal(10)), Reward("fixed", _order_share(scale, "0.5")), scale.order, 6
        ),
        caps=Caps(discount_share=Decimal("0.5")),
    )


def online_shop(scale: ShopScale) -> Programme:
    """Points pending through the return window, steps, bonus days, birthdays, holidays, both sides of a recommendation."""
    steps = tuple(
        Step(int(_step_points(scale, share)), _step_value(scale, share)) for share in ("0.1", "0.25", "0.5")
    )
    weekend = BonusDays(N_("Double points at the weekend"), Decimal(2), ("sat", "sun"))
    return replace(
        scale.start,
        name=N_("Points club"),
        steps=steps,
        tiering=Tiering("spend", "rolling", 60),
        earning=Earning(
            bonus_days=(weekend,),
            sign_up=_step_points(scale, "0.02"),
            review=_step_points(scale, "0.02"),
            return_days=30,
        ),
        expiry=Expiry("rolling", 365),
        discounts=(Discount(N_("Welcome"), "new", "percent", Decimal(10), minimum_spend=scale.order),),
        gifts=(
            Gift("birthday", "percent", Decimal(15), days_before=3, valid_days=14),
            Gift("lunar_birthday", "percent", Decimal(15), days_before=3, valid_days=14),
            Gift("holiday", "percent", Decimal(10), "12-25", days_before=20, valid_days=6),
        ),
        referral=Referral(
            Reward("points", Decimal(_step_points(scale, "0.15"))),
            Reward("percent", Decimal(10)),
            scale.order,
            12,
        ),
        caps=Caps(points_a_month=_step_points(scale, "1") * 4, discount_share=Decimal("0.3")),
    )


#: Key to (title, description, function that makes it).
READY_MADE: Mapping[str, tuple[str, str, Callable[[ShopScale], Programme]]] = {
    "cafe": (N_("Café or stall"), N_("A point a visit; ten points are a usual order for nothing."), cafe),
    "crafts": (
        N_("Crafts and studio"),
        N_("Few, larger orders: points that last two years, gifts, recommendations."),
        crafts,
    ),
    "tutoring": (
        N_("Tutoring and lessons"),
        N_("A point a lesson, tiers of all time, thanks for recommendations."),
        tutoring,
    ),
    "online_shop": (
        N_("Online shop"),
        N_("Points with steps and bonus days, pending until nothing can be sent back."),
        online_shop,
    ),
}


def ready_made(
    key: str, customers: pd.DataFrame, currency: str, segment_keys: Sequence[str] = ()
) -> Programme:
    """One of READY_MADE, fitted to the shop and checked. Names are English sources for `words.say`."""
    return checked(READY_MADE[key][2](shop_scale(customers, currency, segment_keys)))


def _tier(key: str, name: str, threshold: Decimal | int, multiplier: str = "1") -> Tier:
    return Tier(key, name, Decimal(threshold), Decimal(multiplier))


def _order_share(scale: ShopScale, share: str) -> Decimal:
    """A round part of the usual order."""
    return round_down(scale.order * Decimal(share))


def _step_points(scale: ShopScale, share: str) -> int:
    """Points that take off such a part of the usual order; at least one."""
    return max(1, int(round_down(scale.order * Decimal(share) / scale.start.point_value)))


def _step_value(scale: ShopScale, share: str) -> Decimal:
    """What these points take off."""
    return (Decimal(_step_points(scale, share)) * scale.start.point_value).quantize(
        Decimal("0.01")
    ).normalize() + 0

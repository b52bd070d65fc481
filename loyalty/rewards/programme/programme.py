"""The programme's rules as frozen records of exact numbers, and the check that they make sense together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from loyalty.rewards.errors import FirstTierNotZero, NoTiers, ThresholdsDoNotRise
from loyalty.rewards.programme.rules import (
    Caps,
    Discount,
    Earning,
    Expiry,
    Gift,
    Referral,
    Step,
    Tiering,
)
from loyalty.rewards.programme.rules_check import check_promises, check_rules
from loyalty.rewards.programme.value_checks import (
    KINDS,
    MOST_MONEY,
    all_different,
    check_choice,
    check_number,
    check_text,
    check_value,
    check_whole,
)

LONGEST_OFFER_DAYS = 3650


@dataclass(frozen=True)
class Tier:
    """Who reaches `threshold` holds the tier, unless a higher one too.

    `threshold`: inclusive; net revenue in the shop's currency, orders or points, as `Tiering` says.
    `multiplier`: points are multiplied by it (1 = the plain rate).
    """

    key: str
    name: str
    threshold: Decimal
    multiplier: Decimal = Decimal(1)


@dataclass(frozen=True)
class Offer:
    """What the customers of one segment are offered.

    `value`: percent off (0 < v <= 100) or money off an order, by `kind`. `minimum_spend`: the order must
    reach it. `valid_days`: the last day it works is so many days after the first.
    """

    segment_key: str
    kind: Literal["percent", "fixed"]
    value: Decimal
    minimum_spend: Decimal = Decimal(0)
    valid_days: int = 30


@dataclass(frozen=True)
class Programme:
    """The whole set of rules.

    `points_per_unit`: points for each unit of currency spent. `point_value`: currency that a point takes off.
    `tiers`: rising thresholds, the first at 0, so that each customer holds exactly one.
    `expected_redemption`: share in [0, 1] of points that will ever be used. An ASSUMPTION the owner can
    change; until the shop has redemptions of its own to count, nothing measured stands behind it.
    `starts_on`: the first day that these rules hold for; None: the day they were saved (the first version: all
    the past). Of several versions that hold for a day, the newest counts. The other parts: `loyalty.rewards.programme.rules`.
    """

    name: str
    points_per_unit: Decimal
    point_value: Decimal
    tiers: tuple[Tier, ...]
    offers: tuple[Offer, ...] = ()
    expected_redemption: Decimal = Decimal("0.6")
    earning: Earning = field(default_factory=Earning)
    expiry: Expiry = field(default_factory=Expiry)
    steps: tuple[Step, ...] = ()
    tiering: Tiering = field(default_factory=Tiering)
    discounts: tuple[Discount, ...] = ()
    gifts: tuple[Gift, ...] = ()
    referral: Referral = field(default_factory=Referral)
    caps: Caps = field(default_factory=Caps)
    starts_on: dt.date | None = None


def checked(programme: Programme) -> Programme:
    """`programme` itself, if every value makes sense; else the named error of the first that does not.

    The errors name the value by its path in the file, such as `tiers[1].threshold`.
    """
    check_text("name", programme.name)
    check_number("points_per_unit", programme.points_per_unit, Decimal(10_000))
    check_number("point_value", programme.point_value, Decimal(1_000_000))
    check_number("expected_redemption", programme.expected_redemption, Decimal(1))
    _check_tiers(programme.tiers)
    for i, offer in enumerate(programme.offers):
        _check_offer(f"offers[{i}]", offer)
    all_different("offers", "segment_key", [o.segment_key for o in programme.offers])
    check_rules(programme.earning, programme.expiry, programme.steps, programme.tiering)
    check_promises(programme.discounts, programme.gifts, programme.referral, programme.caps)
    return programme


def _check_tiers(tiers: Sequence[Tier]) -> None:
    if not tiers:
        raise NoTiers()
    for i, tier in enumerate(tiers):
        check_text(f"tiers[{i}].key", tier.key)
        check_text(f"tiers[{i}].name", tier.name)
        check_number(f"tiers[{i}].threshold", tier.threshold, MOST_MONEY)
        check_number(f"tiers[{i}].multiplier", tier.multiplier, Decimal(100))
    all_different("tiers", "key", [t.key for t in tiers])
    if tiers[0].threshold != 0:
        raise FirstTierNotZero(key="tiers[0].threshold", came=f"{tiers[0].threshold:f}")
    for i in range(1, len(tiers)):
        below, here = tiers[i - 1].threshold, tiers[i].threshold
        if here <= below:
            raise ThresholdsDoNotRise(key=f"tiers[{i}].threshold", below=f"{below:f}", came=f"{here:f}")


def _check_offer(path: str, offer: Offer) -> None:
    check_text(f"{path}.segment_key", offer.segment_key)
    check_choice(f"{path}.kind", offer.kind, KINDS)
    check_value(path, offer.kind, offer.value)
    check_number(f"{path}.minimum_spend", offer.minimum_spend, MOST_MONEY)
    check_whole(f"{path}.valid_days", offer.valid_days, 1, LONGEST_OFFER_DAYS)

"""The programme's rules as frozen records of exact numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from loyalty.rewards.programme.field_types import (
    Day,
    DiscountKind,
    Money,
    Multiplier,
    Name,
    Number,
    Range,
    Share,
    Whole,
)
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


@dataclass(frozen=True)
class Tier:
    """A tier: held by customers who reach `threshold` and no higher one.

    `threshold`: inclusive; net revenue in the shop's currency, orders or points, as `Tiering` says.
    `multiplier`: points are multiplied by it (1 = the plain rate).
    """

    key: Name
    name: Name
    threshold: Money
    multiplier: Multiplier = Decimal(1)


@dataclass(frozen=True)
class Offer:
    """An offer for the customers of one segment.

    `value`: percent off (0 < v <= 100) or money off an order, by `kind`. `minimum_spend`: the order must
    reach it. `valid_days`: the last day it works is so many days after the first.
    """

    segment_key: Name
    kind: DiscountKind
    value: Number
    minimum_spend: Money = Decimal(0)
    valid_days: Annotated[Whole, Range(1, 3650)] = 30


@dataclass(frozen=True)
class Programme:
    """The whole set of rules.

    `points_per_unit`: points for each unit of currency spent. `point_value`: currency that a point takes off.
    `tiers`: rising thresholds, the first at 0, so that each customer holds exactly one.
    `expected_redemption`: share in [0, 1] of points that will ever be used. An assumption that the owner can
    change; it is not measured until the shop has redemptions of its own.
    `starts_on`: the first day that these rules apply to; None: the day they were saved (the first version: all
    the past). Of several versions that apply to a day, the newest counts. The other parts: `loyalty.rewards.programme.rules`.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}  # in its parts as well

    name: Name
    points_per_unit: Annotated[Number, Range(0, 10_000)]
    point_value: Annotated[Number, Range(0, 1_000_000)]
    tiers: tuple[Tier, ...]
    offers: tuple[Offer, ...] = ()
    expected_redemption: Share = Decimal("0.6")
    earning: Earning = field(default_factory=Earning)
    expiry: Expiry = field(default_factory=Expiry)
    steps: tuple[Step, ...] = ()
    tiering: Tiering = field(default_factory=Tiering)
    discounts: tuple[Discount, ...] = ()
    gifts: tuple[Gift, ...] = ()
    referral: Referral = field(default_factory=Referral)
    caps: Caps = field(default_factory=Caps)
    starts_on: Day | None = None

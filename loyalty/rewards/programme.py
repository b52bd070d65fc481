"""The programme's rules as frozen records of exact numbers, and the check that they make sense together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from loyalty.rewards.errors import (
    FirstTierNotZero,
    NamedTwice,
    NotAboveZero,
    NotANumber,
    NotAWholeNumber,
    NoTiers,
    NotOneOf,
    NotText,
    OutOfRange,
    ThresholdsDoNotRise,
)

KINDS = ("percent", "fixed")
MOST_MONEY = Decimal(1_000_000_000_000)
MOST_DECIMALS = 6
LONGEST_NAME = 80
LONGEST_OFFER_DAYS = 3650


@dataclass(frozen=True)
class Tier:
    """Who spends at least `threshold` within 365 days holds the tier, unless a higher one too.

    `threshold`: net revenue of the last 365 days, in the shop's currency, inclusive.
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
    """

    name: str
    points_per_unit: Decimal
    point_value: Decimal
    tiers: tuple[Tier, ...]
    offers: tuple[Offer, ...] = ()
    expected_redemption: Decimal = Decimal("0.6")


def checked(programme: Programme) -> Programme:
    """`programme` itself, if every value makes sense; else the named error of the first that does not.

    The errors name the value by its path in the file, such as `tiers[1].threshold`.
    """
    _text("name", programme.name)
    _within("points_per_unit", programme.points_per_unit, Decimal(10_000))
    _within("point_value", programme.point_value, Decimal(1_000_000))
    _within("expected_redemption", programme.expected_redemption, Decimal(1))
    _check_tiers(programme.tiers)
    for i, offer in enumerate(programme.offers):
        _check_offer(f"offers[{i}]", offer)
    _all_different("offers", "segment_key", [o.segment_key for o in programme.offers])
    return programme


def _check_tiers(tiers: Sequence[Tier]) -> None:
    if not tiers:
        raise NoTiers()
    for i, tier in enumerate(tiers):
        _text(f"tiers[{i}].key", tier.key)
        _text(f"tiers[{i}].name", tier.name)
        _within(f"tiers[{i}].threshold", tier.threshold, MOST_MONEY)
        _within(f"tiers[{i}].multiplier", tier.multiplier, Decimal(100))
    _all_different("tiers", "key", [t.key for t in tiers])
    if tiers[0].threshold != 0:
        raise FirstTierNotZero(key="tiers[0].threshold", came=f"{tiers[0].threshold:f}")
    for i in range(1, len(tiers)):
        below, here = tiers[i - 1].threshold, tiers[i].threshold
        if here <= below:
            raise ThresholdsDoNotRise(key=f"tiers[{i}].threshold", below=f"{below:f}", came=f"{here:f}")


def _check_offer(path: str, offer: Offer) -> None:
    _text(f"{path}.segment_key", offer.segment_key)
    if offer.kind not in KINDS:
        raise NotOneOf(key=f"{path}.kind", known=", ".join(KINDS), came=offer.kind)
    most = Decimal(100) if offer.kind == "percent" else MOST_MONEY
    _exact(f"{path}.value", offer.value)
    if not 0 < offer.value <= most:
        raise NotAboveZero(key=f"{path}.value", high=f"{most:f}", came=f"{offer.value:f}")
    _within(f"{path}.minimum_spend", offer.minimum_spend, MOST_MONEY)
    if isinstance(offer.valid_days, bool) or not isinstance(offer.valid_days, int):
        raise NotAWholeNumber(key=f"{path}.valid_days", came=repr(offer.valid_days))
    if not 1 <= offer.valid_days <= LONGEST_OFFER_DAYS:
        raise OutOfRange(key=f"{path}.valid_days", low=1, high=LONGEST_OFFER_DAYS, came=offer.valid_days)


def _text(key: str, value: str) -> None:
    if not value.strip() or len(value) > LONGEST_NAME:
        raise NotText(key=key, came=repr(value[:LONGEST_NAME]))


def _exact(key: str, value: Decimal) -> None:
    """A finite number with at most 6 decimals and 13 digits before them (so a file of it stays short)."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or not -MOST_DECIMALS <= exponent <= 12:
        raise NotANumber(key=key, came=str(value))


def _within(key: str, value: Decimal, high: Decimal) -> None:
    _exact(key, value)
    if not 0 <= value <= high:
        raise OutOfRange(key=key, low=0, high=f"{high:f}", came=f"{value:f}")


def _all_different(group: str, key: str, values: Sequence[str]) -> None:
    for i, value in enumerate(values):
        if value in values[:i]:
            raise NamedTwice(key=f"{group}[{i}].{key}", came=value)

"""The rules' own rules: what a programme must be, and the error that says what it is instead."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from loyalty.errors import OwnerError
from loyalty.rewards import errors
from loyalty.rewards.programme.programme import Offer, Programme, Tier
from loyalty.rewards.programme.validation import checked

BASE, SILVER = Tier("base", "Base", Decimal(0)), Tier("silver", "Silver", Decimal(200), Decimal("1.5"))
GOOD = Programme("Club", Decimal(1), Decimal("0.03"), (BASE, SILVER), (Offer("new", "percent", Decimal(10)),))


def test_a_sound_programme_comes_back_itself() -> None:
    assert checked(GOOD) is GOOD
    assert GOOD.expected_redemption == Decimal("0.6")


def silver(**change: object) -> Programme:
    return replace(GOOD, tiers=(BASE, replace(SILVER, **change)))  # type: ignore[arg-type]


def offer(**change: object) -> Programme:
    return replace(GOOD, offers=(replace(GOOD.offers[0], **change),))  # type: ignore[arg-type]


BAD: list[tuple[Programme, type[OwnerError], str]] = [
    (replace(GOOD, name=" "), errors.NotText, "name"),
    (replace(GOOD, points_per_unit=Decimal(-1)), errors.OutOfRange, "points_per_unit"),
    (replace(GOOD, point_value=Decimal("NaN")), errors.NotANumber, "point_value"),
    (replace(GOOD, point_value=Decimal("0.0000001")), errors.NotANumber, "point_value"),
    (replace(GOOD, point_value=Decimal("0E+999999")), errors.NotANumber, "point_value"),
    (replace(GOOD, expected_redemption=Decimal("1.01")), errors.OutOfRange, "expected_redemption"),
    (replace(GOOD, tiers=()), errors.NoTiers, "tiers"),
    (replace(GOOD, tiers=(SILVER,)), errors.FirstTierNotZero, "tiers[0].threshold"),
    (silver(threshold=Decimal(0)), errors.ThresholdsDoNotRise, "tiers[1].threshold"),
    (silver(threshold=Decimal("Infinity")), errors.NotANumber, "tiers[1].threshold"),
    (silver(multiplier=Decimal(101)), errors.OutOfRange, "tiers[1].multiplier"),
    (silver(key="base"), errors.NamedTwice, "tiers[1].key"),
    (silver(name="x" * 81), errors.NotText, "tiers[1].name"),
    (offer(value=Decimal(0)), errors.NotAboveZero, "offers[0].value"),
    (offer(value=Decimal("100.01")), errors.NotAboveZero, "offers[0].value"),
    (offer(kind="gift"), errors.NotOneOf, "offers[0].kind"),
    (offer(minimum_spend=Decimal(-5)), errors.OutOfRange, "offers[0].minimum_spend"),
    (offer(valid_days=0), errors.OutOfRange, "offers[0].valid_days"),
    (offer(valid_days=3651), errors.OutOfRange, "offers[0].valid_days"),
    (replace(GOOD, offers=GOOD.offers * 2), errors.NamedTwice, "offers[1].segment_key"),
]


@pytest.mark.parametrize(("programme", "error", "key"), BAD)
def test_each_bad_value_is_named(programme: Programme, error: type[OwnerError], key: str) -> None:
    with pytest.raises(error) as caught:
        checked(programme)
    assert f"“{key}”" in str(caught.value)


def test_a_fixed_offer_may_be_worth_more_than_100() -> None:
    assert checked(offer(kind="fixed", value=Decimal(150))).offers[0].value == 150

"""The programme's file: exact both ways, and strict about what it does not know."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.errors import OwnerError
from loyalty.rewards import errors
from loyalty.rewards.programme.programme import Offer, Programme, Tier
from loyalty.rewards.programme.programme_file import programme_from_json, programme_to_json

FILE: dict[str, Any] = {
    "name": "咖啡会员",
    "points_per_unit": "1",
    "point_value": 0.03,
    "tiers": [
        {"key": "base", "name": "Base", "threshold": 0},
        {"key": "silver", "name": "银卡", "threshold": "500.00", "multiplier": 1.25},
    ],
    "offers": [{"segment_key": "slipping", "kind": "fixed", "value": "5.50", "valid_days": 14}],
}


def money(low: str, high: str, places: int = 2) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, places=places, allow_nan=False, allow_infinity=False)


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80).filter(str.strip)
offers = st.builds(
    lambda key, kind_value, least, days: Offer(key, kind_value[0], kind_value[1], least, days),
    names,
    st.one_of(
        st.tuples(st.just("percent"), money("0.01", "100")),
        st.tuples(st.just("fixed"), money("0.01", "99999")),
    ),
    money("0", "99999"),
    st.integers(1, 3650),
)


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    keys = draw(st.lists(names, min_size=1, max_size=5, unique=True))
    n = len(keys) - 1
    rising = sorted(draw(st.lists(money("0.01", "99999"), min_size=n, max_size=n, unique=True)))
    thresholds = [Decimal(0), *rising]
    tiers = tuple(
        Tier(k, draw(names), t, draw(money("0", "100"))) for k, t in zip(keys, thresholds, strict=True)
    )
    listed = draw(st.lists(offers, max_size=3, unique_by=lambda offer: offer.segment_key))
    rates = draw(money("0", "10000")), draw(money("0", "999", 6)), tiers, tuple(listed)
    return Programme(draw(names), *rates, draw(money("0", "1")))


@settings(deadline=None)  # the first check imports pydantic
@given(programmes())
def test_round_trip_is_exact(programme: Programme) -> None:
    again = programme_from_json(programme_to_json(programme))
    assert again == programme
    assert programme_to_json(again) == programme_to_json(programme)


def test_reading_fills_the_defaults_and_keeps_digits() -> None:
    programme = programme_from_json("\ufeff" + json.dumps(FILE))
    assert programme.point_value == Decimal("0.03")
    assert programme.expected_redemption == Decimal("0.6")
    assert programme.tiers[1] == Tier("silver", "银卡", Decimal(500), Decimal("1.25"))
    assert programme.offers == (Offer("slipping", "fixed", Decimal("5.5"), Decimal(0), 14),)
    assert json.loads(programme_to_json(programme))["tiers"][1]["threshold"] == "500.00"


BAD: list[tuple[dict[str, Any], type[OwnerError], str]] = [
    ({"colour": "red"}, errors.UnknownKey, "“colour”"),
    ({"tiers": [{"key": "a", "name": "A", "threshold": 0, "min": 1}]}, errors.UnknownKey, "“tiers[0].min”"),
    ({"tiers": [{"key": "a", "name": "A"}]}, errors.MissingKey, "“tiers[0].threshold”"),
    ({"tiers": {}}, errors.NotAList, "“tiers” should be a list; it is {}"),
    ({"tiers": ["gold"]}, errors.NotAnObject, '“tiers[0]” should be a group of named values; it is "gold"'),
    ({"tiers": []}, errors.NoTiers, "“tiers”"),
    ({"name": 7}, errors.NotText, "“name” should be a text of 1 to 80 characters; it is 7"),
    ({"point_value": "3 cents"}, errors.NotANumber, 'it is "3 cents"'),
    ({"point_value": True}, errors.NotANumber, "it is true"),
    ({"point_value": None}, errors.NotANumber, "it is null"),
    ({"point_value": float("nan")}, errors.NotANumber, "it is NaN"),
    ({"point_value": "1e99"}, errors.NotANumber, "“point_value”"),
    ({"point_value": "１"}, errors.NotANumber, "“point_value”"),
    ({"point_value": -1}, errors.OutOfRange, "“point_value” should be from 0 to 1000000; it is -1"),
    (
        {"offers": [{**FILE["offers"][0], "kind": "percent", "value": 101}]},
        errors.NotAboveZero,
        "at most 100",
    ),
    ({"offers": [{**FILE["offers"][0], "valid_days": 1.5}]}, errors.NotAWholeNumber, "it is 1.5"),
]


@pytest.mark.parametrize(("change", "error", "words"), BAD)
def test_each_bad_value_says_where_and_what(
    change: dict[str, Any], error: type[OwnerError], words: str
) -> None:
    with pytest.raises(error) as caught:
        programme_from_json(json.dumps({**FILE, **change}))
    assert words in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "not json", "[" * 100_000])
def test_no_json_is_said_to_be_none(text: str) -> None:
    with pytest.raises(errors.NotAProgramme):
        programme_from_json(text)


def test_a_list_is_no_programme() -> None:
    with pytest.raises(errors.NotAnObject):
        programme_from_json("[]")


def test_a_key_given_twice_is_refused() -> None:
    with pytest.raises(errors.RepeatedKey, match="point_value"):
        programme_from_json('{"point_value": 1, "point_value": 2}')

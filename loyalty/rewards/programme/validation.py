"""Whether a programme makes sense: each value by the type of its field, then the values that depend on each other.

Errors name the value by its path in the file, such as `tiers[1].threshold`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from loyalty.errors import OwnerError
from loyalty.rewards.errors import (
    DaysEndBeforeTheyBegin,
    FirstTierNotZero,
    MissingKey,
    NamedTwice,
    NotAboveZero,
    NotADate,
    NotAList,
    NotAnObject,
    NotAWholeNumber,
    NoTiers,
    NotOneOf,
    NotText,
    OutOfRange,
    StepsDoNotRise,
    ThresholdsDoNotRise,
    UnknownKey,
)
from loyalty.rewards.programme.field_types import LONGEST_DAYS, MOST_MONEY, Invalid, is_name
from loyalty.rewards.programme.programme import Programme

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

LONGEST_SHOWN = 60

#: Errors by the type that pydantic gives them; all others are of dates.
MISTAKES: Mapping[str, type[OwnerError]] = {
    "dataclass_type": NotAnObject,
    "tuple_type": NotAList,
    "string_type": NotText,
    "missing": MissingKey,
    "unexpected_keyword_argument": UnknownKey,
    "literal_error": NotOneOf,
}


def checked(programme: Programme) -> Programme:
    """`programme` itself, if every value makes sense; else the named error of the first that does not."""
    programme_from_values(asdict(programme))
    return programme


def programme_from_values(values: object) -> Programme:
    """The programme of a JSON object's values, checked; numbers as int, Decimal or text."""
    from pydantic import ValidationError

    try:
        programme = _programme_type().validate_python(values)
    except ValidationError as error:
        raise _owner_error(error.errors(include_url=False)[0]) from None
    _check_tiers(programme)
    _check_kinds(programme)
    _check_names(programme)
    if programme.expiry.kind != "fixed" and not programme.expiry.days:
        raise OutOfRange(key="expiry.days", low=1, high=LONGEST_DAYS, came=0)
    for i, (below, step) in enumerate(pairwise(programme.steps), start=1):
        if step.points <= below.points or step.value <= below.value:
            raise StepsDoNotRise(key=f"steps[{i}]")
    for i, days in enumerate(programme.earning.bonus_days):
        if days.first and days.last and days.last < days.first:
            raise DaysEndBeforeTheyBegin(
                key=f"earning.bonus_days[{i}].last", first=days.first, came=days.last
            )
    return programme


@cache
def _programme_type() -> TypeAdapter[Programme]:
    from pydantic import TypeAdapter

    return TypeAdapter(Programme)


def _owner_error(error: ErrorDetails) -> OwnerError:
    """The owner's error for a validation error of pydantic."""
    place, context = error["loc"], error.get("ctx", {})
    params: dict[str, Any] = {"key": _path(place) or "{}", "came": _shown(error["input"])}
    cause = context.get("error")
    if isinstance(cause, Invalid):
        return cause.mistake(**params, **cause.params)
    mistake = MISTAKES.get(error["type"], NotADate)
    if mistake is UnknownKey:
        params["known"] = ", ".join(field.name for field in fields(_record_at(place[:-1])))
    elif mistake is NotOneOf:
        params["known"] = ", ".join(re.findall("'([^']*)'", context["expected"]))
    return mistake(**params)


def _record_at(place: Sequence[str | int]) -> Any:
    """The record type at a place of the programme."""
    record: Any = Programme
    for name in place:
        if isinstance(name, str):
            hint = get_type_hints(record)[name]
            record = next(iter(get_args(hint)), hint)
    return record


def _path(place: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")


def _shown(value: object) -> str:
    """The rejected value as text, short enough for a sentence."""
    text = str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _check_tiers(programme: Programme) -> None:
    """The first tier is for everyone, and each is above the one before."""
    if not programme.tiers:
        raise NoTiers()
    if programme.tiers[0].threshold != 0:
        raise FirstTierNotZero(key="tiers[0].threshold", came=f"{programme.tiers[0].threshold:f}")
    for i, (below, tier) in enumerate(pairwise(programme.tiers), start=1):
        if tier.threshold <= below.threshold:
            raise ThresholdsDoNotRise(
                key=f"tiers[{i}].threshold", below=f"{below.threshold:f}", came=f"{tier.threshold:f}"
            )


def _check_kinds(programme: Programme) -> None:
    """Values that depend on the kind beside them."""
    for group in ("offers", "discounts", "gifts"):
        for i, rule in enumerate(getattr(programme, group)):
            _check_value(f"{group}[{i}].value", rule.kind, rule.value)
    for i, step in enumerate(programme.steps):
        _check_value(f"steps[{i}].value", "fixed", step.value)
    for side in ("referrer", "referred"):
        reward = getattr(programme.referral, side)
        if reward.value:
            _check_value(f"referral.{side}.value", reward.kind, reward.value)
    named = {
        f"discounts[{i}].which": discount.which
        for i, discount in enumerate(programme.discounts)
        if discount.audience in ("segment", "tier", "product")
    }
    named |= {f"gifts[{i}].which": g.which for i, g in enumerate(programme.gifts) if g.occasion == "holiday"}
    for key, which in named.items():
        if not is_name(which):
            raise NotText(key=key, came=_shown(which))


def _check_value(key: str, kind: str, value: Decimal) -> None:
    """What is taken off: percent in (0, 100], or money above 0; `points`: a whole number above 0."""
    most = 100 if kind == "percent" else MOST_MONEY
    if not 0 < value <= most:
        raise NotAboveZero(key=key, high=most, came=f"{value:f}")
    if kind == "points" and value != value.to_integral_value():
        raise NotAWholeNumber(key=key, came=f"{value:f}")


def _check_names(programme: Programme) -> None:
    """Names are unique within their list."""
    products = programme.earning.products
    for group, key, names in (
        ("tiers", "key", [tier.key for tier in programme.tiers]),
        ("offers", "segment_key", [offer.segment_key for offer in programme.offers]),
        ("discounts", "name", [discount.name for discount in programme.discounts]),
        ("earning.products", "name", [f"{product.kind} {product.name}" for product in products]),
    ):
        for i, name in enumerate(names):
            if name in names[:i]:
                raise NamedTwice(key=f"{group}[{i}].{key}", came=name)

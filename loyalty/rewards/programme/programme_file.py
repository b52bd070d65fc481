"""The programme as a JSON file: read strictly, written exactly (numbers as decimal strings)."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, fields
from decimal import Decimal
from typing import Any

from loyalty.rewards.errors import (
    MissingKey,
    NotADate,
    NotAList,
    NotAnObject,
    NotANumber,
    NotAProgramme,
    NotAWholeNumber,
    NotText,
    RepeatedKey,
    UnknownKey,
)
from loyalty.rewards.programme.programme import Offer, Programme, Tier, checked
from loyalty.rewards.programme.rules import (
    BonusDays,
    Caps,
    Discount,
    Earning,
    Expiry,
    Gift,
    ProductPoints,
    Referral,
    Reward,
    Step,
    Tiering,
)

_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][-+]?[0-9]{1,2})?")


class _Digits(str):
    """A JSON number as it was written, so that nothing is lost in a float."""


def programme_to_json(programme: Programme) -> str:
    """The programme as JSON text, numbers as decimal strings; refused if it makes no sense (`checked`)."""
    return json.dumps(asdict(checked(programme)), default=_plain, ensure_ascii=False, indent=2) + "\n"


def programme_from_json(text: str) -> Programme:
    """The programme that `text` holds: `programme_from_json(programme_to_json(p)) == p`, exactly.

    Numbers may stand as JSON numbers or as strings. Keys without a default must be there, unknown or repeated
    keys are refused; each bad value raises its own error of `loyalty.rewards.errors` with the key's path and
    what came.
    """
    return checked(Programme(**_values("", _parsed(text), Programme)))


def _plain(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _parsed(text: str) -> object:
    try:
        return json.loads(
            text.removeprefix("\ufeff"),
            parse_float=_Digits,
            parse_int=_Digits,
            parse_constant=_Digits,
            object_pairs_hook=_once_each,
        )
    except (json.JSONDecodeError, RecursionError) as problem:
        raise NotAProgramme(why=str(problem)) from None


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise RepeatedKey(key=key)
        found[key] = value
    return found


def _values(path: str, value: object, record: type) -> dict[str, Any]:
    """The arguments of `record` from the JSON object `value` that stands at `path`."""
    if not isinstance(value, dict):
        raise NotAnObject(key=path or "{}", came=_shown(value))
    readers = _READERS[record]
    for key in value:
        if key not in readers:
            raise UnknownKey(key=_at(path, key), known=", ".join(readers))
    for field in fields(record):
        if field.name not in value and field.default is MISSING and field.default_factory is MISSING:
            raise MissingKey(key=_at(path, field.name))
    return {key: readers[key](_at(path, key), came) for key, came in value.items()}


def _number(key: str, value: object) -> Decimal:
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise NotANumber(key=key, came=_shown(value))
    return Decimal(value)


def _whole(key: str, value: object) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,9}", value):
        raise NotAWholeNumber(key=key, came=_shown(value))
    return int(value)


def _string(key: str, value: object) -> str:
    if not isinstance(value, str) or isinstance(value, _Digits):
        raise NotText(key=key, came=_shown(value))
    return value


def _members(key: str, value: object) -> list[tuple[str, object]]:
    if not isinstance(value, list):
        raise NotAList(key=key, came=_shown(value))
    return [(f"{key}[{i}]", member) for i, member in enumerate(value)]


def _day(key: str, value: object) -> dt.date | None:
    if value is None:
        return None
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise NotADate(key=key, came=_shown(value))
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise NotADate(key=key, came=_shown(value)) from None


def _strings(key: str, value: object) -> tuple[str, ...]:
    return tuple(_string(path, member) for path, member in _members(key, value))


def _one(record: type) -> Callable[[str, object], object]:
    """A reader of one JSON object as `record`."""
    return lambda key, value: record(**_values(key, value, record))


def _many(record: type) -> Callable[[str, object], object]:
    """A reader of a JSON list of them."""
    return lambda key, value: tuple(
        record(**_values(path, member, record)) for path, member in _members(key, value)
    )


_READERS: Mapping[type, Mapping[str, Callable[[str, object], object]]] = {
    Programme: {
        "name": _string,
        "points_per_unit": _number,
        "point_value": _number,
        "expected_redemption": _number,
        "tiers": _many(Tier),
        "offers": _many(Offer),
        "earning": _one(Earning),
        "expiry": _one(Expiry),
        "steps": _many(Step),
        "tiering": _one(Tiering),
        "discounts": _many(Discount),
        "gifts": _many(Gift),
        "referral": _one(Referral),
        "caps": _one(Caps),
        "starts_on": _day,
    },
    Tier: {"key": _string, "name": _string, "threshold": _number, "multiplier": _number},
    Offer: {
        "segment_key": _string,
        "kind": _string,
        "value": _number,
        "minimum_spend": _number,
        "valid_days": _whole,
    },
    Earning: {
        "per_order": _whole,
        "products": _many(ProductPoints),
        "bonus_days": _many(BonusDays),
        "sign_up": _whole,
        "review": _whole,
        "return_days": _whole,
        "together": _string,
    },
    ProductPoints: {"kind": _string, "name": _string, "multiplier": _number},
    BonusDays: {"name": _string, "multiplier": _number, "weekdays": _strings, "first": _day, "last": _day},
    Expiry: {"kind": _string, "days": _whole, "on": _string},
    Step: {"points": _whole, "value": _number},
    Tiering: {"by": _string, "period": _string, "grace_days": _whole},
    Discount: {
        "name": _string,
        "audience": _string,
        "kind": _string,
        "value": _number,
        "which": _string,
        "minimum_spend": _number,
        "after_days": _whole,
    },
    Gift: {
        "occasion": _string,
        "kind": _string,
        "value": _number,
        "which": _string,
        "minimum_spend": _number,
        "days_before": _whole,
        "valid_days": _whole,
    },
    Referral: {
        "referrer": _one(Reward),
        "referred": _one(Reward),
        "minimum_spend": _number,
        "most_a_year": _whole,
    },
    Reward: {"kind": _string, "value": _number},
    Caps: {
        "points_an_order": _whole,
        "points_a_month": _whole,
        "stacking": _string,
        "discount_share": _number,
    },
}


def _at(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _shown(value: object) -> str:
    """What came, short enough for a sentence."""
    text = str(value) if isinstance(value, _Digits) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"

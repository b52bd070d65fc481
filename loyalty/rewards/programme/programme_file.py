"""The programme as a JSON file: read strictly, written exactly (numbers as decimal strings)."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal

from loyalty.rewards.errors import NotAProgramme, RepeatedKey
from loyalty.rewards.programme.programme import Programme
from loyalty.rewards.programme.validation import checked, programme_from_values


def programme_to_json(programme: Programme) -> str:
    """The programme as JSON text, numbers as decimal strings; checked first (`checked`)."""
    return json.dumps(asdict(checked(programme)), default=_text, ensure_ascii=False, indent=2) + "\n"


def programme_from_json(text: str) -> Programme:
    """The programme that `text` holds: `programme_from_json(programme_to_json(p)) == p`, exactly.

    Numbers may stand as JSON numbers or as strings. Keys without a default must be there, unknown or repeated
    keys are refused; each bad value raises its own error of `loyalty.rewards.errors` with the key's path and
    what came.
    """
    try:
        values = json.loads(
            text.removeprefix("\ufeff"),
            parse_float=Decimal,
            parse_constant=Decimal,
            object_pairs_hook=_unique_keys,
        )
    except (ValueError, RecursionError) as problem:
        raise NotAProgramme(why=str(problem)) from None
    return programme_from_values(values)


def _text(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        keys = [key for key, _ in pairs]
        raise RepeatedKey(key=next(key for key in keys if keys.count(key) > 1))
    return values

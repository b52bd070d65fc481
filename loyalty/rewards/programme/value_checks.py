"""What a value of a programme may be: each check raises the named error of what is wrong, with the value's path."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from loyalty.rewards.errors import (
    NamedTwice,
    NotAboveZero,
    NotANumber,
    NotAWholeNumber,
    NotOneOf,
    NotText,
    OutOfRange,
)

KINDS = ("percent", "fixed")
MOST_MONEY = Decimal(1_000_000_000_000)
MOST_POINTS = 1_000_000_000
MOST_DECIMALS = 6
LONGEST_NAME = 80


def check_text(key: str, value: str) -> None:
    """1 to 80 characters that are not all blank."""
    if not value.strip() or len(value) > LONGEST_NAME:
        raise NotText(key=key, came=repr(value[:LONGEST_NAME]))


def check_exact(key: str, value: Decimal) -> None:
    """A finite number with at most 6 decimals and 13 digits before them (so a file of it stays short)."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or not -MOST_DECIMALS <= exponent <= 12:
        raise NotANumber(key=key, came=str(value))


def check_number(key: str, value: Decimal, high: Decimal) -> None:
    """An exact number from 0 to `high`."""
    check_exact(key, value)
    if not 0 <= value <= high:
        raise OutOfRange(key=key, low=0, high=f"{high:f}", came=f"{value:f}")


def check_value(path: str, kind: str, value: Decimal) -> None:
    """What a discount takes off: percent in (0, 100], or money above 0; `points`: a whole number above 0."""
    key, most = f"{path}.value", Decimal(100) if kind == "percent" else MOST_MONEY
    check_exact(key, value)
    if not 0 < value <= most:
        raise NotAboveZero(key=key, high=f"{most:f}", came=f"{value:f}")
    if kind == "points" and value != value.to_integral_value():
        raise NotAWholeNumber(key=key, came=f"{value:f}")


def check_whole(key: str, value: int, low: int, high: int) -> None:
    """A whole number from `low` to `high`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise NotAWholeNumber(key=key, came=repr(value))
    if not low <= value <= high:
        raise OutOfRange(key=key, low=low, high=high, came=value)


def check_choice(key: str, value: str, known: Sequence[str]) -> None:
    """One of a few words."""
    if value not in known:
        raise NotOneOf(key=key, known=", ".join(known), came=value)


def all_different(group: str, key: str, values: Sequence[str]) -> None:
    """No value stands twice."""
    for i, value in enumerate(values):
        if value in values[:i]:
            raise NamedTwice(key=f"{group}[{i}].{key}", came=value)

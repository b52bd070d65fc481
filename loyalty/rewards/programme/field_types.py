"""Types of a programme's fields, which pydantic reads when a programme is checked.

pydantic is imported only then, as importing it takes longer than everything else here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from loyalty.errors import OwnerError
from loyalty.rewards.errors import (
    NotADate,
    NotADayOfTheYear,
    NotANumber,
    NotAWholeNumber,
    NotText,
    OutOfRange,
)

MOST_MONEY = 1_000_000_000_000
MOST_POINTS = 1_000_000_000
LONGEST_DAYS = 36_500
LONGEST_NAME = 80


class Invalid(ValueError):
    """An invalid value: the owner's error, and what its sentence needs besides the value's path."""

    def __init__(self, mistake: type[OwnerError], **params: object) -> None:
        self.mistake, self.params = mistake, params
        super().__init__(mistake.__name__)


@dataclass(frozen=True)
class Form:
    """The pattern a value must match as text before it is converted; else it is `mistake`."""

    fits: Callable[[str], object]
    mistake: type[OwnerError]

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """The field's own schema after this check."""
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def check(self, value: object) -> object:
        """`value` itself; raises Invalid."""
        if not self.fits(str(value)):
            raise Invalid(self.mistake)
        return value


@dataclass(frozen=True)
class Range:
    """The lowest and the highest number that a field may hold."""

    low: int
    high: int

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """The field's own schema before this check."""
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def check(self, value: Decimal) -> Decimal:
        """`value` itself; raises Invalid."""
        if not self.low <= value <= self.high:
            raise Invalid(OutOfRange, low=self.low, high=self.high)
        return value


def is_name(text: str) -> bool:
    """1 to 80 characters that are not all blank."""
    return bool(text.strip()) and len(text) <= LONGEST_NAME


def _is_day_of_a_leap_year(text: str) -> bool:
    try:
        return bool(dt.date.fromisoformat(f"2024-{text}"))
    except ValueError:
        return False


Name = Annotated[str, Form(is_name, NotText)]
#: An exact number with at most 6 decimals, so that a file of it stays short.
Number = Annotated[
    Decimal, Form(re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,6})?([eE]\+?1?[0-9])?").fullmatch, NotANumber)
]
Whole = Annotated[int, Form(re.compile(r"-?[0-9]{1,12}").fullmatch, NotAWholeNumber)]
Day = Annotated[dt.date, Form(re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch, NotADate)]
DayOfYear = Annotated[str, Form(_is_day_of_a_leap_year, NotADayOfTheYear)]
Money = Annotated[Number, Range(0, MOST_MONEY)]
Share = Annotated[Number, Range(0, 1)]
Multiplier = Annotated[Number, Range(0, 100)]
Points = Annotated[Whole, Range(0, MOST_POINTS)]
Days = Annotated[Whole, Range(0, LONGEST_DAYS)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DiscountKind = Literal["percent", "fixed"]
RewardKind = Literal["points", "percent", "fixed"]

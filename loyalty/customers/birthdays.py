"""Birthdays: parsing, the next one, and customers with one soon, for lists, actions and advice alike."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence

import pandas as pd

BIRTHDAY_DAYS = 14  # ahead


def birthday_parts(birthday: str) -> tuple[int | None, int, int] | None:
    """Year (None without one), month and day of `YYYY-MM-DD` or `--MM-DD`; None where it is no date."""
    year, _, rest = ("", "", birthday[2:]) if birthday.startswith("--") else birthday.partition("-")
    try:
        day = dt.date.fromisoformat(f"{year or 2024}-{rest}")
    except ValueError:
        return None
    return (day.year if year else None, day.month, day.day)


def solar_days(month: int, day: int, years: Sequence[int]) -> list[dt.date]:
    """The birthday in each year; 29 February is the 28th in years without it."""
    return [dt.date(year, month, min(day, calendar.monthrange(year, month)[1])) for year in years]


def next_birthday(month: int, day: int, as_of: dt.date) -> dt.date:
    """The first birthday on `as_of` or later.

    >>> next_birthday(2, 29, dt.date(2026, 2, 27))
    datetime.date(2026, 2, 28)
    """
    birthdays = solar_days(month, day, [as_of.year, as_of.year + 1])
    return next(birthday for birthday in birthdays if birthday >= as_of)


def birthday_soon(birthdays: pd.DataFrame, as_of: dt.date) -> frozenset[str]:
    """Customers with a birthday within the BIRTHDAY_DAYS after `as_of`. `birthdays`: customer_id, month, day."""
    tomorrow, last = as_of + dt.timedelta(days=1), as_of + dt.timedelta(days=BIRTHDAY_DAYS)
    rows = zip(birthdays["customer_id"], birthdays["month"], birthdays["day"], strict=True)
    return frozenset(
        str(customer_id)
        for customer_id, month, day in rows
        if next_birthday(int(month), int(day), tomorrow) <= last
    )

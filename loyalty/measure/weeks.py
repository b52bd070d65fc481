"""The last seven days compared with the seven before and the same week a year ago."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass

from loyalty.columns import Totals
from loyalty.measure.significance import Z95

DAYS = 7
SAME_WEEKDAYS = dt.timedelta(days=364)  # a year ago, on the same days of the week
Period = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Weeks:
    """Counts of three weeks; None for one that begins before the shop's first sale."""

    days: Period
    this: Totals
    last: Totals | None
    year_ago: Totals | None


def days_ending(as_of: dt.date, days: int = DAYS) -> Period:
    """The `days` days that end with `as_of`, both ends inclusive."""
    return as_of - dt.timedelta(days=days - 1), as_of


def period_before(period: Period) -> Period:
    """As many days, ending the day before `period` begins."""
    end = period[0] - dt.timedelta(days=1)
    return end - (period[1] - period[0]), end


def year_before(period: Period) -> Period:
    """The same days of the week, 52 weeks earlier."""
    return period[0] - SAME_WEEKDAYS, period[1] - SAME_WEEKDAYS


def weeks(as_of: dt.date, first: dt.date, totals: Callable[[dt.date, dt.date], Totals]) -> Weeks:
    """The three weeks; `totals` counts between two days (inclusive), `first` is the day of the shop's first sale."""
    this = days_ending(as_of)

    def counted(period: Period) -> Totals | None:
        return totals(*period) if period[0] >= first else None

    return Weeks(this, totals(*this), counted(period_before(this)), counted(year_before(this)))


def new_customers(counted: Totals) -> int:
    """Customers of the period who had never bought before it (its beginning must not be open)."""
    return counted.customers - counted.returning_customers


def exceeds_chance(now: int, then: int) -> bool:
    """Whether two counts differ by more than chance would make them (Poisson, 95 %: |a − b| > 1.96 sqrt(a + b)).

    >>> exceeds_chance(30, 20), exceeds_chance(40, 20)
    (False, True)
    """
    return abs(now - then) > Z95 * math.sqrt(now + then)

"""Arithmetic of calendar months: the last complete one, and differences between months."""

from __future__ import annotations

import datetime as dt

ONE_DAY = dt.timedelta(days=1)


def month_number(day: dt.date) -> int:
    """Months counted through all years, so that differences are months."""
    return day.year * 12 + day.month - 1


def month_of(number: int) -> dt.date:
    """The first day of a month given by `month_number`."""
    return dt.date(number // 12, number % 12 + 1, 1)


def last_complete_month(as_of: dt.date) -> dt.date:
    """The first day of the last month that is complete at the end of `as_of`.

    >>> last_complete_month(dt.date(2026, 6, 30)), last_complete_month(dt.date(2026, 6, 29))
    (datetime.date(2026, 6, 1), datetime.date(2026, 5, 1))
    """
    return month_of(month_number(as_of + ONE_DAY) - 1)

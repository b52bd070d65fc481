"""Days for gifts: birthdays by the solar and the lunar calendar, anniversaries of the first order, holidays.

Lunar birthdays by the `lunar-python` package: the lunar day of the solar birthday recurs each lunar year; one in a
leap month recurs in the plain month of that number, a 30th that a month lacks on its 29th. A solar 29 February is on
28 February in other years. Holidays by the `holidays` package, without the days that are moved around them.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays
import pandas as pd
from lunar_python import LunarYear, Solar

from loyalty.customers.birthdays import birthday_parts, solar_days
from loyalty.rewards.programme.rules import Gift

PLAIN_HOLIDAYS = ("01-01", "02-14", "12-25")
SUBSTITUTED = ("substituted", "observed", "Observed")


@lru_cache(maxsize=500)
def _lunar_months(lunar_year: int) -> tuple[tuple[int, dt.date, int], ...]:
    """The months of a lunar year in order: number (below 0: a leap month), first day, days. Cached, as it
    is slow and needed for every birthday."""
    months = []
    for month in LunarYear.fromYear(lunar_year).getMonths():
        if month.getYear() == lunar_year:
            first = Solar.fromJulianDay(month.getFirstJulianDay())
            months.append(
                (
                    int(month.getMonth()),
                    dt.date(first.getYear(), first.getMonth(), first.getDay()),
                    int(month.getDayCount()),
                )
            )
    return tuple(months)


def lunar_day(born: dt.date) -> tuple[int, int]:
    """Month and day of a solar day in the Chinese lunar calendar; a leap month counts as the plain one.

    >>> lunar_day(dt.date(1990, 5, 20)), lunar_day(dt.date(2025, 8, 1))
    ((4, 26), (6, 8))
    """
    months = (*_lunar_months(born.year - 1), *_lunar_months(born.year))
    number, first, _ = next(month for month in reversed(months) if month[1] <= born)
    return abs(number), (born - first).days + 1


def solar_day(lunar_year: int, month: int, day: int) -> dt.date:
    """The solar day of a lunar one; a 30th that the month lacks is its last day.

    >>> solar_day(2026, 1, 1), solar_day(2026, 4, 30)
    (datetime.date(2026, 2, 17), datetime.date(2026, 6, 14))
    """
    first, days = next(each[1:] for each in _lunar_months(lunar_year) if each[0] == month)
    return first + dt.timedelta(days=min(day, days) - 1)


def birthday_days(
    birthdays: pd.DataFrame, since: dt.date, until: dt.date, *, lunar: bool = False
) -> pd.DataFrame:
    """customer_id and day (date) of every birthday within [since, until], by day. `birthdays`: customer_id, birthday.

    Lunar ones need the year of birth, so people who did not give it are left out of these.
    """
    years = range(since.year - 1, until.year + 2)
    rows: list[tuple[str, dt.date]] = []
    for customer, text in zip(birthdays["customer_id"], birthdays["birthday"], strict=True):
        parts = birthday_parts(str(text))
        if parts is None or (lunar and parts[0] is None):
            continue
        birth_year, birth_month, birth_day = parts
        if lunar:
            month, day = lunar_day(dt.date(birth_year or 2000, birth_month, birth_day))
            days = [solar_day(year, month, day) for year in years]
        else:
            days = solar_days(birth_month, birth_day, years)
        born = dt.date(birth_year, birth_month, birth_day) if birth_year else dt.date.min
        rows += [(customer, each) for each in days if since <= each <= until and each > born]
    return pd.DataFrame(sorted(rows, key=lambda row: (row[1], row[0])), columns=["customer_id", "day"])


def anniversary_days(firsts: pd.DataFrame, since: dt.date, until: dt.date) -> pd.DataFrame:
    """customer_id and day of every anniversary of a first order within [since, until]. `firsts`: customer_id, first_at."""
    rows: list[tuple[str, dt.date]] = []
    for customer, first in zip(
        firsts["customer_id"], pd.to_datetime(firsts["first_at"]).dt.date, strict=True
    ):
        days = solar_days(first.month, first.day, range(max(first.year + 1, since.year), until.year + 1))
        rows += [(customer, day) for day in days if since <= day <= until]
    return pd.DataFrame(sorted(rows, key=lambda row: (row[1], row[0])), columns=["customer_id", "day"])


def holiday_names(country: str, year: int) -> dict[dt.date, str]:
    """A country's public holidays of a year, by day, in English; {} for a country that the package lacks."""
    if country not in holidays.list_supported_countries():
        return {}
    languages = holidays.list_localized_countries().get(country, [])
    language = next((code for code in ("en_US", "en_GB", "en") if code in languages), None)
    names = holidays.country_holidays(country, years=year, language=language)
    return {day: name for day, name in sorted(names.items()) if not any(word in name for word in SUBSTITUTED)}


def holiday_days(which: str, country: str, since: dt.date, until: dt.date) -> list[dt.date]:
    """The first day of each year within [since, until] that the holiday `which` falls on: a name that holidays of the
    country have, or MM-DD."""
    dates: list[dt.date] = []
    for year in range(since.year, until.year + 1):
        if len(which) == 5 and which[2] == "-" and which.replace("-", "").isdigit():
            days = solar_days(int(which[:2]), int(which[3:]), [year])
        else:
            days = [day for day, name in holiday_names(country, year).items() if which in name.split("; ")][
                :1
            ]
        dates += [day for day in days if since <= day <= until]
    return dates


def gift_days(
    gift: Gift, people: tuple[pd.DataFrame, pd.DataFrame], country: str, since: dt.date, until: dt.date
) -> pd.DataFrame:
    """customer_id and day of every customer's day for `gift` within [since, until].

    `people`: birthdays (customer_id, birthday) and customers (customer_id, first_at). Only days after the
    customer's first order count.
    """
    birthdays, customers = people
    if gift.occasion in ("birthday", "lunar_birthday"):
        days = birthday_days(birthdays, since, until, lunar=gift.occasion == "lunar_birthday").merge(
            customers
        )
        return days.loc[
            pd.to_datetime(days["first_at"]) < pd.to_datetime(days["day"]), ["customer_id", "day"]
        ]
    if gift.occasion == "anniversary":
        return anniversary_days(customers, since, until)
    firsts = pd.to_datetime(customers["first_at"])
    parts = [
        pd.DataFrame({"customer_id": customers.loc[firsts < pd.Timestamp(day), "customer_id"], "day": day})
        for day in holiday_days(gift.which, country, since, until)
    ]
    return pd.concat(parts, ignore_index=True) if parts else birthday_days(birthdays.iloc[:0], since, until)

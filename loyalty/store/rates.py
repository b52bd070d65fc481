"""The owner's exchange rates, and the rate of each month that sales are converted at.

A rate is exact (8 decimals) and holds from its month on until the next one of the same currency; a month before the
first rate has none, and its sales have no converted net. `meta` keeps under `home_currency` the currency that rates lead to.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import duckdb
from babel.numbers import list_currencies

from loyalty.store.database import Database, one
from loyalty.store.errors import (
    BadMonth,
    BadRate,
    NoHomeCurrency,
    NoSuchRate,
    NotACurrency,
    OwnCurrency,
    TwoRates,
)

LARGEST = Decimal(1_000_000)
SMALLEST = Decimal("0.00000001")
_MONTH = re.compile(r"^(?P<year>19\d{2}|20\d{2}|2100)[-/年.]\s?(?P<month>0?[1-9]|1[0-2])月?$")


@dataclass(frozen=True)
class Rate:
    """From `month` (its first day) on, one unit of `currency` is `rate` units of `base`."""

    currency: str
    month: dt.date
    base: str
    rate: Decimal


def parse_month(text: str) -> dt.date:
    """The first day of a month such as 2025-03; raises BadMonth."""
    match = _MONTH.match(text.strip())
    if not match:
        raise BadMonth(text=text)
    return dt.date(int(match["year"]), int(match["month"]), 1)


def parse_rate(currency: str, month: str, rate: str, home: str) -> Rate:
    """A rate from the owner's texts; raises NoHomeCurrency, NotACurrency, OwnCurrency, BadMonth or BadRate.

    >>> parse_rate("eur", "2025-03", "1.08", "USD").rate
    Decimal('1.08')
    """
    code = currency.strip().upper()
    if not home:
        raise NoHomeCurrency
    if code not in list_currencies():
        raise NotACurrency(text=currency)
    if code == home:
        raise OwnCurrency(currency=code)
    return Rate(code, parse_month(month), home, _number(rate, code))


def _number(text: str, currency: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise BadRate(text=text, currency=currency) from None
    if not value.is_finite() or not SMALLEST <= value <= LARGEST or value != round(value, 8):
        raise BadRate(text=text, currency=currency)
    return value


def saved_rates(database: Database, base: str) -> list[Rate]:
    """All rates that lead to `base`, by currency and month."""
    query = "SELECT currency, month, base, rate FROM rates WHERE base = ? ORDER BY currency, month"
    rows = database.cursor().execute(query, [base]).fetchall()
    return [Rate(currency, month, to, rate.normalize()) for currency, month, to, rate in rows]


def save_rates(database: Database, rates: Sequence[Rate]) -> None:
    """Add rates, each in place of the one from the same month; sales are converted anew."""
    with database.writing() as cursor:
        _insert(cursor, rates)
        recompute(cursor)


def replace_rates(database: Database, base: str, rates: Sequence[Rate]) -> None:
    """Replace all rates that lead to `base` with `rates`; raises TwoRates."""
    months = set[tuple[str, dt.date]]()
    for rate in rates:
        if (rate.currency, rate.month) in months:
            raise TwoRates(currency=rate.currency, month=f"{rate.month:%Y-%m}")
        months.add((rate.currency, rate.month))
    with database.writing() as cursor:
        cursor.execute("DELETE FROM rates WHERE base = ?", [base])
        _insert(cursor, rates)
        recompute(cursor)


def remove_rate(database: Database, currency: str, month: dt.date, base: str) -> None:
    """Delete a rate; raises NoSuchRate."""
    with database.writing() as cursor:
        removed = cursor.execute(
            "DELETE FROM rates WHERE currency = ? AND month = ? AND base = ? RETURNING currency",
            [currency.upper(), month, base],
        ).fetchall()
        if not removed:
            raise NoSuchRate(currency=currency.upper(), month=f"{month:%Y-%m}")
        recompute(cursor)


def _insert(cursor: duckdb.DuckDBPyConnection, rates: Sequence[Rate]) -> None:
    for rate in rates:
        cursor.execute(
            "INSERT OR REPLACE INTO rates (currency, month, base, rate) VALUES (?, ?, ?, ?)",
            [rate.currency, rate.month, rate.base, rate.rate],
        )


def recompute(cursor: duckdb.DuckDBPyConnection) -> None:
    """`month_rates` anew, from the rates and the months of what is in a foreign currency; inside a transaction."""
    base = home_currency(cursor)
    cursor.execute("DELETE FROM month_rates")
    cursor.execute(
        """INSERT INTO month_rates (currency, month, rate)
        WITH foreign_months AS (
            SELECT DISTINCT currency, date_trunc('month', ordered_at)::DATE AS month FROM order_heads
            WHERE currency <> $base
            UNION SELECT DISTINCT currency, month FROM spend_versions WHERE currency <> $base)
        SELECT a.currency, a.month, r.rate FROM foreign_months a
        ASOF LEFT JOIN (SELECT * FROM rates WHERE base = $base) r ON a.currency = r.currency AND a.month >= r.month
        WHERE $base <> ''""",
        {"base": base},
    )


def home_currency(cursor: duckdb.DuckDBPyConnection) -> str:
    """The currency that sales are converted to; "" while the shop has none."""
    row = one(cursor, "SELECT value FROM meta WHERE key = 'home_currency'")
    return str(row[0]) if row else ""


def set_home_currency(cursor: duckdb.DuckDBPyConnection, currency: str) -> None:
    """Set the currency that sales are converted to; inside a transaction, `recompute` must follow."""
    cursor.execute("INSERT OR REPLACE INTO meta VALUES ('home_currency', ?)", [currency])


def agree_currency(database: Database, chosen: str) -> str:
    """Bring store and settings to one currency: the owner's choice, else the one an import set; returns it.

    A shop from before currencies were converted held sales in one currency alone, whatever code stands at them: these
    are the shop's own.
    """
    stored = database.meta("home_currency")
    if stored == chosen or (stored and not chosen):
        return stored
    with database.writing() as cursor:
        if stored is None:
            for table in ("order_versions", "order_heads"):
                cursor.execute(f"UPDATE {table} SET currency = NULL WHERE currency <> ?", [chosen])
        set_home_currency(cursor, chosen)
        recompute(cursor)
    return chosen

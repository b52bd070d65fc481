"""Versions of the programme and issued coupons: rows are only ever added."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from loyalty.store.database import Database, next_number, one

COUPON_COLUMNS = (
    "code",
    "customer_id",
    "segment",
    "kind",
    "value",
    "currency",
    "minimum_spend",
    "valid_from",
    "expires_on",
    "reason",
)


def programme_text(database: Database) -> str | None:
    """The newest version of the programme as it was saved (JSON), or None when there is none yet."""
    row = one(database.cursor(), "SELECT programme FROM programme_versions ORDER BY version DESC LIMIT 1")
    return str(row[0]) if row else None


def save_programme(database: Database, text: str, stamp: dt.datetime) -> int:
    """Add a version; returns its number."""
    with database.writing(sales=False) as cursor:
        version = next_number(cursor, "programme_versions", "version")
        cursor.execute("INSERT INTO programme_versions VALUES (?, ?, ?)", [version, text, stamp])
    return version


def first_programme(database: Database) -> dt.date | None:
    """The day of the first saved version of the programme; None while there is none."""
    row = one(database.cursor(), "SELECT min(saved_at)::DATE FROM programme_versions")
    return row[0] if row and isinstance(row[0], dt.date) else None


def coupon_codes(database: Database) -> frozenset[str]:
    """Every code ever issued."""
    return frozenset(str(row[0]) for row in database.cursor().execute("SELECT code FROM coupons").fetchall())


def coupons_issued(database: Database) -> pd.DataFrame:
    """customer_id (today's), segment and expires_on of every coupon ever issued."""
    rows = database.cursor().execute(
        """SELECT coalesce(i.customer_id, c.customer_id), segment, expires_on FROM coupons c
        LEFT JOIN identities i ON i.alias = c.customer_id"""
    )
    return pd.DataFrame(rows.fetchall(), columns=["customer_id", "segment", "expires_on"], dtype="object")


def save_coupons(database: Database, coupons: pd.DataFrame, stamp: dt.datetime) -> int:
    """Save a list of coupons (columns COUPON_COLUMNS); returns the list's number."""
    with database.writing(sales=False) as cursor:
        list_id = next_number(cursor, "coupons", "list_id")
        cursor.register(
            "coupons_now", pa.Table.from_pandas(coupons[list(COUPON_COLUMNS)], preserve_index=False)
        )
        names = ", ".join(COUPON_COLUMNS)
        cursor.execute(
            f"INSERT INTO coupons (list_id, issued_at, {names}) SELECT ?, ?, {names} FROM coupons_now",
            [list_id, stamp],
        )
    return list_id


@dataclass(frozen=True)
class CouponListLine:
    """One list of coupons in the history of lists."""

    list_id: int
    issued_at: dt.datetime
    coupons: int
    expires_on: dt.date


def coupon_lists(database: Database) -> list[CouponListLine]:
    """All lists, the newest first; `expires_on` is the last day of any of a list's coupons."""
    rows = database.cursor().execute(
        """SELECT list_id, min(issued_at), count(*), max(expires_on) FROM coupons
        GROUP BY list_id ORDER BY list_id DESC"""
    )
    return [CouponListLine(*row) for row in rows.fetchall()]


def coupon_list(database: Database, list_id: int) -> pd.DataFrame:
    """The coupons of one list (columns COUPON_COLUMNS) as they were issued: amounts Decimal, days dates; by customer.

    `customer_id` is today's, whichever of the customer's ids the coupon was issued to.
    """
    names = ", ".join(
        "coalesce(i.customer_id, c.customer_id) AS customer_id" if name == "customer_id" else f"c.{name}"
        for name in COUPON_COLUMNS
    )
    query = f"""SELECT {names} FROM coupons c LEFT JOIN identities i ON i.alias = c.customer_id
        WHERE list_id = ? ORDER BY 2, c.code"""
    rows = database.cursor().execute(query, [list_id]).fetchall()
    return pd.DataFrame(rows, columns=list(COUPON_COLUMNS), dtype="object")

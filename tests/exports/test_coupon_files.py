"""Coupon lists, read back strictly as their readers would."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import pandas as pd
import pytest
from openpyxl import load_workbook

from loyalty.campaigns.sentences import discount_text
from loyalty.exports.coupon_files import (
    coupon_table,
    coupons_csv,
    coupons_xlsx,
    with_contacts,
    woocommerce_csv,
)
from loyalty.words import words_for

WORDS = words_for("en", "USD")
HEADINGS = [
    *("Customer id", "Name", "E-mail", "Phone", "Segment", "Offer", "Coupon code", "Value", "Currency"),
    *("Minimum spend", "Valid from", "Expires on", "Reason"),
]


@pytest.fixture
def coupons() -> pd.DataFrame:
    """Two coupons as `issue` makes them."""
    return pd.DataFrame(
        {
            "customer_id": ["c2", "c1"],
            "code": ["22222-33333-44444", "BBBBB-CCCCC-DDDDD"],
            "kind": ["percent", "fixed"],
            "value": [Decimal(15), Decimal("5.50")],
            "currency": ["USD", "USD"],
            "minimum_spend": [Decimal(0), Decimal(30)],
            "valid_from": [dt.date(2026, 2, 1)] * 2,
            "expires_on": [dt.date(2026, 2, 28), dt.date(2026, 12, 31)],
            "segment": ["slipping", "loyal"],
            "reason": ["Bought 7 times; last seen 41 days ago", "=bad"],
        }
    )


@pytest.fixture
def contacts() -> pd.DataFrame:
    """One reachable customer, and one without a coupon."""
    return pd.DataFrame(
        {
            "customer_id": ["c1", "c9"],
            "name": ["张伟", "Bo"],
            "email": ["wei@shop.example", "bo@shop.example"],
        }
    )


def test_generic_csv(coupons: pd.DataFrame, contacts: pd.DataFrame) -> None:
    table = coupon_table(coupons, contacts, WORDS, {"loyal": "Loyal regulars"})
    data = coupons_csv(table)
    assert data.startswith(b"\xef\xbb\xbfCustomer id,")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    assert rows == [
        HEADINGS,
        [
            *("c2", "", "", "", "slipping", "15% off", "22222-33333-44444", "15", "USD", "0"),
            *("2026-02-01", "2026-02-28", "Bought 7 times; last seen 41 days ago"),
        ],
        [
            *("c1", "张伟", "wei@shop.example", "", "Loyal regulars", "$5.50 off orders from $30.00"),
            *("BBBBB-CCCCC-DDDDD", "5.50", "USD", "30", "2026-02-01", "2026-12-31", "'=bad"),
        ],
    ]


def test_generic_xlsx(coupons: pd.DataFrame, contacts: pd.DataFrame) -> None:
    sheet = load_workbook(io.BytesIO(coupons_xlsx(coupon_table(coupons, contacts, WORDS), WORDS))).active
    assert sheet.title == "Coupons"
    head, first, second = ([cell.value for cell in row] for row in sheet.iter_rows())
    assert head == HEADINGS
    assert first[6:12] == [
        *("22222-33333-44444", 15, "USD", 0),
        *(dt.datetime(2026, 2, 1), dt.datetime(2026, 2, 28)),
    ]
    assert first[1:4] == [None, None, None]
    assert second[7:10] == [5.5, "USD", 30]
    assert second[12] == "'=bad"


def test_woocommerce(coupons: pd.DataFrame, contacts: pd.DataFrame) -> None:
    data = woocommerce_csv(coupons, contacts)
    lines = data.decode("ascii").split("\r\n")
    assert lines[0] == (
        "coupon_code,discount_type,coupon_amount,expiry_date,usage_limit,"
        "individual_use,minimum_amount,email_restrictions"
    )
    # the day after the last day promised: WooCommerce ends coupons at 00:00 of the expiry date
    assert lines[1:] == [
        "22222-33333-44444,percent,15,2026-03-01,1,yes,,",
        "BBBBB-CCCCC-DDDDD,fixed_cart,5.50,2027-01-01,1,yes,30,wei@shop.example",
        "",
    ]


def test_empty_lists_have_headers(coupons: pd.DataFrame, contacts: pd.DataFrame) -> None:
    none = coupons.iloc[:0]
    assert coupons_csv(coupon_table(none, contacts, WORDS)).decode("utf-8-sig") == ",".join(HEADINGS) + "\r\n"
    assert woocommerce_csv(none, contacts).count(b"\r\n") == 1


def test_contacts_may_be_missing_or_repeated(coupons: pd.DataFrame, contacts: pd.DataFrame) -> None:
    twice = pd.concat([contacts, contacts])
    assert with_contacts(coupons, twice)["name"].tolist() == ["", "张伟"]
    nobody = pd.DataFrame({"customer_id": pd.Series(dtype="str")})
    assert with_contacts(coupons, nobody)["email"].tolist() == ["", ""]


def test_offers_in_words() -> None:
    assert discount_text("percent", Decimal("12.5"), Decimal(0), "USD", WORDS) == "12.5% off"
    assert (
        discount_text("percent", Decimal("10.00"), Decimal(1200), "JPY", WORDS)
        == "10% off orders from ¥1,200"
    )
    assert discount_text("percent", Decimal(100), Decimal(0), "USD", WORDS) == "100% off"

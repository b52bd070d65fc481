"""Each layout is read back by a reader as strict as its platform."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from loyalty.exports.campaign_files import LAYOUTS, MAILCHIMP_BYTES, cut
from loyalty.exports.platform_csv import platform_cell, platform_csv, split_name
from loyalty.words import words_for

SAY = words_for("en", "USD")
CODES = ["7KQ2M-X9BTC-4HWRP", "2BCDF-GHJKM-NPQRS"]
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NUMBER = re.compile(r"\d+(\.\d+)?")


def letters(**changes: object) -> pd.DataFrame:
    """Two people, one of them with everything that could go wrong in a file."""
    columns: dict[str, object] = {
        "customer_id": ["c1", "c2"],
        "name": ["Ann Mary Lee", '=HYPERLINK("x"), 王芳'],
        "email": ["ann@example.com", "fang@example.com"],
        "phone": ["+447700900123", "+8613812345678"],
        "birthday": ["1990-07-03", "--12-24"],
        "tags": ["vip, tea lover", ""],
        "segment": ["Best, by far", "New"],
        "kind": ["percent", "fixed"],
        "value": [Decimal("10.00"), Decimal("5.5")],
        "minimum_spend": [Decimal(0), Decimal("30.00")],
        "currency": ["USD", "USD"],
        "code": CODES,
        "valid_from": [dt.date(2025, 7, 1)] * 2,
        "expires_on": [dt.date(2025, 7, 31)] * 2,
        "offer": ["10% off", "$5.50 off orders from $30.00"],
        "reason": ["We have not seen you for a while.", "-1 day"],
        "product": ["Tea", "@Mug"],
        "message": ["Hello\nAnn, “tea”", "你好" * 100],
    }
    return pd.DataFrame({**columns, **changes})


def strict(data: bytes, encoding: str = "utf-8") -> list[dict[str, str]]:
    """Rows of a CSV file whose lines all have as many cells as the heading, each heading once, CRLF throughout."""
    text = data.decode(encoding)
    assert not text.startswith("\ufeff")
    assert re.sub(r'"[^"]*"', "", text).count("\n") == text.count("\r\n")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert len(set(rows[0])) == len(rows[0])
    assert {len(row) for row in rows} == {len(rows[0])}
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def written(key: str, **changes: object) -> bytes:
    return LAYOUTS[key].write(letters(**changes), SAY)


def test_shopify_customers() -> None:
    rows = strict(written("shopify-customers"))
    assert list(rows[0])[:4] == ["First Name", "Last Name", "Email", "Accepts Email Marketing"]
    assert [row["Email"] for row in rows] == ["ann@example.com", "fang@example.com"]
    assert {row["Accepts Email Marketing"] for row in rows} == {"yes"}
    tags = [part.strip() for part in rows[0]["Tags"].split(",")]
    assert tags == ["vip", "tea lover", "segment Best  by far", f"coupon {CODES[0]}"]  # the owner's own stay
    assert (rows[0]["First Name"], rows[0]["Last Name"]) == ("Ann Mary", "Lee")


def test_shopify_discounts() -> None:
    rows = strict(written("shopify-discounts"))
    assert list(rows[0]) == [
        "title",
        "discount_type",
        "discount_value",
        "code",
        "starts_at",
        "ends_at",
        "usage",
        "minimum_purchase_amount",
        "email",
    ]
    assert [row["discount_type"] for row in rows] == ["percentage", "fixed"]
    assert [row["discount_value"] for row in rows] == ["10", "5.5"]
    assert [row["minimum_purchase_amount"] for row in rows] == ["", "30"]
    for row in rows:
        assert 3 <= len(row["code"]) <= 20
        assert DAY.fullmatch(row["starts_at"])
        assert DAY.fullmatch(row["ends_at"])
        assert row["usage"] == "1"


def test_woocommerce() -> None:
    rows = strict(written("woocommerce"))
    assert [row["discount_type"] for row in rows] == ["percent", "fixed_cart"]
    assert [row["expiry_date"] for row in rows] == ["2025-08-01"] * 2  # it ends at that day's beginning
    assert [row["email_restrictions"] for row in rows] == ["ann@example.com", "fang@example.com"]
    assert all(NUMBER.fullmatch(row["coupon_amount"]) for row in rows)


def test_klaviyo() -> None:
    rows = strict(written("klaviyo"))
    assert next(iter(rows[0])) == "Email"
    assert {row["Email Marketing Consent"] for row in rows} == {"SUBSCRIBED"}
    by_phone = strict(written("klaviyo", email=["", ""]))
    assert next(iter(by_phone[0])) == "Phone Number"
    assert all(re.fullmatch(r"\+\d{6,15}", row["Phone Number"]) for row in by_phone)  # E.164
    assert strict(written("klaviyo-coupons")) == [{"Coupon": code} for code in CODES]


def test_mailchimp() -> None:
    rows = strict(written("mailchimp", reason=["长" * 200, "short"]))
    assert next(iter(rows[0])) == "Email Address"
    assert [row["Birthday"] for row in rows] == ["07/03", "12/24"]
    assert all(len(cell.encode()) <= MAILCHIMP_BYTES for row in rows for cell in row.values())
    assert rows[0]["Reason"] == "长" * 85


def test_square() -> None:
    rows = strict(written("square"))
    assert list(rows[0])[:5] == ["First Name", "Last Name", "Email Address", "Phone Number", "Birthday"]
    assert [row["Birthday"] for row in rows] == ["1990-07-03", ""]
    assert {row["Email Subscription Status"] for row in rows} == {"subscribed"}


def test_chinese_lists() -> None:
    rows = strict(written("sms-cn"), "gb18030")
    assert list(rows[0])[:5] == ["手机号", "姓名", "优惠码", "有效期", "标签"]
    assert [row["手机号"] for row in rows] == ["+447700900123", "13812345678"]
    assert [row["优惠码"] for row in rows] == CODES
    book = CalamineWorkbook.from_filelike(io.BytesIO(written("sms-cn-xlsx")))
    sheet = book.get_sheet_by_index(0).to_python()
    assert sheet[0][:5] == ["手机号", "姓名", "优惠码", "有效期", "标签"]
    assert sheet[2][0] == "13812345678"  # text, not a number


def test_wechat_pay() -> None:
    lines = written("wechat-pay").decode("ascii").split("\r\n")
    assert lines == [*CODES, ""]
    assert all(re.fullmatch(r"[0-9a-zA-Z_-]{1,32}", line) for line in lines[:-1])


def test_everything() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv").decode("utf-8-sig"), newline="")))
    assert [row["Coupon code"] for row in rows] == CODES
    assert rows[0]["Message"] == "Hello\nAnn, “tea”"
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(written("xlsx"))).get_sheet_by_index(0).to_python()
    assert sheet[1][7] == 10.0  # a number


PLATFORM_FILES = [key for key, layout in LAYOUTS.items() if layout.suffix == "csv" and key != "wechat-pay"]


@pytest.mark.parametrize("key", PLATFORM_FILES)
def test_no_cell_is_a_formula(key: str) -> None:
    data = written(key, name=["=cmd()", "@SUM(1)"])
    text = data.decode("gb18030" if key == "sms-cn" else "utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            assert not re.match(r"[=@\-\t\r]", cell), cell
            assert not cell.startswith("+") or re.fullmatch(r"\+\d{6,15}", cell)


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=5))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_any_text_comes_back(rows: list[tuple[str, str]]) -> None:
    clean = [tuple(re.sub("[\r\n\0\ud800-\udfff]", "", cell) for cell in row) for row in rows]
    data = platform_csv(pd.DataFrame(clean, columns=["a", "b"]))
    back = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
    assert back[1:] == [[platform_cell(cell) for cell in row] for row in clean]


@given(st.text(max_size=200), st.integers(0, 60))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_cut_never_halves_a_character(text: str, most: int) -> None:
    text = re.sub("[\ud800-\udfff]", "", text)
    assert len(cut(text, most).encode()) <= most
    assert text.startswith(cut(text, most))


def test_names() -> None:
    check: Callable[[str], tuple[str, str]] = split_name
    assert check(" Ann Lee ") == ("Ann", "Lee")

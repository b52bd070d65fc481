"""Balances as files: each layout read back by its own headings; no message list holds a refusal."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from loyalty.exports.balance_files import balance_file, balances_with_contacts
from loyalty.words import words_for

WORDS = words_for("en", "USD")
NAMES = {"gold": "Gold", "base": "Base"}


@pytest.fixture
def everybody() -> pd.DataFrame:
    balances = pd.DataFrame(
        {
            "customer_id": ["a", "b", "c"],
            "tier": ["gold", "base", "base"],
            "points": [120, 0, 7],
            "pending": [5, 0, 0],
            "debt": [0, 3, 0],
            "worth": [3.6, 0.0, 0.21],
            "expires_on": pd.to_datetime(["2026-03-31", None, None]),
            "expiring": [20, 0, 0],
        }
    )
    contacts = pd.DataFrame(
        {
            "customer_id": ["a", "b"],
            "name": ["Ann Lee", "=Bob"],
            "email": ["ann@x.org", "bob@x.org"],
            "phone": ["+8613912345678", None],
        }
    )
    consents = pd.DataFrame(
        {"customer_id": ["a", "b"], "medium": ["email", "email"], "granted": [True, False]}
    )
    tags = pd.DataFrame({"customer_id": ["a"], "tags": ["vip, points:90, local"]})
    return balances_with_contacts(balances, contacts, consents, tags)


def rows(layout: str, people: pd.DataFrame) -> list[dict[str, str]]:
    text = balance_file(layout, people, NAMES, WORDS).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_shopify_keeps_the_owners_own_tags(everybody: pd.DataFrame) -> None:
    written = rows("shopify", everybody)
    assert written[0] == {
        "First Name": "Ann",
        "Last Name": "Lee",
        "Email": "ann@x.org",
        "Tags": "vip, local, points:120, tier:Gold",
    }
    assert len(written) == 2


@pytest.mark.parametrize(("layout", "column"), [("klaviyo", "Email"), ("mailchimp", "Email Address")])
def test_lists_for_messages_leave_out_refusals(everybody: pd.DataFrame, layout: str, column: str) -> None:
    written = rows(layout, everybody)
    assert [row[column] for row in written] == ["ann@x.org"]
    if layout == "klaviyo":
        assert (written[0]["Email Marketing Consent"], written[0]["Points"], written[0]["Points Value"]) == (
            "TRUE",
            "120",
            "3.60",
        )


def test_the_chinese_list_begins_with_the_number(everybody: pd.DataFrame) -> None:
    written = rows("sms", everybody)
    assert next(iter(written[0])) == "手机号"
    assert (written[0]["手机号"], written[0]["积分"], written[0]["有效期"]) == (
        "13912345678",
        "120",
        "2026-03-31",
    )


def test_everything_is_in_the_plain_file_and_formulas_are_not(everybody: pd.DataFrame) -> None:
    written = rows("generic", everybody)
    assert [row["Points"] for row in written] == ["120", "0", "7"]
    assert written[1]["Name"] == "'=Bob"
    assert balance_file("xlsx", everybody, NAMES, WORDS)[:2] == b"PK"


@pytest.mark.parametrize(("layout", "column"), [("square", "Phone Number"), ("sms", "手机号")])
def test_foreign_phone_numbers_are_written_as_platforms_read_them(
    everybody: pd.DataFrame, layout: str, column: str
) -> None:
    customers = everybody.assign(phone=["+447700900123", "+1+cmd", ""])
    assert [row[column] for row in rows(layout, customers)][:2] == ["+447700900123", "'+1+cmd"]


def test_square_has_a_memo(everybody: pd.DataFrame) -> None:
    assert rows("square", everybody)[0]["Memo"] == "points:120 tier:Gold"

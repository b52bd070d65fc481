"""Balances as files: each layout read back by its own headings; whoever said no is in no list for messages."""

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


def rows(layout: str, known: pd.DataFrame) -> list[dict[str, str]]:
    text = balance_file(layout, known, NAMES, WORDS).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_shopify_keeps_the_owners_own_tags(everybody: pd.DataFrame) -> None:
    found = rows("shopify", everybody)
    assert found[0] == {
        "First Name": "Ann",
        "Last Name": "Lee",
        "Email": "ann@x.org",
        "Tags": "vip, local, points:120, tier:Gold",
    }
    assert len(found) == 2


@pytest.mark.parametrize(("layout", "column"), [("klaviyo", "Email"), ("mailchimp", "Email Address")])
def test_lists_for_messages_leave_out_whoever_said_no(
    everybody: pd.DataFrame, layout: str, column: str
) -> None:
    found = rows(layout, everybody)
    assert [row[column] for row in found] == ["ann@x.org"]
    if layout == "klaviyo":
        assert (found[0]["Email Marketing Consent"], found[0]["Points"], found[0]["Points Value"]) == (
            "TRUE",
            "120",
            "3.60",
        )


def test_the_chinese_list_begins_with_the_number(everybody: pd.DataFrame) -> None:
    found = rows("sms", everybody)
    assert next(iter(found[0])) == "手机号"
    assert (found[0]["手机号"], found[0]["积分"], found[0]["有效期"]) == ("13912345678", "120", "2026-03-31")


def test_everything_is_in_the_plain_file_and_formulas_are_not(everybody: pd.DataFrame) -> None:
    found = rows("generic", everybody)
    assert [row["Points"] for row in found] == ["120", "0", "7"]
    assert found[1]["Name"] == "'=Bob"
    assert balance_file("xlsx", everybody, NAMES, WORDS)[:2] == b"PK"


def test_square_has_a_memo(everybody: pd.DataFrame) -> None:
    assert rows("square", everybody)[0]["Memo"] == "points:120 tier:Gold"

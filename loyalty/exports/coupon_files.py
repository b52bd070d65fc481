"""Coupon lists as files: one for people to read and for any mailing tool, one that WooCommerce imports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from loyalty.campaigns.sentences import discount_text
from loyalty.exports.table import to_csv, to_xlsx
from loyalty.words.speaker import Words

CONTACT_FIELDS = ("name", "email", "phone")
WOOCOMMERCE_TYPES = {"percent": "percent", "fixed": "fixed_cart"}
WOOCOMMERCE_HEADER = (
    "coupon_code",
    "discount_type",
    "coupon_amount",
    "expiry_date",
    "usage_limit",
    "individual_use",
    "minimum_amount",
    "email_restrictions",
)
NO_NAMES: Mapping[str, str] = {}


def coupon_table(
    coupons: pd.DataFrame, contacts: pd.DataFrame, words: Words, segment_names: Mapping[str, str] = NO_NAMES
) -> pd.DataFrame:
    """The coupons as a table under the reader's headings, in the coupons' order.

    `coupons`: as from `loyalty.rewards.coupons.issue`. `contacts`: customer_id and any of name, email, phone,
    one row a customer; the caller removes contacts without consent. `segment_names`: shown name by
    segment key.
    """
    people = with_contacts(coupons, contacts)
    people["segment"] = [segment_names.get(key, key) for key in people["segment"]]
    terms = zip(people["kind"], people["value"], people["minimum_spend"], people["currency"], strict=True)
    people["offer"] = [discount_text(*each, words) for each in terms]
    headings = _headings(words)
    return people[list(headings)].rename(columns=headings)


def coupons_csv(table: pd.DataFrame) -> bytes:
    """A `coupon_table` as CSV (UTF-8 with BOM)."""
    return to_csv(table)


def coupons_xlsx(table: pd.DataFrame, words: Words) -> bytes:
    """A `coupon_table` as a workbook."""
    return to_xlsx(table, sheet=words.say("Coupons"))


def woocommerce_csv(coupons: pd.DataFrame, contacts: pd.DataFrame) -> bytes:
    """The coupons as WooCommerce coupon importers read them: WOOCOMMERCE_HEADER, UTF-8 without BOM.

    Each works once, alone, and only for the customer's e-mail where `contacts` has one. WooCommerce ends a
    coupon at 00:00 of its expiry date (github.com/woocommerce/woocommerce/issues/59759), so the file names
    the day after `expires_on`, which is the customer's last valid day.
    """
    people = with_contacts(coupons, contacts)
    rows = {
        "coupon_code": people["code"],
        "discount_type": people["kind"].map(WOOCOMMERCE_TYPES),
        "coupon_amount": people["value"],
        "expiry_date": [day + dt.timedelta(days=1) for day in people["expires_on"]],
        "usage_limit": 1,
        "individual_use": "yes",
        "minimum_amount": [amount if amount else None for amount in people["minimum_spend"]],
        "email_restrictions": people["email"],
    }
    return to_csv(pd.DataFrame(rows, columns=list(WOOCOMMERCE_HEADER)), bom=False)


def with_contacts(coupons: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """`coupons` with name, email and phone beside each (empty text where unknown); same rows, same order."""
    by_customer = contacts.drop_duplicates("customer_id").set_index("customer_id")
    columns = by_customer.reindex(index=coupons["customer_id"], columns=list(CONTACT_FIELDS)).astype(object)
    columns = columns.where(columns.notna(), "").set_axis(coupons.index)
    return pd.concat([coupons, columns], axis=1)


def _headings(words: Words) -> dict[str, str]:
    """Headings by column, in the file's order."""
    return {
        "customer_id": words.say("Customer id"),
        "name": words.say("Name"),
        "email": words.say("E-mail"),
        "phone": words.say("Phone"),
        "segment": words.say("Segment"),
        "offer": words.say("Offer"),
        "code": words.say("Coupon code"),
        "value": words.say("Value"),
        "currency": words.say("Currency"),
        "minimum_spend": words.say("Minimum spend"),
        "valid_from": words.say("Valid from"),
        "expires_on": words.say("Expires on"),
        "reason": words.say("Reason"),
    }

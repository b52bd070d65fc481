"""A campaign's list in the layouts that platforms import: one writer for each layout, all from the same RECIPIENTS.

RECIPIENTS: one row for each recipient: customer_id, name, email, phone (text, "" where unknown or not allowed), birthday,
tags, segment (shown name), kind, value, minimum_spend (Decimal), currency, code, valid_from, expires_on (dates, inclusive),
offer, reason, product, message (text).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from loyalty.campaigns.plan import COUNTER, EMAIL, SMS, WECHAT
from loyalty.exports.coupon_files import woocommerce_csv
from loyalty.exports.platform_csv import platform_csv, split_name
from loyalty.exports.table import to_csv, to_xlsx
from loyalty.words import N_, Words

MAILCHIMP_BYTES = 255  # of a merge field
WECHAT_PAY_CODE = 32  # characters of [0-9a-zA-Z-_]
Writer = Callable[[pd.DataFrame, Words], bytes]


@dataclass(frozen=True)
class Layout:
    """A file layout. `media`: the campaign media it is made for."""

    key: str
    title: str
    media: tuple[str, ...]
    suffix: str
    write: Writer


def shopify_customers(recipients: pd.DataFrame, _words: Words) -> bytes:
    """Shopify's customer import. An import replaces tags, so the owner's own are included."""
    rows = _named(recipients)
    rows["Email"], rows["Accepts Email Marketing"], rows["Phone"] = (
        recipients["email"],
        "yes",
        recipients["phone"],
    )
    rows["Tags"] = [
        ", ".join([*_own_tags(tags), tag(f"segment {segment}"), tag(f"coupon {code}")])
        for tags, segment, code in zip(
            recipients["tags"], recipients["segment"], recipients["code"], strict=True
        )
    ]
    return platform_csv(rows)


def shopify_discounts(recipients: pd.DataFrame, words: Words) -> bytes:
    """Discount codes as bulk-discount apps for Shopify read them; Shopify itself imports none."""
    rows = {
        "title": recipients["offer"],
        "discount_type": recipients["kind"].map({"percent": "percentage", "fixed": "fixed"}),
        "discount_value": _amounts(recipients["value"]),
        "code": recipients["code"],
        "starts_at": _days(recipients["valid_from"]),
        "ends_at": _days(recipients["expires_on"]),
        "usage": "1",
        "minimum_purchase_amount": _amounts(recipients["minimum_spend"], blank=True),
        "email": recipients["email"],
    }
    return platform_csv(pd.DataFrame(rows))


def woocommerce(recipients: pd.DataFrame, _words: Words) -> bytes:
    """WooCommerce's coupons, each for its customer's e-mail."""
    coupons = recipients.drop(columns=["name", "email", "phone"])
    return woocommerce_csv(coupons, recipients[["customer_id", "name", "email", "phone"]])


def klaviyo_profiles(recipients: pd.DataFrame, _words: Words) -> bytes:
    """Klaviyo's profiles with the coupon as a property of each."""
    by_mail = bool(recipients["email"].ne("").all())
    rows = pd.DataFrame({"Email": recipients["email"]} if by_mail else {"Phone Number": recipients["phone"]})
    rows = pd.concat([rows, _named(recipients)], axis=1)
    rows["Email Marketing Consent" if by_mail else "SMS Marketing Consent"] = "SUBSCRIBED"
    return platform_csv(pd.concat([rows, _properties(recipients)], axis=1))


def klaviyo_coupons(recipients: pd.DataFrame, _words: Words) -> bytes:
    """Klaviyo's coupon upload: one column."""
    return platform_csv(pd.DataFrame({"Coupon": recipients["code"]}))


def mailchimp(recipients: pd.DataFrame, _words: Words) -> bytes:
    """Mailchimp's audience import; values longer than a merge field are cut."""
    rows = pd.DataFrame({"Email Address": recipients["email"]})
    rows = pd.concat([rows, _named(recipients)], axis=1)
    rows["Birthday"] = [_month_day(birthday) for birthday in recipients["birthday"]]
    rows = pd.concat([rows, _properties(recipients)], axis=1)
    return platform_csv(rows.map(lambda text: cut(str(text), MAILCHIMP_BYTES)))


def square(recipients: pd.DataFrame, _words: Words) -> bytes:
    """Square's customer import."""
    rows = _named(recipients)
    rows["Email Address"], rows["Phone Number"] = recipients["email"], recipients["phone"]
    rows["Birthday"] = [text if len(text) == 10 else "" for text in recipients["birthday"]]
    rows["Email Subscription Status"] = ["subscribed" if email else "" for email in recipients["email"]]
    rows["Memo"] = recipients["code"]
    return platform_csv(rows)


def chinese_csv(recipients: pd.DataFrame, _words: Words) -> bytes:
    """短信 and 企业微信 lists, as GB18030, which Chinese Excel and those platforms open right."""
    return platform_csv(_chinese(recipients), "gb18030")


def chinese_xlsx(recipients: pd.DataFrame, _words: Words) -> bytes:
    """The same as a workbook, phone numbers as text."""
    return to_xlsx(_chinese(recipients), sheet="名单")


def wechat_pay(recipients: pd.DataFrame, _words: Words) -> bytes:
    """微信支付 coupon codes to upload: one a line, at most 32 of 0-9 a-z A-Z - _."""
    wrong = [
        code
        for code in recipients["code"]
        if not re.fullmatch(rf"[0-9A-Za-z_-]{{1,{WECHAT_PAY_CODE}}}", code)
    ]
    assert not wrong, wrong  # our own codes are of these characters
    return "".join(f"{code}\r\n" for code in recipients["code"]).encode()


def generic_csv(recipients: pd.DataFrame, words: Words) -> bytes:
    """All columns, for a mail merge or a spreadsheet."""
    return to_csv(full_table(recipients, words))


def generic_xlsx(recipients: pd.DataFrame, words: Words) -> bytes:
    """All columns as a workbook."""
    return to_xlsx(full_table(recipients, words), sheet=words.say("Coupons"))


def full_table(recipients: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The recipients under the reader's headings."""
    headings = {
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
        "product": words.say("Product"),
        "reason": words.say("Reason"),
        "message": words.say("Message"),
    }
    return recipients[list(headings)].rename(columns=headings)


LAYOUTS = {
    layout.key: layout
    for layout in (
        Layout("csv", N_("Everything (CSV)"), (EMAIL, SMS, WECHAT, COUNTER), "csv", generic_csv),
        Layout("xlsx", N_("Everything (Excel)"), (EMAIL, SMS, WECHAT, COUNTER), "xlsx", generic_xlsx),
        Layout("shopify-customers", N_("Shopify customers with tags"), (EMAIL,), "csv", shopify_customers),
        Layout(
            "shopify-discounts",
            N_("Shopify discount codes"),
            (EMAIL, SMS, WECHAT, COUNTER),
            "csv",
            shopify_discounts,
        ),
        Layout("woocommerce", N_("WooCommerce coupons"), (EMAIL, SMS, WECHAT, COUNTER), "csv", woocommerce),
        Layout("klaviyo", N_("Klaviyo profiles"), (EMAIL, SMS), "csv", klaviyo_profiles),
        Layout("klaviyo-coupons", N_("Klaviyo coupons"), (EMAIL, SMS), "csv", klaviyo_coupons),
        Layout("mailchimp", N_("Mailchimp audience"), (EMAIL,), "csv", mailchimp),
        Layout("square", N_("Square customers"), (EMAIL, SMS), "csv", square),
        Layout(
            "sms-cn", N_("Chinese text messages, 企业微信, 有赞 (CSV)"), (SMS, WECHAT), "csv", chinese_csv
        ),
        Layout(
            "sms-cn-xlsx",
            N_("Chinese text messages, 企业微信, 有赞 (Excel)"),
            (SMS, WECHAT),
            "xlsx",
            chinese_xlsx,
        ),
        Layout("wechat-pay", N_("WeChat Pay coupon codes"), (EMAIL, SMS, WECHAT, COUNTER), "csv", wechat_pay),
    )
}


def _named(recipients: pd.DataFrame) -> pd.DataFrame:
    pairs = [split_name(name) for name in recipients["name"]]
    return pd.DataFrame(pairs, columns=["First Name", "Last Name"], index=recipients.index)


def _properties(recipients: pd.DataFrame) -> pd.DataFrame:
    """What each message says, as custom columns."""
    return pd.DataFrame(
        {
            "Customer Id": recipients["customer_id"],
            "Segment": recipients["segment"],
            "Offer": recipients["offer"],
            "Coupon": recipients["code"],
            "Value": _amounts(recipients["value"]),
            "Expires": _days(recipients["expires_on"]),
            "Reason": recipients["reason"],
            "Product": recipients["product"],
        }
    )


def _chinese(recipients: pd.DataFrame) -> pd.DataFrame:
    """手机号 without +86, as those platforms require; foreign numbers in full."""
    return pd.DataFrame(
        {
            "手机号": [phone.removeprefix("+86") for phone in recipients["phone"]],
            "姓名": recipients["name"],
            "优惠码": recipients["code"],
            "有效期": _days(recipients["expires_on"]),
            "标签": recipients["segment"],
            "优惠": recipients["offer"],
            "原因": recipients["reason"],
            "短信内容": recipients["message"],
        }
    )


def _amounts(values: pd.Series, *, blank: bool = False) -> list[str]:
    """Amounts as plain text, without trailing zeros; empty for 0 where `blank`."""
    return ["" if blank and not value else f"{Decimal(value).normalize() + 0:f}" for value in values]


def _days(days: pd.Series) -> list[str]:
    return [day.isoformat() if isinstance(day, dt.date) else "" for day in days]


def _month_day(birthday: str) -> str:
    """`MM/DD` of a birthday with or without its year."""
    return f"{birthday[-5:-3]}/{birthday[-2:]}" if birthday else ""


def _own_tags(tags: str) -> list[str]:
    return [part.strip() for part in tags.split(",") if part.strip()]


def tag(text: str) -> str:
    """Text as one tag: without commas, which separate tags."""
    return text.replace(",", " ")[:255]


def cut(text: str, most: int) -> str:
    """`text` cut to at most `most` bytes of UTF-8, at a character boundary."""
    return text.encode()[:most].decode("utf-8", errors="ignore")

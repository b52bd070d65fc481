"""Points balances as files: a general table, and the layouts that platforms import.

Lists for sending messages (Klaviyo, Mailchimp, SMS and 微信) hold only people who did not refuse that medium; consent
is written where the layout has a column for it. Shop records (Shopify, Square) hold everybody with an address; they do
not change consent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from loyalty.exports.platform_csv import platform_cell, split_name
from loyalty.exports.table import to_csv, to_xlsx
from loyalty.words.speaker import Words

POINTS_TAG, TIER_TAG = "points:", "tier:"
#: File extension by layout.
LAYOUTS: Mapping[str, str] = {
    "generic": "csv",
    "shopify": "csv",
    "square": "csv",
    "klaviyo": "csv",
    "mailchimp": "csv",
    "sms": "csv",
    "xlsx": "xlsx",
}


def balances_with_contacts(
    balances: pd.DataFrame, contacts: pd.DataFrame, consents: pd.DataFrame, tags: pd.DataFrame
) -> pd.DataFrame:
    """Balances with name, email, phone (empty where unknown), tags (the owner's own), and yes_/no_ email and sms (bool).

    `balances`: as `loyalty.services.points.balances`. `consents`: customer_id, medium, granted. `tags`: customer_id, tags.
    """
    people = balances.merge(contacts[["customer_id", "name", "email", "phone"]], how="left", on="customer_id")
    people = people.merge(tags[["customer_id", "tags"]], how="left", on="customer_id")
    for name in ("name", "email", "phone", "tags"):
        people[name] = people[name].astype(object).where(people[name].notna(), "")
    for medium in ("email", "sms"):
        answers = consents[consents["medium"] == medium]
        people[f"yes_{medium}"] = people["customer_id"].isin(
            answers.loc[answers["granted"].astype(bool), "customer_id"]
        )
        people[f"no_{medium}"] = people["customer_id"].isin(
            answers.loc[~answers["granted"].astype(bool), "customer_id"]
        )
    return people


def balance_table(people: pd.DataFrame, tier_names: Mapping[str, str], words: Words) -> pd.DataFrame:
    """All balances under the reader's headings."""
    return pd.DataFrame(
        {
            words.say("Customer id"): people["customer_id"],
            words.say("Name"): people["name"],
            words.say("E-mail"): people["email"],
            words.say("Phone"): people["phone"],
            words.say("Points"): people["points"],
            words.say("Pending points"): people["pending"],
            words.say("Take off now"): people["worth"],
            words.say("Tier"): [tier_names.get(key, key) for key in people["tier"]],
            words.say("Points that go next"): people["expiring"],
            words.say("on"): people["expires_on"],
        }
    )


def balance_file(layout: str, people: pd.DataFrame, tier_names: Mapping[str, str], words: Words) -> bytes:
    """The file of a layout (of LAYOUTS). `people`: as `balances_with_contacts`."""
    table = balance_table(people, tier_names, words)
    digits = {words.say("Take off now"): 2}
    if layout == "xlsx":
        return to_xlsx(table, sheet=words.say("Points"), digits=digits)
    if layout == "generic":
        return to_csv(table, digits=digits)
    rows = _WRITERS[layout](people.assign(tier=[tier_names.get(key, key) for key in people["tier"]]))
    return to_csv(
        rows, digits={"Points Value": 2, "PVALUE": 2, "可抵金额": 2}, bom=layout == "sms", guard=platform_cell
    )


def _shopify(people: pd.DataFrame) -> pd.DataFrame:
    """Customers by e-mail with their tags: an import replaces tags, so the owner's own are included."""
    rows = people[people["email"] != ""]
    names = [split_name(str(name)) for name in rows["name"]]
    tags = [
        ", ".join([*_own_tags(own), f"{POINTS_TAG}{points}", f"{TIER_TAG}{tier}"])
        for own, points, tier in zip(rows["tags"], rows["points"], rows["tier"], strict=True)
    ]
    return pd.DataFrame(
        {
            "First Name": [first for first, _ in names],
            "Last Name": [last for _, last in names],
            "Email": rows["email"].tolist(),
            "Tags": tags,
        }
    )


def _own_tags(text: str) -> list[str]:
    """The owner's own tags, unchanged."""
    parts = [part.strip() for part in text.replace(";", ",").replace("，", ",").split(",")]
    return [part for part in parts if part and not part.startswith((POINTS_TAG, TIER_TAG))]


def _square(people: pd.DataFrame) -> pd.DataFrame:
    rows = people[(people["email"] != "") | (people["phone"] != "")]
    names = [split_name(str(name)) for name in rows["name"]]
    memo = [
        f"{POINTS_TAG}{points} {TIER_TAG}{tier}"
        for points, tier in zip(rows["points"], rows["tier"], strict=True)
    ]
    return pd.DataFrame(
        {
            "First Name": [first for first, _ in names],
            "Last Name": [last for _, last in names],
            "Email Address": rows["email"].tolist(),
            "Phone Number": rows["phone"].tolist(),
            "Memo": memo,
        }
    )


def _klaviyo(people: pd.DataFrame) -> pd.DataFrame:
    """Profiles by e-mail; consent is written only where it was given."""
    rows = people[(people["email"] != "") & ~people["no_email"]]
    return pd.DataFrame(
        {
            "Email": rows["email"],
            "Email Marketing Consent": ["TRUE" if yes else "" for yes in rows["yes_email"]],
            "Points": rows["points"],
            "Points Pending": rows["pending"],
            "Points Value": rows["worth"],
            "Points Expiring": rows["expiring"],
            "Points Expire On": rows["expires_on"],
            "Tier": rows["tier"],
        }
    )


def _mailchimp(people: pd.DataFrame) -> pd.DataFrame:
    """Merge columns of at most ten letters."""
    rows = people[(people["email"] != "") & ~people["no_email"]]
    return pd.DataFrame(
        {
            "Email Address": rows["email"],
            "POINTS": rows["points"],
            "PVALUE": rows["worth"],
            "PEXPIRE": rows["expires_on"],
            "TIER": rows["tier"],
        }
    )


def _sms(people: pd.DataFrame) -> pd.DataFrame:
    """The Chinese lists: 手机号 first, mainland numbers without +86."""
    rows = people[(people["phone"] != "") & ~people["no_sms"]]
    return pd.DataFrame(
        {
            "手机号": [str(phone).removeprefix("+86") for phone in rows["phone"]],
            "姓名": rows["name"],
            "积分": rows["points"],
            "可抵金额": rows["worth"],
            "等级": rows["tier"],
            "有效期": rows["expires_on"],
        }
    )


_WRITERS: Mapping[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "shopify": _shopify,
    "square": _square,
    "klaviyo": _klaviyo,
    "mailchimp": _mailchimp,
    "sms": _sms,
}

"""Balances of points as files: one for everybody to read, and the layouts that platforms import.

Lists for sending messages (Klaviyo, Mailchimp, SMS and 微信) hold only people who did not say no to that medium; what they
said yes to is written where the layout has a place for it. Shop records (Shopify, Square) hold everybody with an address;
nothing in them changes what a person agreed to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from loyalty.exports.table import to_csv, to_xlsx
from loyalty.words.speaker import Words

POINTS_TAG, TIER_TAG = "points:", "tier:"
#: Layout to its file's ending.
LAYOUTS: Mapping[str, str] = {
    "generic": "csv", "shopify": "csv", "square": "csv", "klaviyo": "csv", "mailchimp": "csv", "sms": "csv", "xlsx": "xlsx",
}  # fmt: skip


def balances_with_contacts(
    balances: pd.DataFrame, contacts: pd.DataFrame, consents: pd.DataFrame, tags: pd.DataFrame
) -> pd.DataFrame:
    """Balances with name, email, phone (empty where unknown), tags (the owner's own), and yes_/no_ email and sms (bool).

    `balances`: as `loyalty.services.points.balances`. `consents`: customer_id, medium, granted. `tags`: customer_id, tags.
    """
    found = balances.merge(contacts[["customer_id", "name", "email", "phone"]], how="left", on="customer_id")
    found = found.merge(tags[["customer_id", "tags"]], how="left", on="customer_id")
    for name in ("name", "email", "phone", "tags"):
        found[name] = found[name].astype(object).where(found[name].notna(), "")
    for medium in ("email", "sms"):
        told = consents[consents["medium"] == medium]
        found[f"yes_{medium}"] = found["customer_id"].isin(
            told.loc[told["granted"].astype(bool), "customer_id"]
        )
        found[f"no_{medium}"] = found["customer_id"].isin(
            told.loc[~told["granted"].astype(bool), "customer_id"]
        )
    return found


def balance_table(known: pd.DataFrame, tier_names: Mapping[str, str], words: Words) -> pd.DataFrame:
    """Everybody, under the reader's headings: who, points, pending, what they take off, tier, what goes next and when."""
    return pd.DataFrame(
        {
            words.say("Customer id"): known["customer_id"],
            words.say("Name"): known["name"],
            words.say("E-mail"): known["email"],
            words.say("Phone"): known["phone"],
            words.say("Points"): known["points"],
            words.say("Pending points"): known["pending"],
            words.say("Take off now"): known["worth"],
            words.say("Tier"): [tier_names.get(key, key) for key in known["tier"]],
            words.say("Points that go next"): known["expiring"],
            words.say("on"): known["expires_on"],
        }
    )


def balance_file(layout: str, known: pd.DataFrame, tier_names: Mapping[str, str], words: Words) -> bytes:
    """The file of a layout (of LAYOUTS). `known`: as `balances_with_contacts`."""
    table = balance_table(known, tier_names, words)
    digits = {words.say("Take off now"): 2}
    if layout == "xlsx":
        return to_xlsx(table, sheet=words.say("Points"), digits=digits)
    if layout == "generic":
        return to_csv(table, digits=digits)
    made = _MADE[layout](known.assign(tier=[tier_names.get(key, key) for key in known["tier"]]))
    return to_csv(made, digits={"Points Value": 2, "PVALUE": 2, "可抵金额": 2}, bom=layout == "sms")


def _shopify(known: pd.DataFrame) -> pd.DataFrame:
    """Customers by e-mail with their tags: importing replaces tags, so the owner's own are kept beside ours."""
    rows = known[known["email"] != ""]
    first, last = _names(rows)
    tags = [
        ", ".join([*_own_tags(own), f"{POINTS_TAG}{points}", f"{TIER_TAG}{tier}"])
        for own, points, tier in zip(rows["tags"], rows["points"], rows["tier"], strict=True)
    ]
    return pd.DataFrame(
        {"First Name": first, "Last Name": last, "Email": rows["email"].tolist(), "Tags": tags}
    )


def _own_tags(text: str) -> list[str]:
    """The tags that are not ours, as they stand."""
    parts = [part.strip() for part in text.replace(";", ",").replace("，", ",").split(",")]
    return [part for part in parts if part and not part.startswith((POINTS_TAG, TIER_TAG))]


def _square(known: pd.DataFrame) -> pd.DataFrame:
    rows = known[(known["email"] != "") | (known["phone"] != "")]
    first, last = _names(rows)
    memo = [
        f"{POINTS_TAG}{points} {TIER_TAG}{tier}"
        for points, tier in zip(rows["points"], rows["tier"], strict=True)
    ]
    return pd.DataFrame(
        {
            "First Name": first,
            "Last Name": last,
            "Email Address": rows["email"].tolist(),
            "Phone Number": rows["phone"].tolist(),
            "Memo": memo,
        }
    )


def _klaviyo(known: pd.DataFrame) -> pd.DataFrame:
    """Profiles: the address first; consent is named only where it was given."""
    rows = known[(known["email"] != "") & ~known["no_email"]]
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


def _mailchimp(known: pd.DataFrame) -> pd.DataFrame:
    """Merge columns of at most ten letters."""
    rows = known[(known["email"] != "") & ~known["no_email"]]
    return pd.DataFrame(
        {
            "Email Address": rows["email"],
            "POINTS": rows["points"],
            "PVALUE": rows["worth"],
            "PEXPIRE": rows["expires_on"],
            "TIER": rows["tier"],
        }
    )


def _sms(known: pd.DataFrame) -> pd.DataFrame:
    """The Chinese lists: 手机号 first, digits alone for numbers of the mainland."""
    rows = known[(known["phone"] != "") & ~known["no_sms"]]
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


def _names(rows: pd.DataFrame) -> tuple[list[str], list[str]]:
    """First and last names: what stands before the last space, and after it."""
    parts = [str(name).rpartition(" ") for name in rows["name"]]
    return [first or last for first, _, last in parts], [last if first else "" for first, _, last in parts]


_MADE: Mapping[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "shopify": _shopify,
    "square": _square,
    "klaviyo": _klaviyo,
    "mailchimp": _mailchimp,
    "sms": _sms,
}

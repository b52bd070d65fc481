"""Coupons: an unguessable code for each chosen customer whose segment has an offer, and their cost."""

from __future__ import annotations

import datetime as dt
import math
import secrets
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import pandas as pd

from loyalty.rewards.errors import NoFreshCodes
from loyalty.rewards.programme.programme import Offer
from loyalty.words.speaker import Words

# No 0 O 1 I L, which are misread, and no vowels, so that no code spells a word.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP_LENGTH = 3, 5
CODE_BITS = GROUPS * GROUP_LENGTH * math.log2(len(ALPHABET))  # 72.1 bits of chance in each code
TRIES_PER_CODE = 20

Draw = Callable[[int], int]
COUPONS = (
    "customer_id", "code", "kind", "value", "currency", "minimum_spend", "valid_from", "expires_on", "segment", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class IssuedCoupons:
    """Coupons and what was left out.

    `coupons`: one row a customer, in the order chosen: customer_id, code, kind, value, currency,
    minimum_spend, valid_from, expires_on, segment, reason. Value and minimum are Decimal, the days are dates
    (both inclusive), segment is the offer's key.
    `without_offer`: customers whose segment has no offer.
    `repeated`: rows of customers chosen more than once; the first row counts.
    """

    coupons: pd.DataFrame
    without_offer: int
    repeated: int


def issue(
    chosen: pd.DataFrame,
    offers: Sequence[Offer],
    *,
    valid_from: dt.date,
    currency: str,
    reason: Callable[[str], str],
    existing_codes: AbstractSet[str] = frozenset(),
    draw: Draw = secrets.randbelow,
) -> IssuedCoupons:
    """A coupon for each chosen customer whose segment has an offer.

    `chosen`: customer_id, segment (the key that offers name). `reason(customer_id)`: why they get it
    (`reasons`). `existing_codes`: codes out already, in any case. `draw(n)`: a random whole number in [0, n),
    unpredictable unless a test gives its own. Raises NoFreshCodes when `draw` keeps repeating codes.
    """
    people = chosen.drop_duplicates("customer_id")
    by_segment = {offer.segment_key: offer for offer in offers}
    pairs = [
        (str(customer), by_segment[segment])
        for customer, segment in zip(people["customer_id"], people["segment"], strict=True)
        if segment in by_segment
    ]
    due = pd.DataFrame(
        {
            "customer_id": [customer for customer, _ in pairs],
            "kind": [offer.kind for _, offer in pairs],
            "value": [offer.value for _, offer in pairs],
            "minimum_spend": [offer.minimum_spend for _, offer in pairs],
            "valid_from": valid_from,
            "expires_on": [valid_from + dt.timedelta(days=offer.valid_days) for _, offer in pairs],
            "segment": [offer.segment_key for _, offer in pairs],
        }
    )
    made = issue_for_gifts(due, currency=currency, reason=reason, existing_codes=existing_codes, draw=draw)
    return IssuedCoupons(made.coupons, len(people) - len(pairs), len(chosen) - len(people))


def issue_for_gifts(
    due: pd.DataFrame,
    *,
    currency: str,
    reason: Callable[[str], str],
    existing_codes: AbstractSet[str] = frozenset(),
    draw: Draw = secrets.randbelow,
) -> IssuedCoupons:
    """A coupon for each row of `due`: customer_id, kind, value, minimum_spend, valid_from, expires_on, segment. The rest as in
    `issue`."""
    coupons = due.assign(
        code=new_codes(len(due), existing_codes, draw),
        currency=currency,
        reason=[reason(str(who)) for who in due["customer_id"]],
    )
    return IssuedCoupons(coupons[list(COUPONS)].reset_index(drop=True), 0, 0)


def new_codes(
    n: int, existing_codes: AbstractSet[str] = frozenset(), draw: Draw = secrets.randbelow
) -> list[str]:
    """`n` different codes like `7KQ2M-X9BTC-4HWRP`, none of them in `existing_codes` (in any case).

    17 characters of [2-9 A-Z -], 15 of them drawn evenly from 28: 72 bits each. Raises NoFreshCodes.
    """
    taken = {code.upper() for code in existing_codes}
    codes: list[str] = []
    for _ in range(n * TRIES_PER_CODE):
        if len(codes) == n:
            break
        code = _code(draw)
        if code not in taken:
            taken.add(code)
            codes.append(code)
    if len(codes) < n:
        raise NoFreshCodes()
    return codes


def coupon_cost(coupons: pd.DataFrame, aov: float) -> float:
    """What the coupons cost if every one is redeemed, once, on an order of the usual size.

    `coupons`: as from `issue`; `aov`: the shop's average order. Fixed: its value. Percent: value % of `aov`,
    or of the minimum spend where that is higher, since a smaller order could not use it.
    """
    percent = coupons["kind"].eq("percent")
    value, minimum = coupons["value"].astype(float), coupons["minimum_spend"].astype(float)
    return float(value.where(~percent, value / 100 * minimum.clip(lower=aov)).sum())


def reasons(customers: pd.DataFrame, as_of: dt.date, words: Words) -> dict[str, str]:
    """For each customer their own facts: "Bought 7 times; usual gap 24 days; last seen 41 days ago".

    `customers`: CUSTOMERS up to `as_of`. The usual gap is the mean over their purchase days, first to last,
    and is left out for those with one purchase day.
    """
    first, last = customers["first_at"].dt.normalize(), customers["last_at"].dt.normalize()
    spans = (last - first).dt.days
    silences = (pd.Timestamp(as_of) - last).dt.days
    facts = zip(
        customers["customer_id"], customers["orders"], customers["days"], spans, silences, strict=True
    )
    return {
        str(customer): _reason(int(orders), int(days), int(span), int(silence), words)
        for customer, orders, days, span, silence in facts
    }


def without_offer_sentence(issued: IssuedCoupons, words: Words) -> str:
    """A sentence on those who got no coupon; empty when everyone did."""
    if not issued.without_offer:
        return ""
    return words.plural(
        "{n} chosen customer got no coupon, because their segment has no offer.",
        "{n} chosen customers got no coupon, because their segment has no offer.",
        issued.without_offer,
    )


def excluded_sentence(people: int, words: Words) -> str:
    """A sentence on those who are on no list; empty where there are none."""
    if not people:
        return ""
    return words.plural(
        "{n} person is left out, as they said no to messages or are held back from a running campaign.",
        "{n} people are left out, as they said no to messages or are held back from a running campaign.",
        people,
    )


def _code(draw: Draw) -> str:
    letters = [ALPHABET[draw(len(ALPHABET))] for _ in range(GROUPS * GROUP_LENGTH)]
    return "-".join("".join(letters[i : i + GROUP_LENGTH]) for i in range(0, len(letters), GROUP_LENGTH))


def _reason(orders: int, days: int, span: int, silence: int, words: Words) -> str:
    parts = [words.plural("Bought once", "Bought {n} times", orders)]
    if days > 1:
        parts.append(words.plural("usual gap {n} day", "usual gap {n} days", round(span / (days - 1))))
    if silence <= 0:
        parts.append(words.say("last seen today"))
    else:
        parts.append(words.plural("last seen {n} day ago", "last seen {n} days ago", silence))
    return words.say("; ").join(parts)

"""Coupons: an unguessable code for each chosen customer whose segment has an offer, and what they cost."""

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
CODE_BITS = GROUPS * GROUP_LENGTH * math.log2(len(ALPHABET))  # 72.1 random bits in each code
TRIES_PER_CODE = 20

Draw = Callable[[int], int]
COUPONS = (
    "customer_id",
    "code",
    "kind",
    "value",
    "currency",
    "minimum_spend",
    "valid_from",
    "expires_on",
    "segment",
    "reason",
)


@dataclass(frozen=True)
class IssuedCoupons:
    """Issued coupons, and how many chosen customers got none.

    `coupons`: one row a customer, in the order chosen: customer_id, code, kind, value, currency,
    minimum_spend, valid_from, expires_on, segment, reason. Value and minimum are Decimal, the days are dates
    (both inclusive), segment is the offer's key.
    `without_offer`: how many customers' segments have no offer.
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
    """Issue a coupon for each chosen customer whose segment has an offer.

    Args:
        chosen: customer_id, segment (the offers' `segment_key`).
        offers: at most one a segment.
        valid_from: the first day of the coupons.
        currency: the shop's currency.
        reason: the sentence why a customer gets it (see `reasons`).
        existing_codes: codes issued already, in upper or lower case.
        draw: a random whole number in [0, n), unpredictable except in tests.

    Raises:
        NoFreshCodes: `draw` keeps repeating codes.
    """
    customers = chosen.drop_duplicates("customer_id")
    by_segment = {offer.segment_key: offer for offer in offers}
    pairs = [
        (str(customer), by_segment[segment])
        for customer, segment in zip(customers["customer_id"], customers["segment"], strict=True)
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
    issued = issue_for_gifts(due, currency=currency, reason=reason, existing_codes=existing_codes, draw=draw)
    return IssuedCoupons(issued.coupons, len(customers) - len(pairs), len(chosen) - len(customers))


def issue_for_gifts(
    due: pd.DataFrame,
    *,
    currency: str,
    reason: Callable[[str], str],
    existing_codes: AbstractSet[str] = frozenset(),
    draw: Draw = secrets.randbelow,
) -> IssuedCoupons:
    """Issue a coupon for each row of `due`: customer_id, kind, value, minimum_spend, valid_from, expires_on, segment.

    The other arguments as in `issue`.
    """
    coupons = due.assign(
        code=new_codes(len(due), existing_codes, draw),
        currency=currency,
        reason=[reason(str(customer)) for customer in due["customer_id"]],
    )
    return IssuedCoupons(coupons[list(COUPONS)].reset_index(drop=True), 0, 0)


def new_codes(
    n: int, existing_codes: AbstractSet[str] = frozenset(), draw: Draw = secrets.randbelow
) -> list[str]:
    """`n` different codes like `7KQ2M-X9BTC-4HWRP`, none of them in `existing_codes` (in any case).

    17 characters of [2-9 A-Z -], 15 of them drawn evenly from 28: 72 bits each. Raises NoFreshCodes.
    """
    used_codes = {code.upper() for code in existing_codes}
    codes: list[str] = []
    for _ in range(n * TRIES_PER_CODE):
        if len(codes) == n:
            break
        code = _code(draw)
        if code not in used_codes:
            used_codes.add(code)
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
    """For each customer a sentence of facts: "Bought 7 times; usual gap 24 days; last seen 41 days ago".

    `customers`: CUSTOMERS up to `as_of`. The usual gap is the mean over their purchase days, first to last,
    and is left out for those with one purchase day.
    """
    first, last = customers["first_at"].dt.normalize(), customers["last_at"].dt.normalize()
    spans = (last - first).dt.days
    recencies = (pd.Timestamp(as_of) - last).dt.days
    facts = zip(
        customers["customer_id"], customers["orders"], customers["days"], spans, recencies, strict=True
    )
    return {
        str(customer): _reason(int(orders), int(days), int(span), int(recency), words)
        for customer, orders, days, span, recency in facts
    }


def without_offer_sentence(issued: IssuedCoupons, words: Words) -> str:
    """How many got no coupon because their segment has no offer; empty when everyone did."""
    if not issued.without_offer:
        return ""
    return words.plural(
        "{n} chosen customer got no coupon, because their segment has no offer.",
        "{n} chosen customers got no coupon, because their segment has no offer.",
        issued.without_offer,
    )


def excluded_sentence(customers: int, words: Words) -> str:
    """How many are on no list as they opted out or are in a control group; empty where there are none."""
    if not customers:
        return ""
    return words.plural(
        "{n} person is left out, as they said no to messages or are held back from a running campaign.",
        "{n} people are left out, as they said no to messages or are held back from a running campaign.",
        customers,
    )


def _code(draw: Draw) -> str:
    letters = [ALPHABET[draw(len(ALPHABET))] for _ in range(GROUPS * GROUP_LENGTH)]
    return "-".join("".join(letters[i : i + GROUP_LENGTH]) for i in range(0, len(letters), GROUP_LENGTH))


def _reason(orders: int, days: int, span: int, recency: int, words: Words) -> str:
    # Not one plural pair: the status "Bought once" has a translation of its own, and a catalogue holds one a key.
    once = words.say("Bought once")
    parts = [once if orders == 1 else words.plural("Bought {n} time", "Bought {n} times", orders)]
    if days > 1:
        parts.append(words.plural("usual gap {n} day", "usual gap {n} days", round(span / (days - 1))))
    if recency <= 0:
        parts.append(words.say("last seen today"))
    else:
        parts.append(words.plural("last seen {n} day ago", "last seen {n} days ago", recency))
    return words.say("; ").join(parts)

"""From an open shop to coupons in hand: for chosen groups, and for days that are coming; and who has which standing discount.

Nobody is on a list who said no to every medium, or who is held back from a running campaign (`without`): what it adds could
not be seen any more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import ibis
import pandas as pd

from loyalty.facts import customers as customer_facts
from loyalty.facts.recommendations import opted_out
from loyalty.rewards.coupons import IssuedCoupons, issue, issue_for_gifts, reasons
from loyalty.rewards.discounts import entitled
from loyalty.rewards.due_gifts import gifts_due, not_yet_issued
from loyalty.rewards.programme.programme import Programme
from loyalty.services.figures import Facts
from loyalty.shop.shop import Shop
from loyalty.store import rewards as reward_store
from loyalty.words import Words

DAYS_AHEAD = 30


@dataclass(frozen=True)
class CouponList:
    """Coupons that were kept under a number (0: there were none), what issuing them left out, and how many people were left
    out as they said no or are held back."""

    list_id: int
    issued: IssuedCoupons
    excluded: int


def excluded_customers(shop: Shop, without: Collection[str]) -> frozenset[str]:
    """Who gets nothing."""
    return opted_out(shop.database.reader()) | frozenset(without)


def issue_coupons(
    shop: Shop,
    known: Facts,
    audience: pd.DataFrame,
    wanted: Programme,
    words: Words,
    stamp: dt.datetime,
    without: Collection[str] = frozenset(),
) -> CouponList:
    """A coupon for everyone in `audience` (customer_id, segment) whose segment has an offer, kept so that no code comes
    twice."""
    out = audience["customer_id"].isin(excluded_customers(shop, without))
    why = reasons(known.customers, known.as_of, words)
    issued = issue(
        audience[~out],
        wanted.offers,
        valid_from=stamp.date(),
        currency=shop.settings.home_currency,
        reason=why.__getitem__,
        existing_codes=reward_store.coupon_codes(shop.database),
    )
    return _kept(shop, issued, audience.loc[out, "customer_id"].nunique(), stamp)


@dataclass(frozen=True)
class UpcomingGifts:
    """`due`: `loyalty.rewards.due_gifts.DUE` of gifts that are coming, without those whose coupon is out; `silent`: how many people
    are left out of it."""

    due: pd.DataFrame
    excluded: int


def upcoming_gifts(
    shop: Shop,
    known: Facts,
    rules: Programme,
    today: dt.date,
    days: int = DAYS_AHEAD,
    without: Collection[str] = frozenset(),
) -> UpcomingGifts:
    """Of the `days` days from `today` on."""
    people = (customer_facts.birthdays(shop.database.reader()), known.customers[["customer_id", "first_at"]])
    due = gifts_due(rules.gifts, people, shop.settings.home_country, today, days)
    fresh = not_yet_issued(due, reward_store.coupons_issued(shop.database))
    out = fresh["customer_id"].isin(excluded_customers(shop, without))
    return UpcomingGifts(fresh[~out].reset_index(drop=True), fresh.loc[out, "customer_id"].nunique())


def issue_gift_coupons(
    shop: Shop,
    known: Facts,
    rules: Programme,
    words: Words,
    stamp: dt.datetime,
    days: int = DAYS_AHEAD,
    without: Collection[str] = frozenset(),
) -> CouponList:
    """A coupon for every gift whose day is coming and that is not out yet."""
    coming = upcoming_gifts(shop, known, rules, stamp.date(), days, without)
    why = reasons(known.customers, known.as_of, words)
    codes = reward_store.coupon_codes(shop.database)
    issued = issue_for_gifts(
        coming.due, currency=shop.settings.home_currency, reason=why.__getitem__, existing_codes=codes
    )
    return _kept(shop, issued, coming.excluded, stamp)


def _kept(shop: Shop, issued: IssuedCoupons, silent: int, stamp: dt.datetime) -> CouponList:
    list_id = reward_store.save_coupons(shop.database, issued.coupons, stamp) if len(issued.coupons) else 0
    return CouponList(list_id, issued, silent)


def standing_discounts(
    con: ibis.BaseBackend, known: Facts, groups: pd.DataFrame, rules: Programme
) -> pd.DataFrame:
    """customer_id and discount (its name): who has which as of the last day of the data. `groups`: customer_id, segment, tier.

    Whoever is known but never bought has the welcome; whoever said no to every medium has it too: it is theirs at the till.
    """
    everyone = customer_facts.contacts(con)[["customer_id"]].merge(
        known.customers[["customer_id", "first_at"]], how="outer", on="customer_id"
    )
    return entitled(everyone, groups, rules.discounts, known.as_of)

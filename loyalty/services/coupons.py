"""Issues a shop's coupons, for chosen groups and for gift days, and lists who has which standing discount.

Customers who opted out of every medium are on no list, nor are those in the control group of a running campaign
(`without`), whose result could not be measured any more.
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
    """An issued list of coupons.

    `list_id`: its number (0: no coupons, so no list). `excluded`: how many customers opted out or are in a control group.
    """

    list_id: int
    issued: IssuedCoupons
    excluded: int


def excluded_customers(shop: Shop, without: Collection[str]) -> frozenset[str]:
    """Who gets no coupon: customers who opted out of every medium, and `without`."""
    return opted_out(shop.database.reader()) | frozenset(without)


def issue_coupons(
    shop: Shop,
    facts: Facts,
    audience: pd.DataFrame,
    programme: Programme,
    words: Words,
    stamp: dt.datetime,
    without: Collection[str] = frozenset(),
) -> CouponList:
    """Issue a coupon for everyone in `audience` (customer_id, segment) whose segment has an offer of `programme`.

    The list is saved, so that no code is issued twice.
    """
    excluded = audience["customer_id"].isin(excluded_customers(shop, without))
    reason_of = reasons(facts.customers, facts.as_of, words)
    issued = issue(
        audience[~excluded],
        programme.offers,
        valid_from=stamp.date(),
        currency=shop.settings.home_currency,
        reason=reason_of.__getitem__,
        existing_codes=reward_store.coupon_codes(shop.database),
    )
    return _saved_list(shop, issued, audience.loc[excluded, "customer_id"].nunique(), stamp)


@dataclass(frozen=True)
class UpcomingGifts:
    """`due`: DUE of `loyalty.rewards.due_gifts`, gifts without a coupon yet. `excluded`: how many customers are left out."""

    due: pd.DataFrame
    excluded: int


def upcoming_gifts(
    shop: Shop,
    facts: Facts,
    rules: Programme,
    today: dt.date,
    days: int = DAYS_AHEAD,
    without: Collection[str] = frozenset(),
) -> UpcomingGifts:
    """The gifts whose coupon begins within the `days` days from `today` on."""
    people = (customer_facts.birthdays(shop.database.reader()), facts.customers[["customer_id", "first_at"]])
    due = gifts_due(rules.gifts, people, shop.settings.home_country, today, days)
    not_issued = not_yet_issued(due, reward_store.coupons_issued(shop.database))
    excluded = not_issued["customer_id"].isin(excluded_customers(shop, without))
    return UpcomingGifts(
        not_issued[~excluded].reset_index(drop=True), not_issued.loc[excluded, "customer_id"].nunique()
    )


def issue_gift_coupons(
    shop: Shop,
    facts: Facts,
    rules: Programme,
    words: Words,
    stamp: dt.datetime,
    days: int = DAYS_AHEAD,
    without: Collection[str] = frozenset(),
) -> CouponList:
    """Issue a coupon for every upcoming gift without one."""
    upcoming = upcoming_gifts(shop, facts, rules, stamp.date(), days, without)
    reason_of = reasons(facts.customers, facts.as_of, words)
    codes = reward_store.coupon_codes(shop.database)
    issued = issue_for_gifts(
        upcoming.due, currency=shop.settings.home_currency, reason=reason_of.__getitem__, existing_codes=codes
    )
    return _saved_list(shop, issued, upcoming.excluded, stamp)


def _saved_list(shop: Shop, issued: IssuedCoupons, excluded: int, stamp: dt.datetime) -> CouponList:
    list_id = reward_store.save_coupons(shop.database, issued.coupons, stamp) if len(issued.coupons) else 0
    return CouponList(list_id, issued, excluded)


def standing_discounts(
    con: ibis.BaseBackend, facts: Facts, groups: pd.DataFrame, rules: Programme
) -> pd.DataFrame:
    """Who has which discount on the last day of the data: customer_id and discount (its name).

    `groups`: customer_id, segment, tier. Contacts who never bought have the welcome, also those who opted out of every
    medium, as they can use it at the till.
    """
    customers = customer_facts.contacts(con)[["customer_id"]].merge(
        facts.customers[["customer_id", "first_at"]], how="outer", on="customer_id"
    )
    return entitled(customers, groups, rules.discounts, facts.as_of)

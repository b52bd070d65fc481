"""A shop's points: history and versions loaded, the ledger replayed, points redeemed and posted.

As in `loyalty.services.figures`: pages cache these by data version; the command line calls them directly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import ibis
import numpy as np
import pandas as pd

from loyalty.errors import OwnerError
from loyalty.facts import customers as customer_facts
from loyalty.facts import events as event_facts
from loyalty.facts import points as point_facts
from loyalty.rewards.gain.programme_benefits import ProgrammeBenefits
from loyalty.rewards.gain.replay_year import REFERRALS, YEAR_LINES, day_numbers, replay_start, replay_year
from loyalty.rewards.occasions import gift_days
from loyalty.rewards.points.events import gift_events, referral_events, review_events, sign_ups
from loyalty.rewards.points.history import EVENT_COLUMNS, LINE_COLUMNS, PointsHistory, Version, empty_frame
from loyalty.rewards.points.ledger import Ledger, replay
from loyalty.rewards.points.order_points import points_value, points_values
from loyalty.rewards.points.returns import lone_returns, order_returns
from loyalty.rewards.programme.programme import Programme
from loyalty.rewards.programme.programme_file import programme_from_json
from loyalty.shop.shop import Shop
from loyalty.store import points as point_store
from loyalty.store.points import NewEntry, Posting
from loyalty.words import N_

ALWAYS = dt.date.min


class NotEnoughPoints(OwnerError):
    """More points are to be redeemed than the account has."""

    template = N_("There are {has} points on this account, so {asked} cannot be used.")


class NotAStep(OwnerError):
    """The number of points to be redeemed is no step of the programme."""

    template = N_("Your programme lets points be used at these steps: {steps}. {asked} is none of them.")


class NoPoints(OwnerError):
    """The number of points to be redeemed is not above 0."""

    template = N_("Say how many points: a whole number above 0.")


def versions_of(shop: Shop, first: Programme) -> tuple[Version, ...]:
    """The saved versions of the programme, each with its first day; else `first` alone, for all time.

    A version without a day of its own applies from the day it was saved; the first one also to everything before.
    """
    saved = point_store.versions(shop.database)
    if not saved:
        return (Version(0, first.starts_on or ALWAYS, first),)
    versions = []
    for place, (number, text, saved_at) in enumerate(saved):
        rules = programme_from_json(text)
        versions.append(Version(number, rules.starts_on or (saved_at.date() if place else ALWAYS), rules))
    return tuple(versions)


def history_of(
    con: ibis.BaseBackend, shop: Shop, versions: Sequence[Version], as_of: dt.date
) -> PointsHistory:
    """Everything that points depend on, up to the end of `as_of`."""
    sales = point_facts.point_sales(con, as_of)
    sales["order"] = np.arange(len(sales), dtype=np.int64)
    returns = order_returns(sales, point_facts.stated_returns(con, as_of))
    lone = lone_returns(sales, returns, point_facts.lone_refunds(con, as_of))
    parts = [part for part in (returns, lone) if len(part)]
    rules = [version.programme for version in versions]
    lines = point_facts.point_lines(con, as_of) if any(r.earning.products for r in rules) else None
    manual_entries = point_store.entries(shop.database).rename(columns={"entry_id": "ref"})
    return PointsHistory(
        sales=sales,
        returns=pd.concat(parts, ignore_index=True) if parts else returns,
        lines=empty_frame(LINE_COLUMNS) if lines is None else lines.merge(sales[["ref", "order"]], on="ref"),
        events=_events(con, shop, sales, versions, as_of),
        manual_entries=manual_entries.assign(ref="move|" + manual_entries["ref"].astype(str)),
    )


def _events(
    con: ibis.BaseBackend, shop: Shop, sales: pd.DataFrame, versions: Sequence[Version], as_of: dt.date
) -> pd.DataFrame:
    """The events that any version gives points for."""
    rules = [version.programme for version in versions]
    parts = []
    if any(r.earning.sign_up for r in rules):
        parts.append(sign_ups(sales, event_facts.origins(con)[["customer_id", "first_seen"]]))
    if any(r.earning.review for r in rules):
        parts.append(review_events(point_facts.reviews(con, as_of)))
    if any(r.referral.referrer.value or r.referral.referred.value for r in rules):
        parts.append(referral_events(sales, event_facts.referrals(con, as_of)))
    if any(gift.kind == "points" for r in rules for gift in r.gifts):
        firsts = sales.groupby("customer_id", as_index=False).agg(first_at=("at", "min"))
        people = (customer_facts.birthdays(con), firsts)
        parts.append(gift_events(versions, people, shop.settings.home_country, as_of))
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else empty_frame(EVENT_COLUMNS)


def programme_benefits(
    con: ibis.BaseBackend,
    shop: Shop,
    groups: tuple[pd.DataFrame, pd.DataFrame],
    as_of: dt.date,
    rules: Programme,
) -> ProgrammeBenefits:
    """The benefits of programmes besides points for sales, on the 365 days to `as_of`.

    Args:
        con: a reader of the shop's database.
        shop: the open shop.
        groups: CUSTOMERS; and customer_id with segment.
        as_of: the last day.
        rules: any programme with the gifts and products of those whose benefits are wanted.
    """
    customers, segments = groups
    year_sales = point_facts.point_sales(con, as_of, replay_start(as_of))
    year_sales = year_sales[
        (year_sales["net"] > 0) & year_sales["customer_id"].isin(customers["customer_id"])
    ].reset_index(drop=True)
    year_sales["order"] = np.arange(len(year_sales), dtype=np.int64)
    year = replay_year(customers, segments, year_sales)
    start, end = pd.Timestamp(replay_start(as_of)), pd.Timestamp(as_of) + pd.Timedelta(days=1)
    ids = pd.Index(customers["customer_id"])
    firsts = customers[["customer_id", "first_at"]].rename(columns={"first_at": "at"})
    signed_up = sign_ups(firsts, event_facts.origins(con)[["customer_id", "first_seen"]])["at"]
    reviewed = point_facts.reviews(con, as_of)["at"]
    referrals = referral_events(year_sales[year.first], event_facts.referrals(con, as_of))
    referrals = referrals[referrals["kind"] == "referrer"].rename(columns={"customer_id": "referrer"})
    people = (customer_facts.birthdays(con), customers[["customer_id", "first_at"]])
    days = {}
    for gift in rules.gifts:
        gift_dates = gift_days(gift, people, shop.settings.home_country, replay_start(as_of), as_of)
        places = ids.get_indexer(pd.Index(gift_dates["customer_id"]))
        days[gift.key] = (places[places >= 0].astype(np.int64), day_numbers(gift_dates["day"])[places >= 0])
    return ProgrammeBenefits(
        replace(
            year,
            lines=_year_lines(con, as_of, year_sales, rules),
            events={
                "sign_up": int(signed_up.between(start, end, inclusive="left").sum()),
                "review": int((reviewed >= start).sum()),
            },
            referrals=referrals[list(REFERRALS)].reset_index(drop=True),
            days=days,
        )
    )


def _year_lines(
    con: ibis.BaseBackend, as_of: dt.date, year_sales: pd.DataFrame, rules: Programme
) -> pd.DataFrame:
    """The lines of the year's orders, where a rule applies to products."""
    if not (rules.earning.products or any(d.audience == "product" for d in rules.discounts)):
        return empty_frame(YEAR_LINES)
    return point_facts.point_lines(con, as_of).merge(year_sales[["ref", "order"]], on="ref")[list(YEAR_LINES)]


def last_day_of_points(shop: Shop, as_of: dt.date) -> dt.date:
    """`as_of`, or the day of the owner's last entry, undone or not, where that is later."""
    days: list[dt.date] = [
        moment.date() for moment in point_store.entries(shop.database, include_undone=True)["at"]
    ]
    return max([as_of, *days])


def ledger_of(con: ibis.BaseBackend, shop: Shop, first: Programme, as_of: dt.date) -> Ledger:
    """The points ledger of a shop at the end of `as_of`; `first`: the programme while none is saved."""
    versions = versions_of(shop, first)
    return replay(history_of(con, shop, versions, as_of), versions, as_of)


def balances(ledger: Ledger) -> pd.DataFrame:
    """`Ledger.accounts` with the tier's key for its place, and what the points take off now (worth, float64)."""
    rules, accounts = ledger.versions[-1].programme, ledger.accounts
    keys = np.array([tier.key for tier in rules.tiers], dtype=object)
    worth = points_values(accounts["points"].to_numpy(dtype=np.int64), rules)
    return accounts.assign(tier=keys[accounts["tier"].to_numpy(dtype=np.int64)], worth=worth)


def statement(ledger: Ledger, customer_id: str) -> pd.DataFrame:
    """One customer's entries, the oldest first, with the points on account after each (balance, int64)."""
    entries = ledger.entries[ledger.entries["customer_id"] == customer_id].reset_index(drop=True)
    return entries.assign(balance=entries["points"].cumsum())


def post(shop: Shop, ledger: Ledger, stamp: dt.datetime) -> Posting:
    """Post the ledger's entries; see `loyalty.store.points.post`."""
    entries = ledger.entries.rename(columns={"at": "happened_at"}).astype(
        {"customer_id": "object", "kind": "object", "source": "object"}
    )
    until = dt.datetime.combine(ledger.as_of + dt.timedelta(days=1), dt.time())
    return point_store.post(shop.database, entries, until, stamp)


def redeem(
    shop: Shop, ledger: Ledger, request: tuple[str, int], stamp: dt.datetime, note: str = ""
) -> tuple[int, Decimal]:
    """Redeem a customer's points: now, or at the end of the ledger's day where that is later.

    `request`: customer_id and points.

    Returns the entry's number and what the points take off. Raises NoPoints, NotEnoughPoints or NotAStep.
    """
    customer_id, points = request
    rules = ledger.versions[-1].programme
    if points <= 0:
        raise NoPoints
    account = ledger.accounts[ledger.accounts["customer_id"] == customer_id]
    has = int(account["points"].iloc[0]) if len(account) else 0
    if points > has:
        raise NotEnoughPoints(has=has, asked=points)
    value = points_value(points, rules)
    if rules.steps and not _whole_steps(points, rules):
        raise NotAStep(steps=", ".join(str(step.points) for step in rules.steps), asked=points)
    at = max(stamp, dt.datetime.combine(ledger.as_of, dt.time(23, 59, 59)))
    entry = NewEntry(customer_id, at, "redeemed", points, value, note=note)
    return point_store.add_entries(shop.database, [entry], stamp)[0], value


def _whole_steps(points: int, rules: Programme) -> bool:
    """Whether points are used up by whole steps, the highest first."""
    for step in reversed(rules.steps):
        points %= step.points
    return points == 0

"""From an open shop to its points: history and versions put together, the ledger replayed, points used and entered.

As in `loyalty.services.figures`: pages cache these by data version; the command line calls them as they are.
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
from loyalty.facts import events as act_facts
from loyalty.facts import points as point_facts
from loyalty.rewards.gain.programme_benefits import Promises
from loyalty.rewards.gain.replay_year import BROUGHT, YEAR_LINES, day_numbers, since, year_of
from loyalty.rewards.occasions import gift_days
from loyalty.rewards.points.events import gift_acts, referral_acts, review_acts, sign_ups
from loyalty.rewards.points.history import History, Version, nothing
from loyalty.rewards.points.ledger import Ledger, replay
from loyalty.rewards.points.order_points import worth_of, worths
from loyalty.rewards.points.returns import lone_returns, order_returns
from loyalty.rewards.programme.programme import Programme
from loyalty.rewards.programme.programme_file import programme_from_json
from loyalty.shop.shop import Shop
from loyalty.store import points as point_store
from loyalty.store.points import NewEntry, Posting
from loyalty.words import N_

ALWAYS = dt.date.min


class NotEnoughPoints(OwnerError):
    """More points are to be used than are on account."""

    template = N_("There are {has} points on this account, so {asked} cannot be used.")


class NotAStep(OwnerError):
    """Points are to be used at a number that is no step of the programme."""

    template = N_("Your programme lets points be used at these steps: {steps}. {asked} is none of them.")


class NoPoints(OwnerError):
    """A number of points that moves nothing."""

    template = N_("Say how many points: a whole number above 0.")


def versions_of(shop: Shop, first: Programme) -> tuple[Version, ...]:
    """The versions of the programme that the owner saved, each with its first day; else `first` alone, for all time.

    A version without a day of its own holds from the day it was saved; the first one also for all that came before.
    """
    saved = point_store.versions(shop.database)
    if not saved:
        return (Version(0, first.starts_on or ALWAYS, first),)
    found = []
    for place, (number, text, saved_at) in enumerate(saved):
        rules = programme_from_json(text)
        found.append(Version(number, rules.starts_on or (saved_at.date() if place else ALWAYS), rules))
    return tuple(found)


def history_of(con: ibis.BaseBackend, shop: Shop, versions: Sequence[Version], as_of: dt.date) -> History:
    """Everything that points hang on, up to the end of `as_of`."""
    sold = point_facts.point_sales(con, as_of)
    sold["order"] = np.arange(len(sold), dtype=np.int64)
    returns = order_returns(sold, point_facts.stated_returns(con, as_of))
    lone = lone_returns(sold, returns, point_facts.lone_refunds(con, as_of))
    parts = [part for part in (returns, lone) if len(part)]
    rules = [version.programme for version in versions]
    lines = point_facts.point_lines(con, as_of) if any(r.earning.products for r in rules) else None
    moves = point_store.entries(shop.database).rename(columns={"entry_id": "ref"})
    return History(
        sold,
        pd.concat(parts, ignore_index=True) if parts else returns,
        History(sold).lines if lines is None else lines.merge(sold[["ref", "order"]], on="ref"),
        _acts(con, shop, (sold, versions), as_of),
        moves.assign(ref="move|" + moves["ref"].astype(str)),
    )


def _acts(
    con: ibis.BaseBackend, shop: Shop, known: tuple[pd.DataFrame, Sequence[Version]], as_of: dt.date
) -> pd.DataFrame:
    """The acts that any version gives points for."""
    sold, versions = known
    rules = [version.programme for version in versions]
    parts = [History(sold).acts]
    if any(r.earning.sign_up for r in rules):
        parts.append(sign_ups(sold, act_facts.origins(con)[["customer_id", "first_seen"]]))
    if any(r.earning.review for r in rules):
        parts.append(review_acts(point_facts.reviews(con, as_of)))
    if any(r.referral.referrer.value or r.referral.referred.value for r in rules):
        parts.append(referral_acts(sold, act_facts.referrals(con, as_of)))
    if any(gift.kind == "points" for r in rules for gift in r.gifts):
        firsts = sold.groupby("customer_id", as_index=False).agg(first_at=("at", "min"))
        people = (customer_facts.birthdays(con), firsts)
        parts.append(gift_acts(versions, people, shop.settings.home_country, as_of))
    full = [part for part in parts if len(part)]
    return pd.concat(full, ignore_index=True) if full else parts[0]


def promises_of(
    con: ibis.BaseBackend, shop: Shop, of: tuple[pd.DataFrame, pd.DataFrame], as_of: dt.date, rules: Programme
) -> Promises:
    """What rules promise besides points for sales, on the 365 days to `as_of`; `rules`: any with the gifts and the products of
    those that will be asked about. `of`: CUSTOMERS, and customer_id with segment."""
    customers, segments = of
    sold = point_facts.point_sales(con, as_of, since(as_of))
    sold = sold[(sold["net"] > 0) & sold["customer_id"].isin(customers["customer_id"])].reset_index(drop=True)
    sold["order"] = np.arange(len(sold), dtype=np.int64)
    year = year_of(customers, segments, sold)
    start, ids = pd.Timestamp(since(as_of)), pd.Index(customers["customer_id"])
    firsts = customers[["customer_id", "first_at"]].rename(columns={"first_at": "at"})
    signed = sign_ups(firsts, act_facts.origins(con)[["customer_id", "first_seen"]])["at"]
    told = point_facts.reviews(con, as_of)["at"]
    brought = referral_acts(sold[year.first], act_facts.referrals(con, as_of))
    brought = brought[brought["kind"] == "referrer"].rename(columns={"customer_id": "referrer"})
    people = (customer_facts.birthdays(con), customers[["customer_id", "first_at"]])
    days = {}
    for gift in rules.gifts:
        found = gift_days(gift, people, shop.settings.home_country, since(as_of), as_of)
        who = ids.get_indexer(pd.Index(found["customer_id"]))
        days[gift.key] = (who[who >= 0].astype(np.int64), day_numbers(found["day"])[who >= 0])
    return Promises(
        replace(
            year,
            lines=_year_lines(con, as_of, sold, rules),
            acts={
                "sign_up": int(signed.between(start, _end(as_of), inclusive="left").sum()),
                "review": int((told >= start).sum()),
            },
            brought=brought[list(BROUGHT)].reset_index(drop=True),
            days=days,
        )
    )


def _year_lines(con: ibis.BaseBackend, as_of: dt.date, sold: pd.DataFrame, rules: Programme) -> pd.DataFrame:
    """The lines of the year's orders, where rules speak of products."""
    if not (rules.earning.products or any(d.audience == "product" for d in rules.discounts)):
        return nothing(YEAR_LINES)
    return point_facts.point_lines(con, as_of).merge(sold[["ref", "order"]], on="ref")[list(YEAR_LINES)]


def _end(as_of: dt.date) -> pd.Timestamp:
    return pd.Timestamp(as_of) + pd.Timedelta(days=1)


def last_day_of_points(shop: Shop, as_of: dt.date) -> dt.date:
    """`as_of`, or the day of the last entry that the owner made, taken back or not, where that is later."""
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
    worth = worths(accounts["points"].to_numpy(dtype=np.int64), rules)
    return accounts.assign(tier=keys[accounts["tier"].to_numpy(dtype=np.int64)], worth=worth)


def statement(ledger: Ledger, customer_id: str) -> pd.DataFrame:
    """One customer's entries, the oldest first, with what is on account after each (balance, int64)."""
    own = ledger.entries[ledger.entries["customer_id"] == customer_id].reset_index(drop=True)
    return own.assign(balance=own["points"].cumsum())


def post(shop: Shop, ledger: Ledger, stamp: dt.datetime) -> Posting:
    """Put the ledger's entries into the books; see `loyalty.store.points.post`."""
    entries = ledger.entries.rename(columns={"at": "happened_at"}).astype(
        {"customer_id": "object", "kind": "object", "source": "object"}
    )
    until = dt.datetime.combine(ledger.as_of + dt.timedelta(days=1), dt.time())
    return point_store.post(shop.database, entries, until, stamp)


def redeem(
    shop: Shop, ledger: Ledger, who: tuple[str, int], stamp: dt.datetime, note: str = ""
) -> tuple[int, Decimal]:
    """Let a customer (id, points) use points: now, or at the end of the ledger's day where that is later.

    Returns the entry's number and what the points take off. Raises NoPoints, NotEnoughPoints or NotAStep.
    """
    customer_id, points = who
    rules = ledger.versions[-1].programme
    if points <= 0:
        raise NoPoints
    known = ledger.accounts[ledger.accounts["customer_id"] == customer_id]
    has = int(known["points"].iloc[0]) if len(known) else 0
    if points > has:
        raise NotEnoughPoints(has=has, asked=points)
    value = worth_of(points, rules)
    if rules.steps and not _whole_steps(points, rules):
        raise NotAStep(steps=", ".join(str(step.points) for step in rules.steps), asked=points)
    at = max(stamp, dt.datetime.combine(ledger.as_of, dt.time(23, 59, 59)))
    move = NewEntry(customer_id, at, "redeemed", points, value, note=note)
    return point_store.add_entries(shop.database, [move], stamp)[0], value


def _whole_steps(points: int, rules: Programme) -> bool:
    """Whether points are used up by whole steps, the highest first."""
    for step in reversed(rules.steps):
        points %= step.points
    return points == 0

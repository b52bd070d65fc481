"""The points ledger: worked out from history and the versions of the programme, the same each time, entry by entry.

Nothing is ever changed in it: what a return undoes is an entry of its own. Of every customer, the entries' points add up to
what is on account, and their pending points to what is still to come; a balance below nothing is a debt, which is
shown as 0 points and carried.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from loyalty.rewards.points.accounts import settle_lots
from loyalty.rewards.points.awards import Awards, order_arrays, order_awards, tiers_at
from loyalty.rewards.points.event_awards import event_awards
from loyalty.rewards.points.history import (
    DAY_S,
    Orders,
    PointsHistory,
    Version,
    day_number,
    end_second,
    in_force,
    seconds,
    sort_order,
)
from loyalty.rewards.points.ledger_frames import ManualEntries, Scope, account_frame, entry_frame, lot_frame
from loyalty.rewards.points.point_lots import PointLots, expiries
from loyalty.rewards.points.tier_history import NEVER

LATE = 2**33  # a second beyond all others (the year 2242), so that keys stay short


@dataclass(frozen=True)
class Ledger:
    """Points as of the end of a day.

    `entries`: by customer and time: customer_id, at (datetime64), kind (of KINDS), source (order, an act's kind, or
    opening), points and pending (int64: what changes), ref (the order's or act's key), version (its number, 0 where
    no version held).
    `lots`: one row a lot: customer_id, at, confirmed_at, expires_on (datetime64: the last day; NaT never), source, ref,
    version, points, reversed, used, expired, left, pending (int64).
    `accounts`: one row a customer: customer_id, tier (place in the newest version's tiers), points (never below 0),
    pending, debt, expires_on and expiring (the next day on which points go, and how many).
    """

    as_of: dt.date
    versions: tuple[Version, ...]
    entries: pd.DataFrame
    lots: pd.DataFrame
    accounts: pd.DataFrame


def replay(history: PointsHistory, versions: Sequence[Version], as_of: dt.date) -> Ledger:
    """The ledger at the end of `as_of`: every sale, act and move up to it, under the version of its own day.

    `versions`: in order of their numbers, at least one.
    """
    end = end_second(as_of)
    names = _names(history)
    codes = pd.Series(np.arange(len(names), dtype=np.int64), index=names)
    orders = order_arrays(history, codes, end)
    awards = _together(
        order_awards(history, versions, orders), event_awards(history, versions, orders, codes, end)
    )
    moves = _moves(history, codes, end)
    lots, awarded = _lots(awards, moves, orders, versions)
    outcome = settle_lots(lots, end)
    tiers = tiers_at(
        orders, codes.to_numpy(), np.full(len(names), end, dtype=np.int64), versions[-1].programme
    )
    scope = Scope(names, versions, end)
    return Ledger(
        as_of,
        tuple(versions),
        entry_frame(lots, awarded, outcome, moves, scope),
        lot_frame(lots, awarded, outcome, scope),
        account_frame(lots, outcome, moves, tiers, scope),
    )


def _names(history: PointsHistory) -> np.ndarray:
    """Everybody with a sale, an act or a move, in order."""
    everyone = [history.sales["customer_id"], history.acts["customer_id"], history.moves["customer_id"]]
    known = pd.concat([part.astype(object) for part in everyone], ignore_index=True).unique()
    return np.sort(np.asarray(known, dtype=object))


def _together(one: Awards, two: Awards) -> Awards:
    """Two sets of awards as one."""
    two = replace(two, reversal_of=two.reversal_of + len(one.when))
    names = [field.name for field in fields(Awards)]
    return Awards(**{name: np.concatenate([getattr(one, name), getattr(two, name)]) for name in names})


def _moves(history: PointsHistory, codes: pd.Series, end: int) -> ManualEntries:
    moves = history.moves
    at = seconds(moves["at"]) if len(moves) else np.zeros(0, np.int64)
    rows = np.flatnonzero(at < end)
    points = moves["points"].to_numpy(dtype=np.int64)[rows]
    kind = moves["kind"].to_numpy(dtype=object)[rows]
    until = [
        NEVER if day is None or pd.isna(day) else (day_number(day) + 1) * DAY_S
        for day in moves["expires_on"].to_numpy(dtype=object)[rows]
    ]
    return ManualEntries(
        customer=codes.reindex(moves["customer_id"]).to_numpy(dtype=np.int64)[rows],
        when=at[rows],
        points=np.where(kind == "redeemed", -points, points),
        kind=kind,
        ref=moves["ref"].to_numpy(dtype=object)[rows],
        expires=np.array(until, dtype=np.int64),
    )


def _lots(
    awards: Awards, moves: ManualEntries, orders: Orders, versions: Sequence[Version]
) -> tuple[PointLots, Awards]:
    """PointLots in the order of their use, and the awards (openings among them) in the same order."""
    given, taken = np.flatnonzero(moves.points > 0), np.flatnonzero(moves.points < 0)
    nothing = np.zeros(0, np.int64)
    opened = Awards(
        customer=moves.customer[given],
        when=moves.when[given],
        confirmed=moves.when[given],
        points=moves.points[given],
        version=in_force(moves.when[given] // DAY_S, versions),
        source=moves.kind[given],
        ref=moves.ref[given],
        reversal_of=nothing,
        reversal_at=nothing,
        reversal_points=nothing,
    )
    every = _together(awards, opened)
    who = np.concatenate([orders.customer, moves.customer[taken]])
    when = np.concatenate([orders.when, moves.when[taken]])
    active = sort_order(who, when, np.zeros(len(who), np.int64))
    expires = expiries(every.customer, every.when, every.version, versions, (who[active], when[active]))
    own = np.concatenate([np.full(len(awards.when), NEVER), moves.expires[given]])
    expires = np.maximum(np.where(own < NEVER, own, expires), every.confirmed + DAY_S)
    aged = sort_order(every.customer, every.confirmed, np.zeros(len(expires), np.int64))
    turn = aged[
        sort_order(every.customer[aged], np.minimum(expires, LATE)[aged], np.zeros(len(expires), np.int64))
    ]
    place = np.empty(len(turn), dtype=np.int64)
    place[turn] = np.arange(len(turn))
    awarded = Awards(
        customer=every.customer[turn],
        when=every.when[turn],
        confirmed=every.confirmed[turn],
        points=every.points[turn],
        version=every.version[turn],
        source=every.source[turn],
        ref=every.ref[turn],
        reversal_of=place[every.reversal_of],
        reversal_at=every.reversal_at,
        reversal_points=every.reversal_points,
    )
    lots = PointLots(
        customer=awarded.customer,
        when=awarded.when,
        confirmed=awarded.confirmed,
        expires=expires[turn],
        points=awarded.points,
        reversal_of=awarded.reversal_of,
        reversal_at=awarded.reversal_at,
        reversal_points=awarded.reversal_points,
        use_customer=moves.customer[taken],
        use_at=moves.when[taken],
        use_points=-moves.points[taken],
    )
    return lots, awarded

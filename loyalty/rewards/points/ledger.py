"""The points ledger, replayed from history and the versions of the programme, entry by entry.

Entries are never changed: a return is an entry of its own. Each customer's entries add up to the points and the pending
points of the account; a balance below 0 is a debt, which is shown as 0 points and carried.
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
from loyalty.rewards.points.point_lots import PointLots, lot_expiries
from loyalty.rewards.points.tier_history import NEVER

LATEST = 2**33  # a second beyond all others (the year 2242), so that sort keys stay short


@dataclass(frozen=True)
class Ledger:
    """Points as of the end of a day.

    `entries`: by customer and time: customer_id, at (datetime64), kind (of KINDS), source (order, an event's kind, or
    opening), points and pending (int64: what changes), ref (the order's or event's key), version (its number, 0 where
    there was none).
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
    """The ledger at the end of `as_of`: every sale, event and manual entry up to it, under the version of its own day.

    `versions`: in order of their numbers, at least one.
    """
    end = end_second(as_of)
    customers = _customer_ids(history)
    codes = pd.Series(np.arange(len(customers), dtype=np.int64), index=customers)
    orders = order_arrays(history, codes, end)
    awards = _joined_awards(
        order_awards(history, versions, orders), event_awards(history, versions, orders, codes, end)
    )
    manual_entries = _manual_entries(history, codes, end)
    lots, lot_awards = _point_lots(awards, manual_entries, orders, versions)
    balances = settle_lots(lots, end)
    tiers = tiers_at(
        orders, codes.to_numpy(), np.full(len(customers), end, dtype=np.int64), versions[-1].programme
    )
    scope = Scope(customers, versions, end)
    return Ledger(
        as_of,
        tuple(versions),
        entry_frame(lots, lot_awards, balances, manual_entries, scope),
        lot_frame(lots, lot_awards, balances, scope),
        account_frame(lots, balances, tiers, scope),
    )


def _customer_ids(history: PointsHistory) -> np.ndarray:
    """Every customer with a sale, an event or a manual entry, in order."""
    columns = [
        history.sales["customer_id"],
        history.events["customer_id"],
        history.manual_entries["customer_id"],
    ]
    ids = pd.concat([column.astype(object) for column in columns], ignore_index=True).unique()
    return np.sort(np.asarray(ids, dtype=object))


def _joined_awards(first: Awards, second: Awards) -> Awards:
    """Two sets of awards as one."""
    second = replace(second, reversal_of=second.reversal_of + len(first.when))
    names = [field.name for field in fields(Awards)]
    return Awards(**{name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in names})


def _manual_entries(history: PointsHistory, codes: pd.Series, end: int) -> ManualEntries:
    manual_entries = history.manual_entries
    at = seconds(manual_entries["at"]) if len(manual_entries) else np.zeros(0, np.int64)
    rows = np.flatnonzero(at < end)
    points = manual_entries["points"].to_numpy(dtype=np.int64)[rows]
    kind = manual_entries["kind"].to_numpy(dtype=object)[rows]
    until = [
        NEVER if day is None or pd.isna(day) else (day_number(day) + 1) * DAY_S
        for day in manual_entries["expires_on"].to_numpy(dtype=object)[rows]
    ]
    return ManualEntries(
        customer=codes.reindex(manual_entries["customer_id"]).to_numpy(dtype=np.int64)[rows],
        when=at[rows],
        points=np.where(kind == "redeemed", -points, points),
        kind=kind,
        ref=manual_entries["ref"].to_numpy(dtype=object)[rows],
        expires=np.array(until, dtype=np.int64),
    )


def _point_lots(
    awards: Awards, manual_entries: ManualEntries, orders: Orders, versions: Sequence[Version]
) -> tuple[PointLots, Awards]:
    """PointLots in the order of their use, and the awards (opening balances among them) in the same order."""
    given, taken = np.flatnonzero(manual_entries.points > 0), np.flatnonzero(manual_entries.points < 0)
    none = np.zeros(0, np.int64)
    opened = Awards(
        customer=manual_entries.customer[given],
        when=manual_entries.when[given],
        confirmed=manual_entries.when[given],
        points=manual_entries.points[given],
        version=in_force(manual_entries.when[given] // DAY_S, versions),
        source=manual_entries.kind[given],
        ref=manual_entries.ref[given],
        reversal_of=none,
        reversal_at=none,
        reversal_points=none,
    )
    every = _joined_awards(awards, opened)
    active_customer = np.concatenate([orders.customer, manual_entries.customer[taken]])
    active_at = np.concatenate([orders.when, manual_entries.when[taken]])
    by_time = sort_order(active_customer, active_at, np.zeros(len(active_at), np.int64))
    activity = (active_customer[by_time], active_at[by_time])
    expires = lot_expiries(every.customer, every.when, every.version, versions, activity)
    entered = np.concatenate([np.full(len(awards.when), NEVER), manual_entries.expires[given]])
    expires = np.maximum(np.where(entered < NEVER, entered, expires), every.confirmed + DAY_S)
    oldest_first = sort_order(every.customer, every.confirmed, np.zeros(len(expires), np.int64))
    order = oldest_first[
        sort_order(
            every.customer[oldest_first],
            np.minimum(expires, LATEST)[oldest_first],
            np.zeros(len(expires), np.int64),
        )
    ]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    lot_awards = Awards(
        customer=every.customer[order],
        when=every.when[order],
        confirmed=every.confirmed[order],
        points=every.points[order],
        version=every.version[order],
        source=every.source[order],
        ref=every.ref[order],
        reversal_of=place[every.reversal_of],
        reversal_at=every.reversal_at,
        reversal_points=every.reversal_points,
    )
    lots = PointLots(
        customer=lot_awards.customer,
        when=lot_awards.when,
        confirmed=lot_awards.confirmed,
        expires=expires[order],
        points=lot_awards.points,
        reversal_of=lot_awards.reversal_of,
        reversal_at=lot_awards.reversal_at,
        reversal_points=lot_awards.reversal_points,
        use_customer=manual_entries.customer[taken],
        use_at=manual_entries.when[taken],
        use_points=-manual_entries.points[taken],
    )
    return lots, lot_awards

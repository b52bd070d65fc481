"""Settles accounts one at a time, event by event: the plain statement of the rules.

For accounts whose lots do not expire in the order in which they were confirmed; the vectorised way of
`loyalty.rewards.points.accounts` is tested against it.

A reversal is taken from the order's own lot: first from what has expired of it already (that expiry is returned, so
nobody owes for points they never used), then from what is left of it, then from what was used of it, which the
customer's other points pay for, and where there are none, future points (a debt).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from loyalty.columns import Ints
from loyalty.rewards.points.point_lots import PointLots

EXPIRED, CONFIRMED, REVERSED, USED = range(4)  # the order of events of one second


class LotEntries(NamedTuple):
    """Points by lot and second, shape (n,) each: the lot's place, seconds since 1970, points."""

    lot: Ints
    at: Ints
    points: Ints


class LotState(NamedTuple):
    """Points of one lot: used + expired + left."""

    used: int
    expired: int
    left: int


@dataclass(frozen=True)
class IrregularAccounts:
    """The state of each lot by its place; the expiries, and those that a later reversal returned."""

    lots: dict[int, LotState]
    expiries: LotEntries
    returned_expiries: LotEntries


@dataclass
class _Account:
    """The lots of one customer while events are replayed: left, used and expired points by the lot's place."""

    lots: PointLots
    left: dict[int, int] = field(default_factory=dict)
    used: dict[int, int] = field(default_factory=dict)
    expired: dict[int, int] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)
    reversed_before: dict[int, int] = field(default_factory=dict)  # before the lot was confirmed
    debt: int = 0

    def confirm(self, lot: int) -> None:
        self.left[lot] = int(self.lots.points[lot]) - self.reversed_before.pop(lot, 0)
        self.used[lot] = self.expired[lot] = 0
        self.open.add(lot)
        paid = min(self.debt, self.left[lot])
        self.debt -= paid
        self.left[lot] -= paid
        self.used[lot] += paid

    def expire(self, lot: int) -> int:
        """Returns how many points expired."""
        if lot not in self.open:
            return 0
        self.open.discard(lot)
        self.expired[lot], self.left[lot] = self.left[lot], 0
        return self.expired[lot]

    def use(self, points: int) -> None:
        for lot in sorted(self.open):
            part = min(points, self.left[lot])
            self.left[lot] -= part
            self.used[lot] += part
            points -= part
        self.debt += points

    def reverse(self, lot: int, points: int) -> int:
        """Returns how much of an expiry is returned."""
        if lot not in self.left:
            self.reversed_before[lot] = self.reversed_before.get(lot, 0) + points
            return 0
        returned = min(points, self.expired[lot])
        self.expired[lot] -= returned
        from_lot = min(points - returned, self.left[lot])
        self.left[lot] -= from_lot
        owed = points - returned - from_lot
        self.used[lot] -= owed
        self.use(owed)
        return returned


def settle_irregular(lots: PointLots, rows: Ints, uses: Ints, end: int) -> IrregularAccounts:
    """Settles the accounts that the lots at `rows` and the uses at `uses` belong to, up to before `end` (seconds)."""
    expiries: list[tuple[int, int, int]] = []
    returned: list[tuple[int, int, int]] = []
    states: dict[int, LotState] = {}
    account, account_customer = _Account(lots), -1
    for customer, at, kind, place, points in _account_events(lots, rows, uses, end):
        if customer != account_customer:
            states |= _lot_states(account)
            account, account_customer = _Account(lots), customer
        if kind == CONFIRMED:
            account.confirm(place)
        elif kind == USED:
            account.use(points)
        elif kind == EXPIRED and (expired := account.expire(place)):
            expiries.append((place, at, expired))
        elif kind == REVERSED and (returned_points := account.reverse(place, points)):
            returned.append((place, at, returned_points))
    states |= _lot_states(account)
    return IrregularAccounts(states, _lot_entries(expiries), _lot_entries(returned))


def _lot_states(account: _Account) -> dict[int, LotState]:
    return {lot: LotState(account.used[lot], account.expired[lot], account.left[lot]) for lot in account.left}


def _lot_entries(rows: list[tuple[int, int, int]]) -> LotEntries:
    return LotEntries(*np.array(rows, dtype=np.int64).reshape(-1, 3).T)


def _account_events(
    lots: PointLots, rows: Ints, uses: Ints, end: int
) -> Iterator[tuple[int, int, int, int, int]]:
    """customer, second, kind, place of the lot (or use) and points of each event before `end`, by customer and time."""
    reversals = np.flatnonzero(np.isin(lots.reversal_of, rows))
    reversed_lots = lots.reversal_of[reversals]
    customer = np.concatenate(
        [lots.customer[rows], lots.customer[rows], lots.customer[reversed_lots], lots.use_customer[uses]]
    )
    at = np.concatenate(
        [lots.expires[rows], lots.confirmed[rows], lots.reversal_at[reversals], lots.use_at[uses]]
    )
    kind = np.repeat([EXPIRED, CONFIRMED, REVERSED, USED], [len(rows), len(rows), len(reversals), len(uses)])
    place = np.concatenate([rows, rows, reversed_lots, uses])
    points = np.concatenate(
        [np.zeros(2 * len(rows), np.int64), lots.reversal_points[reversals], lots.use_points[uses]]
    )
    order = np.lexsort((place, kind, at, customer))
    order = order[at[order] < end]
    columns = (column[order].tolist() for column in (customer, at, kind, place, points))
    return zip(*columns, strict=True)

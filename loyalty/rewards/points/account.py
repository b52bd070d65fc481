"""One account at a time, event by event: the plain statement of the rules, for accounts whose lots do not expire in the
order in which they came, and what the fast way of `loyalty.rewards.points.accounts` is tested against.

What is taken back of an order comes from its own lot: first from what has expired of it already (that expiry is
returned, so nobody owes for points they never used), then from what is left of it, then from what was used of it, which
the customer's other points pay for, and where there are none, points to come (a debt).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from loyalty.columns import Ints
from loyalty.rewards.points.point_lots import PointLots

EXPIRES, CONFIRMED, TAKEN_BACK, USED = range(4)  # what comes first of what happens in one second
Triple = tuple[Ints, Ints, Ints]


@dataclass
class _Account:
    """The lots of one customer while time goes by: left, used and expired points by the lot's place."""

    lots: PointLots
    left: dict[int, int] = field(default_factory=dict)
    used: dict[int, int] = field(default_factory=dict)
    expired: dict[int, int] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)
    waiting: dict[int, int] = field(default_factory=dict)  # taken back before the lot was confirmed
    debt: int = 0

    def confirm(self, lot: int) -> None:
        self.left[lot] = int(self.lots.points[lot]) - self.waiting.pop(lot, 0)
        self.used[lot] = self.expired[lot] = 0
        self.open.add(lot)
        paid, self.debt = min(self.debt, self.left[lot]), self.debt - min(self.debt, self.left[lot])
        self.left[lot] -= paid
        self.used[lot] += paid

    def expire(self, lot: int) -> int:
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

    def take_back(self, lot: int, points: int) -> int:
        """Returns how much of an expiry is returned."""
        if lot not in self.left:
            self.waiting[lot] = self.waiting.get(lot, 0) + points
            return 0
        returned = min(points, self.expired[lot])
        self.expired[lot] -= returned
        own = min(points - returned, self.left[lot])
        self.left[lot] -= own
        owed = points - returned - own
        self.used[lot] -= owed
        self.use(owed)
        return returned


@dataclass(frozen=True)
class Slow:
    """used, expired and left by the lot's place; expiries, and those returned, as (lot, when, points)."""

    lots: dict[int, tuple[int, int, int]]
    expiry: Triple
    returned: Triple


def settle(lots: PointLots, rows: Ints, uses: Ints, end: int) -> Slow:
    """The accounts that the lots at `rows` and the uses at `uses` belong to."""
    expiry: list[tuple[int, int, int]] = []
    returned: list[tuple[int, int, int]] = []
    found: dict[int, tuple[int, int, int]] = {}
    account, owner = _Account(lots), -1
    for who, when, kind, place, points in _events(lots, rows, uses, end):
        if who != owner:
            _close(account, found)
            account, owner = _Account(lots), who
        if kind == CONFIRMED:
            account.confirm(place)
        elif kind == USED:
            account.use(points)
        elif kind == EXPIRES and (gone := account.expire(place)):
            expiry.append((place, when, gone))
        elif kind == TAKEN_BACK and (back := account.take_back(place, points)):
            returned.append((place, when, back))
    _close(account, found)
    return Slow(found, _triple(expiry), _triple(returned))


def _close(account: _Account, found: dict[int, tuple[int, int, int]]) -> None:
    for lot in account.left:
        found[lot] = (account.used[lot], account.expired[lot], account.left[lot])


def _triple(rows: list[tuple[int, int, int]]) -> Triple:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return columns[0], columns[1], columns[2]


def _events(lots: PointLots, rows: Ints, uses: Ints, end: int) -> Iterator[tuple[int, int, int, int, int]]:
    """customer, when, kind, place of the lot (or use) and points, before `end`, by customer and time."""
    reversals = np.flatnonzero(np.isin(lots.reversal_of, rows))
    of = lots.reversal_of[reversals]
    who = np.concatenate(
        [lots.customer[rows], lots.customer[rows], lots.customer[of], lots.use_customer[uses]]
    )
    when = np.concatenate(
        [lots.expires[rows], lots.confirmed[rows], lots.reversal_at[reversals], lots.use_at[uses]]
    )
    kind = np.repeat(
        [EXPIRES, CONFIRMED, TAKEN_BACK, USED], [len(rows), len(rows), len(reversals), len(uses)]
    )
    place = np.concatenate([rows, rows, of, uses])
    points = np.concatenate(
        [np.zeros(2 * len(rows), np.int64), lots.reversal_points[reversals], lots.use_points[uses]]
    )
    order = np.lexsort((place, kind, when, who))
    order = order[when[order] < end]
    columns = (column[order].tolist() for column in (who, when, kind, place, points))
    return zip(*columns, strict=True)

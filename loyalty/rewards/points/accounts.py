"""All accounts at once: what of each lot was used, expired or is left, without a loop over customers.

Points are used soonest-to-expire first. Where lots come in the order in which they expire, and nothing is taken back of a
lot that has expired already, one number a customer says it all: U, how many points, counted from the first, are gone.
Using r points sets U to U + r; the end of a lot sets U to max(U, A), A being the points of all lots up to it. That is
a recurrence in the max-plus algebra with the closed form U_n = R_n + max(0, max over k <= n of (A_k - R_k)), R being
the points used so far: a running sum and a running maximum. Other accounts, a few, go through `loyalty.rewards.points.account`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loyalty.columns import Ints
from loyalty.rewards.points.account import settle
from loyalty.rewards.points.history import group_starts, running_maximum, running_sum, sort_order
from loyalty.rewards.points.point_lots import PointLots

EXPIRES, USES = (
    0,
    3,
)  # what comes first of what happens in one second; confirming and taking back stand between


@dataclass(frozen=True)
class LotBalances:
    """What became of each lot (points; used + expired + left = points - reversed_points, of confirmed lots), and entries for
    what time did: the lot's place, when, points. `returned`: expiries that a later return took back."""

    used: Ints
    expired: Ints
    left: Ints
    expiry_of: Ints
    expiry_at: Ints
    expiry_points: Ints
    returned_of: Ints
    returned_at: Ints
    returned_points: Ints


def settle_lots(lots: PointLots, end: int) -> LotBalances:
    """All lots at `end` (seconds): what happened before it."""
    knotty = _knotty(lots)
    plain = ~knotty[lots.customer] if len(lots.customer) else np.zeros(0, np.bool_)
    used, expired, left = _plain(lots, plain, ~knotty[lots.use_customer], end)
    gone = np.flatnonzero(plain & (expired > 0))
    slow = settle(lots, np.flatnonzero(~plain), np.flatnonzero(knotty[lots.use_customer]), end)
    for place, values in slow.lots.items():
        used[place], expired[place], left[place] = values
    return LotBalances(
        used, expired, left,
        np.concatenate([gone, slow.expiry[0]]),
        np.concatenate([lots.expires[gone], slow.expiry[1]]),
        np.concatenate([expired[gone], slow.expiry[2]]),
        *slow.returned,
    )  # fmt: skip


def _knotty(lots: PointLots) -> np.ndarray:
    """By customer code: lots that come in another order than they expire, or something taken back of an expired one."""
    most = max(
        (int(codes.max()) + 1 for codes in (lots.customer, lots.use_customer) if len(codes)), default=0
    )
    found = np.zeros(most, dtype=np.bool_)
    if len(lots.customer) > 1:
        back = (lots.confirmed[1:] < lots.confirmed[:-1]) & (lots.customer[1:] == lots.customer[:-1])
        found[lots.customer[1:][back]] = True
    late = lots.reversal_at >= lots.expires[lots.reversal_of]
    found[lots.customer[lots.reversal_of[late]]] = True
    return found


def _plain(lots: PointLots, plain: np.ndarray, use: np.ndarray, end: int) -> tuple[Ints, Ints, Ints]:
    """used, expired and left of each lot of plain accounts; 0 for all others."""
    reversed_points = np.bincount(
        lots.reversal_of, weights=lots.reversal_points, minlength=len(lots.points)
    ).astype(np.int64)
    there = plain & (lots.confirmed < end)
    net = np.where(there, lots.points - reversed_points, 0)
    upto = running_sum(net, group_starts(lots.customer)) if len(net) else net
    ends = np.flatnonzero(there & (lots.expires < end))
    uses = np.flatnonzero(use)
    who = np.concatenate([lots.customer[ends], lots.use_customer[uses]])
    when = np.concatenate([lots.expires[ends], lots.use_at[uses]])
    kind = np.repeat([EXPIRES, USES], [len(ends), len(uses)])
    lot = np.concatenate([ends, np.full(len(uses), -1)])
    order = sort_order(who, when, kind)
    who, lot = who[order], lot[order]
    points = np.concatenate([np.zeros(len(ends), np.int64), lots.use_points[uses]])[order]
    first = group_starts(who)
    spent = running_sum(points, first)
    floor = np.where(lot >= 0, np.append(upto, 0)[lot] - spent, 0)
    gone = spent + running_maximum(floor, first)
    before = np.where(first, 0, np.concatenate([[0], gone[:-1]])[: len(gone)])
    expired = np.zeros(len(net), dtype=np.int64)
    expired[lot[lot >= 0]] = (gone - before - points)[lot >= 0]
    final = np.zeros(int(lots.customer.max()) + 1 if len(lots.customer) else 0, dtype=np.int64)
    known = who < len(final)
    final[who[known]] = gone[known]  # rows are in order of time, so the last one stays
    alive = there & (lots.expires >= end)
    left = np.where(alive, np.clip(upto - final[lots.customer], 0, net), 0)
    return net - expired - left, expired, left

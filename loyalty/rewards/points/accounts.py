"""Settles all accounts at once: what of each lot was used, expired or is left, without a loop over customers.

Points are used soonest-to-expire first. Where lots are confirmed in the order in which they expire, and nothing is
reversed of a lot that has expired already, one number a customer is enough: U, how many points, counted from the first,
are gone. Using r points sets U to U + r; the end of a lot sets U to max(U, A), A being the points of all lots up to it.
That is a recurrence in the max-plus algebra with the closed form U_n = R_n + max(0, max over k <= n of (A_k - R_k)),
R being the points used so far: a running sum and a running maximum. The few other accounts go through
`loyalty.rewards.points.irregular_accounts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from loyalty.columns import Flags, Ints
from loyalty.rewards.points.history import group_starts, running_maximum, running_sum, sort_order
from loyalty.rewards.points.irregular_accounts import EXPIRED, USED, LotEntries, settle_irregular
from loyalty.rewards.points.point_lots import PointLots


@dataclass(frozen=True)
class LotBalances:
    """Points of each lot, shape (lots,): used + expired + left = points - reversed, of confirmed lots.

    `expiries`: what expired and when. `returned_expiries`: expiries that a later reversal returned.
    """

    used: Ints
    expired: Ints
    left: Ints
    expiries: LotEntries
    returned_expiries: LotEntries


class _RegularLots(NamedTuple):
    """used, expired and left of each lot, shape (lots,); 0 for lots of irregular accounts."""

    used: Ints
    expired: Ints
    left: Ints


def settle_lots(lots: PointLots, end: int) -> LotBalances:
    """Balances of all lots by what happened before `end` (seconds)."""
    irregular = irregular_customers(lots)
    regular = ~irregular[lots.customer] if len(lots.customer) else np.zeros(0, np.bool_)
    used, expired, left = _settle_regular(lots, regular, ~irregular[lots.use_customer], end)
    expired_lots = np.flatnonzero(regular & (expired > 0))
    regular_expiries = LotEntries(expired_lots, lots.expires[expired_lots], expired[expired_lots])
    others = settle_irregular(
        lots, np.flatnonzero(~regular), np.flatnonzero(irregular[lots.use_customer]), end
    )
    for place, state in others.lots.items():
        used[place], expired[place], left[place] = state
    expiries = LotEntries(
        *(np.concatenate(pair) for pair in zip(regular_expiries, others.expiries, strict=True))
    )
    return LotBalances(used, expired, left, expiries, others.returned_expiries)


def irregular_customers(lots: PointLots) -> Flags:
    """By customer code: whether lots are confirmed in another order than they expire, or an expired lot is reversed."""
    customers = max(
        (int(codes.max()) + 1 for codes in (lots.customer, lots.use_customer) if len(codes)), default=0
    )
    irregular = np.zeros(customers, dtype=np.bool_)
    if len(lots.customer) > 1:
        earlier = (lots.confirmed[1:] < lots.confirmed[:-1]) & (lots.customer[1:] == lots.customer[:-1])
        irregular[lots.customer[1:][earlier]] = True
    late = lots.reversal_at >= lots.expires[lots.reversal_of]
    irregular[lots.customer[lots.reversal_of[late]]] = True
    return irregular


def _settle_regular(lots: PointLots, regular: Flags, regular_use: Flags, end: int) -> _RegularLots:
    """The closed form above for the lots and uses of regular accounts."""
    confirmed = regular & (lots.confirmed < end)
    net = np.where(confirmed, lots.points - lots.reversed_points(), 0)
    points_up_to = running_sum(net, group_starts(lots.customer)) if len(net) else net
    ends = np.flatnonzero(confirmed & (lots.expires < end))
    uses = np.flatnonzero(regular_use)
    customer = np.concatenate([lots.customer[ends], lots.use_customer[uses]])
    at = np.concatenate([lots.expires[ends], lots.use_at[uses]])
    kind = np.repeat([EXPIRED, USED], [len(ends), len(uses)])
    lot = np.concatenate([ends, np.full(len(uses), -1)])
    order = sort_order(customer, at, kind)
    customer, lot = customer[order], lot[order]
    points = np.concatenate([np.zeros(len(ends), np.int64), lots.use_points[uses]])[order]
    first = group_starts(customer)
    used_so_far = running_sum(points, first)
    floor = np.where(lot >= 0, np.append(points_up_to, 0)[lot] - used_so_far, 0)
    gone = used_so_far + running_maximum(floor, first)
    gone_before = np.where(first, 0, np.concatenate([[0], gone[:-1]])[: len(gone)])
    expired = np.zeros(len(net), dtype=np.int64)
    expired[lot[lot >= 0]] = (gone - gone_before - points)[lot >= 0]
    gone_at_end = np.zeros(int(lots.customer.max()) + 1 if len(lots.customer) else 0, dtype=np.int64)
    with_lots = customer < len(gone_at_end)
    gone_at_end[customer[with_lots]] = gone[with_lots]  # rows are in order of time, so the last one stays
    valid = confirmed & (lots.expires >= end)
    left = np.where(valid, np.clip(points_up_to - gone_at_end[lots.customer], 0, net), 0)
    return _RegularLots(net - expired - left, expired, left)

"""Which tier a customer held at any moment: up as soon as the qualifying sum reaches it, down after the grace period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loyalty.columns import Floats, Ints
from loyalty.rewards.points.history import DAY_S, Orders, group_starts, running_sum, sort_order
from loyalty.rewards.points.order_points import whole_points
from loyalty.rewards.programme.programme import Programme
from loyalty.rewards.programme.rules import Tiering

MILLION = 1_000_000
NEVER = np.iinfo(np.int64).max // 4
LEAVES, ASKED, COUNTS = range(3)  # the order of events of one second


@dataclass(frozen=True)
class TierCounts:
    """What counts towards tiers: customer (code), when (seconds), from_order (seconds: when the order was made), amount
    (millionths of a unit; below 0 for what was returned). One row an order and one a return."""

    customer: Ints
    when: Ints
    from_order: Ints
    amount: Ints


def tier_counts(orders: Orders, programme: Programme) -> TierCounts:
    """What counts by the programme's measure: orders, and what their returns take back of it."""
    returned_order = orders.return_of
    lost = _measure(orders.left_after, programme) - _measure(orders.left_before, programme)
    return TierCounts(
        customer=np.concatenate([orders.customer, orders.customer[returned_order]]),
        when=np.concatenate([orders.when, np.maximum(orders.returned_at, orders.when[returned_order])]),
        from_order=np.concatenate([orders.when, orders.when[returned_order]]),
        amount=np.concatenate([_measure(orders.gross, programme), lost]),
    )


def _measure(left: Floats, programme: Programme) -> Ints:
    """What orders with so much money `left` after returns count, in millionths."""
    by = programme.tiering.by
    if by == "spend":
        return np.round(left * MILLION).astype(np.int64)
    if by == "orders":
        return (left > 0).astype(np.int64) * MILLION
    return whole_points(left, programme) * MILLION


def leaves_at(at: Ints, tiering: Tiering) -> Ints:
    """When (seconds) an order stops counting towards tiers."""
    if tiering.period == "lifetime":
        return np.full(len(at), NEVER, dtype=np.int64)
    if tiering.period == "rolling":
        return (at // DAY_S + 365) * DAY_S
    years = at.astype("datetime64[s]").astype("datetime64[Y]") + 1
    leaves: Ints = years.astype("datetime64[s]").astype(np.int64)
    return leaves


def tiers_held(counts: TierCounts, customer: Ints, at: Ints, programme: Programme) -> Ints:
    """For each pair of customer and second the place in `programme.tiers` of the tier held just before that second.

    A tier is held while the sum reaches its threshold, and `grace_days` from the moment it no longer does.
    """
    if len(programme.tiers) == 1 or not len(customer):
        return np.zeros(len(customer), dtype=np.int64)
    leaves = leaves_at(counts.from_order, programme.tiering)
    counting = counts.when < leaves
    ending = counting & (leaves < NEVER)
    customers = np.concatenate([customer, counts.customer[counting], counts.customer[ending]])
    when = np.concatenate([at, counts.when[counting], leaves[ending]])
    kind = np.repeat([ASKED, COUNTS, LEAVES], [len(customer), counting.sum(), ending.sum()])
    amount = np.concatenate(
        [np.zeros(len(customer), np.int64), counts.amount[counting], -counts.amount[ending]]
    )
    order = sort_order(customers, when, kind)
    customers, when, amount = customers[order], when[order], amount[order]
    first = group_starts(customers)
    total = running_sum(amount, first)
    held = np.zeros(len(customers), dtype=np.int64)
    for place, tier in enumerate(programme.tiers[1:], start=1):
        reached = total >= int(tier.threshold * MILLION)
        held[reached | _in_grace(reached, first, when, programme.tiering.grace_days * DAY_S)] = place
    tiers = np.empty(len(customers), dtype=np.int64)
    tiers[order] = held
    return tiers[: len(customer)]


def _in_grace(reached: np.ndarray, first: np.ndarray, when: Ints, grace: int) -> np.ndarray:
    """Where a tier was lost less than `grace` seconds ago."""
    lost = np.zeros(len(reached), dtype=np.bool_)
    lost[1:] = reached[:-1] & ~reached[1:] & ~first[1:]
    rows = np.arange(len(reached))
    last = np.maximum.accumulate(np.where(lost, rows, -1))
    begun = np.maximum.accumulate(np.where(first, rows, -1))
    return np.asarray((last >= begun) & (when < when[np.maximum(last, 0)] + grace))

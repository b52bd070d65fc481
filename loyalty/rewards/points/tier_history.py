"""Which tier a customer held at any moment: the qualifying sum as steps in time, up at once, down after the grace."""

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
LEAVES, ASKED, COUNTS = 0, 1, 2  # what happens first of what happens in one second


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
    of = orders.of
    lost = _measure(orders.after, programme) - _measure(orders.before, programme)
    return TierCounts(
        customer=np.concatenate([orders.customer, orders.customer[of]]),
        when=np.concatenate([orders.when, np.maximum(orders.back_at, orders.when[of])]),
        from_order=np.concatenate([orders.when, orders.when[of]]),
        amount=np.concatenate([_measure(orders.gross, programme), lost]),
    )


def _measure(left: Floats, programme: Programme) -> Ints:
    """What an order with so much money left counts, in millionths."""
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
    found: Ints = years.astype("datetime64[s]").astype(np.int64)
    return found


def tiers_held(counted: TierCounts, customer: Ints, at: Ints, programme: Programme) -> Ints:
    """For each question (customer, second) the place in `programme.tiers` of the tier held just before that second.

    A tier is held while the sum reaches its threshold, and `grace_days` from the moment it no longer does.
    """
    if len(programme.tiers) == 1 or not len(customer):
        return np.zeros(len(customer), dtype=np.int64)
    until = leaves_at(counted.from_order, programme.tiering)
    lasting = counted.when < until
    ends = lasting & (until < NEVER)
    who = np.concatenate([customer, counted.customer[lasting], counted.customer[ends]])
    when = np.concatenate([at, counted.when[lasting], until[ends]])
    kind = np.repeat([ASKED, COUNTS, LEAVES], [len(customer), lasting.sum(), ends.sum()])
    amount = np.concatenate(
        [np.zeros(len(customer), np.int64), counted.amount[lasting], -counted.amount[ends]]
    )
    order = sort_order(who, when, kind)
    who, when, amount = who[order], when[order], amount[order]
    first = group_starts(who)
    total = running_sum(amount, first)
    held = np.zeros(len(who), dtype=np.int64)
    for place, tier in enumerate(programme.tiers[1:], start=1):
        reached = total >= int(tier.threshold * MILLION)
        held[reached | _in_grace(reached, first, when, programme.tiering.grace_days * DAY_S)] = place
    answers = np.empty(len(who), dtype=np.int64)
    answers[order] = held
    return answers[: len(customer)]


def _in_grace(reached: np.ndarray, first: np.ndarray, when: Ints, grace: int) -> np.ndarray:
    """Where a tier was lost less than `grace` seconds ago."""
    lost = np.zeros(len(reached), dtype=np.bool_)
    lost[1:] = reached[:-1] & ~reached[1:] & ~first[1:]
    rows = np.arange(len(reached))
    last = np.maximum.accumulate(np.where(lost, rows, -1))
    begun = np.maximum.accumulate(np.where(first, rows, -1))
    return np.asarray((last >= begun) & (when < when[np.maximum(last, 0)] + grace))

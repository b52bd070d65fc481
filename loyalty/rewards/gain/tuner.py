"""The tuner: the last 365 days replayed under a programme's rules, and how its cost changes with a threshold.

Only cost is replayed, on sales that happened anyway; whether rewards bring more sales is for campaigns to measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.columns import Floats
from loyalty.rewards.errors import UnknownTier
from loyalty.rewards.gain.programme_benefits import Benefit
from loyalty.rewards.points.order_points import (
    measure_per_order,
    point_cost,
    points_earned,
    spend,
    tier_measure,
    tier_multipliers,
    tier_numbers,
)
from loyalty.rewards.programme.programme import Programme, Tier
from loyalty.words.speaker import Words

MONTHS = 12


@dataclass(frozen=True)
class TierResult:
    """One tier under the rules. Money in the shop's currency, over the last 365 days."""

    tier: Tier
    customers: int  # who hold it: reached it, and no higher one
    earned: int  # who spent enough for it, holders of higher tiers included
    within_reach: int  # below it by no more than one usual order of their own
    revenue: float
    share_of_revenue: float  # in [0, 1]
    points: float  # issued to its holders, before rounding down order by order
    cost_per_year: float

    @property
    def cost_per_month(self) -> float:
        """A twelfth of the yearly cost."""
        return self.cost_per_year / MONTHS


@dataclass(frozen=True)
class Tuning:
    """A programme and what it would have meant over the last 365 days, tier by tier in its order.

    `points` are those for sales; `benefits` are given besides; the cost is that of both.
    """

    programme: Programme
    tiers: tuple[TierResult, ...]
    customers: int
    revenue: float
    points: float
    cost_per_year: float
    share_of_revenue: float  # cost / revenue; 0 without revenue
    benefits: tuple[Benefit, ...] = ()

    @property
    def cost_per_month(self) -> float:
        """A twelfth of the yearly cost."""
        return self.cost_per_year / MONTHS

    @property
    def cost_of_points(self) -> float:
        """The yearly cost of points for sales alone."""
        return self.cost_per_year - sum(benefit.cost for benefit in self.benefits)


@dataclass(frozen=True)
class Difference:
    """Proposed minus current. `customers`: change in holders by tier key; a tier one lacks counts as 0."""

    cost_per_year: float
    cost_per_month: float
    share_of_revenue: float
    customers: tuple[tuple[str, int], ...]


def replay(customers: pd.DataFrame, programme: Programme, benefits: tuple[Benefit, ...] = ()) -> Tuning:
    """What the programme would have cost over the last 365 days, and who would hold which tier.
    `benefits`: what it gives besides points for sales.

    `customers`: CUSTOMERS. Cost of a tier = (revenue_365 of its holders x points_per_unit x multiplier + their
    orders x per_order) x worth of a point x expected_redemption. Points are not rounded down order by order here, so
    the cost is at most one point an order too high. Within reach: lacking no more than one average order of their own
    (the shop's if they have none). Tiers by calendar year or of all time are counted over the last 365 days.
    """
    spent, measure, unit = (
        spend(customers),
        tier_measure(customers, programme),
        measure_per_order(customers, programme),
    )
    held = tier_numbers(measure, programme)
    counts = np.bincount(held, minlength=len(programme.tiers))
    revenue, orders = (
        np.bincount(held, weights=each, minlength=len(programme.tiers)).astype(np.float64)
        for each in (spent, _orders(customers, programme))
    )
    points = points_earned(revenue, orders, programme, tier_multipliers(programme))
    costs = points * point_cost(programme)
    total = float(revenue.sum())
    tiers = tuple(
        TierResult(
            tier,
            customers=int(counts[i]),
            earned=int(counts[i:].sum()),
            within_reach=_within_reach(float(tier.threshold) - measure, unit),
            revenue=float(revenue[i]),
            share_of_revenue=_share(float(revenue[i]), total),
            points=float(points[i]),
            cost_per_year=float(costs[i]),
        )
        for i, tier in enumerate(programme.tiers)
    )
    cost = float(costs.sum()) + sum(benefit.cost for benefit in benefits)
    return Tuning(
        programme, tiers, len(customers), total, float(points.sum()), cost, _share(cost, total), benefits
    )


def compare(current: Tuning, proposed: Tuning) -> Difference:
    """What changes when the proposed rules replace the current ones."""
    before = {each.tier.key: each.customers for each in current.tiers}
    after = {each.tier.key: each.customers for each in proposed.tiers}
    return Difference(
        proposed.cost_per_year - current.cost_per_year,
        proposed.cost_per_month - current.cost_per_month,
        proposed.share_of_revenue - current.share_of_revenue,
        tuple((key, after.get(key, 0) - before.get(key, 0)) for key in {**before, **after}),
    )


def threshold_curve(
    customers: pd.DataFrame, programme: Programme, tier_key: str, thresholds: Sequence[float]
) -> pd.DataFrame:
    """How holders and cost change with one tier's threshold, the other tiers unchanged.

    One row a threshold, rising, each once: threshold, customers (holders), share_of_revenue (theirs),
    tier_cost_per_year, cost_per_year (the whole programme). Thresholds not strictly between the neighbouring
    tiers' are left out. Raises UnknownTier for an unknown key and for the first tier, which stays at 0.
    """
    place = _movable_place(programme, tier_key)
    fixed = np.array([float(tier.threshold) for tier in programme.tiers] + [np.inf])
    new_thresholds = np.unique(np.asarray(thresholds, dtype=np.float64))
    new_thresholds = new_thresholds[(new_thresholds > fixed[place - 1]) & (new_thresholds < fixed[place + 1])]
    edges = np.tile(fixed, (len(new_thresholds), 1))
    edges[:, place] = new_thresholds
    measure = tier_measure(customers, programme)
    order = np.argsort(measure, kind="stable")
    spent = spend(customers)[order]
    cuts = np.searchsorted(measure[order], edges, side="left")
    revenue, orders = (
        np.diff(np.concatenate([[0.0], np.cumsum(each)])[cuts], axis=1)
        for each in (spent, _orders(customers, programme)[order])
    )
    costs = points_earned(revenue, orders, programme, tier_multipliers(programme)) * point_cost(programme)
    return pd.DataFrame(
        {
            "threshold": new_thresholds,
            "customers": (cuts[:, place + 1] - cuts[:, place]).astype(np.int64),
            "share_of_revenue": revenue[:, place] / max(float(spent.sum()), 1e-9),
            "tier_cost_per_year": costs[:, place],
            "cost_per_year": costs.sum(axis=1),
        }
    )


def headline(tuning: Tuning, words: Words) -> str:
    """The page's answer: the cost a month, its share of sales, and who would hold the highest tier."""
    if tuning.revenue <= 0:
        return words.say(
            "No sales to known customers in the last 365 days, so no cost can be worked out yet."
        )
    cost = words.say(
        "Over the last 12 months these rewards would have cost about {cost} a month, {share} of sales.",
        cost=words.money(tuning.cost_per_month),
        share=words.percent(tuning.share_of_revenue, 1),
    )
    top = tuning.tiers[-1]
    if len(tuning.tiers) == 1:
        return cost
    who = words.plural(
        "{n} customer of {all} would hold {tier}.",
        "{n} customers of {all} would hold {tier}.",
        top.customers,
        all=words.number(tuning.customers),
        tier=words.say(top.tier.name),
    )
    return words.say("{first} {second}", first=cost, second=who)


def assumptions(tuning: Tuning, words: Words) -> str:
    """What the cost assumes, for under the headline."""
    return words.say(
        "The cost is that of your own sales to known customers, as they were, if {share} of points are ever used.",
        share=words.percent(tuning.programme.expected_redemption),
    )


def _orders(customers: pd.DataFrame, programme: Programme) -> Floats:
    """Orders of the last 365 days, where orders by themselves earn points."""
    if not programme.earning.per_order:
        return np.zeros(len(customers))
    return customers["orders_365"].to_numpy(dtype=np.float64)


def _movable_place(programme: Programme, tier_key: str) -> int:
    movable = [tier.key for tier in programme.tiers[1:]]
    if tier_key not in movable:
        raise UnknownTier(key=tier_key, known=", ".join(movable) or "–")
    return movable.index(tier_key) + 1


def _within_reach(gaps: Floats, usual: Floats) -> int:
    return int(np.count_nonzero((gaps > 0) & (np.round(gaps - usual, 6) <= 0)))


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0

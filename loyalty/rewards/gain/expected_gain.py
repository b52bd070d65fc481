"""What a programme is expected to bring in a year, with its range, beside what it costs.

The baseline is the shop's own last 365 days. Against a year without rewards,

    gain = eta B + S(tau) - C + P

C: rewards on sales that happen anyway. P: what discounts, gifts, events and referrals bring less what they cost
(`loyalty.rewards.gain.programme_benefits`). B: margin on what buyers, heavy ones excluded, buy more for the share they get
back (`Responses.back`, eta). S: margin on what customers near a threshold buy to reach it, less the better rewards that
they then get for a year (`Responses.step`, tau). Readiness to buy more is exponential among people with mean tau, so
a customer who would spend s and lacks g reaches the threshold with chance prize x exp(-(g / s) / tau), the goal gradient:
effort rises as the goal comes nearer. They then spend g more and no more.

The range (80 %) has three parts: the uncertainty of the responses, the chance of single customers, and the drift of a
shop's sales from one year to the next (a standard deviation of 25 %, as its own predictions have turned out to need).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd

from loyalty.columns import Floats
from loyalty.rewards.gain.programme_benefits import Benefit, ProgrammeBenefits, half_ranges
from loyalty.rewards.gain.responses import FULL_PRIZE, HEAVY, Z80, Response, Responses
from loyalty.rewards.points.order_points import (
    highest_point_value,
    point_cost,
    points_earned,
    spend,
    tier_measure,
    tier_multipliers,
)
from loyalty.rewards.programme.programme import Programme

DRIFT_SD = 0.25
LEAST_TAU = 0.01
FARTHEST = 1.0  # nobody more than doubles what they buy


@dataclass(frozen=True)
class Basis:
    """Customers in rising order of `measure` (what tiers are made of, over the last 365 days).

    reach: the highest measure they would buy up to. spent: net revenue. `upto_...`: sums of all customers before a place:
    of their spend, of their orders, and of the spend of those who are not heavy buyers.
    """

    measure: Floats
    reach: Floats
    spent: Floats
    upto_spent: Floats
    upto_orders: Floats
    upto_light: Floats


@dataclass(frozen=True)
class Terms:
    """`margin`: share of revenue left after cost of goods. `responses`: the assumed responses of customers. `benefits`: of
    programmes, besides points for sales; None leaves these out."""

    margin: float
    responses: Responses = field(default_factory=Responses)
    drift_sd: float = DRIFT_SD
    benefits: ProgrammeBenefits | None = field(default=None, repr=False, compare=False)

    def benefits_of(self, programme: Programme) -> tuple[Benefit, ...]:
        """The benefits of one programme."""
        return self.benefits(programme, self.margin, self.responses) if self.benefits else ()


@dataclass(frozen=True)
class Gain:
    """Money a year in the shop's currency, expected; `low` to `high` is the 80 % range.

    `cost`: rewards on sales that happen anyway. `extra_sales`: more revenue because of the rewards. `break_even`: how many
    times stronger than assumed customers must respond for a gain of 0 (inf: no response makes it pay).
    `needed`: the share by which sales must rise for a gain of 0.
    """

    cost: float
    expected: float
    low: float
    high: float
    extra_sales: float
    break_even: float
    needed: float
    revenue: float


def basis(customers: pd.DataFrame, programme: Programme) -> Basis:
    """`customers`: CUSTOMERS. Tiers by calendar year or of all time are counted over the last 365 days here."""
    spent = spend(customers)
    orders = customers["orders_365"].to_numpy(dtype=np.float64)
    measure = tier_measure(customers, programme)
    bought = spent[spent > 0]
    heavy = float(np.quantile(bought, HEAVY)) if len(bought) else 0.0
    order = np.argsort(measure, kind="stable")
    light = np.where(spent <= heavy, spent, 0.0)
    sums = [np.concatenate([[0.0], np.cumsum(column[order])]) for column in (spent, orders, light)]
    reach = np.where((spent > 0) & (measure > 0), measure * (1 + FARTHEST), -np.inf)
    return Basis(measure[order], reach[order], spent[order], *sums)


def tier_places(customers: Basis, programme: Programme, sales_factor: float = 1.0) -> list[int]:
    """Where each tier begins among the customers, if all bought `sales_factor` times as much, and where the last one ends."""
    thresholds = [float(tier.threshold) / sales_factor for tier in programme.tiers[1:]]
    return [0, *(int(cut) for cut in np.searchsorted(customers.measure, thresholds)), len(customers.measure)]


def gain(
    customers: Basis, programme: Programme, terms: Terms, sums: Sequence[NearThreshold] | None = None
) -> Gain:
    """The expected gain of a programme.

    Args:
        customers: the basis for the programme's own tier measure.
        programme: the rules.
        terms: margin, responses and benefits.
        sums: `near_threshold_sums` of the same thresholds, where they are worked out already.
    """
    sums = near_threshold_sums(customers, programme, terms.responses.step) if sums is None else sums
    used = float(programme.expected_redemption)
    value = highest_point_value(programme)
    rates = [float(programme.points_per_unit * tier.multiplier * value) for tier in programme.tiers]
    today, fewer_sales, more_sales = (
        _points_result(customers, programme, terms, math.exp(z * terms.drift_sd)) for z in (0.0, -Z80, Z80)
    )
    steps = _summed(
        [_step_result(near, (rates[i], rates[i + 1], used), terms.margin) for i, near in enumerate(sums)]
    )
    revenue = float(customers.upto_spent[-1])
    return _combined((today, fewer_sales, more_sales), steps, revenue, terms, terms.benefits_of(programme))


class _PointsResult(NamedTuple):
    """Points without steps to a higher tier: their cost; profit and sales of what is bought more for eta = 1.

    `sales_factor`: how many times the sales of today.
    """

    cost: float
    profit: float
    sales: float
    sales_factor: float


def _points_result(
    customers: Basis, programme: Programme, terms: Terms, sales_factor: float
) -> _PointsResult:
    """The parts that cumulative sums give, if all sales were `sales_factor` times those of today."""
    cuts = np.array(tier_places(customers, programme, sales_factor))
    low, high = cuts[:-1], cuts[1:]
    spent, orders, light = (
        sums[high] - sums[low] for sums in (customers.upto_spent, customers.upto_orders, customers.upto_light)
    )
    multipliers, cost_of_point = tier_multipliers(programme), point_cost(programme)
    cost = float(points_earned(spent, orders, programme, multipliers).sum()) * cost_of_point
    rates = float(programme.points_per_unit) * multipliers * cost_of_point
    profit, sales = float(light @ (rates * (terms.margin - rates))), float(light @ rates)
    return _PointsResult(sales_factor * cost, sales_factor * profit, sales_factor * sales, sales_factor)


@dataclass(frozen=True)
class NearThreshold:
    """Sums over the customers near a threshold, weighted by e = exp(-share they lack / tau), at three values of tau: the
    low end of its 80 % range, its mean, the high end. m: the money they lack; s: what they spent. mm, ms, ss: of products
    of both, at the mean; `ee_...`: weighted by e squared."""

    m: tuple[float, float, float]
    s: tuple[float, float, float]
    mm: float
    ms: float
    ss: float
    ee_mm: float
    ee_ms: float
    ee_ss: float


def near_threshold_sums(customers: Basis, programme: Programme, step: Response) -> list[NearThreshold]:
    """The sums for each threshold above the first; they hold for every rate of points and every multiplier."""
    cuts = tier_places(customers, programme)
    targets = [float(tier.threshold) for tier in programme.tiers[1:]]
    return [near_threshold(customers, cuts[i], cuts[i + 1], target, step) for i, target in enumerate(targets)]


def near_threshold(customers: Basis, low: int, high: int, target: float, step: Response) -> NearThreshold:
    """The sums over customers at the places from `low` to before `high`, who are all below `target`."""
    rows = low + np.flatnonzero(customers.reach[low:high] >= target)
    lack, s = target / customers.measure[rows] - 1, customers.spent[rows]
    m = lack * s
    taus = [max(step.mean + z * step.sd, LEAST_TAU) for z in (-Z80, 0.0, Z80)]
    weights = [np.exp(-lack / tau) for tau in taus]
    e = weights[1]
    em, es = e * m, e * s
    products = (em * m, em * s, es * s, e * em * m, e * em * s, e * es * s)
    return NearThreshold(
        *(tuple(float((w * column).sum()) for w in weights) for column in (m, s)),  # type: ignore[arg-type]
        *(float(product.sum()) for product in products),
    )


class _StepResult(NamedTuple):
    """Steps to a higher tier: profit at the three values of tau; sales and the variance by chance at its mean."""

    profit: tuple[float, ...]
    sales: float
    variance: float


def _step_result(sums: NearThreshold, rates: tuple[float, float, float], margin: float) -> _StepResult:
    """Steps from one tier to the next: a customer who lacks m and spent s and makes the step brings a x m - b x s.

    `rates`: the share of spend that points are worth below and above the threshold, and the share of points used.
    """
    below, above, used = rates
    prize = min(1.0, max(0.0, above - below) / FULL_PRIZE)
    b = (above - below) * used
    a = margin - below * used - b
    variance = prize * (a * a * sums.mm - 2 * a * b * sums.ms + b * b * sums.ss)
    variance -= prize**2 * (a * a * sums.ee_mm - 2 * a * b * sums.ee_ms + b * b * sums.ee_ss)
    profit = tuple(prize * (a * m - b * s) for m, s in zip(sums.m, sums.s, strict=True))
    return _StepResult(profit, prize * sums.m[1], max(variance, 0.0))


def _summed(steps: Sequence[_StepResult]) -> _StepResult:
    """The steps to all tiers together."""
    profit = tuple(sum(step.profit[i] for step in steps) for i in range(3))
    return _StepResult(profit, sum(step.sales for step in steps), sum(step.variance for step in steps))


def _combined(
    points: tuple[_PointsResult, _PointsResult, _PointsResult],
    steps: _StepResult,
    revenue: float,
    terms: Terms,
    benefits: tuple[Benefit, ...],
) -> Gain:
    """The gain of all parts; `points`: at today's sales, at the low and the high end of their drift."""
    today, back = points[0], terms.responses.back
    response = back.mean * today.profit + steps.profit[1] + sum(benefit.profit for benefit in benefits)
    cost = today.cost + sum(benefit.cost for benefit in benefits)
    by_drift = [back.mean * each.profit + each.sales_factor * steps.profit[1] - each.cost for each in points]
    tau_down, tau_up = min(steps.profit) - steps.profit[1], max(steps.profit) - steps.profit[1]
    drift_down, drift_up = min(by_drift) - by_drift[0], max(by_drift) - by_drift[0]
    chance = Z80 * math.sqrt((back.sd * today.profit) ** 2 + steps.variance)
    benefits_down, benefits_up = half_ranges(benefits, terms.drift_sd)
    expected = by_drift[0] + sum(benefit.expected for benefit in benefits)
    net = terms.margin - (cost / revenue if revenue else 0.0)
    return Gain(
        cost=cost,
        expected=expected,
        low=expected - math.hypot(tau_down, drift_down, chance) - benefits_down,
        high=expected + math.hypot(tau_up, drift_up, chance) + benefits_up,
        extra_sales=back.mean * today.sales + steps.sales + sum(benefit.sales for benefit in benefits),
        break_even=cost / response if response > 0 else math.inf,
        needed=cost / (net * revenue) if revenue and net > 0 else math.inf,
        revenue=revenue,
    )


def gain_curve(
    customers: Basis, programme: Programme, tier: int, thresholds: Sequence[float], terms: Terms
) -> pd.DataFrame:
    """The gain for several thresholds of the tier at a place, the others unchanged.

    One row a threshold: threshold, cost, expected, low, high, extra_sales; thresholds that are not strictly between the
    neighbouring tiers' are left out.
    """
    fixed = [float(t.threshold) for t in programme.tiers] + [math.inf]
    step = terms.responses.step
    present_sums = near_threshold_sums(customers, programme, step)
    rows = []
    for threshold in sorted(set(thresholds)):
        if fixed[tier - 1] < threshold < fixed[tier + 1]:
            rules = with_threshold(programme, tier, threshold)
            cuts = tier_places(customers, rules)
            sums = list(present_sums)
            sums[tier - 1] = near_threshold(customers, cuts[tier - 1], cuts[tier], threshold, step)
            if tier < len(sums):
                sums[tier] = near_threshold(customers, cuts[tier], cuts[tier + 1], fixed[tier + 1], step)
            row = gain(customers, rules, terms, sums)
            rows.append((threshold, row.cost, row.expected, row.low, row.high, row.extra_sales))
    return pd.DataFrame(
        rows, columns=["threshold", "cost", "expected", "low", "high", "extra_sales"], dtype="float64"
    )


def with_threshold(programme: Programme, tier: int, threshold: float) -> Programme:
    """The programme with one tier's threshold moved, rounded to 6 decimals."""
    tiers = list(programme.tiers)
    tiers[tier] = replace(tiers[tier], threshold=Decimal(str(round(threshold, 6))))
    return replace(programme, tiers=tuple(tiers))

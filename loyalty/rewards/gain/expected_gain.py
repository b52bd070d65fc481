"""What a programme is expected to bring in a year, with its range, beside what it costs.

The baseline is the shop's own last 365 days. Against a year without rewards,

    gain = eta B + S(tau) - C + P

C: rewards on sales that happen anyway. P: what discounts, gifts, acts and referrals bring less what they cost
(`loyalty.rewards.gain.programme_benefits`). B: margin on what buyers, heavy ones left out, buy more for the share they get
back (`Responses.back`, eta). S: margin on what customers near a threshold buy to reach it, less the better rewards that
they then get for a year (`Responses.step`, tau). Readiness to buy more is exponential among people with mean tau, so
somebody who would spend s and lacks g makes the step with chance prize x exp(-(g / s) / tau), the goal gradient: effort
rises as less of the way is left. They then spend g more and no more.

The range (80 %) has three parts: what is not known of the responses, the luck of single customers, and the drift of a
shop's sales from one year to the next (a standard deviation of 25 %, as its own predictions have turned out to need).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

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
FARTHEST = 1.0  # nobody doubles what they buy


@dataclass(frozen=True)
class Basis:
    """What of the customers counts, in rising order of `measure` (what tiers are made of, over the last 365 days).

    reach: how far they would go at the most. spent: net revenue. `upto_...`: sums of all customers before a place: of what
    they spent, of their orders, and of what those spent who are not heavy buyers.
    """

    measure: Floats
    reach: Floats
    spent: Floats
    upto_spent: Floats
    upto_orders: Floats
    upto_light: Floats


@dataclass(frozen=True)
class Terms:
    """`margin`: share of revenue left after cost of goods. `responses`: what is assumed of customers. `promises`: what rules
    promise besides points for sales; None leaves these out."""

    margin: float
    responses: Responses = field(default_factory=Responses)
    drift_sd: float = DRIFT_SD
    benefits: ProgrammeBenefits | None = field(default=None, repr=False, compare=False)

    def benefits_of(self, programme: Programme) -> tuple[Benefit, ...]:
        """Those of these rules."""
        return self.benefits(programme, self.margin, self.responses) if self.benefits else ()


@dataclass(frozen=True)
class Gain:
    """Money a year in the shop's currency, expected; `low` to `high` holds 80 times of 100.

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


def tier_places(known: Basis, programme: Programme, times: float = 1.0) -> list[int]:
    """Where each tier begins among the customers, if all bought so many times as much, and where the last one ends."""
    cuts = np.searchsorted(known.measure, [float(t.threshold) / times for t in programme.tiers[1:]])
    return [0, *(int(cut) for cut in cuts), len(known.measure)]


def near_threshold_sums(known: Basis, programme: Programme, step: Response) -> list[NearThreshold]:
    """The sums for each threshold above the first; they hold for every rate of points and every multiplier."""
    cuts = tier_places(known, programme)
    targets = [float(tier.threshold) for tier in programme.tiers[1:]]
    return [near(known, cuts[i], cuts[i + 1], target, step) for i, target in enumerate(targets)]


def gain(
    known: Basis, programme: Programme, terms: Terms, sums: Sequence[NearThreshold] | None = None
) -> Gain:
    """What a programme is expected to bring; `known` is the basis for its own measure.

    `sums`: `near_threshold_sums` of the same thresholds, where they are known already.
    """
    sums = near_threshold_sums(known, programme, terms.responses.step) if sums is None else sums
    used = float(programme.expected_redemption)
    face = [
        float(programme.points_per_unit * t.multiplier * highest_point_value(programme))
        for t in programme.tiers
    ]
    plain, poorer, richer = (
        _plain(known, programme, terms, math.exp(z * terms.drift_sd)) for z in (0.0, -Z80, Z80)
    )
    parts = [_steps(each, (face[i], face[i + 1], used), terms.margin) for i, each in enumerate(sums)]
    profit = [sum(part[0][i] for part in parts) for i in range(3)]
    steps = (profit, sum(part[1] for part in parts), sum(part[2] for part in parts))
    return _gain(
        (plain, poorer, richer), steps, float(known.upto_spent[-1]), terms, terms.benefits_of(programme)
    )


@dataclass(frozen=True)
class Plain:
    """Without steps: what rewards cost; profit and sales of what is bought more for eta = 1; `times` the sales of today."""

    cost: float
    profit: float
    sales: float
    times: float


def _plain(known: Basis, programme: Programme, terms: Terms, times: float) -> Plain:
    """The parts that need no look at single customers, if all sales were so many times those of today."""
    cuts = np.array(tier_places(known, programme, times))
    low, high = cuts[:-1], cuts[1:]
    spent, orders, light = (
        sums[high] - sums[low] for sums in (known.upto_spent, known.upto_orders, known.upto_light)
    )
    multipliers, of_a_point = tier_multipliers(programme), point_cost(programme)
    cost = float(points_earned(spent, orders, programme, multipliers).sum()) * of_a_point
    rates = float(programme.points_per_unit) * multipliers * of_a_point
    profit, sales = float(light @ (rates * (terms.margin - rates))), float(light @ rates)
    return Plain(times * cost, times * profit, times * sales, times)


@dataclass(frozen=True)
class NearThreshold:
    """Sums over those who are near a threshold, weighed by e = exp(-share they lack / tau), at three values of tau: the low
    end of its 80 % range, its mean, the high end. m: of the money they lack; s: of what they spent. mm, ms, ss: of
    products of both, at the mean; `ee_...`: weighed by e squared."""

    m: tuple[float, float, float]
    s: tuple[float, float, float]
    mm: float
    ms: float
    ss: float
    ee_mm: float
    ee_ms: float
    ee_ss: float


def near(known: Basis, low: int, high: int, target: float, step: Response) -> NearThreshold:
    """The sums over customers at the places from `low` to before `high`, who are all below `target`."""
    rows = low + np.flatnonzero(known.reach[low:high] >= target)
    lack, s = target / known.measure[rows] - 1, known.spent[rows]
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


def _steps(
    sums: NearThreshold, rates: tuple[float, float, float], margin: float
) -> tuple[tuple[float, ...], float, float]:
    """Profit of steps from one tier to the next at the three values of tau; sales, and the variance that luck brings, at
    its mean.

    Whoever lacks m and spent s and makes the step brings a x m - b x s.
    """
    below, above, used = rates
    prize = min(1.0, max(0.0, above - below) / FULL_PRIZE)
    b = (above - below) * used
    a = margin - below * used - b
    luck = prize * (a * a * sums.mm - 2 * a * b * sums.ms + b * b * sums.ss)
    luck -= prize**2 * (a * a * sums.ee_mm - 2 * a * b * sums.ee_ms + b * b * sums.ee_ss)
    profit = tuple(prize * (a * m - b * s) for m, s in zip(sums.m, sums.s, strict=True))
    return profit, prize * sums.m[1], max(luck, 0.0)


def _gain(
    plain: tuple[Plain, Plain, Plain],
    steps: tuple[Sequence[float], float, float],
    revenue: float,
    terms: Terms,
    promised: tuple[Benefit, ...],
) -> Gain:
    """Put together; `plain`: at today's sales, at the low and the high end of their drift; `steps`: as `_steps`, of all."""
    now, back, profit = plain[0], terms.responses.back, steps[0]
    response = back.mean * now.profit + profit[1] + sum(each.profit for each in promised)
    cost, expected = now.cost + sum(each.cost for each in promised), sum(each.expected for each in promised)
    told = [back.mean * each.profit + each.times * profit[1] - each.cost for each in plain]
    ends = [
        (min(values) - values[0], max(values) - values[0]) for values in ((profit[1], *profit), tuple(told))
    ]
    rest = Z80 * math.sqrt((back.sd * now.profit) ** 2 + steps[2])
    down, up = (math.hypot(ends[0][side], ends[1][side], rest) for side in (0, 1))
    more_down, more_up = half_ranges(promised, terms.drift_sd)
    expected += told[0]
    net = terms.margin - (cost / revenue if revenue else 0.0)
    return Gain(
        cost, expected, expected - down - more_down, expected + up + more_up,
        extra_sales=back.mean * now.sales + steps[1] + sum(each.sales for each in promised),
        break_even=cost / response if response > 0 else math.inf,
        needed=cost / (net * revenue) if revenue and net > 0 else math.inf,
        revenue=revenue,
    )  # fmt: skip


def gain_curve(
    known: Basis, programme: Programme, tier: int, thresholds: Sequence[float], terms: Terms
) -> pd.DataFrame:
    """One row a threshold of the tier at a place (the others stay): threshold, cost, expected, low, high, extra_sales;
    thresholds that are not strictly between the neighbouring tiers' are left out."""
    fixed = [float(t.threshold) for t in programme.tiers] + [math.inf]
    step = terms.responses.step
    kept = near_threshold_sums(known, programme, step)
    rows = []
    for threshold in sorted(set(thresholds)):
        if fixed[tier - 1] < threshold < fixed[tier + 1]:
            rules = with_threshold(programme, tier, threshold)
            cuts = tier_places(known, rules)
            sums = list(kept)
            sums[tier - 1] = near(known, cuts[tier - 1], cuts[tier], threshold, step)
            if tier < len(kept):
                sums[tier] = near(known, cuts[tier], cuts[tier + 1], fixed[tier + 1], step)
            found = gain(known, rules, terms, sums)
            rows.append((threshold, found.cost, found.expected, found.low, found.high, found.extra_sales))
    return pd.DataFrame(
        rows, columns=["threshold", "cost", "expected", "low", "high", "extra_sales"], dtype="float64"
    )


def with_threshold(programme: Programme, tier: int, threshold: float) -> Programme:
    """The programme with one tier's threshold moved, rounded to 6 decimals."""
    tiers = list(programme.tiers)
    tiers[tier] = replace(tiers[tier], threshold=Decimal(str(round(threshold, 6))))
    return replace(programme, tiers=tuple(tiers))

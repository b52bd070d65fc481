"""Standing discounts and bonus points on the orders of a year, for any thresholds of tiers.

Sums by customer are made once for each tier, as if everybody held it, in rising order of the tier measure. Any
thresholds then need only differences of cumulative sums, so a slider that moves thresholds does not replay the orders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loyalty.columns import Floats
from loyalty.rewards.discounts import discount_amounts
from loyalty.rewards.gain.replay_year import ReplayYear
from loyalty.rewards.points.awards import combined_multipliers, day_multipliers, product_weight
from loyalty.rewards.points.order_points import tier_measure
from loyalty.rewards.programme.programme import Programme


@dataclass(frozen=True)
class BenefitTotals:
    """One benefit over all orders.

    `times`: on how many orders; `given`: the sum, in money. Of orders of buyers who are not heavy ones: `light`, the sum,
    and `square`, the sum of what is given squared over the order's value.
    """

    times: int
    given: float
    light: float
    square: float


@dataclass(frozen=True)
class OrderSums:
    """`measure`: (m,), rising; `upto`: sums over the customers before each place by tier, benefit and column of
    BenefitTotals, shape (tiers, benefits, 4, m + 1); one tier where tiers make no difference."""

    measure: Floats
    upto: Floats

    def totals(self, programme: Programme) -> list[BenefitTotals]:
        """The totals of each benefit under the thresholds of a programme."""
        edges = [float(tier.threshold) for tier in programme.tiers[1:]] if len(self.upto) > 1 else []
        cuts = [0, *np.searchsorted(self.measure, edges), len(self.measure)]
        totals = sum(
            self.upto[t][..., cuts[t + 1]] - self.upto[t][..., cuts[t]] for t in range(len(self.upto))
        )
        return [BenefitTotals(round(row[0]), *map(float, row[1:])) for row in np.asarray(totals)]


def depends_on_tiers(programme: Programme) -> bool:
    """Whether an order's discounts or bonus points depend on its customer's tier."""
    return has_bonus_points(programme) or any(discount.audience == "tier" for discount in programme.discounts)


def has_bonus_points(programme: Programme) -> bool:
    """Whether products or days have another rate of points."""
    return bool(programme.earning.products or programme.earning.bonus_days)


def order_sums(year: ReplayYear, programme: Programme) -> OrderSums:
    """The sums of the programme's discounts in their order, in money; then of bonus points where there are any, as money spent
    at the plain rate."""
    measure = tier_measure(year.customers, programme)
    order = np.argsort(measure, kind="stable")
    light = year.light
    tiers = range(len(programme.tiers)) if depends_on_tiers(programme) else (0,)
    by_tier = []
    for tier in tiers:
        given = discount_amounts(year, programme, np.full(len(year.value), tier, dtype=np.int64))
        if has_bonus_points(programme):
            given = np.vstack([given, bonus_amounts(year, programme, tier)])
        sums = np.array([_by_customer(year, row, light) for row in given]).reshape(
            len(given), 4, len(measure)
        )[..., order]
        by_tier.append(np.concatenate([np.zeros((*sums.shape[:2], 1)), np.cumsum(sums, axis=2)], axis=2))
    return OrderSums(measure[order], np.array(by_tier))


def _by_customer(year: ReplayYear, given: Floats, light: np.ndarray) -> list[Floats]:
    """The columns of BenefitTotals by customer, shape (4, m)."""
    light_given = np.where(light, given, 0.0)
    columns = (np.abs(given) > 0, given, light_given, light_given**2 / year.value)
    n = len(year.customers)
    return [
        np.bincount(year.customer, weights=column.astype(np.float64), minlength=n).astype(np.float64)
        for column in columns
    ]


def bonus_amounts(year: ReplayYear, programme: Programme, tier: int) -> Floats:
    """For each order the money that would earn its bonus points at the plain rate, shape (n,); below 0 for fewer points."""
    earning, tier_multiplier = programme.earning, float(programme.tiers[tier].multiplier)
    day = day_multipliers(year.day, earning.bonus_days)
    combined = combined_multipliers(np.full(len(day), tier_multiplier), day, earning.together)
    places = year.lines["order"].to_numpy(dtype=np.int64)
    weight = product_weight(year.lines, places, earning.products, len(day))
    return np.asarray(year.value * (combined * weight - tier_multiplier))

"""What a programme gives besides points for sales: standing discounts, gifts, events, referrals, bonus points.

Replayed over the last 365 days (`ReplayYear`), with what each is expected to bring: a standing discount or a bonus as
points do (`Responses.back`, of buyers who are not heavy ones), a coupon for a day as any coupon does
(`Responses.coupon`). What a welcome, sign-ups, reviews and referrals bring cannot be measured from sales that happened:
they count as cost alone.

Costs are at the high end: every order that could carry a discount or a coupon is taken to carry it; limits on points an
order or a month are not applied.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from loyalty.columns import Ints
from loyalty.rewards.discounts import reward_amounts
from loyalty.rewards.gain.order_benefits import (
    BenefitTotals,
    OrderSums,
    depends_on_tiers,
    has_bonus_points,
    order_sums,
)
from loyalty.rewards.gain.replay_year import ReplayYear
from loyalty.rewards.gain.responses import Z80, Response, Responses, chance_with_coupon
from loyalty.rewards.points.event_awards import event_points
from loyalty.rewards.points.order_points import mean_order, point_cost
from loyalty.rewards.programme.programme import Programme
from loyalty.rewards.programme.rules import Gift

CACHED_RULES = 8  # different rules, besides thresholds and rates, whose sums are cached
NO_RESPONSE = Response(0.0, 0.0, "")
Kind = Literal["discount", "bonus", "gift", "act", "referral"]


@dataclass(frozen=True)
class Benefit:
    """One benefit over a year.

    `name`: a discount's own name, a gift's key (`Gift.key`), else a source of points (`entry_names`). `times`: how often
    it was given.

    Money: `cost`, on what happened anyway; `profit`: margin on additional sales, less what those cost, expected, and at
    the ends of its 80 % range by the uncertainty of the response; `sales`: additional sales.
    """

    kind: Kind
    name: str
    times: int
    cost: float
    profit: float = 0.0
    low: float = 0.0
    high: float = 0.0
    sales: float = 0.0

    @property
    def expected(self) -> float:
        """Expected profit less cost."""
        return self.profit - self.cost


@dataclass(frozen=True)
class GiftUse:
    """A gift in coupons over the year.

    `days`: how many gift days there were; `carried`: on how many an order carried it anyway; `cost`: what that took off
    in all; `usual`: the usual order among these.
    """

    days: int
    carried: int
    cost: float
    usual: float


@dataclass(frozen=True)
class ProgrammeBenefits:
    """The benefits of any programme over a year; what sliders do not change is replayed once and cached."""

    year: ReplayYear
    cached_sums: dict[object, OrderSums] = field(default_factory=dict, repr=False, compare=False)
    cached_gifts: dict[Gift, GiftUse] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, programme: Programme, margin: float, responses: Responses) -> tuple[Benefit, ...]:
        """One entry a benefit that was given at least once. `margin`: share of revenue left after cost of goods."""
        benefits = [*self._order_benefits(programme, margin, responses.back)]
        benefits += [
            _gift_benefit(self._gift_use(gift), programme, gift, margin, responses.coupon)
            for gift in programme.gifts
        ]
        benefits += [
            *_event_benefits(self.year, programme),
            *_referral_benefits(self.year, programme),
        ]
        return tuple(benefit for benefit in benefits if benefit.times)

    def _order_benefits(self, programme: Programme, margin: float, back: Response) -> Iterator[Benefit]:
        totals = self._order_sums(programme).totals(programme)
        for discount, of_discount in zip(programme.discounts, totals, strict=False):
            response = back if discount.audience != "new" else NO_RESPONSE
            yield _returned_benefit("discount", discount.name, of_discount, margin, response)
        if has_bonus_points(programme):
            rate = float(programme.points_per_unit) * point_cost(programme)
            yield _returned_benefit("bonus", "bonus", _scaled(totals[-1], rate), margin, back)

    def _gift_use(self, gift: Gift) -> GiftUse:
        if gift not in self.cached_gifts:
            self.cached_gifts[gift] = gift_use(self.year, gift)
        return self.cached_gifts[gift]

    def _order_sums(self, programme: Programme) -> OrderSums:
        """The sums of the parts that thresholds and rates do not change."""
        earning = programme.earning
        of_points = (programme.points_per_unit, earning.per_order) if programme.tiering.by == "points" else ()
        tiers = (tuple((t.key, t.multiplier) for t in programme.tiers), programme.tiering.by, of_points)
        key = (
            programme.discounts,
            programme.caps,
            earning.products,
            earning.bonus_days,
            earning.together,
            tiers if depends_on_tiers(programme) else (),
        )
        sums = self.cached_sums.get(key) or order_sums(self.year, programme)
        self.cached_sums[key] = sums
        for oldest in list(self.cached_sums)[:-CACHED_RULES]:
            self.cached_sums.pop(oldest, None)
        return sums


def _scaled(totals: BenefitTotals, rate: float) -> BenefitTotals:
    """The totals of an amount that is `rate` times as high."""
    return BenefitTotals(totals.times, totals.given * rate, totals.light * rate, totals.square * rate**2)


def _returned_benefit(kind: Kind, name: str, totals: BenefitTotals, margin: float, back: Response) -> Benefit:
    """Money given back, and what buyers who are not heavy ones buy more for it."""
    unit = margin * totals.light - totals.square
    low, high = sorted(unit * (back.mean + z * back.sd) for z in (-Z80, Z80))
    return Benefit(
        kind, name, totals.times, totals.given, back.mean * unit, low, high, back.mean * totals.light
    )


def _event_benefits(year: ReplayYear, programme: Programme) -> Iterator[Benefit]:
    """Points for signing up and for reviews."""
    for kind in ("sign_up", "review"):
        points = event_points(kind, programme)
        times = year.events.get(kind, 0) if points else 0
        yield Benefit("act", kind, times, times * points * point_cost(programme))


def gift_use(year: ReplayYear, gift: Gift) -> GiftUse:
    """The first order within a gift's days that is large enough carries its coupon."""
    customer, day = year.days.get(gift.key, (np.zeros(0, np.int64), np.zeros(0, np.int64)))
    least = max(float(gift.minimum_spend), 1e-9)
    if gift.kind == "points" or not len(customer):
        return GiftUse(len(customer), 0, 0.0, 0.0)
    orders = _first_orders_within(year, customer, (day - gift.days_before, day + gift.valid_days), least)
    values = year.value[orders[orders >= 0]]
    usual = float(values.mean()) if len(values) else max(mean_order(year.customers), least)
    return GiftUse(len(customer), len(values), float(reward_amounts(gift, values).sum()), usual)


def _gift_benefit(use: GiftUse, programme: Programme, gift: Gift, margin: float, coupon: Response) -> Benefit:
    """A gift for a day: points, or a coupon that brings some customers who would not have come."""
    if gift.kind == "points" or not use.days:
        return Benefit("gift", gift.key, use.days, use.days * float(gift.value) * point_cost(programme))
    off = float(reward_amounts(gift, np.array([use.usual]))[0])
    depth, share = off / use.usual if use.usual > 0 else 0.0, np.array([use.carried / use.days])

    def extra_orders(response: float) -> float:
        return use.days * float(chance_with_coupon(share, depth, response)[0] - share[0])

    profits = [
        extra_orders(coupon.mean + z * coupon.sd) * (margin * use.usual - off) for z in (0.0, -Z80, Z80)
    ]
    sales = extra_orders(coupon.mean) * use.usual
    return Benefit(
        "gift", gift.key, use.days, use.cost, profits[0], min(profits[1:]), max(profits[1:]), sales
    )


def _first_orders_within(year: ReplayYear, customer: Ints, within: tuple[Ints, Ints], least: float) -> Ints:
    """For each customer the place of their first order of `least` or more from one day to another; -1 for none."""
    large = np.flatnonzero(year.value >= least)
    span = int(max(year.day.max(initial=0), within[1].max())) + 2
    order = np.argsort(year.customer[large] * span + year.day[large], kind="stable")
    keys = (year.customer[large] * span + year.day[large])[order]
    place = np.searchsorted(keys, customer * span + np.maximum(within[0], 0))
    inside = place < len(keys)
    inside[inside] = keys[place[inside]] <= (customer * span + within[1])[inside]
    return np.where(inside, large[order][np.minimum(place, max(len(keys) - 1, 0))] if len(keys) else -1, -1)


def _referral_benefits(year: ReplayYear, programme: Programme) -> Iterator[Benefit]:
    """Both sides of each referral whose first order is large enough."""
    rules = programme.referral
    order = year.referrals["order"].to_numpy(dtype=np.int64)
    counts = year.value[order] >= float(rules.minimum_spend) if len(order) else np.zeros(0, dtype=bool)
    if rules.most_a_year and len(order):
        calendar = year.day[order].astype("datetime64[D]").astype("datetime64[Y]")
        referrals = pd.DataFrame(
            {"referrer": year.referrals["referrer"].to_numpy(), "year": calendar, "counts": counts}
        )
        numbers = referrals[referrals["counts"]].groupby(["referrer", "year"]).cumcount()
        counts &= numbers.reindex(referrals.index, fill_value=0).to_numpy() < rules.most_a_year
    first = year.value[order[counts]] if len(order) else np.zeros(0)
    usual = np.full(len(first), mean_order(year.customers))
    for side, reward, base in (("referrer", rules.referrer, usual), ("referred", rules.referred, first)):
        times = len(first) if reward.value else 0
        if reward.kind == "points":
            cost = times * float(reward.value) * point_cost(programme)
        else:
            cost = float(reward_amounts(reward, base[:times]).sum())
        yield Benefit("referral", side, times, cost)


def half_ranges(benefits: tuple[Benefit, ...], drift_sd: float) -> tuple[float, float]:
    """How far below and above the expected gain the 80 % range of all benefits reaches.

    By the uncertainty of the response and the drift of sales of each, as if all went the same way.
    """
    down = up = 0.0
    for benefit in benefits:
        drift = Z80 * drift_sd * benefit.expected
        down += math.hypot(benefit.profit - benefit.low, drift)
        up += math.hypot(benefit.high - benefit.profit, drift)
    return down, up

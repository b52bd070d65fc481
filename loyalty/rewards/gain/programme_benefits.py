"""What a programme promises besides points for sales: standing discounts, gifts, events, referrals, bonus points.

Replayed over the last 365 days as they were (`ReplayYear`), beside what each is expected to bring: a standing discount or a bonus as
points do (`Responses.back`, of buyers who are not heavy ones), a coupon for a day as any coupon does (`Responses.coupon`). A
welcome, sign-ups, reviews and referrals bring what cannot be told from sales that happened: they count as cost alone.

Costs are at the high end: every order that could carry a discount or a coupon is taken to carry it; limits on points an order
or a month are not taken off.
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

KEPT = 8  # different rules, besides thresholds and rates, whose sums are remembered
NOTHING = Response(0.0, 0.0, "")
Kind = Literal["discount", "bonus", "gift", "act", "referral"]


@dataclass(frozen=True)
class Benefit:
    """One promise over a year. `name`: the owner's own of a discount, a gift's key (`Gift.key`), else a source of points
    (`entry_names`); `times`: how often it was met.

    Money: `cost`, on what happened anyway; `profit`: margin on what is bought more, less what that costs, expected, and at
    the ends of its 80 % range by what is not known of the response; `sales`: what is bought more.
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
        """What it brings more than it costs."""
        return self.profit - self.cost


@dataclass(frozen=True)
class ProgrammeBenefits:
    """What any rules would have promised in a year; what sliders do not change is gone through once."""

    year: ReplayYear
    cached_sums: dict[object, OrderSums] = field(default_factory=dict, repr=False, compare=False)
    gifts: dict[Gift, GiftUse] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, programme: Programme, margin: float, responses: Responses) -> tuple[Benefit, ...]:
        """One entry a promise that was met at least once. `margin`: share of revenue left after cost of goods."""
        found = [*self._on_orders(programme, margin, responses.back)]
        found += [
            _gift(self._met(gift), programme, gift, margin, responses.coupon) for gift in programme.gifts
        ]
        found += [*_events(self.year, programme), *_referrals(self.year, programme)]
        return tuple(promise for promise in found if promise.times)

    def _on_orders(self, programme: Programme, margin: float, back: Response) -> Iterator[Benefit]:
        carried = self._sums(programme).at(programme)
        for discount, own in zip(programme.discounts, carried, strict=False):
            yield _responding(
                "discount", discount.name, own, margin, back if discount.audience != "new" else NOTHING
            )
        if has_bonus_points(programme):
            yield _responding(
                "bonus",
                "bonus",
                _times(carried[-1], float(programme.points_per_unit) * point_cost(programme)),
                margin,
                back,
            )

    def _met(self, gift: Gift) -> GiftUse:
        if gift not in self.gifts:
            self.gifts[gift] = met(self.year, gift)
        return self.gifts[gift]

    def _sums(self, programme: Programme) -> OrderSums:
        """Those of the parts that thresholds and rates do not move."""
        earning = programme.earning
        of_points = (programme.points_per_unit, earning.per_order) if programme.tiering.by == "points" else ()
        tiers = (tuple((t.key, t.multiplier) for t in programme.tiers), programme.tiering.by, of_points)
        key = (
            programme.discounts, programme.caps, earning.products, earning.bonus_days, earning.together,
            tiers if depends_on_tiers(programme) else (),
        )  # fmt: skip
        found = self.cached_sums.get(key) or order_sums(self.year, programme)
        self.cached_sums[key] = found
        for oldest in list(self.cached_sums)[:-KEPT]:
            self.cached_sums.pop(oldest, None)
        return found


def _times(own: BenefitTotals, rate: float) -> BenefitTotals:
    """The same of an amount that is so many times as high."""
    return BenefitTotals(own.times, own.given * rate, own.light * rate, own.square * rate**2)


def _responding(kind: Kind, name: str, own: BenefitTotals, margin: float, back: Response) -> Benefit:
    """What is given back, and what is bought more for it by buyers who are not heavy ones."""
    unit = margin * own.light - own.square
    low, high = sorted(unit * (back.mean + z * back.sd) for z in (-Z80, Z80))
    return Benefit(kind, name, own.times, own.given, back.mean * unit, low, high, back.mean * own.light)


def _events(year: ReplayYear, programme: Programme) -> Iterator[Benefit]:
    """Points for signing up and for reviews."""
    for kind in ("sign_up", "review"):
        points = event_points(kind, programme)
        n = year.events.get(kind, 0) if points else 0
        yield Benefit("act", kind, n, n * points * point_cost(programme))


@dataclass(frozen=True)
class GiftUse:
    """A gift in coupons over the year: how many days came, on how many an order carried it anyway, what that took off in all,
    and the usual order among these."""

    days: int
    carried: int
    cost: float
    usual: float


def met(year: ReplayYear, gift: Gift) -> GiftUse:
    """The first order within a gift's days that is large enough carries its coupon."""
    who, day = year.days.get(gift.key, (np.zeros(0, np.int64), np.zeros(0, np.int64)))
    least = max(float(gift.minimum_spend), 1e-9)
    if gift.kind == "points" or not len(who):
        return GiftUse(len(who), 0, 0.0, 0.0)
    carried = _first_within(year, who, (day - gift.days_before, day + gift.valid_days), least)
    values = year.value[carried[carried >= 0]]
    usual = float(values.mean()) if len(values) else max(mean_order(year.customers), least)
    return GiftUse(len(who), len(values), float(reward_amounts(gift, values).sum()), usual)


def _gift(own: GiftUse, programme: Programme, gift: Gift, margin: float, coupon: Response) -> Benefit:
    """A gift for a day: points, or a coupon that moves some who would not have come."""
    if gift.kind == "points" or not own.days:
        return Benefit("gift", gift.key, own.days, own.days * float(gift.value) * point_cost(programme))
    off = float(reward_amounts(gift, np.array([own.usual]))[0])
    depth, share = off / own.usual if own.usual > 0 else 0.0, np.array([own.carried / own.days])

    def more(response: float) -> float:
        return own.days * float(chance_with_coupon(share, depth, response)[0] - share[0])

    gains = [more(coupon.mean + z * coupon.sd) * (margin * own.usual - off) for z in (0.0, -Z80, Z80)]
    sales = more(coupon.mean) * own.usual
    return Benefit("gift", gift.key, own.days, own.cost, gains[0], min(gains[1:]), max(gains[1:]), sales)


def _first_within(year: ReplayYear, who: Ints, within: tuple[Ints, Ints], least: float) -> Ints:
    """For each of some customers the place of the first order of `least` or more from one day to another; -1 for none."""
    able = np.flatnonzero(year.value >= least)
    span = int(max(year.day.max(initial=0), within[1].max())) + 2
    order = np.argsort(year.who[able] * span + year.day[able], kind="stable")
    keys = (year.who[able] * span + year.day[able])[order]
    place = np.searchsorted(keys, who * span + np.maximum(within[0], 0))
    found = place < len(keys)
    found[found] = keys[place[found]] <= (who * span + within[1])[found]
    return np.where(found, able[order][np.minimum(place, max(len(keys) - 1, 0))] if len(keys) else -1, -1)


def _referrals(year: ReplayYear, programme: Programme) -> Iterator[Benefit]:
    """Both sides of each customer who was brought by another one and whose first order is large enough."""
    rules = programme.referral
    order = year.brought["order"].to_numpy(dtype=np.int64)
    counts = year.value[order] >= float(rules.minimum_spend) if len(order) else np.zeros(0, dtype=bool)
    if rules.most_a_year and len(order):
        calendar = year.day[order].astype("datetime64[D]").astype("datetime64[Y]")
        turns = pd.DataFrame({"who": year.brought["referrer"].to_numpy(), "year": calendar, "counts": counts})
        nth = (
            turns[turns["counts"]]
            .groupby(["who", "year"])
            .cumcount()
            .reindex(turns.index, fill_value=0)
            .to_numpy()
        )
        counts &= nth < rules.most_a_year
    first = year.value[order[counts]] if len(order) else np.zeros(0)
    usual = np.full(len(first), mean_order(year.customers))
    for side, reward, base in (("referrer", rules.referrer, usual), ("referred", rules.referred, first)):
        n = len(first) if reward.value else 0
        points = n * float(reward.value) * point_cost(programme)
        yield Benefit(
            "referral",
            side,
            n,
            points if reward.kind == "points" else float(reward_amounts(reward, base[:n]).sum()),
        )


def half_ranges(promises: tuple[Benefit, ...], drift_sd: float) -> tuple[float, float]:
    """How far below and above the expected gain the 80 % range of all of them reaches: what is not known of the response and
    the drift of sales of each, as if all went the same way."""
    down = up = 0.0
    for promise in promises:
        drift = Z80 * drift_sd * promise.expected
        down += math.hypot(promise.profit - promise.low, drift)
        up += math.hypot(promise.high - promise.profit, drift)
    return down, up

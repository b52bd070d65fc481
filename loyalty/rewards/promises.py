"""What a programme promises besides points for sales: standing discounts, gifts, acts, referrals, bonus points.

Replayed over the last 365 days as they were (`Year`), beside what each is expected to bring: a standing discount or a bonus as
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

from loyalty.rewards.act_awards import act_points
from loyalty.rewards.discounts import off_by_discount, taken_from
from loyalty.rewards.history import Floats, Ints
from loyalty.rewards.points import mean_order, measured, point_worth, tier_numbers
from loyalty.rewards.programme import Programme
from loyalty.rewards.responses import Z80, Response, Responses, lifted
from loyalty.rewards.rules import WEEKDAYS, Gift
from loyalty.rewards.year import Flags, Year, gift_key

Kind = Literal["discount", "bonus", "gift", "act", "referral"]


@dataclass(frozen=True)
class Promise:
    """One promise over a year. `name`: the owner's own, or a source of points (`entry_names`); `times`: how often it was met.

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
class Promises:
    """What any rules would have promised in a year, worked out once for rules that promise the same."""

    year: Year
    kept: dict[object, tuple[Promise, ...]] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, programme: Programme, margin: float, responses: Responses) -> tuple[Promise, ...]:
        """One entry a promise that was met at least once. `margin`: share of revenue left after cost of goods."""
        key = (_parts(programme), margin, responses)
        if key not in self.kept:
            self.kept[key] = tuple(found for found in _all(self.year, programme, margin, responses) if found.times)
        return self.kept[key]


def _parts(programme: Programme) -> object:
    """What of a programme its promises hang on."""
    of_tiers = any(d.audience == "tier" for d in programme.discounts) or _bonuses(programme)
    tiers = (programme.tiers, programme.points_per_unit, programme.tiering) if of_tiers else ()
    worth = (point_worth(programme), programme.expected_redemption)
    return (programme.discounts, programme.gifts, programme.referral, programme.earning, programme.caps, worth, tiers)


def _bonuses(programme: Programme) -> bool:
    return bool(programme.earning.products or programme.earning.bonus_days)


def _all(year: Year, programme: Programme, margin: float, told: Responses) -> Iterator[Promise]:
    tiers = tier_numbers(measured(year.customers, programme), programme)[year.who]
    yield from _discounts(year, programme, tiers, margin, told.back)
    if _bonuses(programme):
        yield _bonus(year, programme, tiers, margin, told.back)
    for gift in programme.gifts:
        yield _gift(year, programme, gift, margin, told.coupon)
    worth = _worth(programme)
    for kind in ("sign_up", "review"):
        n = year.acts.get(kind, 0) if act_points(kind, programme) else 0
        yield Promise("act", kind, n, n * act_points(kind, programme) * worth)
    yield from _referrals(year, programme)


def _worth(programme: Programme) -> float:
    """What a point is expected to take off."""
    return float(point_worth(programme) * programme.expected_redemption)


def _responding(off: Floats, value: Floats, light: Flags, margin: float, back: Response) -> tuple[float, ...]:
    """Profit at the mean and the ends of the response, and sales, of getting `off` back on orders of `value`."""
    rate = off[light] / value[light]
    unit = float((off[light] * (margin - rate)).sum())
    ends = sorted(unit * (back.mean + z * back.sd) for z in (-Z80, Z80))
    return (back.mean * unit, *ends, back.mean * float(off[light].sum()))


def _discounts(year: Year, programme: Programme, tiers: Ints, margin: float, back: Response) -> Iterator[Promise]:
    """Each standing discount, as they meet on the year's orders."""
    off = off_by_discount(year, programme, tiers)
    light = year.light
    for place, discount in enumerate(programme.discounts):
        own = off[place] > 0
        cost = float(off[place].sum())
        answers = discount.audience != "new"
        told = _responding(off[place][own], year.value[own], light[own], margin, back) if answers else (0.0,) * 4
        yield Promise("discount", discount.name, int(own.sum()), cost, *told)


def _bonus(year: Year, programme: Programme, tiers: Ints, margin: float, back: Response) -> Promise:
    """Points above (or below) those of the tier, for products and on bonus days."""
    earning, rate = programme.earning, float(programme.points_per_unit)
    tier = np.array([float(t.multiplier) for t in programme.tiers])[tiers]
    bonus = np.ones(len(year.value))
    dates = year.day.astype("datetime64[D]")
    weekday = (year.day + 3) % 7  # 1970-01-01 was a Thursday
    for days in earning.bonus_days:
        held = np.ones(len(bonus), dtype=bool)
        if days.weekdays:
            held &= np.isin(weekday, [WEEKDAYS.index(d) for d in days.weekdays])
        held &= (dates >= np.datetime64(days.first)) if days.first else True
        held &= (dates <= np.datetime64(days.last)) if days.last else True
        bonus = np.where(held, np.maximum(bonus, float(days.multiplier)), bonus)
    met = np.maximum(tier, bonus) if earning.together == "highest" else tier * bonus
    extra = year.value * (met - tier)
    for rule in earning.products:
        extra += met * (float(rule.multiplier) - 1) * np.minimum(year.of(rule.kind, rule.name), year.value)
    points = extra * rate
    off = points * _worth(programme)
    own = np.abs(off) > 0
    told = _responding(off[own], year.value[own], year.light[own], margin, back)
    return Promise("bonus", "bonus", int(own.sum()), float(off.sum()), *told)


def _gift(year: Year, programme: Programme, gift: Gift, margin: float, coupon: Response) -> Promise:
    """A gift for a day: points, or a coupon that the first order within its days carries."""
    who, day = year.days.get(gift_key(gift), (np.zeros(0, np.int64), np.zeros(0, np.int64)))
    n = len(who)
    if gift.kind == "points" or not n:
        return Promise("gift", gift.occasion, n, n * float(gift.value) * _worth(programme))
    least = max(float(gift.minimum_spend), 1e-9)
    carried = _first_within(year, who, (day - gift.days_before, day + gift.valid_days), least)
    values = year.value[carried[carried >= 0]]
    cost = float(taken_from(gift, values).sum())
    usual = float(values.mean()) if len(values) else max(mean_order(year.customers), least)
    off = float(taken_from(gift, np.array([usual]))[0])
    depth, share = off / usual if usual > 0 else 0.0, np.array([len(values) / n])

    def more(response: float) -> float:
        return n * float(lifted(share, depth, response)[0] - share[0])

    gains = [more(coupon.mean + z * coupon.sd) * (margin * usual - off) for z in (0.0, -Z80, Z80)]
    return Promise("gift", gift.occasion, n, cost, gains[0], min(gains[1:]), max(gains[1:]), more(coupon.mean) * usual)


def _first_within(year: Year, who: Ints, within: tuple[Ints, Ints], least: float) -> Ints:
    """For each of some customers the place of the first order of `least` or more from one day to another; -1 for none."""
    able = np.flatnonzero(year.value >= least)
    span = int(max(year.day.max(initial=0), within[1].max())) + 2
    order = np.argsort(year.who[able] * span + year.day[able], kind="stable")
    keys = (year.who[able] * span + year.day[able])[order]
    place = np.searchsorted(keys, who * span + np.maximum(within[0], 0))
    found = place < len(keys)
    found[found] = keys[place[found]] <= (who * span + within[1])[found]
    return np.where(found, able[order][np.minimum(place, max(len(keys) - 1, 0))] if len(keys) else -1, -1)


def _referrals(year: Year, programme: Programme) -> Iterator[Promise]:
    """Both sides of each customer who was brought by another one and whose first order is large enough."""
    rules = programme.referral
    order = year.brought["order"].to_numpy(dtype=np.int64)
    counts = year.value[order] >= float(rules.minimum_spend) if len(order) else np.zeros(0, dtype=bool)
    if rules.most_a_year and len(order):
        calendar = year.day[order].astype("datetime64[D]").astype("datetime64[Y]")
        turns = pd.DataFrame({"who": year.brought["referrer"].to_numpy(), "year": calendar, "counts": counts})
        nth = turns[turns["counts"]].groupby(["who", "year"]).cumcount().reindex(turns.index, fill_value=0).to_numpy()
        counts &= nth < rules.most_a_year
    first = year.value[order[counts]] if len(order) else np.zeros(0)
    usual = np.full(len(first), mean_order(year.customers))
    for side, reward, base in (("referrer", rules.referrer, usual), ("referred", rules.referred, first)):
        n = len(first) if reward.value else 0
        points = n * float(reward.value) * _worth(programme)
        yield Promise("referral", side, n, points if reward.kind == "points" else float(taken_from(reward, base[:n]).sum()))


def half_ranges(promises: tuple[Promise, ...], drift_sd: float) -> tuple[float, float]:
    """How far below and above the expected gain the 80 % range of all of them reaches: what is not known of the response and
    the drift of sales of each, as if all went the same way."""
    down = up = 0.0
    for promise in promises:
        drift = Z80 * drift_sd * promise.expected
        down += math.hypot(promise.profit - promise.low, drift)
        up += math.hypot(promise.high - promise.profit, drift)
    return down, up

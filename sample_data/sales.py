"""What the invented people buy, and when: purchase days by customer type, baskets with the planted pairs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from sample_data import plan
from sample_data.people import Person, Random, days_of_month, months

DRINKS = "Stall drinks"
COUNTED = ("Beans", "Cups", "Stall drinks", "Stall pastries")
"""Categories of which people sometimes take more than one piece."""


@dataclass(frozen=True)
class Line:
    """`quantity` pieces of one product; of each piece `off` cents are taken off, `tax` cents come on top."""

    product: plan.Product
    quantity: int
    off: int = 0
    tax: int = 0

    @property
    def gross(self) -> int:
        """Cents before discount."""
        return self.product.price * self.quantity

    @property
    def net(self) -> int:
        """Cents after discount, without tax."""
        return (self.product.price - self.off) * self.quantity


@dataclass(frozen=True)
class Draft:
    """A basket at a moment; `person` is None if unknown, `ordinal` counts a person's orders from 0."""

    at: datetime
    channel: plan.Channel
    person: Person | None
    ordinal: int
    lines: tuple[Line, ...]


def _snap(day: date, channel: plan.Channel) -> date:
    """The nearest day on which the channel sells (stall: Saturday or Sunday, at most 3 days away)."""
    if channel == "shopify":
        return day
    return day + timedelta((-1, -2, 3, 2, 1, 0, 0)[day.weekday()])


def _last_day(rng: Random, person: Person, second: date) -> date:
    """No order comes after this day; `second` is the day of the second order."""
    age = (plan.AS_OF - person.first).days
    if person.kind == "lapsed_regular":
        return person.first + timedelta(int(rng.randint(120, min(300, age - plan.LAPSED_SILENT_DAYS - 3))))
    if person.kind == "slipping_regular":
        low, high = plan.SLIPPING_SILENT_DAYS
        return plan.AS_OF - timedelta(int(rng.randint(low + 4, high - 30)))
    if person.kind in plan.STAY_DAYS:
        return min(plan.AS_OF, second + timedelta(int(rng.exponential(plan.STAY_DAYS[person.kind]))))
    return plan.AS_OF


def _second_gap(rng: Random, person: Person, mean: float) -> int:
    """Days to the second order: within 90 for quick people, later for the others."""
    if not person.quick:
        return 97 + int(rng.exponential(75.0))
    gap = rng.gamma(2.0, mean / 2)
    while not 5 <= gap <= 84:
        gap = rng.gamma(2.0, mean / 2)
    return int(gap)


def _later_gap(rng: Random, person: Person, mean: float, day: date) -> int:
    """Days between later orders: shorter in the channel's own season."""
    season = plan.ONLINE_SEASON if person.channel == "shopify" else plan.STALL_SEASON
    shape = 4.0 if mean < 60 else 2.0
    return max(5, int(rng.gamma(shape, mean / shape) / math.sqrt(season[day.month - 1])))


def order_days(rng: Random, person: Person) -> list[date]:
    """All order dates of one person, rising, never two on one day, none after `AS_OF`."""
    mean = plan.TYPES[person.kind].gap_days
    days = [person.first]
    if mean == 0:
        return days
    day = _snap(person.first + timedelta(_second_gap(rng, person, mean)), person.channel)
    last = _last_day(rng, person, day)
    while day <= last:
        days.append(day)
        day = _snap(day + timedelta(_later_gap(rng, person, mean, day)), person.channel)
    if person.kind == "slipping_regular" and (last - days[-1]).days >= 8:
        days.append(_snap(last, person.channel))
    return days


def _weights(channel: plan.Channel, kind: str, month: int) -> list[float]:
    """How often each product is picked by this kind of customer in this month."""
    gift = 5.0 if kind == "gift_once" else 1.3 if month == 12 else 1.0
    bulk = 2.0 if kind == "big_spender" else 1.0
    return [
        (p.online if channel == "shopify" else p.stall)
        * (gift if p.sku in plan.GIFT_SKUS else 1.0)
        * (bulk if p.sku in plan.BULK_SKUS else 1.0)
        for p in plan.PRODUCTS
    ]


def _choose(rng: Random, channel: plan.Channel, kind: str, month: int, first_buy: bool | None) -> list[str]:
    """Different products of one basket; `first_buy` True or False forces the first-buy product in or out."""
    weights = np.array(_weights(channel, kind, month))
    shares = plan.TYPES[kind].lines_online if channel == "shopify" else plan.LINES_STALL
    size = 1 + int(rng.choice(len(shares), p=shares))
    place = [p.sku for p in plan.PRODUCTS].index(plan.FIRST_BUY_SKU)
    if first_buy is not None:
        weights[place] = 0.0
    skus = [plan.FIRST_BUY_SKU] if first_buy else []
    picks = rng.choice(len(weights), size - len(skus), replace=False, p=weights / weights.sum())
    skus += [plan.PRODUCTS[i].sku for i in picks]
    for pair in plan.PAIRS:
        if pair.given in skus and pair.adds not in skus and rng.random_sample() < pair.chance:
            skus.append(pair.adds)
    return skus


def tax_on(cents: int) -> int:
    """Sales tax on an amount of taxable goods, rounded half up to the cent."""
    return (cents * plan.TAX_PERCENT_TENTHS + 500) // 1000


def _line(rng: Random, sku: str, channel: plan.Channel, extra: float) -> Line:
    """One line: pieces, and at the stall the own-cup discount and the tax per piece."""
    product = next(p for p in plan.PRODUCTS if p.sku == sku)
    quantity = 1
    while product.category in COUNTED and quantity < 4 and rng.random_sample() < extra:
        quantity += 1
    if channel == "shopify":
        return Line(product, quantity)
    off = plan.OWN_CUP if product.category == DRINKS and rng.random_sample() < 0.1 else 0
    return Line(product, quantity, off, tax_on(product.price - off) if product.taxable else 0)


def make_draft(rng: Random, day: date, channel: plan.Channel, person: Person | None, ordinal: int) -> Draft:
    """One basket on one day, at a random second of the opening hours."""
    kind = person.kind if person else "occasional"
    opening = person is not None and ordinal == 0 and person.channel == channel == "shopify"
    first_buy = person.first_buy if person and opening else None
    extra = plan.TYPES[kind].extra_piece if channel == "shopify" else 0.12
    skus = _choose(rng, channel, kind, day.month, first_buy)
    opens, closes = (6, 22) if channel == "shopify" else (8, 14)
    second = int(rng.randint(opens * 3600, closes * 3600))
    at = datetime.combine(day, time()) + timedelta(seconds=second)
    return Draft(at, channel, person, ordinal, tuple(_line(rng, sku, channel, extra) for sku in skus))


def make_customer_drafts(rng: Random, people: list[Person]) -> list[Draft]:
    """The baskets of identified customers, person by person."""
    return [
        make_draft(rng, day, person.channel, person, ordinal)
        for person in people
        for ordinal, day in enumerate(order_days(rng, person))
    ]


def make_anonymous_drafts(rng: Random, channel: plan.Channel, lines: int) -> list[Draft]:
    """Baskets of unidentified buyers, until they hold `lines` lines together; spread by the channel's season."""
    season = plan.ONLINE_SEASON if channel == "shopify" else plan.STALL_SEASON
    days = [
        (day, season[m - 1] * (1 + plan.GROWTH_PER_MONTH) ** i)
        for i, (y, m) in enumerate(months())
        for day in days_of_month(y, m, channel)
    ]
    weights = np.array([weight for _, weight in days])
    drafts: list[Draft] = []
    while lines > 0:
        day = days[int(rng.choice(len(days), p=weights / weights.sum()))][0]
        drafts.append(make_draft(rng, day, channel, None, 0))
        lines -= len(drafts[-1].lines)
    return drafts

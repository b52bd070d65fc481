"""Bundles: two to four products that go together, at a price that pays for itself.

A bundle's discount goes to everybody who buys all of its products, also to those who would have paid in full.
N: orders a year that hold all products anyway; E: extra orders because of the bundle (the owner's assumption, a
share of N); P: the sum of prices; m: gross margin; p: price of the product that an extra order adds (each
product weighted by the orders that lack only it). A discount d changes a year's
    revenue by E (p - d P) - N d P,    profit by E (m p - d P) - N d P,
so profit breaks even at d = E m p / (P (E + N)). The suggested price passes half of that on to customers.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from loyalty.errors import OwnerError
from loyalty.models.cross_sell.basket_index import BasketIndex
from loyalty.models.cross_sell.rules import Rule, one_direction
from loyalty.words import N_

DEFAULT_UPLIFT = 0.2  # extra orders per order that holds all products: assumed until a campaign measures it
PASSED_ON = 0.5  # share of the break-even discount that the suggested price passes on
MAX_PRODUCTS = 4
MIN_ORDERS = 5
MAX_PER_PRODUCT = 3  # bundles that one product may be in


class BadUplift(OwnerError):
    """A share of additional orders outside 0 … 10."""

    template: ClassVar[str] = N_(
        "The share of additional orders must lie between 0 and 10; {value} was entered."
    )


@dataclass(frozen=True)
class BundleTerms:
    """Assumptions of the bundles: gross `margin` in [0, 1] (0: not known), `uplift`: extra orders ÷ orders so far."""

    margin: float = 0.0
    uplift: float = DEFAULT_UPLIFT


@dataclass(frozen=True)
class Bundle:
    """Products sold as one. Money in the shop's currency; counts and changes are for a year like the last one.

    `apart`: the sum of the single prices; `price`: the suggested price (`apart` where no discount pays or the
    margin is not known); `orders`: orders that hold all products; `lacking`: orders that hold all but one;
    `extra_orders`: assumed; `extra_revenue`, `extra_profit`: at `price`; `margin`: share of `price` left after
    the cost of goods. `extra_profit` and `margin` are None where the shop's margin is not known. `rule`: the
    rule behind it.
    """

    products: tuple[str, ...]
    apart: float
    price: float
    orders: int
    lacking: int
    extra_orders: float
    extra_revenue: float
    extra_profit: float | None
    margin: float | None
    rule: Rule

    @property
    def discount(self) -> float:
        """The share of `apart` that the price takes off."""
        return 1 - self.price / self.apart


def find_bundles(
    rules: Iterable[Rule], year: BasketIndex, prices: Mapping[str, float], terms: BundleTerms
) -> list[Bundle]:
    """Build bundles from the products of `rules`, the highest expected gain first.

    Left out are sets with a product that has no price, of more than four products, or in fewer than five
    orders; sets that contain or are contained in one with a higher gain; and a fourth bundle with the same product.

    Args:
        rules: the best first.
        year: the orders of the last 365 days.
        prices: unit price by product.
        terms: margin and assumed uplift.

    Raises:
        BadUplift
    """
    if not 0 <= terms.uplift <= 10:
        raise BadUplift(value=terms.uplift)
    candidates = []
    for rule in one_direction(rules):
        products = (*rule.antecedent, rule.consequent)
        if len(products) <= MAX_PRODUCTS and all(prices.get(name, 0.0) > 0 for name in products):
            orders = year.count(products)
            if orders >= MIN_ORDERS:
                candidates.append(_bundle(rule, orders, year, prices, terms))
    candidates.sort(key=lambda bundle: (-_gain(bundle), bundle.products))
    return _drop_overlapping(candidates)


def _drop_overlapping(candidates: list[Bundle]) -> list[Bundle]:
    """Keep the bundles that neither contain nor are part of a better one, at most three with the same product."""
    selected: list[Bundle] = []
    used: Counter[str] = Counter()
    for bundle in candidates:
        products = set(bundle.products)
        nested = any(products <= set(other.products) or products >= set(other.products) for other in selected)
        if not nested and all(used[name] < MAX_PER_PRODUCT for name in products):
            selected.append(bundle)
            used.update(products)
    return selected


def _gain(bundle: Bundle) -> float:
    return bundle.extra_revenue if bundle.extra_profit is None else bundle.extra_profit


def _bundle(
    rule: Rule, orders: int, year: BasketIndex, prices: Mapping[str, float], terms: BundleTerms
) -> Bundle:
    """The arithmetic of the module's docstring."""
    products = (*rule.antecedent, rule.consequent)
    apart = sum(prices[name] for name in products)
    lacking = {name: year.count([other for other in products if other != name]) - orders for name in products}
    all_lacking = sum(lacking.values())
    extra_orders = min(terms.uplift * orders, float(all_lacking))
    added_price = sum(prices[name] * count for name, count in lacking.items()) / max(all_lacking, 1)
    break_even = extra_orders * terms.margin * added_price / (apart * (extra_orders + orders))
    price = round_price(apart * (1 - PASSED_ON * break_even), apart)
    discount = apart - price
    has_margin = terms.margin > 0
    return Bundle(
        products=products,
        apart=apart,
        price=price,
        orders=orders,
        lacking=all_lacking,
        extra_orders=extra_orders,
        extra_revenue=extra_orders * (added_price - discount) - orders * discount,
        extra_profit=extra_orders * (terms.margin * added_price - discount) - orders * discount
        if has_margin
        else None,
        margin=1 - (1 - terms.margin) * apart / price if has_margin else None,
        rule=rule,
    )


def round_price(least: float, most: float) -> float:
    """Round `least` up to a step of 5 in the third digit of `most`, at most `most` itself.

    >>> round_price(34.2, 35.5), round_price(341, 355), round_price(8.71, 8.99)
    (34.5, 345.0, 8.75)
    """
    step = Decimal(5).scaleb(math.floor(math.log10(most)) - 2)
    return min(float(math.ceil(Decimal(str(round(least, 6))) / step) * step), most)

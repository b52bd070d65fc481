"""Bundles: two to four products that go together, at a price that pays for itself.

A bundle's discount is given to everybody who takes all of its products, also to those who would have paid in
full. So with N orders a year that hold them all anyway, E more that come because of the bundle (the owner's
assumption, a share of N), a sum of prices P, a gross margin m and p the price of the product that such an
order adds (each product weighted by the orders that now lack it alone), a discount d changes a year's
    revenue by E (p - d P) - N d P,    profit by E (m p - d P) - N d P,
and profit is as before at d = E m p / (P (E + N)). The price suggested gives the customers half of that.
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

UPLIFT = (
    0.2  # more orders for each that holds all products now: an assumption until a campaign has measured it
)
GIVEN_AWAY = 0.5  # share of the break-even discount that the suggested price passes on
MOST_PRODUCTS = 4
FEWEST_ORDERS = 5
MOST_OF_ONE = 3  # bundles that one product may be in


class BadUplift(OwnerError):
    """A share of additional orders that makes no sense."""

    template: ClassVar[str] = N_(
        "The share of additional orders must lie between 0 and 10; {value} was entered."
    )


@dataclass(frozen=True)
class BundleTerms:
    """What a bundle is worked out with: gross `margin` in [0, 1] (0: not known), `uplift` additional orders ÷ those there are."""

    margin: float = 0.0
    uplift: float = UPLIFT


@dataclass(frozen=True)
class Bundle:
    """Products sold as one. Money in the shop's currency, counts and changes over a year as the last one was.

    `apart`: the sum of their prices; `price`: the one suggested (`apart` where no discount pays or the margin
    is not known); `orders`: those that hold all products; `lacking`: those that hold all but one;
    `extra_orders`: assumed; `extra_revenue`, `extra_profit`: at `price`; profit and `margin` (what is left of
    `price` after the cost of goods) are None where the shop's margin is not known. `rule`: the rule behind it.
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
    """Bundles from the products of `rules` (best first), the highest expected gain first.

    `year`: the orders of the last 365 days; `prices`: of a piece, by product. Sets with a product that has no
    price, of more than four products, or in fewer than five of these orders are left out; so is a set that
    contains or is contained in one with a higher gain, and a fourth bundle with the same product. Raises `BadUplift`.
    """
    if not 0 <= terms.uplift <= 10:
        raise BadUplift(value=terms.uplift)
    found = []
    for rule in one_direction(rules):
        products = (*rule.antecedent, rule.consequent)
        if len(products) <= MOST_PRODUCTS and all(prices.get(name, 0.0) > 0 for name in products):
            orders = year.count(products)
            if orders >= FEWEST_ORDERS:
                found.append(_bundle(rule, orders, year, prices, terms))
    found.sort(key=lambda bundle: (-_gain(bundle), bundle.products))
    return _varied(found)


def _varied(found: list[Bundle]) -> list[Bundle]:
    """Of the bundles in order, those that are no part of a better one, and no product more often than three times."""
    kept: list[Bundle] = []
    used: Counter[str] = Counter()
    for bundle in found:
        own = set(bundle.products)
        nested = any(own <= set(other.products) or own >= set(other.products) for other in kept)
        if not nested and all(used[name] < MOST_OF_ONE for name in own):
            kept.append(bundle)
            used.update(own)
    return kept


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
    extra = min(terms.uplift * orders, float(all_lacking))
    added = sum(prices[name] * count for name, count in lacking.items()) / max(all_lacking, 1)
    break_even = extra * terms.margin * added / (apart * (extra + orders))
    price = round_price(apart * (1 - GIVEN_AWAY * break_even), apart)
    off = apart - price
    known = terms.margin > 0
    return Bundle(
        products=products,
        apart=apart,
        price=price,
        orders=orders,
        lacking=all_lacking,
        extra_orders=extra,
        extra_revenue=extra * (added - off) - orders * off,
        extra_profit=extra * (terms.margin * added - off) - orders * off if known else None,
        margin=1 - (1 - terms.margin) * apart / price if known else None,
        rule=rule,
    )


def round_price(least: float, most: float) -> float:
    """The lowest round price from `least` on, at most `most`: steps of 5 in the second digit of `most`.

    >>> round_price(34.2, 35.5), round_price(341, 355), round_price(8.71, 8.99)
    (34.5, 345.0, 8.75)
    """
    step = Decimal(5).scaleb(math.floor(math.log10(most)) - 2)
    return min(float(math.ceil(Decimal(str(round(least, 6))) / step) * step), most)

"""Which baskets hold which products: an index in which the counts behind rules, bundles and later data are looked up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.columns import Ints

NONE: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class BasketIndex:
    """The baskets of each product, numbered from 0 to `baskets` - 1 and in ascending order.

    `customer`: a number for the customer of each basket, shape (baskets,): an anonymous one is its own, as is
    each basket where nobody is named.
    """

    baskets: int
    of: Mapping[str, Ints]
    customer: Ints

    def all_of(self, products: Collection[str]) -> Ints:
        """The baskets that hold each of `products` (at least one)."""
        held = sorted((self.of.get(name, NONE) for name in products), key=len)
        common = held[0]
        for other in held[1:]:
            common = np.intersect1d(common, other, assume_unique=True)
        return common

    def count(self, products: Collection[str]) -> int:
        """How many baskets hold each of `products`."""
        return len(self.all_of(products))

    def customers(self, products: Collection[str]) -> int:
        """How many different customers have a basket with each of `products`."""
        return len(np.unique(self.customer[self.all_of(products)]))


def index_baskets(baskets: pd.DataFrame) -> BasketIndex:
    """The index of a BASKETS frame; lines without a product do not count."""
    lines = baskets.dropna(subset=["basket", "product"])
    basket, keys = pd.factorize(lines["basket"])
    product, names = pd.factorize(lines["product"])
    pairs = np.sort(product.astype(np.int64) * max(len(keys), 1) + basket)
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    which, number = np.divmod(pairs, max(len(keys), 1))
    parts = np.split(number, np.searchsorted(which, np.arange(1, len(names))))
    of = {str(name): part for name, part in zip(names, parts, strict=False)}
    return BasketIndex(len(keys), of, _customers(lines, basket, len(keys)))


def _customers(lines: pd.DataFrame, basket: Ints, baskets: int) -> Ints:
    """A number for the customer of each basket."""
    if "customer_id" not in lines.columns:
        return np.arange(baskets)
    codes, names = pd.factorize(lines["customer_id"])
    customer = np.full(baskets, -1, dtype=np.int64)
    customer[basket] = codes
    return np.where(customer >= 0, customer, len(names) + np.arange(baskets))

"""Index of the baskets that hold each product, to count the baskets behind rules and bundles."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.columns import Ints

NO_BASKETS: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class BasketIndex:
    """The baskets of each product, numbered 0 … `baskets` - 1.

    `by_product`: basket numbers in ascending order, by product name. `customer`: a number for the customer of
    each basket, shape (baskets,); an anonymous basket counts as a customer of its own.
    """

    baskets: int
    by_product: Mapping[str, Ints]
    customer: Ints

    def baskets_with(self, products: Collection[str]) -> Ints:
        """The baskets that hold all of `products` (at least one product)."""
        baskets_by_product = sorted((self.by_product.get(name, NO_BASKETS) for name in products), key=len)
        common = baskets_by_product[0]
        for other in baskets_by_product[1:]:
            common = np.intersect1d(common, other, assume_unique=True)
        return common

    def count(self, products: Collection[str]) -> int:
        """Number of baskets that hold all of `products`."""
        return len(self.baskets_with(products))

    def customers(self, products: Collection[str]) -> int:
        """Number of different customers with a basket that holds all of `products`."""
        return len(np.unique(self.customer[self.baskets_with(products)]))


def index_baskets(baskets: pd.DataFrame) -> BasketIndex:
    """Index a BASKETS frame; lines without a product are ignored."""
    lines = baskets.dropna(subset=["basket", "product"])
    basket, keys = pd.factorize(lines["basket"])
    product, names = pd.factorize(lines["product"])
    pairs = np.sort(product.astype(np.int64) * max(len(keys), 1) + basket)
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    product_code, basket_code = np.divmod(pairs, max(len(keys), 1))
    parts = np.split(basket_code, np.searchsorted(product_code, np.arange(1, len(names))))
    by_product = {str(name): part for name, part in zip(names, parts, strict=False)}
    return BasketIndex(len(keys), by_product, _customers(lines, basket, len(keys)))


def _customers(lines: pd.DataFrame, basket: Ints, baskets: int) -> Ints:
    """A number for the customer of each basket."""
    if "customer_id" not in lines.columns:
        return np.arange(baskets)
    codes, names = pd.factorize(lines["customer_id"])
    customer = np.full(baskets, -1, dtype=np.int64)
    customer[basket] = codes
    return np.where(customer >= 0, customer, len(names) + np.arange(baskets))

"""Small shops as one line a basket: who, when, what."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loyalty.models.recommendations.interactions import Interactions, encode_interactions


def frame(*baskets: str) -> pd.DataFrame:
    """ "ann 3 tea milk" is a basket of Ann's on day 3 of 2026; "-" is nobody known; the lines stand in order of time."""
    rows = []
    for number, text in enumerate(baskets):
        who, day, *products = text.split()
        at = pd.Timestamp(2026, 1, 1) + pd.Timedelta(days=int(day))
        customer = None if who == "-" else who
        rows += [{"customer_id": customer, "basket": number, "at": at, "product": name} for name in products]
    return pd.DataFrame(rows, columns=["customer_id", "basket", "at", "product"])


def shop(*baskets: str, dated: bool = True) -> Interactions:
    """The record of such baskets."""
    rows = frame(*baskets)
    return encode_interactions(rows if dated else rows.drop(columns="at"))


def at(data: Interactions, scores: np.ndarray, row: int, product: str) -> float:
    """One cell of scores, the product by name."""
    return float(scores[row, list(data.products).index(product)])


def people(data: Interactions) -> np.ndarray:
    """Rows of all customers."""
    return np.arange(len(data.customers))


def noisy(customers: int, products: int, baskets: int, seed: int = 1) -> pd.DataFrame:
    """A made-up shop: every customer has favourites among products that differ in popularity; a basket a week."""
    random = np.random.default_rng(seed)
    popular = 1 / np.arange(1, products + 1)
    rows = []
    for customer in range(customers):
        taste = popular * random.gamma(0.4, size=products) + 1e-6
        for turn in range(baskets):
            size = min(int(random.integers(1, 4)), products)
            chosen = random.choice(products, size=size, replace=False, p=taste / taste.sum())
            when = pd.Timestamp(2026, 1, 1) + pd.Timedelta(days=7 * turn + customer % 7)
            rows += [(f"c{customer:03d}", customer * 1000 + turn, when, f"p{item:02d}") for item in chosen]
    return pd.DataFrame(rows, columns=["customer_id", "basket", "at", "product"])

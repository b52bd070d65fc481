"""Product history: which products are new, on sale, or bring new customers back; each buyer's last purchase."""

from __future__ import annotations

import numpy as np

from loyalty.columns import Flags, Floats, Ints
from loyalty.models.recommendations.interactions import Interactions, counts

RETURN_DAYS = 90.0
RETURN_SHRINK = 20.0  # pseudo-customers with the average return rate, added to each product
NEW_DAYS = 30.0
NEW_MIN_BASKETS = 3  # baskets
ON_SALE_DAYS = 120.0


def last_purchase_day(data: Interactions) -> Floats:
    """Day of each buyer's last basket, NaN without any: shape (buyers,)."""
    last = np.full(data.buyers, -np.inf)
    with np.errstate(invalid="ignore"):
        np.maximum.at(last, data.buyer, data.day)
    return np.where(np.isfinite(last), last, np.nan)


def count_returns(data: Interactions) -> tuple[Ints, Ints]:
    """Customers whose first basket, at least 90 days ago, held each product; and how many returned within 90 days.

    Shapes (products,); all 0 without dates.
    """
    products, customers = len(data.products), len(data.customers)
    zeros = np.zeros(products, dtype=np.int64)
    if not data.dated or not customers:
        return zeros, zeros
    first_day, second_day = np.full(customers, np.inf), np.full(customers, np.inf)
    is_customer = data.buyer < customers
    for basket, days in ((0, first_day), (1, second_day)):
        lines_of_basket = is_customer & (data.basket == basket)
        days[data.buyer[lines_of_basket]] = data.day[lines_of_basket]
    lines = is_customer & (data.basket == 0)
    lines[lines] = first_day[data.buyer[lines]] <= data.now - RETURN_DAYS
    in_time = (second_day - np.where(np.isfinite(first_day), first_day, 0.0)) <= RETURN_DAYS
    began = np.bincount(data.item[lines], minlength=products)
    returned = np.bincount(data.item[lines], weights=in_time[data.buyer[lines]], minlength=products)
    return began.astype(np.int64), returned.astype(np.int64)


def return_factor(began: Ints, returned: Ints) -> Floats:
    """Return rate of customers who began with each product over the average, shrunk towards 1: (products,)."""
    mean = returned.sum() / max(int(began.sum()), 1)
    if mean == 0:
        return np.ones(len(began))
    return np.asarray((returned + RETURN_SHRINK * mean) / (began + RETURN_SHRINK) / mean)


def first_sale_day(data: Interactions) -> Floats:
    """Day of each product's first sale, NaN without one: shape (products,)."""
    first = np.full(len(data.products), np.inf)
    with np.errstate(invalid="ignore"):
        np.minimum.at(first, data.item, data.day)
    return np.where(np.isfinite(first), first, np.nan)


def new_products(data: Interactions) -> Flags:
    """Products first sold in the last 30 days, in 3 baskets or more; none where the data are younger than 60 days."""
    if not data.dated or data.now - float(data.day.min()) < 2 * NEW_DAYS:
        return np.zeros(len(data.products), dtype=bool)
    return np.asarray((first_sale_day(data) > data.now - NEW_DAYS) & (counts(data) >= NEW_MIN_BASKETS))


def products_on_sale(data: Interactions) -> Flags:
    """Products sold in the last 120 days (all that were ever sold, where there are no dates)."""
    is_recent = data.day > data.now - ON_SALE_DAYS if data.dated else np.ones(len(data.day), dtype=bool)
    return np.asarray(counts(data, is_recent.astype(np.float64)) > 0)

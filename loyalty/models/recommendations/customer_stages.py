"""Where a customer stands with the shop, and which products bring first-timers back or are new themselves."""

from __future__ import annotations

import numpy as np

from loyalty.models.recommendations.interactions import (
    Floats,
    Interactions,
    Ints,
    Mask,
    Texts,
    counts,
    last_basket,
)

FIRST_TIMER, REGULAR, SLIPPING = "first_timer", "regular", "slipping"
SLIPPING_QUANTILE = 0.8  # of the gaps between baskets: who is silent for longer is slipping away
RETURN_DAYS = 90.0
RETURN_SHRINK = 20.0  # customers of the average kind added to those who began with a product
NEW_DAYS = 30.0
NEW_LEAST = 3  # baskets
ON_SALE_DAYS = 120.0


def last_day(data: Interactions) -> Floats:
    """Day of each buyer's last basket, NaN without any: shape (buyers,)."""
    last = np.full(data.buyers, -np.inf)
    with np.errstate(invalid="ignore"):
        np.maximum.at(last, data.buyer, data.day)
    return np.where(np.isfinite(last), last, np.nan)


def basket_gaps(data: Interactions) -> Floats:
    """Days between one basket and the next of the same customer, those of one day left out."""
    first = np.unique(data.buyer * (int(data.basket.max(initial=0)) + 1) + data.basket, return_index=True)[1]
    first = first[data.buyer[first] < len(data.customers)]
    gaps = np.diff(data.day[first])[data.buyer[first][1:] == data.buyer[first][:-1]]
    return np.asarray(gaps[gaps >= 1.0])


def stages(data: Interactions) -> Texts:
    """FIRST_TIMER (one basket), SLIPPING (silent for longer than four of five of the shop's gaps) or REGULAR.

    Shape (customers,). Without dates nobody is slipping.
    """
    people = len(data.customers)
    found = np.full(people, REGULAR, dtype=object)
    gaps = basket_gaps(data) if data.dated else np.zeros(0)
    if len(gaps):
        silent = data.now - last_day(data)[:people]
        found[silent > np.quantile(gaps, SLIPPING_QUANTILE)] = SLIPPING
    found[last_basket(data)[:people] <= 0] = FIRST_TIMER
    return found


def returned(data: Interactions) -> tuple[Ints, Ints]:
    """Customers who began with each product at least 90 days ago, and how many of them were back within 90 days.

    Shapes (products,); all 0 where there are no dates.
    """
    width, people = len(data.products), len(data.customers)
    none = np.zeros(width, dtype=np.int64)
    if not data.dated or not people:
        return none, none
    begun, back = np.full(people, np.inf), np.full(people, np.inf)
    known = data.buyer < people
    for place, into in ((0, begun), (1, back)):
        at = known & (data.basket == place)
        into[data.buyer[at]] = data.day[at]
    lines = known & (data.basket == 0)
    lines[lines] = begun[data.buyer[lines]] <= data.now - RETURN_DAYS
    within = (back - np.where(np.isfinite(begun), begun, 0.0)) <= RETURN_DAYS
    started = np.bincount(data.item[lines], minlength=width)
    came = np.bincount(data.item[lines], weights=within[data.buyer[lines]], minlength=width)
    return started.astype(np.int64), came.astype(np.int64)


def bring_back(started: Ints, came: Ints) -> Floats:
    """How much likelier than on average beginners with a product come back, shrunk; 1 for no difference: (products,)."""
    mean = came.sum() / max(int(started.sum()), 1)
    if mean == 0:
        return np.ones(len(started))
    return np.asarray((came + RETURN_SHRINK * mean) / (started + RETURN_SHRINK) / mean)


def first_sold(data: Interactions) -> Floats:
    """Day of each product's first sale, NaN without one: shape (products,)."""
    first = np.full(len(data.products), np.inf)
    with np.errstate(invalid="ignore"):
        np.minimum.at(first, data.item, data.day)
    return np.where(np.isfinite(first), first, np.nan)


def newcomers(data: Interactions) -> Mask:
    """Products first sold in the last 30 days, in 3 baskets or more; none where the data are younger than 60 days."""
    if not data.dated or data.now - float(data.day.min()) < 2 * NEW_DAYS:
        return np.zeros(len(data.products), dtype=bool)
    return np.asarray((first_sold(data) > data.now - NEW_DAYS) & (counts(data) >= NEW_LEAST))


def on_sale(data: Interactions) -> Mask:
    """Products sold in the last 120 days (all that were ever sold, where there are no dates)."""
    late = data.day > data.now - ON_SALE_DAYS if data.dated else np.ones(len(data.day), dtype=bool)
    return np.asarray(counts(data, late.astype(np.float64)) > 0)

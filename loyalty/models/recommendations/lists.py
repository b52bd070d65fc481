"""Lists of recommended products for customers: repeat purchases and new products, with the reason for each.

SUGGESTIONS: a frame with one row per product on a customer's list: customer_id, mode ("again" or "discover"), place
(from 1), product, score (of the method, never rising within a list), method (a name in `candidates.CANDIDATES`, or
"new"), status (of the customer), reason and its figures: because (a product or None), times, gap_days, ago_days,
of_100.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.columns import Flags, Floats, Ints, Texts
from loyalty.customers.status import LAPSED, NEW, ONCE, OVERDUE
from loyalty.models.recommendations.candidates import REPEAT_PURCHASE
from loyalty.models.recommendations.interactions import Scores, counts
from loyalty.models.recommendations.product_history import (
    NEW_MIN_BASKETS,
    first_sale_day,
    last_purchase_day,
    new_products,
    return_factor,
)
from loyalty.models.recommendations.ranking import EXCLUDED, Ranker, top_lists
from loyalty.models.recommendations.reasons import explain_new, explain_repeat
from loyalty.models.recommendations.recommender import Recommender

REPEAT_MODE, DISCOVER_MODE = "again", "discover"
MODES = (REPEAT_MODE, DISCOVER_MODE)
LENGTH = 5
DEPTH = 30  # products from which a varied list is chosen
NEWEST = "new"


@dataclass(frozen=True)
class _ForNewCustomers:
    """For customers with one purchase, scores times how likely beginners with the product are to return."""

    ranker: Ranker
    beginner: Flags
    factor: Floats

    def scores(self, rows: Ints) -> Scores:
        scores = self.ranker.scores(rows)
        is_new = self.beginner[rows]
        scores[is_new] = np.maximum(scores[is_new], 0.0) * self.factor
        return scores


@dataclass(frozen=True)
class _SinceLast:
    """Scores only products first sold after the customer's last purchase.

    `first`: day of each product's first sale, (products,); `last`: day of each buyer's last purchase, (buyers,).
    """

    ranker: Ranker
    first: Floats
    last: Floats

    def scores(self, rows: Ints) -> Scores:
        scores = self.ranker.scores(rows)
        scores[~(self.first[None, :] > self.last[rows][:, None])] = EXCLUDED
        return scores


def make_suggestions(
    recommender: Recommender,
    rows: Ints,
    k: int = LENGTH,
    modes: Collection[str] = MODES,
    arms: Texts | None = None,
) -> pd.DataFrame:
    """Make the SUGGESTIONS of some customers.

    Args:
        recommender: the fitted methods.
        rows: the customers, as rows of the data.
        k: most products per mode.
        modes: which of MODES.
        arms: the method for new products of each row; None: the recommender's first.
    """
    parts = []
    if REPEAT_MODE in modes:
        parts.append(_repeat_lists(recommender, rows, k))
    if DISCOVER_MODE in modes:
        arm_of_row = np.full(len(rows), next(iter(recommender.arms)), dtype=object) if arms is None else arms
        parts += [
            _discover_lists(recommender, rows[arm_of_row == name], k, str(name))
            for name in sorted(set(arm_of_row))
        ]
    table = pd.concat(parts, ignore_index=True)
    table["because"] = table["because"].astype("object").where(table["because"].notna(), None)
    return table.sort_values(["customer_id", "mode", "place"], ignore_index=True)


def _repeat_lists(recommender: Recommender, rows: Ints, k: int) -> pd.DataFrame:
    """Products each customer bought before and is likely to buy again."""
    lists = top_lists(recommender.repeat_purchase, recommender.data, rows, k, recommender.allowed)
    table = _to_frame(recommender, rows, lists.own, lists.own_scores)
    return explain_repeat(recommender.data, table.assign(mode=REPEAT_MODE, method=REPEAT_PURCHASE))


def _discover_lists(recommender: Recommender, rows: Ints, k: int, name: str) -> pd.DataFrame:
    """Products new to each customer: if possible one per category, and one product that is new in the shop."""
    is_beginner = np.isin(recommender.status, (NEW, ONCE))
    factor = return_factor(recommender.began, recommender.returned)
    ranker = _ForNewCustomers(recommender.arms[name], is_beginner, factor)
    lists = top_lists(ranker, recommender.data, rows, DEPTH, recommender.allowed)
    items, scores = diversify(lists.new, lists.new_scores, recommender.data.categories, k)
    method = np.full(items.shape, name, dtype=object)
    newest, has_new = _newest_product(recommender, rows, items)
    missing = (newest >= 0) & ~has_new
    last = np.minimum((items >= 0).sum(axis=1), k - 1)
    cells = np.flatnonzero(missing), last[missing]
    items[cells], method[cells] = newest[missing], NEWEST
    scores[cells] = np.where(last[missing] > 0, scores[cells[0], np.maximum(cells[1] - 1, 0)], 0.0)
    table = _to_frame(recommender, rows, items, scores, method).assign(mode=DISCOVER_MODE)
    return explain_new(recommender, table)


def _newest_product(recommender: Recommender, rows: Ints, items: Ints) -> tuple[Ints, Flags]:
    """The best new product in the shop for each row (-1: none), and whether its list `items` holds one already.

    New: first sold in the last 30 days; for overdue and lapsed customers, since their last purchase.
    """
    new = recommender.allowed & new_products(recommender.data)
    newest = top_lists(recommender.newest, recommender.data, rows, 1, new).new[:, 0]
    is_new = new[items] & (items >= 0)
    absent = np.isin(recommender.status[rows], (OVERDUE, LAPSED))
    if absent.any():
        first, last = first_sale_day(recommender.data), last_purchase_day(recommender.data)
        sold = recommender.allowed & (counts(recommender.data) >= NEW_MIN_BASKETS)
        since = _SinceLast(recommender.newest, first, last)
        newest[absent] = top_lists(since, recommender.data, rows[absent], 1, sold).new[:, 0]
        is_new[absent] = (first[items[absent]] > last[rows[absent]][:, None]) & (items[absent] >= 0)
    return newest, np.asarray(is_new.any(axis=1))


def diversify(items: Ints, scores: Scores, categories: Texts, k: int) -> tuple[Ints, Scores]:
    """Take the first k of each list with each known category once, filled up with the rest where that is too few.

    `items`, `scores`: (rows, depth), best first, -1 for none; the order by score stays.
    """
    _, code = np.unique(categories.astype(str), return_inverse=True)
    category = np.where((items >= 0) & (categories[items] != ""), code[items], -1 - np.arange(items.shape[1]))
    repeated = np.zeros(items.shape, dtype=bool)
    for position in range(1, items.shape[1]):
        repeated[:, position] = (category[:, :position] == category[:, [position]]).any(axis=1)
    rank = np.where(repeated, items.shape[1], 0) + np.arange(items.shape[1])
    rank = np.where(items < 0, 2 * items.shape[1] + rank, rank)
    chosen = np.sort(np.argsort(rank, axis=1, kind="stable")[:, :k], axis=1)
    return np.take_along_axis(items, chosen, 1), np.take_along_axis(scores, chosen, 1)


def _to_frame(
    recommender: Recommender, rows: Ints, items: Ints, scores: Scores, method: Texts | None = None
) -> pd.DataFrame:
    """Convert lists (rows, k) to a frame with one row per product; row and item number customer and product."""
    place = np.broadcast_to(np.arange(1, items.shape[1] + 1), items.shape)
    row = np.broadcast_to(rows[:, None], items.shape)
    shown = items >= 0
    finite = np.where(scores == EXCLUDED, 0.0, scores)
    return pd.DataFrame(
        {
            "customer_id": recommender.data.customers[row[shown]],
            "place": place[shown],
            "product": recommender.data.products[items[shown]],
            "score": finite[shown].astype(np.float64),
            "method": "" if method is None else method[shown],
            "status": recommender.status[row[shown]],
            "row": row[shown],
            "item": items[shown],
        }
    )

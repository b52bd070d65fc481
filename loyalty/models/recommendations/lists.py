"""Lists of products for customers: what they will buy again, and what is new to them, with the reason for each.

SUGGESTIONS: a frame, one row a product on a customer's list: customer_id, mode ("again" or "discover"), place (1 is the
first), product, score (of the method, never rising within a list), method (key of `candidates.CANDIDATES`, or "new"), status
(of the customer), reason and what it needs: because (a product or None), times, gap_days, ago_days, of_100.
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
    NEW_LEAST,
    first_sale_day,
    last_purchase_day,
    new_products,
    return_factor,
)
from loyalty.models.recommendations.ranking import EXCLUDED, Ranker, top_lists
from loyalty.models.recommendations.reasons import explain_new, explain_repeat
from loyalty.models.recommendations.recommender import Recommender

AGAIN_MODE, DISCOVER_MODE = "again", "discover"
MODES = (AGAIN_MODE, DISCOVER_MODE)
LENGTH = 5
DEPTH = 30  # products looked at for variety
NEWEST = "new"


@dataclass(frozen=True)
class _ForBeginners:
    """A ranker whose scores count more, for customers with one purchase, where beginners with the product come back."""

    ranker: Ranker
    beginner: Flags
    factor: Floats

    def scores(self, rows: Ints) -> Scores:
        found = self.ranker.scores(rows)
        new = self.beginner[rows]
        found[new] = np.maximum(found[new], 0.0) * self.factor
        return found


@dataclass(frozen=True)
class _SinceLast:
    """A ranker that knows only what was first sold after each customer's last purchase; `first`: (products,)."""

    ranker: Ranker
    first: Floats
    last: Floats

    def scores(self, rows: Ints) -> Scores:
        found = self.ranker.scores(rows)
        found[~(self.first[None, :] > self.last[rows][:, None])] = EXCLUDED
        return found


def make_suggestions(
    given: Recommender,
    rows: Ints,
    k: int = LENGTH,
    modes: Collection[str] = MODES,
    arms: Texts | None = None,
) -> pd.DataFrame:
    """The SUGGESTIONS of some customers, at most k products a mode; `arms`: the method of each row (default: the first)."""
    parts = []
    if AGAIN_MODE in modes:
        parts.append(_again(given, rows, k))
    if DISCOVER_MODE in modes:
        chosen = np.full(len(rows), next(iter(given.arms)), dtype=object) if arms is None else arms
        parts += [_discover(given, rows[chosen == name], k, str(name)) for name in sorted(set(chosen))]
    table = pd.concat(parts, ignore_index=True)
    table["because"] = table["because"].astype("object").where(table["because"].notna(), None)
    return table.sort_values(["customer_id", "mode", "place"], ignore_index=True)


def _again(given: Recommender, rows: Ints, k: int) -> pd.DataFrame:
    """What each customer had before and is likely to buy again."""
    lists = top_lists(given.repeat_purchase, given.data, rows, k, given.allowed)
    table = _long(given, rows, lists.own, lists.own_scores)
    return explain_repeat(given.data, table.assign(mode=AGAIN_MODE, method=REPEAT_PURCHASE))


def _discover(given: Recommender, rows: Ints, k: int, name: str) -> pd.DataFrame:
    """What is new to each customer, one of a category as far as that goes, and one product that is new itself."""
    beginner = np.isin(given.status, (NEW, ONCE))
    factor = return_factor(given.began, given.returned)
    ranker = _ForBeginners(given.arms[name], beginner, factor)
    lists = top_lists(ranker, given.data, rows, DEPTH, given.allowed)
    items, scores = diversify(lists.new, lists.new_scores, given.data.categories, k)
    method = np.full(items.shape, name, dtype=object)
    fresh, known = _fresh(given, rows, items)
    missing = (fresh >= 0) & ~known
    last = np.minimum((items >= 0).sum(axis=1), k - 1)
    at = np.flatnonzero(missing), last[missing]
    items[at], method[at] = fresh[missing], NEWEST
    scores[at] = np.where(last[missing] > 0, scores[at[0], np.maximum(at[1] - 1, 0)], 0.0)
    table = _long(given, rows, items, scores, method).assign(mode=DISCOVER_MODE)
    return explain_new(given, table)


def _fresh(given: Recommender, rows: Ints, items: Ints) -> tuple[Ints, Flags]:
    """The best product of each row that is new itself (-1: none), and whether its list `items` holds such a one.

    New is what was first sold in the last 30 days; to those overdue or lapsed, all that came since they were last here.
    """
    new = given.allowed & new_products(given.data)
    fresh = top_lists(given.newest, given.data, rows, 1, new).new[:, 0]
    held = new[items] & (items >= 0)
    away = np.isin(given.status[rows], (OVERDUE, LAPSED))
    if away.any():
        first, last = first_sale_day(given.data), last_purchase_day(given.data)
        sold = given.allowed & (counts(given.data) >= NEW_LEAST)
        since = _SinceLast(given.newest, first, last)
        fresh[away] = top_lists(since, given.data, rows[away], 1, sold).new[:, 0]
        held[away] = (first[items[away]] > last[rows[away]][:, None]) & (items[away] >= 0)
    return fresh, np.asarray(held.any(axis=1))


def diversify(items: Ints, scores: Scores, categories: Texts, k: int) -> tuple[Ints, Scores]:
    """The first k of each list with each known category once, filled up with the rest where that is too few.

    `items`, `scores`: (rows, depth), best first, -1 for none; the order by score stays.
    """
    _, code = np.unique(categories.astype(str), return_inverse=True)
    kind = np.where((items >= 0) & (categories[items] != ""), code[items], -1 - np.arange(items.shape[1]))
    again = np.zeros(items.shape, dtype=bool)
    for place in range(1, items.shape[1]):
        again[:, place] = (kind[:, :place] == kind[:, [place]]).any(axis=1)
    rank = np.where(again, items.shape[1], 0) + np.arange(items.shape[1])
    rank = np.where(items < 0, 2 * items.shape[1] + rank, rank)
    kept = np.sort(np.argsort(rank, axis=1, kind="stable")[:, :k], axis=1)
    return np.take_along_axis(items, kept, 1), np.take_along_axis(scores, kept, 1)


def _long(
    given: Recommender, rows: Ints, items: Ints, scores: Scores, method: Texts | None = None
) -> pd.DataFrame:
    """Lists (rows, k) as a frame of one row a product, with the places of customer and product."""
    place = np.broadcast_to(np.arange(1, items.shape[1] + 1), items.shape)
    row = np.broadcast_to(rows[:, None], items.shape)
    shown = items >= 0
    finite = np.where(scores == EXCLUDED, 0.0, scores)
    return pd.DataFrame(
        {
            "customer_id": given.data.customers[row[shown]],
            "place": place[shown],
            "product": given.data.products[items[shown]],
            "score": finite[shown].astype(np.float64),
            "method": "" if method is None else method[shown],
            "status": given.status[row[shown]],
            "row": row[shown],
            "item": items[shown],
        }
    )

"""Hold-out: the history up to a day to fit on, and what customers bought next to test on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from loyalty.columns import Ints
from loyalty.models.recommendations.interactions import (
    Interactions,
    binary_matrix,
    encode_interactions,
    last_basket,
    select_lines,
)
from loyalty.models.recommendations.ranking import sample_evenly

WINDOWS = (60.0, 90.0, 180.0)  # days held out, the shortest with enough customers
MIN_HISTORY_SHARE = 0.5  # least share of the period that stays in the history
MIN_CUSTOMERS = 100  # customers who bought in the window
MAX_CUSTOMERS = 2_000


@dataclass(frozen=True)
class Holdout:
    """A hold-out: methods are fitted on `history` and tested on the customers `rows`, who bought `truth` next.

    `truth`: 0 and 1, (rows, products). `days`: length of the window held out; None where it is each customer's
    last basket.
    """

    history: Interactions
    rows: Ints
    truth: sparse.csr_matrix
    days: float | None


def choose_holdout(data: Interactions, max_customers: int = MAX_CUSTOMERS) -> Holdout:
    """Hold out the last 60 days (or 90, or 180, if fewer than 100 customers bought), else each last basket.

    At most `max_customers` are tested on.
    """
    for days in WINDOWS if data.dated and len(data.day) else ():
        if data.now - float(data.day.min()) < days / MIN_HISTORY_SHARE:
            break
        holdout = split_by_time(data, data.now - days, max_customers)
        if len(holdout.rows) >= MIN_CUSTOMERS:
            return holdout
    return split_by_last_basket(data, max_customers)


def split_by_time(data: Interactions, cut: float, max_customers: int = MAX_CUSTOMERS) -> Holdout:
    """History: lines before `cut` (days since 1970); truth: each earlier customer's first basket from then on."""
    later = data.day >= cut
    history = select_lines(data, ~later, now=cut)
    last_place = last_basket(history)
    following = later & (data.basket == last_place[data.buyer] + 1) & (last_place[data.buyer] >= 0)
    return _make_holdout(history, select_lines(data, following), max_customers, data.now - cut)


def split_by_last_basket(data: Interactions, max_customers: int = MAX_CUSTOMERS) -> Holdout:
    """Truth: the last basket of each customer with two or more; history: all the rest."""
    last = last_basket(data)[data.buyer]
    is_last = (data.buyer < len(data.customers)) & (last > 0) & (data.basket == last)
    return _make_holdout(select_lines(data, ~is_last), select_lines(data, is_last), max_customers, None)


def holdout_from_frames(
    history: pd.DataFrame, future: pd.DataFrame, max_customers: int | None = None
) -> Holdout:
    """The hold-out of a published task: two frames of customer_id, basket, product (and `at`), past and future.

    Customers without history are left out; products that are only in the future count as missed.
    """
    purchases = history.dropna(subset=["basket", "product"])
    later = future[future["customer_id"].isin(set(purchases["customer_id"].dropna()))]
    both = pd.concat([purchases.assign(later=False), later.assign(later=True)], ignore_index=True)
    both["basket"] = both.groupby(["later", "basket", "customer_id"], dropna=False).ngroup()
    data, before = encode_interactions(both), last_basket(encode_interactions(purchases))
    customer = data.buyer < len(data.customers)
    in_future = customer & (data.basket > before[np.where(customer, data.buyer, 0)])
    past = select_lines(data, ~in_future)
    end = float(np.floor(past.day.max()) + 1.0) if past.dated else float("nan")
    return _make_holdout(
        replace(past, now=end), select_lines(data, in_future), max_customers or len(purchases), None
    )


def _make_holdout(
    history: Interactions, later: Interactions, max_customers: int, days: float | None
) -> Holdout:
    """The hold-out of at most `max_customers` who bought something later."""
    rows = sample_evenly(np.unique(later.buyer[later.buyer < len(later.customers)]), max_customers)
    return Holdout(history, rows, binary_matrix(later)[rows], days)

"""Interactions: which buyer bought which product in which basket, the data that all rankers are fitted on.

Rows of a matrix are buyers: first the customers, then one row for each anonymous basket, so that anonymous sales
count in popularity and in pairs. Columns are products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from loyalty.columns import Flags, Floats, Ints, Texts

Scores = npt.NDArray[np.float32]
SECONDS = 86_400.0


@dataclass(frozen=True)
class Interactions:
    """One line per distinct product in a basket: `buyer` (row), `item` (column), `basket`, `day`, shape (lines,).

    `basket`: number of the basket among its buyer's, 0 for the first; `day`: days since 1970 (NaN without dates).
    `customers` (ids in order) are the first of the `buyers` rows; `products` and `categories` ("" where unknown) are
    of shape (products,). `sold_in` (channels, products) and `buys_in` (buyers, channels): which channel sells what,
    and who buys there. `now`: the end of the last day of the data (NaN without dates).
    """

    customers: Texts
    products: Texts
    categories: Texts
    buyers: int
    buyer: Ints
    item: Ints
    basket: Ints
    day: Floats
    sold_in: Flags
    buys_in: Flags
    now: float

    @property
    def dated(self) -> bool:
        """Whether the baskets have dates."""
        return not np.isnan(self.now)

    @property
    def shape(self) -> tuple[int, int]:
        """(buyers, products)."""
        return self.buyers, len(self.products)


def encode_interactions(frame: pd.DataFrame, now: pd.Timestamp | None = None) -> Interactions:
    """Encode a frame of purchases; the order of its rows never matters.

    Args:
        frame: customer_id (missing for an anonymous buyer), basket, product [, at, category, channel]. Baskets of a
            customer are ordered by `at`, else by `basket` itself (numbers, or texts in order).
        now: the end of the data, by default the end of the day of the last `at`.
    """
    lines = frame.dropna(subset=["basket", "product"])
    order, _ = pd.factorize(lines["basket"], sort=True)
    item, products = pd.factorize(lines["product"], sort=True)
    buyer, customers, buyers = _buyers(lines["customer_id"], order)
    day = days_of(lines["at"]) if "at" in lines else np.full(len(lines), np.nan)
    table = pd.DataFrame({"buyer": buyer, "item": item, "order": order, "day": day})
    table = table.groupby(["buyer", "order", "item"])["day"].min().reset_index()
    table["day"] = table.groupby("order")["day"].transform("min")
    table = table.sort_values(["buyer", "day", "order", "item"], ignore_index=True, kind="stable")
    channel, channels = pd.factorize(
        lines["channel"] if "channel" in lines else np.zeros(len(lines)), sort=True
    )
    end = float(np.nan if table["day"].isna().all() else np.floor(table["day"].max()) + 1.0)
    return Interactions(
        customers=customers,
        products=np.asarray(products, dtype=object),
        categories=_categories(lines, item, len(products)),
        buyers=buyers,
        buyer=table["buyer"].to_numpy(dtype=np.int64),
        item=table["item"].to_numpy(dtype=np.int64),
        basket=_basket_places(table["buyer"].to_numpy(), table["order"].to_numpy()),
        day=table["day"].to_numpy(dtype=np.float64),
        sold_in=_incidence(channel, item, (len(channels), len(products))),
        buys_in=_incidence(buyer, channel, (buyers, len(channels))),
        now=end if now is None or np.isnan(end) else float(days_of(pd.Series([now]))[0]),
    )


def days_of(moments: pd.Series) -> Floats:
    """Moments as days since 1970, with their fraction; NaN where there is none."""
    since = (pd.to_datetime(moments) - pd.Timestamp(0)).dt.total_seconds()
    return np.asarray(since.to_numpy(dtype=np.float64) / SECONDS)


def _incidence(row: Ints, column: Ints, shape: tuple[int, int]) -> Flags:
    """A matrix that is True at each (row, column)."""
    marks = np.zeros(shape, dtype=bool)
    marks[row, column] = True
    return marks


def _buyers(customer: pd.Series, order: Ints) -> tuple[Ints, Texts, int]:
    """Row of each line (the customer's, or one per anonymous basket), customers, number of rows."""
    row, customers = pd.factorize(customer, sort=True)
    anonymous = row < 0
    basket_row, baskets = pd.factorize(order[anonymous], sort=True)
    rows = np.asarray(row, dtype=np.int64)
    rows[anonymous] = len(customers) + basket_row
    return rows, np.asarray(customers, dtype=object), len(customers) + len(baskets)


def _basket_places(buyer: Ints, order: Ints) -> Ints:
    """Number of each line's basket among its buyer's, for lines sorted by buyer and time."""
    if not len(buyer):
        return np.zeros(0, dtype=np.int64)
    starts = np.r_[True, (buyer[1:] != buyer[:-1]) | (order[1:] != order[:-1])]
    firsts = np.r_[True, buyer[1:] != buyer[:-1]]
    count = np.cumsum(starts)
    return np.asarray(count - np.maximum.accumulate(np.where(firsts, count, 0)), dtype=np.int64)


def _categories(lines: pd.DataFrame, item: Ints, products: int) -> Texts:
    """The most frequent category of each product, "" for none."""
    categories = np.full(products, "", dtype=object)
    if "category" in lines:
        rows = pd.DataFrame({"item": item, "category": lines["category"].to_numpy()}).dropna()
        counts = rows[rows["category"] != ""].groupby(["item", "category"]).size().reset_index(name="n")
        best = counts.sort_values(["n", "category"], ascending=[False, True]).drop_duplicates("item")
        categories[best["item"].to_numpy(dtype=np.int64)] = best["category"].to_numpy()
    return categories


def select_lines(data: Interactions, lines: Flags, now: float | None = None) -> Interactions:
    """Keep only some lines; the numbers of customers and products stay. `now`: the new end of the data."""
    return replace(
        data,
        buyer=data.buyer[lines],
        item=data.item[lines],
        basket=data.basket[lines],
        day=data.day[lines],
        now=data.now if now is None else now,
    )


def matrix(data: Interactions, weights: npt.ArrayLike = 1.0) -> sparse.csr_matrix:
    """Weights of lines added up by buyer and product: shape `data.shape`, float32."""
    values = np.broadcast_to(np.asarray(weights, dtype=np.float32), data.buyer.shape)
    return sparse.csr_matrix((values, (data.buyer, data.item)), shape=data.shape, dtype=np.float32)


def binary_matrix(data: Interactions) -> sparse.csr_matrix:
    """1 where a buyer bought a product, else 0: shape `data.shape`, float32."""
    purchases = matrix(data)
    purchases.data[:] = 1.0
    return purchases


def last_basket(data: Interactions) -> Ints:
    """Number of each buyer's last basket, -1 without any: shape (buyers,)."""
    last = np.full(data.buyers, -1, dtype=np.int64)
    np.maximum.at(last, data.buyer, data.basket)
    return last


def baskets_since(data: Interactions) -> Ints:
    """Number of later baskets of the same buyer, for each line: 0 in the last basket."""
    return np.asarray(last_basket(data)[data.buyer] - data.basket)


def counts(data: Interactions, weights: npt.ArrayLike = 1.0) -> Floats:
    """Baskets with each product (or the sum of their weights): shape (products,)."""
    values = np.broadcast_to(np.asarray(weights, dtype=np.float64), data.item.shape)
    return np.asarray(np.bincount(data.item, weights=values, minlength=len(data.products)), dtype=np.float64)


def reachable_products(data: Interactions, rows: Ints) -> Flags | None:
    """Whether a product is sold in a channel that the buyer uses: (rows, products); None where there is one channel."""
    if len(data.sold_in) < 2:
        return None
    return np.asarray((data.buys_in[rows].astype(np.float32) @ data.sold_in.astype(np.float32)) > 0)


def chunks(rows: Ints, width: int, cells: int = 4_000_000) -> Sequence[Ints]:
    """`rows` in pieces so small that a dense array of them with `width` columns has at most `cells` cells."""
    step = max(1, cells // max(width, 1))
    return [rows[start : start + step] for start in range(0, len(rows), step)]

"""Pairs of products that are in the same baskets more often than by chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from loyalty.columns import Floats, Ints
from loyalty.models.cross_sell.significance import shrunk_lift
from loyalty.models.recommendations.interactions import Interactions, Scores, binary_matrix, chunks

MIN_BUYERS = 5
MIN_CONFIDENCE = 0.1
MIN_LIFT = 1.1  # of the shrunk lift, for a pair to serve as a reason
MAX_PAIRS = 20


@dataclass(frozen=True)
class ProductPairs:
    """Pairs of products, sorted by `left`, the highest lift first, at most 20 for each `left`.

    `left`, `right`: columns of the products; `count`: baskets with both; `confidence`: count ÷ baskets with
    `left`; all of shape (pairs,). `lift`: shrunk lift of these pairs, as a matrix (products²).
    """

    left: Ints
    right: Ints
    count: Ints
    confidence: Floats
    lift: sparse.csr_matrix


def find_pairs(data: Interactions) -> ProductPairs:
    """Find pairs with a confidence of at least .1 and at least 5 buyers (each anonymous basket is a buyer).

    Lift is (count + 5) / (expected + 5), as for rules. Counted by basket, not by buyer: over time, frequent buyers
    buy almost every pair.
    """
    in_basket, by_buyer = basket_matrix(data), binary_matrix(data)
    sizes = in_basket.getnnz(axis=0).astype(np.float64)
    basket_rows, buyer_rows = in_basket.T.tocsr(), by_buyer.T.tocsr()
    product_chunks = chunks(np.arange(len(sizes)), len(sizes)) or [np.zeros(0, dtype=np.int64)]
    table = pd.concat(
        [
            _pairs_of_chunk(
                (basket_rows[chunk] @ in_basket).toarray(),
                (buyer_rows[chunk] @ by_buyer).toarray(),
                chunk,
                sizes,
                in_basket.shape[0],
            )
            for chunk in product_chunks
        ],
        ignore_index=True,
    )
    table = table.sort_values(["left", "lift", "count", "right"], ascending=[True, False, False, True])
    table = table[table.groupby("left").cumcount() < MAX_PAIRS]
    left, right = (table[side].to_numpy(dtype=np.int64) for side in ("left", "right"))
    values = table["lift"].to_numpy(dtype=np.float32)
    lift = sparse.csr_matrix((values, (left, right)), shape=(len(sizes), len(sizes)))
    count, confidence = table["count"].to_numpy(dtype=np.int64), table["confidence"].to_numpy(np.float64)
    return ProductPairs(left, right, count, confidence, lift)


def basket_matrix(data: Interactions) -> sparse.csr_matrix:
    """1 where a basket holds a product: shape (baskets, products), float32."""
    width = int(data.basket.max(initial=0)) + 1
    baskets, row = np.unique(data.buyer * width + data.basket, return_inverse=True)
    ones = np.ones(len(row), dtype=np.float32)
    return sparse.csr_matrix((ones, (row, data.item)), shape=(len(baskets), len(data.products)))


def _pairs_of_chunk(
    together: Scores, buyers: Scores, chunk: Ints, sizes: Floats, baskets: int
) -> pd.DataFrame:
    """The pairs of a chunk of left products; `together`, `buyers`: baskets and buyers of both, (chunk, products)."""
    together[np.arange(len(chunk)), chunk] = 0
    position, right = np.nonzero((together >= MIN_BUYERS) & (buyers >= MIN_BUYERS))
    left, count = chunk[position], together[position, right].astype(np.float64)
    lift = shrunk_lift(count, sizes[left] * sizes[right] / max(baskets, 1))
    columns = {"left": left, "right": right, "count": count, "confidence": count / sizes[left], "lift": lift}
    table = pd.DataFrame(columns)
    return table[(table["confidence"] >= MIN_CONFIDENCE) & (table["lift"] >= MIN_LIFT)]


def pairs_of_product(pairs: ProductPairs, product: int) -> pd.DataFrame:
    """The pairs of one left product: right, count, confidence, lift, the highest lift first."""
    rows = slice(*np.searchsorted(pairs.left, [product, product + 1]))
    right = pairs.right[rows]
    lift = np.asarray(pairs.lift[[product]].toarray()).ravel()[right]
    columns = {"right": right, "count": pairs.count[rows], "confidence": pairs.confidence[rows], "lift": lift}
    return pd.DataFrame(columns)


def closest_owned(
    closeness_to: Callable[[Ints], sparse.csr_matrix], purchases: sparse.csr_matrix, row: Ints, item: Ints
) -> Ints:
    """For each (row, item): the product that the row bought and that is closest to the item; -1 for none.

    Args:
        closeness_to: gives the closeness of some items to all products, (items, products), above 0 where close.
        purchases: buyers × products.
        row: rows of `purchases`, shape (n,).
        item: products, shape (n,).
    """
    closest = np.full(len(item), -1, dtype=np.int64)
    for chunk in chunks(np.arange(len(item)), purchases.shape[1]):
        closeness = closeness_to(item[chunk]).multiply(purchases[row[chunk]]).tocsr()
        closeness.eliminate_zeros()
        columns = np.asarray(closeness.argmax(axis=1)).ravel()
        closest[chunk] = np.where(np.diff(closeness.indptr) > 0, columns, -1)
    return closest

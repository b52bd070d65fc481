"""People who buy X often take Y: for each product, what lies in the same baskets oftener than by chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from loyalty.columns import Floats, Ints
from loyalty.models.cross_sell.significance import shrunk_lift
from loyalty.models.recommendations.interactions import Interactions, Scores, binary_matrix, chunks

FEWEST_BUYERS = 5
LEAST_CONFIDENCE = 0.1
LEAST_LIFT = 1.1  # after shrinking: what is hardly more than chance is no reason
MOST = 20


@dataclass(frozen=True)
class ProductPairs:
    """For each pair kept: `left` product, `right` product, baskets with both, their share of `left`'s, shrunk lift.

    Sorted by `left`, the highest lift first, at most 20 for each. `lift`: the same as a matrix (products²).
    """

    left: Ints
    right: Ints
    count: Ints
    confidence: Floats
    lift: sparse.csr_matrix


def find_pairs(data: Interactions) -> ProductPairs:
    """Pairs in a tenth of X's baskets or more, with at least 5 buyers (a basket of an unknown buyer is one) behind them.

    Lift is (count + 5) / (expected + 5), as for rules. Counted by basket: those who buy much have all with all.
    """
    held, had = basket_matrix(data), binary_matrix(data)
    sizes = held.getnnz(axis=0).astype(np.float64)
    held_by, had_by = held.T.tocsr(), had.T.tocsr()
    pieces = chunks(np.arange(len(sizes)), len(sizes)) or [np.zeros(0, dtype=np.int64)]
    table = pd.concat(
        [
            _pairs(
                (held_by[some] @ held).toarray(), (had_by[some] @ had).toarray(), some, sizes, held.shape[0]
            )
            for some in pieces
        ],
        ignore_index=True,
    )
    table = table.sort_values(["left", "lift", "count", "right"], ascending=[True, False, False, True])
    table = table[table.groupby("left").cumcount() < MOST]
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


def _pairs(together: Scores, buyers: Scores, some: Ints, sizes: Floats, baskets: int) -> pd.DataFrame:
    """The pairs worth keeping of some left products; `together`, `buyers`: baskets and buyers of both, (some, products)."""
    together[np.arange(len(some)), some] = 0
    place, right = np.nonzero((together >= FEWEST_BUYERS) & (buyers >= FEWEST_BUYERS))
    left, count = some[place], together[place, right].astype(np.float64)
    lift = shrunk_lift(count, sizes[left] * sizes[right] / max(baskets, 1))
    columns = {"left": left, "right": right, "count": count, "confidence": count / sizes[left], "lift": lift}
    table = pd.DataFrame(columns)
    return table[(table["confidence"] >= LEAST_CONFIDENCE) & (table["lift"] >= LEAST_LIFT)]


def pairs_of_product(found: ProductPairs, product: int) -> pd.DataFrame:
    """right, count, confidence, lift of one product's companions, the highest lift first."""
    rows = slice(*np.searchsorted(found.left, [product, product + 1]))
    right = found.right[rows]
    lift = np.asarray(found.lift[[product]].toarray()).ravel()[right]
    columns = {"right": right, "count": found.count[rows], "confidence": found.confidence[rows], "lift": lift}
    return pd.DataFrame(columns)


def closest_owned(
    towards: Callable[[Ints], sparse.csr_matrix], before: sparse.csr_matrix, row: Ints, item: Ints
) -> Ints:
    """For each (row, item): the product of the row's own that is closest to the item; -1 where none is.

    `towards`: closeness of all products to some items, (items, products), above 0 where close; `before`: purchases
    (rows × products); `row` places in it.
    """
    best = np.full(len(item), -1, dtype=np.int64)
    for some in chunks(np.arange(len(item)), before.shape[1]):
        closeness = towards(item[some]).multiply(before[row[some]]).tocsr()
        closeness.eliminate_zeros()
        columns = np.asarray(closeness.argmax(axis=1)).ravel()
        best[some] = np.where(np.diff(closeness.indptr) > 0, columns, -1)
    return best

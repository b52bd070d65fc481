"""User-based collaborative filtering: cosine neighbours, and TIFU-KNN.

Neighbours are searched among the customers (not among anonymous baskets), a chunk of rows at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from loyalty.columns import Ints
from loyalty.models.recommendations.interactions import (
    Interactions,
    Scores,
    binary_matrix,
    chunks,
    last_basket,
    matrix,
)
from loyalty.models.recommendations.ranking import keep_highest

USER_NEIGHBOURS = 100
TIFU_NEIGHBOURS = 300
TIFU_GROUPS = 7
WITHIN_DECAY = 0.9
GROUP_DECAY = 0.7
OWN_WEIGHT = 0.7


@dataclass(frozen=True)
class UserKnn:
    """Sum of the nearest customers' purchases, each weighed by its cosine with the row (Breese et al. 1998).

    `vectors`: purchases (buyers × products); `units`: the same of length 1; the first `customers` rows are neighbours.
    """

    vectors: sparse.csr_matrix
    units: sparse.csr_matrix
    customers: int
    neighbours: int

    def scores(self, rows: Ints) -> Scores:
        """Shape (rows, products)."""
        customers = self.units[: self.customers].T.tocsr()
        parts = []
        for chunk in chunks(rows, max(self.customers, 1)):
            weights = keep_highest((self.units[chunk] @ customers).tocsr(), chunk, self.neighbours)
            parts.append(weights @ self.vectors[: self.customers])
        return np.asarray(sparse.vstack(parts).toarray(), dtype=np.float32)


@dataclass(frozen=True)
class TifuKnn:
    """α · own frequency + (1 - α) · mean of the k nearest (Euclid), Hu et al. 2020, equations 1 to 4.

    `vectors`: temporal frequencies (buyers × products); the first `customers` rows are neighbours.
    """

    vectors: sparse.csr_matrix
    customers: int
    neighbours: int
    own_part: float

    def scores(self, rows: Ints) -> Scores:
        """Shape (rows, products)."""
        customer_vectors = self.vectors[: self.customers]
        transposed, squared = customer_vectors.T.tocsr(), _squared_lengths(customer_vectors)
        parts = []
        for chunk in chunks(rows, max(self.customers, 1)):
            near = _nearest(
                2.0 * (self.vectors[chunk] @ transposed).toarray() - squared, chunk, self.neighbours
            )
            mean = (
                _weight_matrix(near, np.full(near.shape, 1.0 / max(near.shape[1], 1)), self.customers)
                @ customer_vectors
            )
            parts.append(self.own_part * self.vectors[chunk] + (1.0 - self.own_part) * mean)
        return np.asarray(sparse.vstack(parts).toarray(), dtype=np.float32)


def fit_user_knn(data: Interactions, neighbours: int = USER_NEIGHBOURS) -> UserKnn:
    """Fit on binary purchase vectors."""
    vectors = binary_matrix(data)
    length = 1.0 / np.sqrt(np.maximum(_squared_lengths(vectors), 1.0))
    return UserKnn(vectors, sparse.diags_array(length).tocsr() @ vectors, len(data.customers), neighbours)


def fit_tifu_knn(
    data: Interactions, neighbours: int = TIFU_NEIGHBOURS, own_part: float = OWN_WEIGHT
) -> TifuKnn:
    """Fit on temporal frequencies with the published settings (7 groups, .9 within, .7 between, α .7, 300 nearest)."""
    return TifuKnn(temporal_frequencies(data), len(data.customers), neighbours, own_part)


def temporal_frequencies(
    data: Interactions, groups: int = TIFU_GROUPS, within: float = WITHIN_DECAY, between: float = GROUP_DECAY
) -> sparse.csr_matrix:
    """Weigh each buyer's baskets in up to 7 groups (the later ones larger by one basket where they do not divide).

    A basket weighs `within` ** (baskets after it in its group) / group's size, a group `between` ** (groups after
    it) / number of groups: shape `data.shape`.
    """
    baskets = last_basket(data)[data.buyer] + 1
    number = np.minimum(baskets, groups)
    small, larger = np.divmod(baskets, number)
    in_small = (number - larger) * small
    early = data.basket < in_small
    beyond = data.basket - in_small
    group = np.where(early, data.basket // small, number - larger + beyond // (small + 1))
    size = np.where(early, small, small + 1)
    place = np.where(early, data.basket % small, beyond % (small + 1))
    return matrix(data, within ** (size - 1 - place) / size * between ** (number - 1 - group) / number)


def _squared_lengths(vectors: sparse.csr_matrix) -> Scores:
    """Squared length of each row."""
    return np.asarray(vectors.multiply(vectors).sum(axis=1), dtype=np.float32).ravel()


def _nearest(closeness: Scores, rows: Ints, k: int) -> Ints:
    """Columns of the k closest of each row, without the row itself; overwrites its cell of `closeness`."""
    self_at = rows < closeness.shape[1]
    closeness[np.flatnonzero(self_at), rows[self_at]] = -np.inf
    k = min(k, closeness.shape[1] - 1)
    if k < 1:
        return np.zeros((len(rows), 0), dtype=np.int64)
    return np.argpartition(closeness, closeness.shape[1] - k, axis=1)[:, -k:]


def _weight_matrix(near: Ints, weights: Scores, customers: int) -> sparse.csr_matrix:
    """Weights of neighbours as a sparse matrix (rows × customers)."""
    starts = np.arange(0, near.size + 1, near.shape[1]) if near.shape[1] else np.zeros(len(near) + 1)
    values = (weights.ravel().astype(np.float32), near.ravel(), starts.astype(np.int64))
    return sparse.csr_matrix(values, shape=(len(near), customers))

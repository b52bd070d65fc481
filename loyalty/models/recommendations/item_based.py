"""Item-based collaborative filtering: cosine neighbours, and EASE."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.linalg import lapack
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from loyalty.columns import Ints
from loyalty.models.recommendations.interactions import Interactions, Scores, binary_matrix, chunks, counts
from loyalty.models.recommendations.ranking import keep_highest

ITEM_NEIGHBOURS = 100
MAX_ITEMS = 4_000
RIDGE = 500.0


@dataclass(frozen=True)
class ItemKnn:
    """Sum of cosines with the buyer's products (Sarwar et al. 2001).

    `vectors`: purchases (buyers × products); `alike`: cosines with the nearest products (products²).
    """

    vectors: sparse.csr_matrix
    alike: sparse.csr_matrix

    def scores(self, rows: Ints) -> Scores:
        """Shape (rows, products)."""
        return np.asarray((self.vectors[rows] @ self.alike).toarray(), dtype=np.float32)


@dataclass(frozen=True)
class Ease:
    """The buyer's products times weights between products (Steck 2019), for the most frequent products only.

    `columns`: the products taking part; `vectors`: purchases (buyers × columns); `weights`: columns², diagonal 0.
    """

    vectors: sparse.csr_matrix
    weights: Scores
    columns: Ints
    products: int

    def scores(self, rows: Ints) -> Scores:
        """Shape (rows, products); 0 for the other products."""
        scores = np.zeros((len(rows), self.products), dtype=np.float32)
        scores[:, self.columns] = self.vectors[rows] @ self.weights
        return scores


def fit_item_knn(data: Interactions, neighbours: int = ITEM_NEIGHBOURS) -> ItemKnn:
    """Fit on cosines between products by their buyers; each product keeps its highest ones."""
    vectors = binary_matrix(data)
    size = np.sqrt(np.maximum(vectors.getnnz(axis=0), 1)).astype(np.float32)
    units = (vectors @ sparse.diags_array(1.0 / size)).tocsc()
    if not len(data.products):
        return ItemKnn(vectors, sparse.csr_matrix((0, 0), dtype=np.float32))
    parts = [
        keep_highest((units[:, chunk].T @ units).tocsr(), chunk, neighbours)
        for chunk in chunks(np.arange(len(data.products)), len(data.products))
    ]
    return ItemKnn(vectors, sparse.vstack(parts).T.tocsr())


def fit_ease(data: Interactions, ridge: float = RIDGE, max_items: int = MAX_ITEMS) -> Ease:
    """B = I - P · diag(1 / diag P), P = (XᵀX + λ I)⁻¹ (Steck 2019, equation 8), by Cholesky in single precision.

    On one thread: on a shared processor, waiting BLAS threads take ten times as long.
    """
    columns = np.sort(np.argsort(-counts(data), kind="stable")[:max_items])
    vectors = binary_matrix(data)[:, columns].tocsr()
    gram = (vectors.T @ vectors).toarray()
    gram[np.diag_indices_from(gram)] += np.float32(ridge)
    with threadpool_limits(1, "blas"):
        weights = -_inverse(gram)
    weights /= -np.diag(weights)[None, :]
    np.fill_diagonal(weights, 0.0)
    return Ease(vectors, weights, columns, len(data.products))


def _inverse(matrix: Scores) -> Scores:
    """The inverse of a symmetric positive definite matrix."""
    if not len(matrix):
        return matrix
    factor, _ = lapack.spotrf(matrix, lower=1, clean=0, overwrite_a=1)
    lower, _ = lapack.spotri(factor, lower=1, overwrite_c=1)
    triangle = np.tril(lower)
    return np.asarray(triangle + np.tril(triangle, -1).T, dtype=np.float32)

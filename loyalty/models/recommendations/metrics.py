"""Metrics of recommendation lists: recall, NDCG and hit per buyer; coverage, novelty and diversity of all lists.

For a list L of k products and a buyer's later basket T (Li et al., A Next Basket Recommendation Reality Check, 2023):
recall@k = |L ∩ T| / |T|; hit@k = 1 where any is right; NDCG@k = Σ over right places i of 1 / log2(i + 1), over the
same sum for a list that has the whole basket on top (of |T| products, also where that is more than k).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from loyalty.columns import Flags, Floats, Ints
from loyalty.models.recommendations.interactions import Interactions, binary_matrix, counts

DIVERSITY_ROWS = 500


def hits(lists: Ints, truth: sparse.csr_matrix) -> Flags:
    """Which listed products were bought: shape of `lists` (rows, k); `truth`: (rows, products)."""
    row = np.arange(len(lists))[:, None]
    width = truth.shape[1]
    right = np.repeat(row[:, 0], np.diff(truth.indptr)) * width + truth.indices
    return np.asarray(np.isin(row * width + lists, right) & (lists >= 0))


def basket_sizes(truth: sparse.csr_matrix) -> Ints:
    """Number of products in each basket."""
    return np.asarray(np.diff(truth.indptr), dtype=np.int64)


def recall(lists: Ints, truth: sparse.csr_matrix) -> Floats:
    """Share of each basket that is on the list; every basket must hold something."""
    return np.asarray(hits(lists, truth).sum(axis=1) / basket_sizes(truth))


def hit(lists: Ints, truth: sparse.csr_matrix) -> Floats:
    """1 where something on the list was bought, else 0."""
    return np.asarray(hits(lists, truth).any(axis=1), dtype=np.float64)


def ndcg(lists: Ints, truth: sparse.csr_matrix) -> Floats:
    """Discounted gain of each list over that of the ideal list; every basket must hold something."""
    size = basket_sizes(truth)
    weight = 1.0 / np.log2(np.arange(2, max(int(size.max(initial=0)), lists.shape[1]) + 2))
    return np.asarray(hits(lists, truth) @ weight[: lists.shape[1]] / np.cumsum(weight)[size - 1])


def coverage(lists: Ints, products: int) -> float:
    """Share of all products that are on at least one list."""
    return len(np.unique(lists[lists >= 0])) / max(products, 1)


def novelty(lists: Ints, data: Interactions) -> float:
    """Mean of -log2 of the share of buyers of each listed product: 0 if everybody bought it."""
    buyers = binary_matrix(data).getnnz(axis=0)
    shown = lists[lists >= 0]
    if not len(shown):
        return 0.0
    return float(np.mean(-np.log2(np.maximum(buyers[shown], 1) / max(data.buyers, 1))))


def diversity(lists: Ints, data: Interactions) -> float:
    """1 less the mean cosine of the buyers of two products on one list, over all pairs of (at most 500) lists."""
    step = max(1, len(lists) // DIVERSITY_ROWS)
    left, right = np.triu_indices(lists.shape[1], 1)
    sample = lists[::step]
    first, second = sample[:, left].ravel(), sample[:, right].ravel()
    has_both = (first >= 0) & (second >= 0)
    if not has_both.any():
        return 0.0
    pairs, occurrences = np.unique(
        np.sort(np.c_[first[has_both], second[has_both]], axis=1), axis=0, return_counts=True
    )
    buyers = binary_matrix(data).T.tocsr()
    common_buyers = np.concatenate(
        [
            np.asarray(buyers[a].multiply(buyers[b]).sum(axis=1)).ravel()
            for a, b in zip(np.array_split(pairs[:, 0], 20), np.array_split(pairs[:, 1], 20), strict=True)
        ]
    )
    norm = np.sqrt(buyers.getnnz(axis=1).astype(np.float64))
    cosine = common_buyers / np.maximum(norm[pairs[:, 0]] * norm[pairs[:, 1]], 1.0)
    return float(1.0 - np.average(cosine, weights=occurrences))


def count_sold(data: Interactions) -> int:
    """Number of products with a sale."""
    return int((counts(data) > 0).sum())

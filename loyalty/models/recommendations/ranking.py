"""Top-k lists from scores: among all products, among those the buyer bought before, among the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

from loyalty.columns import Flags, Ints
from loyalty.models.recommendations.interactions import (
    Interactions,
    Scores,
    binary_matrix,
    chunks,
    counts,
    reachable_products,
)
from loyalty.models.recommendations.popularity import relative_to_highest

TIE = 1e-4  # weight of popularity, as a share of a row's highest score: enough to break ties
EXCLUDED = np.float32(-np.inf)


class Ranker(Protocol):
    """A fitted model that scores all products for some rows."""

    def scores(self, rows: Ints) -> Scores:
        """Scores of shape (rows, products), higher for likelier; a fresh array."""
        ...


@dataclass(frozen=True)
class Lists:
    """Columns of the best products, best first, with their scores: shape (rows, k), filled up with -1.

    `every`: among all products; `own`: among those the buyer bought before; `new`: among the others.
    """

    every: Ints
    own: Ints
    new: Ints
    own_scores: Scores
    new_scores: Scores


def top_lists(ranker: Ranker, data: Interactions, rows: Ints, k: int, allowed: Flags | None = None) -> Lists:
    """The top-k lists of each row.

    Products without a sale are left out. With `allowed` (products,), so are products that are not allowed and
    those sold only in channels that the buyer does not use.
    """
    before, sold = binary_matrix(data), counts(data)
    not_offered = (sold == 0) | (np.zeros(len(sold), dtype=bool) if allowed is None else ~allowed)
    ties = TIE * relative_to_highest(sold)
    parts = []
    for chunk in chunks(rows, len(data.products)):
        scores, reach = ranker.scores(chunk), None if allowed is None else reachable_products(data, chunk)
        scores += ties * scores.max(axis=1, keepdims=True, initial=0.0)
        scores[:, not_offered] = EXCLUDED
        if reach is not None:
            scores[~reach] = EXCLUDED
        parts.append(_lists(scores, before[chunk], k))
    if not parts:
        no_rows = np.zeros((0, k))
        return Lists(*(no_rows.astype(np.int64),) * 3, *(no_rows.astype(np.float32),) * 2)
    every, own, new, own_scores, new_scores = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Lists(every, own, new, own_scores, new_scores)


def _lists(scores: Scores, before: sparse.csr_matrix, k: int) -> tuple[npt.NDArray[np.generic], ...]:
    """The arrays of `Lists` for one chunk of rows."""
    row = np.repeat(np.arange(len(scores)), np.diff(before.indptr))
    own, own_scores = _best_of_few(row, before.indices, scores[row, before.indices], len(scores), k)
    scores[row, before.indices] = EXCLUDED
    new, new_scores = top_k(scores, k)
    both = np.hstack([own, new])
    order = np.argsort(-np.hstack([own_scores, new_scores]), axis=1, kind="stable")[:, :k]
    return np.take_along_axis(both, order, 1), own, new, own_scores, new_scores


def top_k(scores: Scores, k: int) -> tuple[Ints, Scores]:
    """Columns and values of the k highest of each row, highest first; -1 where fewer are above minus infinity."""
    n, width = scores.shape
    if width < k:
        scores = np.hstack([scores, np.full((n, k - width), EXCLUDED, dtype=np.float32)])
    columns = np.sort(np.argpartition(scores, scores.shape[1] - k, axis=1)[:, -k:], axis=1)
    values = np.take_along_axis(scores, columns, 1)
    order = np.argsort(-values, axis=1, kind="stable")
    columns, values = np.take_along_axis(columns, order, 1), np.take_along_axis(values, order, 1)
    return np.where(values == EXCLUDED, -1, columns), values


def _best_of_few(row: Ints, column: Ints, values: Scores, n: int, k: int) -> tuple[Ints, Scores]:
    """Columns and values of the k highest of some cells (`row`, `column`, `values`) in each of n rows."""
    order = np.lexsort((column, -values, row))
    row, column, values = row[order], column[order], values[order]
    starts = np.searchsorted(row, np.arange(n))
    place = np.arange(len(row)) - starts[row]
    in_list = (place < k) & (values > EXCLUDED)
    columns, top_values = np.full((n, k), -1, dtype=np.int64), np.full((n, k), EXCLUDED, dtype=np.float32)
    columns[row[in_list], place[in_list]] = column[in_list]
    top_values[row[in_list], place[in_list]] = values[in_list]
    return columns, top_values


def keep_highest(closeness: sparse.csr_matrix, rows: Ints, k: int) -> sparse.csr_matrix:
    """Keep the k highest cells above 0 of each row and the ties of the last; the row's own column is left out.

    `closeness`: (rows, columns); `rows`: the column that is each row itself.
    """
    row = np.repeat(np.arange(len(rows)), np.diff(closeness.indptr))
    closeness.data[closeness.indices == rows[row]] = 0.0
    closeness.data[closeness.data < 0.0] = 0.0
    closeness.eliminate_zeros()
    for start, end in zip(closeness.indptr[:-1], closeness.indptr[1:], strict=True):
        if end - start > k:
            cells = closeness.data[start:end]
            cells[cells < np.partition(cells, end - start - k)[end - start - k]] = 0.0
    closeness.eliminate_zeros()
    return closeness


def sample_evenly(rows: Ints, most: int) -> Ints:
    """Choose at most `most` of the rows, evenly spaced."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]

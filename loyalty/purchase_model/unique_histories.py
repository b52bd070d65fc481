"""Distinct histories and how many customers share each, so that a likelihood is computed once for each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from loyalty.columns import Floats, Ints


@dataclass(frozen=True)
class Column:
    """A column's distinct `values` with the `weight` of each, shape (u,); `at`, shape (m,): each row's position in them."""

    values: Floats
    weight: Floats
    at: Ints


@dataclass(frozen=True)
class Rows:
    """Distinct (x, t_x, T) in ascending order, shape (m,) each, with the `weight` of each.

    `customer_row`: the row that each customer is in, shape (n,). `by_x`, `by_t_x`, `by_T`: the distinct values of each
        column, so that a logarithm or log gamma is computed once a value.
    """

    x: Floats
    t_x: Floats
    T: Floats
    weight: Floats
    customer_row: Ints
    by_x: Column
    by_t_x: Column
    by_T: Column
    bought_by_T: Floats  # weight x x, added up by T
    customers: float  # the sum of weights


def distinct_rows(
    x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, weight: npt.ArrayLike = 1.0
) -> Rows:
    """Group equal histories; `weight`: of each customer."""
    columns = [_distinct(np.asarray(values, dtype=np.float64)) for values in (x, t_x, T)]
    sizes = [max(1, len(values)) for values, _ in columns]
    key = (columns[0][1] * sizes[1] + columns[1][1]) * sizes[2] + columns[2][1]
    customer_row, keys = pd.factorize(key, sort=True)
    each = np.broadcast_to(np.asarray(weight, dtype=np.float64), key.shape)
    total = _sums(customer_row, each, len(keys))
    places = (keys // (sizes[1] * sizes[2]), keys // sizes[2] % sizes[1], keys % sizes[2])
    by_x, by_t_x, by_T = (
        Column(values, _sums(at, total, len(values)), at)
        for (values, _), at in zip(columns, places, strict=True)
    )
    return Rows(
        x=by_x.values[by_x.at],
        t_x=by_t_x.values[by_t_x.at],
        T=by_T.values[by_T.at],
        weight=total,
        customer_row=customer_row.astype(np.int64),
        by_x=by_x,
        by_t_x=by_t_x,
        by_T=by_T,
        bought_by_T=_sums(by_T.at, total * by_x.values[by_x.at], len(by_T.values)),
        customers=float(total.sum()),
    )


def _distinct(values: Floats) -> tuple[Floats, Ints]:
    at, distinct = pd.factorize(values, sort=True)
    return np.asarray(distinct, dtype=np.float64), at.astype(np.int64)


def _sums(at: Ints, weight: Floats, size: int) -> Floats:
    return np.bincount(at, weights=weight, minlength=size).astype(np.float64)

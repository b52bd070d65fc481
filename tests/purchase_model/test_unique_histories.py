"""Distinct histories: every customer finds their own again, and weights are repetitions."""

from __future__ import annotations

import numpy as np

from loyalty.purchase_model.unique_histories import distinct_rows

X, T_X, T = [0, 2, 0, 2, 2, 0], [0, 3.5, 0, 3.5, 3, 0], [9, 9, 9, 9, 9, 4]


def test_equal_histories_are_one_row_in_order() -> None:
    rows = distinct_rows(X, T_X, T)
    assert rows.x.tolist() == [0, 0, 2, 2]
    assert rows.t_x.tolist() == [0, 0, 3, 3.5]
    assert rows.T.tolist() == [4, 9, 9, 9]
    assert rows.weight.tolist() == [1, 2, 1, 2]
    assert (rows.customers, rows.by_T.weight.tolist(), rows.bought_by_T.tolist()) == (6, [1, 5], [0, 6])
    for column, values in ((rows.x, X), (rows.t_x, T_X), (rows.T, T)):
        assert column[rows.customer_row].tolist() == values
    for by, column in ((rows.by_x, rows.x), (rows.by_t_x, rows.t_x), (rows.by_T, rows.T)):
        assert by.values[by.at].tolist() == column.tolist()
        assert by.weight.sum() == 6


def test_weights_are_repetitions() -> None:
    counted = distinct_rows(X[:3], T_X[:3], T[:3], [3, 1, 2])
    spelt_out = distinct_rows(np.repeat(X[:3], [3, 1, 2]), np.repeat(T_X[:3], [3, 1, 2]), [9] * 6)
    assert counted.weight.tolist() == spelt_out.weight.tolist() == [5, 1]


def test_no_customers() -> None:
    rows = distinct_rows([], [], [])
    assert (rows.customers, len(rows.x), len(rows.customer_row)) == (0, 0, 0)

"""Gamma-Gamma: the paper's figures, 50-digit arithmetic, the gradient."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.purchase_model.gamma_gamma import Spend, expected_value, log_likelihood, spend, spend_rows
from loyalty.purchase_model.histories import Histories
from tests.purchase_model.builders import coin_tossers, customers

#: The highest point of the likelihood of the CDNOW sample, printed as 6.25, 3.74, 15.44 (`benchmarks/clv.py`).
P, Q, V = 6.249572, 3.744225, 15.443521

#: Repeat purchase days and their mean value of the first ten customers, CDNOW (Fader & Hardie 2013).
FIRST_TEN = ([2, 1, 0, 0, 0, 7, 1, 0, 2, 0], [22.345, 11.77, 0, 0, 0, 73.74, 11.77, 0, 25.55, 0])
EXPECTED = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]


def histories(x: list[float], first: list[float], repeat: list[float]) -> Histories:
    count = np.array(x, dtype=np.float64)
    ids = np.array([str(i) for i in range(len(x))], dtype=object)
    ages = (count, count + 1)
    return Histories(ids, count, *ages, np.array(first, dtype=np.float64), np.array(repeat, dtype=np.float64))


def test_expected_values_of_the_first_ten_customers() -> None:
    count, mean = (np.array(column, dtype=np.float64) for column in FIRST_TEN)
    assert expected_value(P, Q, V, Spend(count, mean)).round(2).tolist() == EXPECTED


def test_a_new_customer_has_the_mean_spend() -> None:
    # p v / (q - 1) = 6.249572 x 15.443521 / 2.744225
    usual = expected_value(P, Q, V, Spend(np.zeros(1), np.zeros(1)))
    assert usual.round(2).tolist() == [round(6.249572 * 15.443521 / 2.744225, 2)] == [35.17]


def test_the_more_days_the_nearer_to_the_own_mean() -> None:
    values = expected_value(P, Q, V, Spend(np.array([0.0, 1, 5, 50]), np.array([0.0, 100, 100, 100])))
    assert (np.diff(values) > 0).all()
    assert values[-1] == pytest.approx(100, rel=0.02)


def test_spend_with_and_without_the_first_day() -> None:
    history = histories([0, 2, 1, 0], [10, 20, 30, 0], [0, 100, 0, 0])
    with_first, without = spend(history), spend(history, first=False)
    assert with_first.count.tolist() == [1, 3, 2, 0]  # 0: the last one's mean is not above 0
    assert with_first.mean.tolist() == [10, 40, 15, 0]
    assert without.count.tolist() == [0, 2, 0, 0]
    assert without.mean.tolist() == [0, 50, 0, 0]


@pytest.mark.parametrize(
    ("count", "mean", "exact"),
    # ln f(mean | 6.25, 3.74, 15.44; count), 50-digit arithmetic (mpmath)
    [(2, 22.35, -3.5513167597317), (1, 11.77, -3.73770967874084), (300, 80, -6.36125721262692)],
)
def test_likelihoods(count: int, mean: float, exact: float) -> None:
    rows = spend_rows(Spend(np.array([count], dtype=np.float64), np.array([mean])))
    assert rows is not None
    # the rows are in units of their mean; v goes with them
    values, _ = log_likelihood(np.array([6.25, 2.74, 15.44 / rows.unit]), rows)
    assert values == pytest.approx(exact, rel=1e-10)


@pytest.mark.parametrize("theta", [(6.25, 2.74, 0.4), (0.7, 0.3, 2.0), (30.0, 9.0, 0.02)])
def test_the_gradient_is_that_of_the_likelihood(theta: tuple[float, ...]) -> None:
    rows = spend_rows(spend(customers(*coin_tossers(np.array([0.5, 6, 0.5, 2.5]), 300, seed=5))))
    assert rows is not None
    at = np.array(theta)
    _, slope = log_likelihood(at, rows)
    for i, step in enumerate(np.eye(3) * 1e-5 * at):
        up, down = (log_likelihood(at + sign * step, rows)[0] for sign in (1, -1))
        assert slope[i] == pytest.approx((up - down) / (2 * step[i]), rel=1e-5, abs=1e-4)


def test_no_customer_with_spend() -> None:
    assert spend_rows(Spend(np.zeros(3), np.zeros(3))) is None

"""Pareto/NBD: published figures, 50-digit arithmetic, gradients, and what its story says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.purchase_model import pareto_nbd
from loyalty.purchase_model.unique_histories import distinct_rows
from tests.purchase_model.builders import PARETO, leavers

#: Estimates on the CDNOW sample in the walkthrough of the R package BTYD, whose figures are checked here.
BTYD = np.array([0.5533971, 10.5801985, 0.6060625, 11.6562237])


def one(*values: float) -> list[np.ndarray]:
    return [np.array([value]) for value in values]


def test_the_figures_of_the_btyd_walkthrough() -> None:
    assert pareto_nbd.expected_new(BTYD, np.array([52.0])).round(3).tolist() == [1.473]
    x, t_x, T = one(26, 30.86, 31)  # customer 1516
    alive = pareto_nbd.p_alive(BTYD, x, t_x, T)
    assert (alive * pareto_nbd.expected(BTYD, x, T, np.array([52.0]))[0]).round(2).tolist() == [25.46]
    # its manual, pnbd.PAlive: 0.2941633 without a repeat purchase in 39 weeks, 1 with 23 up to the last day
    alive = pareto_nbd.p_alive(BTYD, np.array([0.0, 23.0]), np.array([0.0, 39.0]), np.array([39.0, 39.0]))
    assert alive.round(6).tolist() == [0.294163, 1.0]


#: theta, (x, t_x, T): ln L and P(alive), the integral taken in 50-digit arithmetic (mpmath).
FIFTY_DIGITS = [
    ((0.553, 10.578, 0.606, 11.669), (0, 0, 38.86), -0.52104629408089, 0.295286604617),
    ((0.553, 10.578, 0.606, 11.669), (26, 30.86, 31), -39.1316715403028, 0.997918731055),
    ((10.465, 0.00798565181, 3.0516, 2.82), (500, 1, 37), 2594.40445462276, 0),  # P(alive) is 8e-800
    ((0.4, 60, 2.5, 0.3), (3, 2, 150), -17.2639488459606, 4.92218091039e-07),
    ((0.05, 0.2, 1, 900), (12, 9, 9), -12.1761540100687, 1),
]


@pytest.mark.parametrize(("theta", "history", "log_likelihood", "alive"), FIFTY_DIGITS)
def test_likelihoods_hold_where_two_2f1_overflow_or_cancel(
    theta: tuple[float, ...], history: tuple[float, float, float], log_likelihood: float, alive: float
) -> None:
    rows = distinct_rows(*([value] for value in history))
    assert pareto_nbd.log_likelihood(np.array(theta), rows)[0] == pytest.approx(log_likelihood, rel=1e-12)
    assert pareto_nbd.p_alive(np.array(theta), *one(*history))[0] == pytest.approx(alive, rel=1e-9)


@pytest.mark.parametrize("theta", [PARETO, np.array([3.0, 0.2, 1.0, 40.0]), np.array([0.1, 90.0, 4.0, 0.5])])
def test_the_gradient_is_that_of_the_likelihood(theta: np.ndarray) -> None:
    rows = distinct_rows(*leavers(PARETO, 150, seed=3))
    _, slope = pareto_nbd.log_likelihood(theta, rows)
    for i, step in enumerate(np.eye(4) * 1e-5 * theta):
        up, down = (pareto_nbd.log_likelihood(theta + sign * step, rows)[0] for sign in (1, -1))
        assert slope[i] == pytest.approx((up - down) / (2 * step[i]), rel=1e-5, abs=1e-4)


def test_counts_are_a_distribution_and_agree_with_simulation() -> None:
    n = np.arange(4_000.0)
    p = pareto_nbd.p_count(PARETO, n, np.array(39.0))
    assert p.sum() == pytest.approx(1, abs=1e-9)
    assert (p * n).sum() == pytest.approx(pareto_nbd.expected_new(PARETO, np.array([39.0]))[0], rel=1e-6)
    assert p[0] == pytest.approx(pareto_nbd.p_none(PARETO, *one(0, 0, 39))[0], rel=1e-10)
    assert pareto_nbd.p_count(PARETO, np.array([0.0, 2.0]), np.array(0.0)) == pytest.approx([1, 0])


def test_a_year_after_27_to_52_weeks_is_as_expected() -> None:
    x, t_x, T = leavers(PARETO, 60_000, seed=8)
    assert x.mean() == pytest.approx(np.mean(pareto_nbd.expected_new(PARETO, T)), rel=0.03)
    early = T < 40  # the silent ones among them are alive as often as is said
    alive = pareto_nbd.p_alive(PARETO, x, t_x, T)
    assert 0 < alive[early & (x == 0)].mean() < alive[early & (x > 3)].mean() < 1


def test_expectations_are_continuous_at_s_equal_1() -> None:
    at, beside = (
        pareto_nbd.expected(np.array([0.5, 6, s, 12]), *one(3, 20, 52))[0, 0] for s in (1, 1 + 1e-8)
    )
    assert at == pytest.approx(beside, rel=1e-7)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.tuples(*[st.floats(-3, 3)] * 4), st.integers(0, 400), st.floats(0, 1), st.floats(0.2, 300))
def test_probabilities_are_probabilities(logs: tuple[float, ...], x: int, share: float, T: float) -> None:
    theta = np.exp(np.array(logs))
    count, t_x, age, t = one(x, share * T if x else 0, T, 52)
    assert 0 <= pareto_nbd.p_alive(theta, count, t_x, age)[0] <= 1
    none = pareto_nbd.p_none(theta, count, age, t)[0]
    expected = pareto_nbd.expected(theta, count, age, t)[0, 0]
    assert 0 <= none <= 1 + 1e-12
    assert 1 - none <= expected * (1 + 1e-9) + 1e-9
    assert expected <= (theta[0] + x) * 52 / (theta[1] + T) * (1 + 1e-9)


def test_draws_have_the_expected_mean() -> None:
    rng, n = np.random.default_rng(2), 200_000
    made, when = pareto_nbd.draw(PARETO, np.full(n, 3.0), np.full(n, 30.0), 52.0, rng)
    exact = pareto_nbd.expected(PARETO, *one(3, 30, 52))[0, 0]
    assert made.mean() == pytest.approx(exact, abs=4 * made.std() / np.sqrt(n))
    assert (made == 0).mean() == pytest.approx(pareto_nbd.p_none(PARETO, *one(3, 30, 52))[0], abs=0.005)
    assert ((when >= 0) & (when <= 26)).all()


def test_many_thetas_broadcast() -> None:
    thetas = np.array([PARETO, BTYD, PARETO * 2]).T
    x, t_x, T = np.array([[0.0], [4.0]]), np.array([[0.0], [20.0]]), np.array([[39.0], [39.0]])
    together = pareto_nbd.p_alive(thetas, x, t_x, T)
    assert together.shape == (2, 3)
    alone = pareto_nbd.p_alive(PARETO * 2, x[:, 0], t_x[:, 0], T[:, 0])
    assert together[:, 2] == pytest.approx(alone, rel=1e-12)

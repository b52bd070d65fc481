"""BG/NBD and MBG/NBD: published figures, 50-digit arithmetic, gradients, and planted parameters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.purchase_model import bgnbd
from loyalty.purchase_model.unique_histories import distinct_rows
from tests.purchase_model.builders import CDNOW, coin_tossers

#: The highest point of the likelihood of the CDNOW sample to more digits than are printed (`benchmarks/clv.py`).
UNROUNDED = np.array([0.2425945, 4.4136020, 0.7929219, 2.4259064])


def one(*values: float) -> list[np.ndarray]:
    return [np.array([value]) for value in values]


def test_conditional_expectation_of_the_paper() -> None:
    x, t_x, T, t = one(2, 30.43, 38.86, 39)
    purchases = bgnbd.p_alive(0, CDNOW, x, t_x, T) * bgnbd.expected(0, CDNOW, x, T, t)[0]
    assert purchases.round(3).tolist() == [1.226]  # Fader, Hardie & Lee (2005), their spreadsheet


def test_no_repeat_purchase_in_39_weeks() -> None:
    assert bgnbd.p_count(0, CDNOW, *one(0, 39)).round(7).tolist() == [0.5737864]


def partial_sum(t: float, terms: int) -> float:
    """E[X(t)], equation (9), with the series of its 2F1 broken off."""
    r, alpha, a, b = UNROUNDED
    total = term = 1.0
    for j in range(1, terms + 1):
        term *= (r + j - 1) * (b + j - 1) / (a + b + j - 2) * t / (alpha + t) / j
        total += term
    return float((a + b - 1) / (a - 1) * (1 - (alpha / (alpha + t)) ** r * total))


def test_unconditional_expectations_of_the_paper() -> None:
    weeks = np.array([0.1429, 1, 3, 31.8571, 32, 78])
    purchases = bgnbd.expected_new(0, UNROUNDED, weeks)
    assert purchases[:5].round(4).tolist() == [0.0078, 0.0532, 0.1506, 1.0405, 1.0437]
    # At 78 weeks 1.8576 is printed: the spreadsheet breaks its series off after 150 terms, where it still grows.
    assert round(partial_sum(78, 150), 4) == 1.8576
    assert purchases[5] == pytest.approx(partial_sum(78, 2_000), rel=1e-10)
    assert purchases[5].round(4) == 1.8580


#: (r, alpha, a, b), x, T, t: expected purchases of a living customer, equation (10) in 50-digit arithmetic (mpmath).
FIFTY_DIGITS = [
    ((0.243, 4.414, 0.793, 2.426), 0, 38.86, 39, 0.195098052011263),
    ((0.243, 4.414, 0.793, 2.426), 300, 60, 520, 841.862824174924),
    ((3.5, 0.8, 6.2, 140), 520, 80, 260, 127.741743890155),
    ((0.05, 40, 25, 0.3), 1, 3, 104, 0.752347400394593),
    ((12, 90, 0.02, 7), 150, 200, 26, 14.5110289882628),
    ((0.8, 2, 3, 1), 40, 10, 1, 3.03505498858088),
]


@pytest.mark.parametrize(("theta", "x", "T", "t", "exact"), FIFTY_DIGITS)
def test_expectations_hold_where_the_series_overflows(
    theta: tuple[float, ...], x: float, T: float, t: float, exact: float
) -> None:
    assert bgnbd.expected(0, np.array(theta), *one(x, T, t))[0, 0] == pytest.approx(exact, rel=1e-9)


def test_expectations_are_continuous_at_a_equal_1() -> None:
    # E[(1 - (1 + p z)^-k) / p] is continuous in a; equation (10) is 0 / 0 there
    at, beside = (bgnbd.expected(0, np.array([0.5, 6, a, 2.5]), *one(3, 20, 52))[0, 0] for a in (1, 1 + 1e-7))
    assert at == pytest.approx(beside, rel=1e-6)


#: coins, (r, alpha, a, b), (x, t_x, T): ln L in 50-digit arithmetic (mpmath).
LIKELIHOODS = [
    (0, (0.243, 4.414, 0.793, 2.426), (0, 0, 38.86), -0.554713276438158),
    (0, (0.243, 4.414, 0.793, 2.426), (2, 30.43, 38.86), -9.45860630706627),
    (0, (0.243, 4.414, 0.793, 2.426), (400, 60, 220), 317.550774709214),
    (0, (3, 0.05, 0.01, 9), (7, 1, 1), 2.62824721251148),
    (1, (0.243, 4.414, 0.793, 2.426), (0, 0, 38.86), -0.386952220570853),
    (1, (0.243, 4.414, 0.793, 2.426), (2, 30.43, 38.86), -9.68718263624996),
    (1, (0.243, 4.414, 0.793, 2.426), (400, 60, 220), 317.54631807811),
    (1, (3, 0.05, 0.01, 9), (7, 1, 1), 2.62758076796832),
]


@pytest.mark.parametrize(("coins", "theta", "history", "exact"), LIKELIHOODS)
def test_likelihoods(
    coins: int, theta: tuple[float, ...], history: tuple[float, float, float], exact: float
) -> None:
    rows = distinct_rows(*([value] for value in history))
    assert bgnbd.log_likelihood(coins, np.array(theta), rows)[0] == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("coins", [0, 1])
@pytest.mark.parametrize("theta", [CDNOW, np.array([3.0, 0.2, 0.05, 40.0]), np.array([0.05, 90.0, 8.0, 0.3])])
def test_the_gradient_is_that_of_the_likelihood(coins: int, theta: np.ndarray) -> None:
    rows = distinct_rows(*coin_tossers(CDNOW, 200, seed=3, coins=coins))
    _, slope = bgnbd.log_likelihood(coins, theta, rows)
    for i, step in enumerate(np.eye(4) * 1e-5 * theta):
        up, down = (bgnbd.log_likelihood(coins, theta + sign * step, rows)[0] for sign in (1, -1))
        assert slope[i] == pytest.approx((up - down) / (2 * step[i]), rel=1e-5, abs=1e-4)


@pytest.mark.parametrize("coins", [0, 1])
def test_counts_are_a_distribution_with_the_expected_mean(coins: int) -> None:
    n = np.arange(4_000.0)
    p = bgnbd.p_count(coins, CDNOW, n, np.array(39.0))
    assert p.sum() == pytest.approx(1, abs=1e-9)
    assert (p * n).sum() == pytest.approx(bgnbd.expected_new(coins, CDNOW, np.array([39.0]))[0], rel=1e-6)
    assert bgnbd.p_count(coins, CDNOW, np.array([0.0, 1.0]), np.array(0.0)) == pytest.approx([1, 0])


@pytest.mark.parametrize("coins", [0, 1])
def test_counts_agree_with_simulation(coins: int) -> None:
    x, _, _ = coin_tossers(CDNOW, 200_000, seed=1, coins=coins, weeks=(39, 39.0001))
    for n in range(4):
        share, p = (x == n).mean(), bgnbd.p_count(coins, CDNOW, *one(n, 39))[0]
        assert share == pytest.approx(p, abs=4 * np.sqrt(p / 200_000))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.tuples(*[st.floats(-3, 3)] * 4),
    st.integers(0, 400),
    st.floats(0, 1),
    st.floats(0.2, 300),
    st.integers(0, 1),
)
def test_probabilities_are_probabilities(
    logs: tuple[float, ...], x: int, share: float, T: float, coins: int
) -> None:
    theta = np.exp(np.array(logs))
    count, t_x, age, t = one(x, share * T if x else 0, T, 52)
    alive = bgnbd.p_alive(coins, theta, count, t_x, age)[0]
    none = bgnbd.p_none(theta, count, age, t)[0]
    expected = bgnbd.expected(coins, theta, count, age, t)[0, 0]
    assert 0 <= alive <= 1
    assert 0 <= none <= 1
    assert 1 - none <= expected * (1 + 1e-9) + 1e-12  # P(one or more) is at most the mean
    # and the mean at most what a customer would buy who never leaves: (r + x) t / (alpha + T)
    assert expected <= (theta[0] + x) * 52 / (theta[1] + T) * (1 + 1e-9)


def test_a_longer_silence_makes_a_departure_likelier() -> None:
    t_x = np.array([30.0, 20.0, 10.0, 5.0])
    alive = bgnbd.p_alive(0, CDNOW, np.full(4, 6.0), t_x, np.full(4, 39.0))
    assert (np.diff(alive) < 0).all()
    assert bgnbd.p_alive(0, CDNOW, *one(0, 0, 39)) == [1.0]  # no coin has been tossed
    assert bgnbd.p_alive(1, CDNOW, *one(0, 0, 39))[0] < 1


@pytest.mark.parametrize("coins", [0, 1])
def test_draws_have_the_expected_mean_and_time(coins: int) -> None:
    rng, n = np.random.default_rng(2), 200_000
    x, T = np.full(n, 3.0), np.full(n, 30.0)
    made, when = bgnbd.draw(coins, CDNOW, x, T, 52.0, rng)
    exact = bgnbd.expected(coins, CDNOW, *one(3, 30, 52))[0, 0]
    assert made.mean() == pytest.approx(exact, abs=4 * made.std() / np.sqrt(n))
    assert (made == 0).mean() == pytest.approx(bgnbd.p_none(CDNOW, *one(3, 30, 52))[0], abs=0.005)
    assert ((when > 0) & (when <= 52 * 0.75)).all()
    # purchases come early, as those who leave buy no more: the mean time is that of the expected stream
    ends = np.linspace(0, 52, 105)
    stream = np.diff(bgnbd.expected(coins, CDNOW, *one(3, 30), ends)[0])
    mean_time = (stream * (ends[1:] + ends[:-1]) / 2).sum() / stream.sum()
    assert (made * when).sum() / made.sum() == pytest.approx(mean_time, abs=0.15)


def test_every_theta_of_many_is_used() -> None:
    rng = np.random.default_rng(0)
    slow, fast = np.array([0.2, 40.0, 1.0, 3.0]), np.array([5.0, 1.0, 1.0, 3.0])
    both = np.repeat(np.array([slow, fast]).T, 5_000, axis=1)
    made, _ = bgnbd.draw(0, both, np.zeros(10_000), np.full(10_000, 9.0), 26.0, rng)
    for part, theta in ((made[:5_000], slow), (made[5_000:], fast)):
        exact = bgnbd.expected(0, theta, *one(0, 9, 26))[0, 0]
        assert part.mean() == pytest.approx(exact, rel=0.15)

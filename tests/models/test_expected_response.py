"""What an answer in so many is worth: the mean by arithmetic, the range against futures drawn here."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.models.expected_response import FEW, BadAssumption, OneIn, expected_worth

TEN = OneIn(10)


def worth(values: list[float], chances: list[float], answers: OneIn = TEN) -> tuple[float, float, float]:
    worth_range = expected_worth(np.array(values), np.array(chances), answers, np.random.default_rng(0))
    return worth_range.expected, worth_range.low, worth_range.high


def test_the_mean_is_one_tenth_of_what_can_be_had() -> None:
    assert worth([20.0, 30.0], [1.0, 0.5])[0] == pytest.approx((20.0 + 30.0 * 0.5) / 10)
    assert worth([20.0, 30.0], [1.0, 0.5], OneIn(20))[0] == pytest.approx((20.0 + 30.0 * 0.5) / 20)


def test_no_people_and_no_value() -> None:
    assert worth([], []) == (0.0, 0.0, 0.0)
    assert worth([0.0, 5.0], [1.0, 0.0]) == (0.0, 0.0, 0.0)


def test_of_few_people_all_may_stay_away() -> None:
    assert worth([50.0], [1.0])[1] == 0.0  # nine times in ten
    assert worth([50.0], [1.0])[2] in (0.0, 50.0)


@pytest.mark.parametrize("n", [40, FEW, FEW + 1, 5_000])
@pytest.mark.parametrize("k", [5, 20])
def test_the_range_covers_80_percent(n: int, k: int) -> None:
    """The share of answers is Beta(3, 3 (k - 1)): drawn, then each person's answer."""
    rng = np.random.default_rng(n + k)
    values, chances = rng.gamma(4.0, 10.0, n), rng.uniform(0.2, 1.0, n)
    worth_range = expected_worth(values, chances, OneIn(k), np.random.default_rng(1))
    shares = rng.beta(3.0, 3.0 * (k - 1), 1_500)
    sums = np.array([values[rng.random(n) < share * chances].sum() for share in shares])
    coverage = ((sums >= worth_range.low) & (sums <= worth_range.high)).mean()
    assert 0.76 <= coverage <= (0.92 if n * chances.mean() / k < 5 else 0.84)  # few answers leave steps
    assert sums.mean() == pytest.approx(worth_range.expected, rel=0.06)


@given(
    st.lists(st.tuples(st.floats(0, 500), st.floats(0, 1)), min_size=1, max_size=30),
    st.sampled_from([2.0, 7.0, 100.0]),
)
@settings(deadline=None, derandomize=True, max_examples=40)
def test_scaling_money_scales_all_of_it(people: list[tuple[float, float]], factor: float) -> None:
    values, chances = [v for v, _ in people], [p for _, p in people]
    one, more = worth(values, chances), worth([factor * v for v in values], chances)
    assert more == pytest.approx([factor * figure for figure in one])
    assert 0 <= one[1] <= one[2]


@pytest.mark.parametrize("k", [-1, 0, 1, 1001])
def test_invalid_assumptions(k: int) -> None:
    with pytest.raises(BadAssumption):
        OneIn(k)

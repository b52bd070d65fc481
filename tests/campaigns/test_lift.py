"""Lift: published intervals, worked arithmetic, and what must hold for any groups."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.campaigns.lift import cuped, mean_lift, outcome_lift, share_lift


def ones(successes: int, n: int) -> list[int]:
    return [1] * successes + [0] * (n - successes)


@pytest.mark.parametrize(
    ("a", "m", "b", "n", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),  # Newcombe (1998), table II, method 10, contrasts (a) to (h)
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_newcombe_as_published(a: int, m: int, b: int, n: int, low: float, high: float) -> None:
    lift = share_lift(ones(a, m), ones(b, n))
    assert lift.lift == pytest.approx(a / m - b / n)
    assert (lift.low, lift.high) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


def test_hillstrom_from_its_counts() -> None:
    """MineThatData (2008): 3,894 of 21,307 sent Men's e-mail visited, 2,262 of 21,306 sent none."""
    lift = share_lift(ones(3894, 21307), ones(2262, 21306))
    assert (lift.lift, lift.low, lift.high) == (
        pytest.approx(0.07659, abs=5e-6),
        pytest.approx(0.06995, abs=1e-5),
        pytest.approx(0.08322, abs=1e-5),
    )
    assert lift.total == pytest.approx(3894 - 2262 * 21307 / 21306)
    assert lift.significant


def test_a_mean_with_its_range() -> None:
    """40 spend 10 of 100, 20 of 100: the normal range of 4 − 2 is ± 1.96 · √(10²(.24 + .16) / 99)."""
    lift = mean_lift([10.0] * 40 + [0.0] * 60, [10.0] * 20 + [0.0] * 80)
    half = 1.96 * math.sqrt(100 * (0.4 * 0.6 + 0.2 * 0.8) / 99)
    assert lift.lift == pytest.approx(2.0)
    assert lift.low == pytest.approx(2 - half, abs=0.15)
    assert lift.high == pytest.approx(2 + half, abs=0.15)
    assert lift.total == pytest.approx(200.0)


def test_adjusting_for_earlier_spend_reduces_the_variance() -> None:
    random = np.random.default_rng(1)
    x = random.gamma(1.0, 50.0, 600)
    treated = random.permutation(600) < 300
    y = x + 5.0 * treated + random.normal(0, 5, 600)
    plain = mean_lift(y[treated], y[~treated])
    better = mean_lift(y[treated], y[~treated], (x[treated], x[~treated]))
    assert better.adjusted
    assert better.low is not None
    assert better.low < 5 < (better.high or 0)
    assert (better.high or 0) - better.low < 0.2 * ((plain.high or 0) - (plain.low or 0))


def test_cuped_by_hand() -> None:
    """Within the groups y rises by 2 for 1 of x; x̄ of all four is 3."""
    a, b = cuped(np.array([2.0, 6.0]), np.array([7.0, 11.0]), np.array([1.0, 3.0]), np.array([3.0, 5.0]))
    assert a.tolist() == [2 - 2 * (1 - 3), 6 - 2 * (3 - 3)]
    assert b.tolist() == [7 - 2 * (3 - 3), 11 - 2 * (5 - 3)]


def test_too_few_to_give_a_range() -> None:
    for lift in (share_lift([1], [0, 1]), mean_lift([3.0], [1.0, 2.0]), share_lift([], [])):
        assert (lift.low, lift.high, lift.p_value, lift.significant) == (None, None, None, False)


def test_equal_values_leave_no_range() -> None:
    assert (mean_lift([2.0, 2.0], [2.0, 2.0]).low, mean_lift([2.0, 2.0], [2.0, 2.0]).p_value) == (0.0, 1.0)


def test_which_outcomes_are_shares() -> None:
    assert outcome_lift([0, 1, 1], [0, 0, 1]).kind == "share"
    assert outcome_lift([0, 2, 1], [0, 0, 1]).kind == "mean"


@given(st.integers(2, 60), st.integers(2, 60), st.data())
@settings(deadline=None, derandomize=True, max_examples=60)
def test_swapping_the_groups_swaps_the_signs(m: int, n: int, data: st.DataObject) -> None:
    a, b = data.draw(st.integers(0, m)), data.draw(st.integers(0, n))
    one, other = share_lift(ones(a, m), ones(b, n)), share_lift(ones(b, n), ones(a, m))
    assert one.low is not None
    assert one.high is not None
    assert other.high is not None
    assert one.lift == pytest.approx(-other.lift)
    assert one.low == pytest.approx(-other.high)
    assert -1 - 1e-9 <= one.low <= one.lift + 1e-9
    assert one.lift <= one.high + 1e-9 <= 1 + 2e-9


def test_simulated_shops_are_measured_without_bias() -> None:
    """300 shops of 600 customers, one in three held back; the offer makes 6 of 100 non-buyers buy for 20 on average."""
    random = np.random.default_rng(7)
    errors, inside = [], 0
    for shop in range(300):
        inclined = random.beta(1, 6, 600)
        spends = random.lognormal(3, 0.5, 600) * (random.random(600) < inclined)
        treated = random.permutation(600) < 400
        moved = treated & (spends == 0) & (random.random(600) < 0.06)
        spends = spends + moved * random.lognormal(3, 0.5, 600)
        truth = 0.06 * (1 - 1 / 7) * math.exp(3 + 0.5**2 / 2)
        lift = mean_lift(spends[treated], spends[~treated], seed=shop, draws=300)
        errors.append(lift.lift - truth)
        inside += bool((lift.low or 0) <= truth <= (lift.high or 0))
    assert abs(np.mean(errors)) < 3 * np.std(errors) / math.sqrt(300)
    assert 0.91 <= inside / 300 <= 0.985  # benchmarks/proof.py counts over more shops

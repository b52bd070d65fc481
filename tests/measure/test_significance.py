"""Differences of shares against the two-proportion test, q-values against scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, norm

from loyalty.measure.significance import q_values, share_difference_p_values

SHARES = st.floats(0, 1)
SIZES = st.floats(1, 1e6)


def test_q_values_are_scipys_and_count_tests_not_shown() -> None:
    p = np.array([0.04, 0.001, 0.5, 0.03, 0.001])
    assert q_values(p) == pytest.approx(false_discovery_control(p))
    assert q_values(p[:2], 5) == pytest.approx(false_discovery_control([0.04, 0.001, 1, 1, 1])[:2])
    assert len(q_values([])) == 0


def test_a_difference_by_hand() -> None:
    """50 % of 100 against 25 % of 100: asin sqrt .5 = 45°, asin sqrt .25 = 30°, so z = 2 (pi/12) / sqrt(2/100)."""
    z = 2 * (math.pi / 12) / math.sqrt(2 / 100)
    assert share_difference_p_values([0.5], [100], [0.25], [100])[0] == pytest.approx(2 * norm.sf(z))


def test_large_samples_agree_with_the_test_of_two_proportions() -> None:
    pooled = (0.31 + 0.30) / 2
    z = (0.31 - 0.30) / math.sqrt(pooled * (1 - pooled) * 2 / 20_000)
    assert share_difference_p_values([0.31], [20_000], [0.30], [20_000])[0] == pytest.approx(
        2 * norm.sf(z), rel=1e-3
    )


def test_empty_groups_have_p_value_one() -> None:
    assert share_difference_p_values([0.0, 1.0], [0, 30], [1.0, 0.0], [50, 0]).tolist() == [1.0, 1.0]


@settings(deadline=None, derandomize=True, max_examples=200)
@given(SHARES, SIZES, SHARES, SIZES)
def test_it_is_a_probability_and_knows_no_side(a: float, n: float, b: float, m: float) -> None:
    p = share_difference_p_values([a], [n], [b], [m])[0]
    assert 0 <= p <= 1
    assert p == pytest.approx(share_difference_p_values([b], [m], [a], [n])[0])
    assert share_difference_p_values([a], [n], [a], [m])[0] == pytest.approx(1.0)

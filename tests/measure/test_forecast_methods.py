"""The ways to tell the coming months: by hand, and against statsmodels' smoothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.measure.forecast_methods import (
    ALPHAS,
    METHODS,
    damped_trend,
    exponential_smoothing,
    last_value,
    mean_of_last,
    same_month,
    same_month_growing,
)

YEARS = np.arange(1.0, 31.0)  # 30 months


def test_the_simple_ones() -> None:
    assert last_value(YEARS, 2).tolist() == [30, 30]
    assert mean_of_last(3)(YEARS, 2).tolist() == [29, 29]
    assert mean_of_last(4)(YEARS, 1).tolist() == [28.5]


def test_smoothing_by_hand() -> None:
    """4, 8, 8: with alpha the errors are 4 and 4 (1 - alpha); the largest alpha of the grid, .95, has the least."""
    assert exponential_smoothing(np.array([4.0, 8.0, 8.0]), 3).tolist() == pytest.approx(
        [4 + 0.95 * 4 + 0.95 * 0.2] * 3
    )
    assert ALPHAS[-1] == pytest.approx(0.95)


def test_smoothing_of_noise_forgets_slowly_and_of_a_walk_fast() -> None:
    chance = np.random.default_rng(1)
    noise, walk = 100 + chance.normal(0, 10, 200), 100 + np.cumsum(chance.normal(0, 10, 200))
    assert exponential_smoothing(noise, 1)[0] == pytest.approx(noise.mean(), abs=3)
    assert exponential_smoothing(walk, 1)[0] == pytest.approx(walk[-1], abs=3)


def test_a_damped_trend_goes_on_ever_more_slowly() -> None:
    predicted = damped_trend(np.arange(10.0, 34.0), 6)
    steps = np.diff(np.concatenate([[33.0], predicted]))
    assert predicted[0] == pytest.approx(34.0, abs=0.3)
    assert (steps > 0).all()
    assert (np.diff(steps) < 0).all()


def test_a_year_ago_by_hand() -> None:
    """Months 19 to 30 come again; they sum to 294, those of the year before to 150 (7 to 18)."""
    assert same_month(YEARS, 14).tolist() == [*range(19, 31), 19, 20]
    assert same_month_growing(YEARS, 2) == pytest.approx([19 * 294 / 150, 20 * 294 / 150])
    assert same_month_growing(YEARS[:15], 1) == pytest.approx([4 * (13 + 14 + 15) / (1 + 2 + 3)])
    nothing_then = np.array([0.0] * 12 + [5.0] * 12)
    assert same_month_growing(nothing_then, 1).tolist() == [5.0]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(st.floats(0, 1e7), min_size=15, max_size=40), st.floats(0.01, 1000))
def test_money_scales_and_nothing_is_lost_in_infinity(history: list[float], factor: float) -> None:
    values = np.round(np.array(history), 2)
    for method in METHODS:
        predicted = method.predict(values, 6)
        assert predicted.shape == (6,)
        assert np.isfinite(predicted).all(), method.key
        if method.key not in ("smoothing", "damped"):  # whose best parameters may tie
            assert method.predict(values * factor, 6) == pytest.approx(predicted * factor, rel=1e-9, abs=1e-6)

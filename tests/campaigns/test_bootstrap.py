"""Resampling: values put together keep their mean; quantiles are those of the normal where groups are large."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.campaigns.bootstrap import MOST_VALUES, OWN_VALUES, difference_quantiles, group_values


@given(st.integers(1, 4000), st.integers(0, 100))
@settings(deadline=None, derandomize=True, max_examples=30)
def test_the_mean_and_the_extremes_stay(n: int, seed: int) -> None:
    values = np.random.default_rng(seed).lognormal(0, 1, n)
    distinct, counts = group_values(values)
    assert counts.sum() == n
    assert len(distinct) <= MOST_VALUES
    assert distinct @ counts / n == pytest.approx(values.mean())
    assert distinct[-OWN_VALUES:].tolist() == np.sort(values)[-OWN_VALUES:].tolist()


def test_large_groups_are_normal() -> None:
    random = np.random.default_rng(3)
    a, b = random.normal(5, 2, 4000), random.normal(4, 1, 4000)
    low, high = difference_quantiles(a, b, (0.025, 0.975), seed=1, draws=4000)
    half = 1.96 * np.sqrt(a.var() / 4000 + b.var() / 4000)
    centre = a.mean() - b.mean()
    assert (low, high) == (pytest.approx(centre - half, abs=0.006), pytest.approx(centre + half, abs=0.006))


def test_the_same_seed_gives_the_same() -> None:
    a, b = np.arange(9.0), np.arange(7.0)
    assert difference_quantiles(a, b, (0.5,), seed=4, draws=50) == difference_quantiles(
        a, b, (0.5,), seed=4, draws=50
    )

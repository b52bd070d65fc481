"""Before and after: planted steps are detected, seasons are not, unlike groups are reported."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyalty.campaigns.before_after import compare_matched, interrupted_series

START = pd.Timestamp("2025-01-06")


def weeks(before: int, after: int, step: float, seasonal: float = 0.0) -> pd.DataFrame:
    at = pd.date_range(START - pd.Timedelta(weeks=before), periods=before + after, freq="7D")
    t = np.arange(len(at))
    noise = np.random.default_rng(4).normal(0, 20, len(at))
    level = 500 + t + seasonal * np.sin(2 * np.pi * t * 7 / 365.25)
    return pd.DataFrame({"week": at, "revenue": level + step * (at >= START) + noise})


def test_a_planted_step_is_detected() -> None:
    estimate = interrupted_series(weeks(60, 30, 100.0), START)
    assert estimate is not None
    assert estimate.low < 100 < estimate.high
    assert estimate.low > 50
    assert not estimate.season
    assert estimate.weeks["after"].sum() == 30


def test_a_season_is_not_reported_as_a_step() -> None:
    estimate = interrupted_series(weeks(120, 20, 0.0, seasonal=200.0), START)
    assert estimate is not None
    assert estimate.season
    assert estimate.low < 0 < estimate.high
    assert abs(estimate.extra) < 60


def test_too_few_weeks() -> None:
    assert interrupted_series(weeks(60, 11, 1.0), START) is None
    assert interrupted_series(weeks(8, 30, 1.0), START) is None


def test_matching_removes_earlier_differences() -> None:
    """Who took part had spent more before, and spends 10 more because of it; a plain comparison says 10 + 40."""
    random = np.random.default_rng(6)
    spent = random.gamma(2, 50, 3000)
    took = pd.Series(random.random(3000) < np.clip(spent / 300, 0, 0.9))
    after = pd.Series(spent * 0.8 + 10.0 * took + random.normal(0, 10, 3000))
    estimate = compare_matched(pd.DataFrame({"spent": spent}), after, took)
    assert estimate is not None
    assert estimate.extra == pytest.approx(10.0, abs=2.0)
    assert estimate.low < 10 < estimate.high
    assert after[took].mean() - after[~took].mean() > 30
    assert estimate.imbalance < 0.1
    assert estimate.pairs == took.sum()


def test_too_few_people() -> None:
    took = pd.Series([True] * 20 + [False] * 200)
    assert compare_matched(pd.DataFrame({"x": np.arange(220.0)}), pd.Series(np.ones(220)), took) is None

"""Before and after: planted steps are found, seasons are not taken for them, people unlike each other are said."""

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


def test_a_planted_step_is_found() -> None:
    found = interrupted_series(weeks(60, 30, 100.0), START)
    assert found is not None
    assert found.low < 100 < found.high
    assert found.low > 50
    assert not found.season
    assert found.weeks["after"].sum() == 30


def test_a_season_is_not_taken_for_a_step() -> None:
    found = interrupted_series(weeks(120, 20, 0.0, seasonal=200.0), START)
    assert found is not None
    assert found.season
    assert found.low < 0 < found.high
    assert abs(found.extra) < 60


def test_too_few_weeks() -> None:
    assert interrupted_series(weeks(60, 11, 1.0), START) is None
    assert interrupted_series(weeks(8, 30, 1.0), START) is None


def test_matching_takes_out_what_came_before() -> None:
    """Who took part had spent more before, and spends 10 more because of it; a plain comparison says 10 + 40."""
    random = np.random.default_rng(6)
    spent = random.gamma(2, 50, 3000)
    took = pd.Series(random.random(3000) < np.clip(spent / 300, 0, 0.9))
    after = pd.Series(spent * 0.8 + 10.0 * took + random.normal(0, 10, 3000))
    found = compare_matched(pd.DataFrame({"spent": spent}), after, took)
    assert found is not None
    assert found.extra == pytest.approx(10.0, abs=2.0)
    assert found.low < 10 < found.high
    assert after[took].mean() - after[~took].mean() > 30
    assert found.imbalance < 0.1
    assert found.pairs == took.sum()


def test_too_few_people() -> None:
    took = pd.Series([True] * 20 + [False] * 200)
    assert compare_matched(pd.DataFrame({"x": np.arange(220.0)}), pd.Series(np.ones(220)), took) is None

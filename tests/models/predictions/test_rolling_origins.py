"""Which days are predicted from: nothing that is learned from ends after them."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.models.predictions.rolling_origins import least_days, plan
from loyalty.models.predictions.snapshot import HORIZONS

AS_OF = dt.date(2026, 6, 30)


@settings(deadline=None, derandomize=True, max_examples=80)
@given(st.integers(0, 2000), st.sampled_from(HORIZONS))
def test_no_window_ends_after_its_cutoff(days: int, horizon: int) -> None:
    first = AS_OF - dt.timedelta(days=days)
    origin_plan = plan(first, AS_OF, horizon)
    ahead = dt.timedelta(days=horizon)
    assert origin_plan.now.cutoff == AS_OF
    for start in (origin_plan.now, *origin_plan.origins):
        assert all(window + ahead <= start.cutoff for window in start.windows)
        assert all(window - first >= dt.timedelta(days=least_days(horizon)) for window in start.windows)
    assert all(start.cutoff + ahead <= AS_OF and start.windows for start in origin_plan.origins)
    assert list(origin_plan.origins) == sorted(origin_plan.origins, key=lambda start: start.cutoff)


@pytest.mark.parametrize(
    ("days", "origins", "apart"), [(730, 4, 90), (100, 0, 0), (300, 2, 45), (330, 3, 45), (420, 3, 90)]
)
def test_three_origins_where_history_allows(days: int, origins: int, apart: int) -> None:
    """Of 330 days: 60 to know somebody by, 90 to learn, 90 ahead leave room for three, half a horizon apart."""
    origin_plan = plan(AS_OF - dt.timedelta(days=days), AS_OF, 90).origins
    assert len(origin_plan) == origins
    if origins > 1:
        assert {(b.cutoff - a.cutoff).days for a, b in itertools.pairwise(origin_plan)} == {apart}

"""The loyalty score: between 0 and 100, up with orders, down with days without an order."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.models.predictions.loyalty_score import loyalty_score

DAY, COUNT = st.integers(0, 1500), st.integers(1, 200)


def score(recency: int, days: int, length: int, usual_days: float = 45.0) -> int:
    row = {"recency_days": [recency], "age_days": [recency + length], "days_365": [days]}
    return int(loyalty_score(pd.DataFrame(row), usual_days)[0])


@settings(deadline=None, derandomize=True, max_examples=100)
@given(DAY, COUNT, DAY, st.integers(1, 400))
def test_it_rises_with_orders_and_falls_with_days_without_one(
    recency: int, days: int, length: int, more: int
) -> None:
    here = score(recency, days, length)
    assert 0 <= here <= 100
    assert score(recency + more, days, length) <= here
    assert score(recency, days + more, length) >= here
    assert score(recency, days, length + more) >= here


def test_ends_of_the_scale() -> None:
    assert score(0, 1, 0) == 50  # here today, for the first time
    assert score(45, 1, 0) == 25  # half of it after the shop's usual gap
    assert score(0, 100, 5000) == 100
    assert score(5000, 1, 0) == 0

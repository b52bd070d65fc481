"""The loyalty score: between 0 and 100, up with orders, down with silence."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.models.predictions.loyalty_score import loyalty_score, reach, silent, slipping, usual_silence
from tests.models.predictions.builders import made_up

DAY, COUNT = st.integers(0, 1500), st.integers(1, 200)


def score(recency: int, days: int, length: int, usual: float = 45.0) -> int:
    row = {"recency_days": [recency], "age_days": [recency + length], "days_365": [days]}
    return int(loyalty_score(pd.DataFrame(row), usual)[0])


@settings(deadline=None, derandomize=True, max_examples=100)
@given(DAY, COUNT, DAY, st.integers(1, 400))
def test_it_rises_with_orders_and_falls_with_silence(recency: int, days: int, length: int, more: int) -> None:
    here = score(recency, days, length)
    assert 0 <= here <= 100
    assert score(recency + more, days, length) <= here
    assert score(recency, days + more, length) >= here
    assert score(recency, days, length + more) >= here


def test_ends_of_the_scale() -> None:
    assert score(0, 1, 0) == 50  # here today, for the first time
    assert score(45, 1, 0) == 25  # half of it after the shop's usual silence
    assert score(0, 100, 5000) == 100
    assert score(5000, 1, 0) == 0


def test_silence_is_measured_by_the_shops_own_gaps() -> None:
    _, _, examples = made_up(120)
    at = list(examples.values())[-1].at
    usual = usual_silence(at)
    late = at.features["recency_days"].to_numpy() > usual
    assert (silent(at) == (late & (at.known.x > 0))).all()
    assert not slipping(at, at.known.x * 0 + 0.9).any()
    assert (slipping(at, at.known.x * 0) == silent(at)).all()
    assert (reach(at)[~late] == 1).all()
    assert (reach(at)[late] < 1).all()

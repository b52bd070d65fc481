"""The draw: exact sizes, the same chance for everyone, alike people spread evenly."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.campaigns.control_group import assign_arms, strata
from loyalty.campaigns.plan import HELD


@given(st.integers(1, 300), st.data(), st.integers(0, 10_000))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_sizes_are_exact_and_strata_are_spread(n: int, data: st.DataObject, seed: int) -> None:
    control_size = data.draw(st.integers(0, n))
    layers = pd.Series(data.draw(st.lists(st.sampled_from("abc"), min_size=n, max_size=n)), dtype="object")
    arms = assign_arms(layers, control_size, ("A", "B"), seed)
    assert (arms == HELD).sum() == control_size
    assert abs((arms == "A").sum() - (arms == "B").sum()) <= 1
    for layer in set(layers):
        inside = layers == layer
        assert abs((arms[inside] == HELD).sum() - inside.sum() * control_size / n) < 2


def test_everyone_has_the_same_chance() -> None:
    layers = pd.Series(["a"] * 3 + ["b"] * 7, dtype="object")
    counts = np.zeros(10)
    for seed in range(4000):
        counts += (assign_arms(layers, 3, ("A",), seed) == HELD).to_numpy()
    assert counts / 4000 == pytest.approx(np.full(10, 0.3), abs=0.03)


def test_the_same_seed_gives_the_same_assignment() -> None:
    layers = pd.Series(list("aabbccdd"), dtype="object")
    assert assign_arms(layers, 3, ("A",), 5).tolist() == assign_arms(layers, 3, ("A",), 5).tolist()


def test_strata_are_quartiles_of_orders_spend_and_recency() -> None:
    day = dt.datetime(2025, 1, 1)
    customers = pd.DataFrame(
        {
            "orders": [1, 2, 3, 4],
            "revenue": [40.0, 30.0, 20.0, 10.0],
            "last_at": [day, day, day, day + dt.timedelta(days=9)],
        }
    )
    assert strata(customers).tolist() == ["1-3-3", "2-3-3", "3-2-3", "3-1-1"]

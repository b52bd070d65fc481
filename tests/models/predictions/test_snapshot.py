"""Snapshots: outcomes after the day alone, rows in one order, parts that fit."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from loyalty.models.predictions.snapshot import outcome, purchase_log, snapshot
from tests.models.predictions.builders import example_shop, features_of

CUTOFF = dt.date(2026, 3, 31)
DAYS = pd.DataFrame(
    [("a", "2026-03-01", 10.0, 10.0, True), ("a", "2026-04-01", 20.0, 15.0, True), ("a", "2026-04-30", 5.0, 5.0, True),
     ("b", "2026-03-31", 7.0, 0.0, False), ("b", "2026-04-10", 9.0, 0.0, False), ("c", "2026-04-02", 3.0, 3.0, True)],
    columns=["customer_id", "day", "value", "net", "kept"],
).assign(day=lambda t: pd.to_datetime(t["day"]))  # fmt: skip


def test_snapshot_and_outcome() -> None:
    of = purchase_log(DAYS)
    at = snapshot(of, features_of(DAYS, CUTOFF), CUTOFF, 30)
    assert at.history.customer_id.tolist() == ["a", "b"]  # b's order was given back later, which nobody knew
    actual = outcome(of, at)
    assert actual.purchases.tolist() == [
        2,
        0,
    ]  # 1 April and 30 April, the last of 30 days; b's second does not count
    assert actual.value.tolist() == [15.0 + 5.0, 0.0]
    assert outcome(of, snapshot(of, features_of(DAYS, CUTOFF), CUTOFF, 60)).bought.tolist() == [True, False]


def test_features_and_days_must_be_of_the_same_customers() -> None:
    with pytest.raises(ValueError, match="different customers"):
        snapshot(purchase_log(DAYS), features_of(DAYS, dt.date(2026, 4, 30)), CUTOFF, 30)


def test_a_part_equals_its_rows_of_the_whole() -> None:
    _, _, examples = example_shop(40)
    whole = next(iter(examples.values()))
    chosen = np.arange(len(whole.snapshot)) % 3 == 0
    part = whole.part(chosen)
    assert part.snapshot.history.customer_id.tolist() == whole.snapshot.history.customer_id[chosen].tolist()
    assert part.snapshot.features["customer_id"].tolist() == part.snapshot.history.customer_id.tolist()
    assert part.outcome.purchases.tolist() == whole.outcome.purchases[chosen].tolist()
    counts = np.bincount(np.unique(part.snapshot.days.customer, return_inverse=True)[1])
    assert counts.tolist() == (part.snapshot.history.x + 1).tolist()

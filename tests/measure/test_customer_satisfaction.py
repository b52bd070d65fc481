"""Answers of several scales on one, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyalty.measure.customer_satisfaction import last_answers, level, satisfaction_by_customer


def feedback(*rows: tuple[str, str, float, int, str | None]) -> pd.DataFrame:
    """at, kind, score, scale, customer_id."""
    result = pd.DataFrame(rows, columns=["at", "kind", "score", "scale", "customer_id"])
    return result.assign(at=pd.to_datetime(result["at"]), text=None, product=None)


TOLD = feedback(
    ("2026-01-01", "csat", 5, 5, "ann"),
    ("2026-01-02", "nps", 0, 10, "ann"),
    ("2026-01-03", "review", 3, 5, "bob"),
    ("2026-01-03", "review", 1, 5, "bob"),
    ("2026-01-04", "review", np.nan, 5, "bob"),
    ("2026-01-05", "csat", 4, 5, None),
)


def test_stars_begin_at_one_and_nps_at_zero() -> None:
    assert level(TOLD).tolist()[:4] == [1.0, 0.0, (3 - 1) / (5 - 1), 0.0]
    assert np.isnan(level(TOLD)[4])
    assert level(TOLD)[5] == (4 - 1) / (5 - 1)


def test_the_mean_of_each_customer_on_a_scale_of_one_to_five() -> None:
    result = satisfaction_by_customer(TOLD).set_index("customer_id")
    assert result.loc["ann"].tolist() == [1 + 4 * (1.0 + 0.0) / 2, 2]
    assert result.loc["bob"].tolist() == [1 + 4 * (0.5 + 0.0) / 2, 2]
    assert result.index.tolist() == ["ann", "bob"]


def test_the_last_score_counts_and_of_one_moment_the_lowest() -> None:
    result = last_answers(TOLD).set_index("customer_id")
    assert result["score"].to_dict() == {"ann": 0.0, "bob": 1.0}
    assert last_answers(TOLD.sample(frac=1, random_state=1))["score"].tolist() == [0.0, 1.0]


def test_nobody_answered() -> None:
    assert satisfaction_by_customer(TOLD.iloc[:0]).columns.tolist() == ["customer_id", "content", "answers"]
    assert last_answers(TOLD.iloc[:0]).empty
    assert level(TOLD.iloc[:0]).tolist() == pytest.approx([])

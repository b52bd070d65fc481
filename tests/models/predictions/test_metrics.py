"""Measures against scikit-learn's, by hand, and where they are not defined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle

from loyalty.models.predictions import metrics

PAIRS = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.05, 0.2, 0.2, 0.5, 0.8, 0.93])), min_size=2, max_size=60
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(PAIRS)
def test_as_the_library_says(pairs: list[tuple[bool, float]]) -> None:
    y, p = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
    assert metrics.log_loss(y, p) == pytest.approx(oracle.log_loss(y, p, labels=[False, True]))
    assert metrics.brier(y, p) == pytest.approx(oracle.brier_score_loss(y, p, pos_label=True))
    if 0 < y.sum() < len(y):
        assert metrics.auc(y, p) == pytest.approx(oracle.roc_auc_score(y, p))
        assert metrics.average_precision(y, p) == pytest.approx(oracle.average_precision_score(y, p))


def test_by_hand() -> None:
    y, p = np.array([True, False, True, False]), np.array([0.9, 0.9, 0.1, 0.1])
    assert metrics.auc(y, p) == 0.5
    assert metrics.calibration_error(y, p) == pytest.approx((2 * 0.4 + 2 * 0.4) / 4)
    assert metrics.top_capture(y, p, 0.5) == 0.5
    assert metrics.top_capture(y, p, 0.25) == pytest.approx(0.5 * 1 / 2)  # one place for two that are equal
    shares, reached = metrics.gain_curve(
        np.array([True, False, False, True]), np.array([0.9, 0.5, 0.4, 0.8]), 3
    )
    assert (shares.tolist(), reached.tolist()) == ([0.0, 0.5, 1.0], [0.0, 1.0, 1.0])


def test_slope_is_one_where_probabilities_are_right() -> None:
    rng = np.random.default_rng(0)
    p = rng.uniform(0.05, 0.95, 20_000)
    y = rng.random(20_000) < p
    assert metrics.calibration_slope(y, p) == pytest.approx(1, abs=0.05)
    bold = 1 / (1 + ((1 - p) / p) ** 2)  # log odds twice as far out
    assert metrics.calibration_slope(y, bold) == pytest.approx(0.5, abs=0.03)
    assert metrics.calibration_error(y, p) < 0.02 < metrics.calibration_error(y, bold)


def test_what_is_not_defined_is_nan() -> None:
    nobody, flat = np.zeros(3, dtype=bool), np.full(3, 0.2)
    for measure in (metrics.auc, metrics.average_precision, metrics.top_capture, metrics.calibration_slope):
        assert np.isnan(measure(nobody, flat))
    assert np.isnan(metrics.log_loss(nobody[:0], flat[:0]))
    assert metrics.calibration_error(nobody, flat) == pytest.approx(0.2)

"""Looks before the end: published boundaries, and error that stays at 5 %."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.campaigns.sequential import boundaries, error_spent, look_level, looks_reached


def test_boundaries_as_published() -> None:
    """Two-sided .05, O'Brien–Fleming-type spending: R package ldbounds 2.0.2, help page of `ldBounds`, four looks."""
    assert boundaries() == pytest.approx((4.3326, 2.9631, 2.3590, 2.0141), abs=2e-4)
    assert boundaries((1.0,)) == pytest.approx((1.95996,), abs=1e-4)


def test_all_is_spent_at_the_end() -> None:
    assert error_spent(1.0) == pytest.approx(0.05)
    assert error_spent(0.25) < error_spent(0.5) < error_spent(0.75) < 0.05


def test_four_looks_have_an_error_rate_of_five_percent() -> None:
    steps = np.random.default_rng(2).normal(0, 0.5, (40_000, 4)).cumsum(axis=1)
    z = np.abs(steps / np.sqrt([0.25, 0.5, 0.75, 1.0]))
    assert (z > np.array(boundaries())).any(axis=1).mean() == pytest.approx(0.05, abs=0.004)
    assert (z > 1.96).any(axis=1).mean() > 0.1  # what uncorrected looks would do


def test_the_number_of_looks_reached() -> None:
    assert [looks_reached(t) for t in (0.0, 0.24, 0.25, 0.6, 0.99, 1.0, 3.0)] == [0, 0, 1, 2, 3, 4, 4]
    assert look_level(4) == pytest.approx(0.956, abs=5e-4)

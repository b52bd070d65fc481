"""Gauss's rules: moments of the Beta distribution, and integrals known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import hyp1f1

from loyalty.purchase_model.quadrature import beta_rule, legendre


@pytest.mark.parametrize(
    ("a", "b"), [(0.03, 0.5), (0.5, 0.5), (0.793, 2.426), (1.0, 1.0), (6.0, 500.0), (40.0, 0.2)]
)
def test_moments_of_the_beta_distribution(a: float, b: float) -> None:
    p, weight = beta_rule(a, np.array([b]))
    assert weight.sum() == pytest.approx(1, abs=1e-12)
    assert (weight * p).sum() == pytest.approx(a / (a + b), rel=1e-9)
    assert (weight * p**2).sum() == pytest.approx(a * (a + 1) / ((a + b) * (a + b + 1)), rel=1e-9)
    # E[exp(-p w)] = 1F1(a; a + b; -w)
    assert (weight * np.exp(-7 * p)).sum() == pytest.approx(hyp1f1(a, a + b, -7.0), rel=1e-9)


def test_several_b_at_once_are_each_alone() -> None:
    b = np.array([0.7, 3.0, 90.0])
    together = beta_rule(1.3, b)
    for i, one in enumerate(b):
        for whole, alone in zip(together, beta_rule(1.3, np.array([one])), strict=True):
            assert whole[i] == pytest.approx(alone[0], rel=1e-9)


def test_legendre_integrates_over_zero_to_one() -> None:
    at, weight = legendre()
    assert (weight * np.exp(at)).sum() == pytest.approx(np.e - 1, rel=1e-14)

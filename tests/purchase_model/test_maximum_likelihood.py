"""The search: maxima in closed form, covariance, priors, and likelihoods without a maximum."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.purchase_model.maximum_likelihood import Objective, maximise

TOP = np.array([2.0, 0.3, 40.0, 1.0])
SHARP = np.array([[4.0, 1.5, 0, 0], [1.5, 2, 0, 0], [0, 0, 90, -20], [0, 0, -20, 9]])


def hill(theta: np.ndarray) -> tuple[float, np.ndarray]:
    """A normal density in ln theta around TOP, and its gradient in theta."""
    away = np.log(theta / TOP)
    return -0.5 * float(away @ SHARP @ away), -(SHARP @ away) / theta


def slope_without_end(theta: np.ndarray) -> tuple[float, np.ndarray]:
    """Rises in the first parameter for ever."""
    value, gradient = hill(theta)
    return value + 10 * float(np.log(theta[0])) + 2 * float(np.log(theta[0] / 2.0)) ** 2, gradient + np.array(
        [(10 + 4 * np.log(theta[0] / 2.0)) / theta[0], 0, 0, 0]
    )


def test_the_maximum_and_its_covariance() -> None:
    optimum = maximise(Objective(hill, np.ones(4)))
    assert optimum.theta == pytest.approx(TOP, rel=1e-4)
    assert optimum.log_likelihood == pytest.approx(0, abs=1e-7)
    assert optimum.covariance is not None
    assert optimum.covariance == pytest.approx(np.linalg.inv(SHARP), rel=1e-4, abs=1e-6)


def test_a_prior_is_weighted_by_precision() -> None:
    optimum = maximise(Objective(hill, np.ones(4), sd=0.5))
    # two normals in ln theta: the precision is the sum, the middle is weighted by it
    precision = SHARP + np.eye(4) / 0.5**2
    assert np.log(optimum.theta) == pytest.approx(np.linalg.solve(precision, SHARP @ np.log(TOP)), abs=1e-4)
    assert optimum.covariance == pytest.approx(np.linalg.inv(precision), rel=1e-4, abs=1e-6)
    assert optimum.log_likelihood == pytest.approx(hill(optimum.theta)[0])  # without the prior


def test_a_likelihood_without_a_maximum() -> None:
    optimum = maximise(Objective(slope_without_end, np.ones(4)))
    assert optimum.covariance is None
    assert np.isfinite(optimum.log_likelihood)
    flat = maximise(Objective(lambda theta: (0.0, np.zeros(4)), np.ones(4)))
    assert flat.covariance is None
    assert maximise(Objective(lambda theta: (0.0, np.zeros(4)), TOP, sd=1.0)).theta == pytest.approx(TOP)

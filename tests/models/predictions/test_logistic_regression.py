"""The regression at its maximum, and the sum of its terms."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.models.predictions.logistic_regression import fit_logistic, fit_logistic_model
from loyalty.models.predictions.reasons import GROUPS, explain
from loyalty.models.predictions.training import TrainingData
from tests.models.predictions.builders import example_shop


def table(n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(n, 4)) * [1, 5, 0.2, 0]
    return x, rng.random(n) < 1 / (1 + np.exp(-(x[:, 0] - 0.3 * x[:, 1] - 0.5)))


@pytest.mark.parametrize("ridge_penalty", [1.0, 100.0])
def test_at_the_maximum_the_penalised_gradient_is_zero(ridge_penalty: float) -> None:
    """d/dw: Σ (y − p) x = ridge_penalty · w; the intercept is not penalised: Σ (y − p) = 0."""
    x, y = table()
    model = fit_logistic_model(x, y, ridge_penalty)
    missed = y - 1 / (1 + np.exp(-model.log_odds(x)))
    assert (x - model.mean).T @ missed / model.sd == pytest.approx(ridge_penalty * model.weights, abs=1e-4)
    assert missed.sum() == pytest.approx(0, abs=1e-4)
    assert model.weights[3] == 0  # a constant column has no weight


def test_a_strong_penalty_leaves_the_average() -> None:
    x, y = table()
    model = fit_logistic_model(x, y, 1e9)
    assert 1 / (1 + np.exp(-model.log_odds(x))) == pytest.approx(np.full(len(x), y.mean()), abs=1e-4)


def test_reasons_of_a_regression_are_its_terms() -> None:
    _, wanted, examples = example_shop(150, seed=2)
    model = fit_logistic(TrainingData(tuple(examples[day] for day in wanted.now.windows)))
    at = examples[wanted.origins[-1].cutoff].snapshot
    reasons = explain(model, at)
    assert reasons.added.shape == (len(at), len(GROUPS))
    odds = np.log(model(at) / (1 - model(at)))
    assert reasons.added.sum(axis=1) + model.intercept == pytest.approx(odds)


def test_reasons_of_other_methods_are_changes_of_the_odds() -> None:
    _, wanted, examples = example_shop(150, seed=2)
    at = examples[wanted.origins[-1].cutoff].snapshot

    def by_recency(of: object) -> np.ndarray:
        return 1 / (2 + of.features["recency_days"].to_numpy() / 30)  # type: ignore[attr-defined]

    added = explain(by_recency, at).added
    others = [place for place, kind in enumerate(GROUPS) if kind != "recency"]
    assert np.abs(added[:, others]).max() == pytest.approx(0)
    silence = at.features["recency_days"].to_numpy()
    by_recency_reason = added[:, list(GROUPS).index("recency")]
    assert ((by_recency_reason > 1e-9) == (silence < np.median(silence))).all()

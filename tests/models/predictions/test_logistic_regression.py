"""The regression at its top, and what its terms add up to."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.models.predictions.logistic_regression import fit_logistic, fit_logistic_model
from loyalty.models.predictions.reasons import GROUPS, explain
from loyalty.models.predictions.training import TrainingData
from tests.models.predictions.builders import made_up


def table(n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(n, 4)) * [1, 5, 0.2, 0]
    return x, rng.random(n) < 1 / (1 + np.exp(-(x[:, 0] - 0.3 * x[:, 1] - 0.5)))


@pytest.mark.parametrize("ridge_penalty", [1.0, 100.0])
def test_at_the_top_the_slope_of_likelihood_and_pull_is_zero(ridge_penalty: float) -> None:
    """d/dw: Σ (y − p) x = pull · w; the level is not pulled: Σ (y − p) = 0."""
    x, y = table()
    line = fit_logistic_model(x, y, ridge_penalty)
    missed = y - 1 / (1 + np.exp(-line.log_odds(x)))
    assert (x - line.mean).T @ missed / line.sd == pytest.approx(ridge_penalty * line.weights, abs=1e-4)
    assert missed.sum() == pytest.approx(0, abs=1e-4)
    assert line.weights[3] == 0  # a column that never changes says nothing


def test_a_strong_pull_leaves_the_average() -> None:
    x, y = table()
    line = fit_logistic_model(x, y, 1e9)
    assert 1 / (1 + np.exp(-line.log_odds(x))) == pytest.approx(np.full(len(x), y.mean()), abs=1e-4)


def test_reasons_of_a_line_are_its_terms() -> None:
    _, wanted, examples = made_up(150, seed=2)
    line = fit_logistic(TrainingData(tuple(examples[day] for day in wanted.now.windows)))
    at = examples[wanted.origins[-1].cutoff].snapshot
    found = explain(line, at)
    assert found.added.shape == (len(at), len(GROUPS))
    odds = np.log(line(at) / (1 - line(at)))
    assert found.added.sum(axis=1) + line.intercept == pytest.approx(odds)


def test_reasons_of_any_other_method_are_what_changes() -> None:
    _, wanted, examples = made_up(150, seed=2)
    at = examples[wanted.origins[-1].cutoff].snapshot

    def by_recency(of: object) -> np.ndarray:
        return 1 / (2 + of.features["recency_days"].to_numpy() / 30)  # type: ignore[attr-defined]

    added = explain(by_recency, at).added
    others = [place for place, kind in enumerate(GROUPS) if kind != "recency"]
    assert np.abs(added[:, others]).max() == pytest.approx(0)
    silence = at.features["recency_days"].to_numpy()
    lately = added[:, list(GROUPS).index("recency")]
    assert ((lately > 1e-9) == (silence < np.median(silence))).all()

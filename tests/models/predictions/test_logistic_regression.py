"""The regression against scikit-learn's, and what its terms add up to."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from loyalty.models.predictions.logistic_regression import fit_line, fit_logistic
from loyalty.models.predictions.reasons import KINDS, why
from loyalty.models.predictions.training import Training
from tests.models.predictions.builders import made_up


def table(n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(n, 4)) * [1, 5, 0.2, 0]
    return x, rng.random(n) < 1 / (1 + np.exp(-(x[:, 0] - 0.3 * x[:, 1] - 0.5)))


@pytest.mark.parametrize("pull", [1.0, 100.0])
def test_as_the_library_says(pull: float) -> None:
    x, y = table()
    line = fit_line(x, y, pull)
    sd = np.where(x.std(axis=0) > 0, x.std(axis=0), 1)
    oracle = LogisticRegression(C=1 / pull, tol=1e-10, max_iter=5000).fit((x - x.mean(axis=0)) / sd, y)
    assert line.weights == pytest.approx(oracle.coef_[0], abs=1e-4)
    assert line.level == pytest.approx(oracle.intercept_[0], abs=1e-4)
    assert line.weights[3] == 0  # a column that never changes says nothing


def test_a_strong_pull_leaves_the_average() -> None:
    x, y = table()
    line = fit_line(x, y, 1e9)
    assert 1 / (1 + np.exp(-line.odds(x))) == pytest.approx(np.full(len(x), y.mean()), abs=1e-4)


def test_reasons_of_a_line_are_its_terms() -> None:
    _, wanted, examples = made_up(150, seed=2)
    line = fit_logistic(Training(tuple(examples[day] for day in wanted.now.windows)))
    at = examples[wanted.origins[-1].cutoff].at
    found = why(line, at)
    assert found.added.shape == (len(at), len(KINDS))
    odds = np.log(line(at) / (1 - line(at)))
    assert found.added.sum(axis=1) + line.level == pytest.approx(odds)


def test_reasons_of_any_other_method_are_what_changes() -> None:
    _, wanted, examples = made_up(150, seed=2)
    at = examples[wanted.origins[-1].cutoff].at

    def by_recency(of: object) -> np.ndarray:
        return 1 / (2 + of.features["recency_days"].to_numpy() / 30)  # type: ignore[attr-defined]

    added = why(by_recency, at).added
    others = [place for place, kind in enumerate(KINDS) if kind != "lately"]
    assert np.abs(added[:, others]).max() == pytest.approx(0)
    silence = at.features["recency_days"].to_numpy()
    lately = added[:, list(KINDS).index("lately")]
    assert ((lately > 1e-9) == (silence < np.median(silence))).all()

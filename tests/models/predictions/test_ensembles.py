"""The mean ensemble: of two models in a small shop, of three in a larger one."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.models.predictions.ensembles import STACKED_FROM, fit_mean_ensemble, fit_stacked_ensemble
from loyalty.models.predictions.logistic_regression import fit_logistic
from loyalty.models.predictions.purchase_model import purchase_model_scores
from loyalty.models.predictions.training import TrainingData
from tests.models.predictions.builders import example_shop


@pytest.mark.parametrize(("people", "models"), [(150, 2), (600, 3)])
def test_every_model_has_the_same_weight(people: int, models: int) -> None:
    _, wanted, examples = example_shop(people, seed=2)
    training = TrainingData(tuple(examples[day] for day in wanted.now.windows))
    assert (training.rows >= STACKED_FROM) == (models == 3)
    at = examples[wanted.origins[-1].cutoff].snapshot
    probabilities = [
        purchase_model_scores(at).p_buy,
        fit_logistic(training)(at),
        fit_stacked_ensemble(training)(at),
    ][:models]
    assert fit_mean_ensemble(training)(at) == pytest.approx(np.mean(probabilities, axis=0))
    assert (
        np.ptp([fit_logistic(training)(at), fit_stacked_ensemble(training)(at)], axis=0).max() > 0.001
    )  # the third model differs

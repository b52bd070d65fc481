"""The mean of all that speak: two voices in a small shop, three in a larger one."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.models.predictions.ensembles import STACKED_FROM, fit_mean_ensemble, fit_stacked_ensemble
from loyalty.models.predictions.logistic_regression import fit_logistic
from loyalty.models.predictions.purchase_model import purchase_model_scores
from loyalty.models.predictions.training import TrainingData
from tests.models.predictions.builders import made_up


@pytest.mark.parametrize(("people", "voices"), [(150, 2), (600, 3)])
def test_every_voice_counts_the_same(people: int, voices: int) -> None:
    _, wanted, examples = made_up(people, seed=2)
    past = TrainingData(tuple(examples[day] for day in wanted.now.windows))
    assert (past.rows >= STACKED_FROM) == (voices == 3)
    at = examples[wanted.origins[-1].cutoff].snapshot
    said = [purchase_model_scores(at).p_buy, fit_logistic(past)(at), fit_stacked_ensemble(past)(at)][:voices]
    assert fit_mean_ensemble(past)(at) == pytest.approx(np.mean(said, axis=0))
    assert (
        np.ptp([fit_logistic(past)(at), fit_stacked_ensemble(past)(at)], axis=0).max() > 0.001
    )  # the third is another voice

"""The models side by side: names, and what must hold of any of them."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.purchase_model.model import BG_NBD, MODELS, Model, UnknownPurchaseModel, model_named
from loyalty.purchase_model.unique_histories import distinct_rows


def test_models_have_names() -> None:
    assert model_named("bg_nbd") is BG_NBD
    assert {name: model.title for name, model in MODELS.items()} == {
        "bg_nbd": "BG/NBD",
        "mbg_nbd": "MBG/NBD",
        "pareto_nbd": "Pareto/NBD",
    }
    with pytest.raises(UnknownPurchaseModel, match="bg_nbd, mbg_nbd, pareto_nbd"):
        model_named("magic")


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
def test_a_silent_newcomer_is_as_likely_by_likelihood_as_by_count(model: Model) -> None:
    """L(0, 0, T) = P(X(T) = 0), two ways to the same figure."""
    theta, T = np.array(model.typical), 26.0
    by_likelihood = np.exp(model.log_likelihood(theta, distinct_rows([0], [0], [T]))[0])
    assert model.p_count(theta, np.zeros(1), np.array([T]))[0] == pytest.approx(by_likelihood, rel=1e-10)


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
def test_a_year_is_two_halves(model: Model) -> None:
    """E[X(52)] = E[X(26)] + what customers of all histories at 26 weeks are expected to do in the next 26.

    In random customers of the model: the mean over those histories, which `draw` makes, is the second half.
    """
    theta, n = np.array(model.typical), 60_000
    alive_new = model.p_alive(theta, np.zeros(1), np.zeros(1), np.zeros(1))[0]
    made, _ = model.draw(theta, np.zeros(n), np.zeros(n), 52.0, np.random.default_rng(0))
    expected = model.expected_new(theta, np.array([26.0, 52.0]))
    assert made.mean() * alive_new == pytest.approx(expected[1], abs=4 * made.std() / np.sqrt(n))
    assert expected[0] < expected[1] < 2 * expected[0]  # customers leave, so the second half brings less

"""The network over sequences: what it reads, and what is said where its library is missing."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from loyalty.models.predictions import recurrent_network
from loyalty.models.predictions.candidates import BY_NAME, candidate_named
from loyalty.models.predictions.metrics import auc
from loyalty.models.predictions.training import TrainingData
from tests.models.predictions.builders import example_shop


def test_sequences_hold_the_last_days_and_no_later_ones() -> None:
    _, _, examples = example_shop(60, seed=5)
    at = list(examples.values())[-1].snapshot
    table, count = recurrent_network.sequences(at)
    assert table.shape == (len(at), recurrent_network.LAST, 4)
    assert count.tolist() == np.minimum(at.history.x + 1, recurrent_network.LAST).tolist()
    assert table[:, :, 3].sum(axis=1).tolist() == count.tolist()
    last = table[np.arange(len(at)), count - 1, 1]
    assert last == pytest.approx(np.log1p(at.features["recency_days"]))


def test_a_sentence_where_torch_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(recurrent_network.NoTorch, match=r"pip install -r requirements-deep\.txt"):
        candidate_named("gru")
    assert not BY_NAME["gru"].ready(TrainingData(()))


@pytest.mark.skipif(not recurrent_network.is_installed(), reason="torch is an optional extra")
def test_it_learns_and_is_the_same_each_time() -> None:
    _, wanted, examples = example_shop(250, seed=4)
    training = TrainingData(tuple(examples[day] for day in wanted.now.windows))
    test = examples[wanted.now.windows[0]]
    p_buy = recurrent_network.fit_gru(training)(test.snapshot)
    assert auc(test.outcome.bought, p_buy) > 0.65
    assert (recurrent_network.fit_gru(training)(test.snapshot) == p_buy).all()

"""Ranking by uplift: a planted effect is detected, noise is not, the curve equals one worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyalty.campaigns.uplift import features, held_out_qini, qini_curve, uplift_scores


def planted(n: int, effect: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Half of the people (x > 0) buy more often when written to, the others never."""
    random = np.random.default_rng(seed)
    x, treated = random.normal(size=(n, 2)), random.random(n) < 0.5
    chance = 0.2 + effect * (treated & (x[:, 0] > 0))
    return x, treated, (random.random(n) < chance).astype(np.float64)


def test_people_with_uplift_rank_first() -> None:
    x, treated, outcome = planted(6000, 0.3)
    score = uplift_scores(x, treated, outcome, x)
    assert score[x[:, 0] > 0.5].mean() > 0.15 > score[x[:, 0] < -0.5].mean()
    qini = held_out_qini(x, treated, outcome)
    assert qini is not None
    assert qini.low > 0
    assert (qini.share[0], qini.gain[0]) == (0.0, 0.0)


def test_noise_gives_no_ranking() -> None:
    qini = held_out_qini(*planted(6000, 0.0))
    assert qini is not None
    assert qini.low < 0 < qini.high


def test_too_few_buyers_give_no_ranking() -> None:
    assert held_out_qini(*planted(200, 0.1)) is None


def test_the_curve_by_hand() -> None:
    """Best first: treated buyer, held-back non-buyer, treated non-buyer, held-back buyer: Q is 1, 1, 1, then 1 − 1·2/2 = 0."""
    score = np.array([4.0, 3.0, 2.0, 1.0])
    share, gain = qini_curve(
        score, np.array([True, False, True, False]), np.array([1.0, 0.0, 0.0, 1.0]), points=5
    )
    assert share.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert gain.tolist() == [
        0,
        0,
        50,
        50,
        0,
    ]  # of 2 treated, per hundred; the first has nobody beside them yet


def test_columns_become_numbers() -> None:
    people = pd.DataFrame({"spent": ["0", "9"], "channel": ["web", "stall"], "id": ["a", "b"]})
    assert features(people, ["spent", "channel"]).tolist() == [[0, 0, 1], [pytest.approx(np.log(10)), 1, 0]]

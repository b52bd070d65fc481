"""Whom to write to: the threshold, the counts, and what they would have brought."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.models.predictions.contact_choice import BadCosts, Costs, confusion


def test_named_from_where_a_message_pays() -> None:
    costs = Costs(message=2.0, saved=50.0, effect=0.1)
    assert costs.threshold == pytest.approx(2 / (0.1 * 50))
    bought = np.array([False, False, True, True, False])
    matrix = confusion(bought, np.array([0.1, 0.5, 0.55, 0.9, 0.8]), costs)  # stays away: .9, .5, .45, .1, .2
    assert (matrix.named_stayed_away, matrix.named_came, matrix.unnamed_stayed_away, matrix.unnamed_came) == (
        2,
        1,
        1,
        1,
    )
    assert (matrix.precision, matrix.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert matrix.f1 == pytest.approx(2 / 3)
    assert matrix.gain(costs) == pytest.approx(2 * 0.1 * 50 - 3 * 2)


def test_nobody_is_named_where_no_message_pays() -> None:
    matrix = confusion(np.array([True]), np.array([0.3]), Costs(10.0, 20.0, 0.1))
    assert matrix.named == 0
    assert np.isnan(matrix.precision)
    assert np.isnan(matrix.recall)


@pytest.mark.parametrize("costs", [(0, 1, 0.1), (1, 0, 0.1), (1, 1, 0), (1, 1, 1.5)])
def test_invalid_costs(costs: tuple[float, float, float]) -> None:
    with pytest.raises(BadCosts, match="must cost something"):
        Costs(*costs)

"""Beliefs about offers: they add up as in a meta-analysis, and draws follow them."""

from __future__ import annotations

import math

import pytest

from loyalty.campaigns.response import offer_probabilities, response_from_range
from loyalty.rewards.gain.responses import Response, updated

PRIOR = Response(0.0, 1.0, "guess")


def test_precisions_add_up_in_any_order() -> None:
    may, june = Response(2.0, 0.5, "May"), Response(1.0, 2.0, "June")
    response = updated(PRIOR, [may, june])
    assert response.mean == pytest.approx((2 / 0.25 + 1 / 4) / (1 + 4 + 0.25))
    assert response.sd == pytest.approx(1 / math.sqrt(1 + 4 + 0.25))
    assert updated(PRIOR, [june, may]).mean == pytest.approx(response.mean)
    assert updated(PRIOR, []) == PRIOR
    assert response.sources == ["guess", "May", "June"]


def test_a_range_becomes_a_response() -> None:
    response = response_from_range(2.0, 2 - 1.96, 2 + 1.96, 0.95, "May")
    assert (response.mean, response.sd) == (2.0, pytest.approx(1.0, abs=1e-4))


def test_offer_probabilities_follow_the_responses() -> None:
    """An offer that brings 1 ± 1 is above nothing with the chance Φ(1) = .8413."""
    shares = offer_probabilities({"five": Response(1.0, 1.0, "")}, seed=3)
    assert shares["five"] == pytest.approx(0.8413, abs=0.01)
    assert sum(shares.values()) == pytest.approx(1.0)


def test_a_certain_loss_is_never_chosen() -> None:
    beliefs = {"dear": Response(-5.0, 0.5, ""), "good": Response(3.0, 0.5, "")}
    assert offer_probabilities(beliefs, seed=1) == {"": 0.0, "dear": 0.0, "good": 1.0}

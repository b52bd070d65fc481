"""Forecasts: purchases x spend x margin, customer by customer, and the range of the total."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.purchase_model.expectations import discounted_purchases
from loyalty.purchase_model.gamma_gamma import spend
from loyalty.purchase_model.histories import histories
from loyalty.purchase_model.prediction import DRAWS, forecast, total_draws, total_range
from loyalty.purchase_model.spend import fit_spend
from loyalty.purchase_model.terms import Terms
from tests.purchase_model.builders import AS_OF, days_of

TERMS = Terms(12, 0.1, 0.4)


def test_lifetime_value_is_purchases_times_spend_times_margin() -> None:
    history = histories(days_of(150), AS_OF)
    of = forecast(history, TERMS)
    by_hand = discounted_purchases(of.fit, of.rows, TERMS)[of.rows.customer_row] * of.value * 0.4
    assert of.lifetime_value == pytest.approx(by_hand)
    # p, q, v from repeat days as the paper has it; a customer's own mean from all days, the first included
    assert of.spending.p == fit_spend(history, first=False).p
    assert of.value == pytest.approx(of.spending.expected(spend(history, first=True)))


def test_the_range_is_that_of_the_draws() -> None:
    of = forecast(histories(days_of(150), AS_OF), TERMS)
    draws = total_draws(of, 0.25, np.random.default_rng(3))
    total = total_range(of, 0.25, np.random.default_rng(3))
    assert draws.shape == (DRAWS,)
    assert total.expected == pytest.approx(of.lifetime_value.sum())
    assert ((draws >= total.low) & (draws <= total.high)).mean() == pytest.approx(0.8, abs=0.002)
    assert total.low < total.expected < total.high

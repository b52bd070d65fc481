"""Spending: planted parameters, scaled money, shops without any, and whether frequency goes with value."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from loyalty.purchase_model.fit import LEAST_WITHOUT_PRIOR
from loyalty.purchase_model.gamma_gamma import spend
from loyalty.purchase_model.histories import Histories
from loyalty.purchase_model.spend import LEAST_TO_COMPARE, fit_spend, frequency_and_value
from tests.purchase_model.builders import coin_tossers, customers

REGULARS = np.array([2.0, 10.0, 0.3, 6.0])


def crowd(n: int, seed: int = 0) -> Histories:
    """Spending is Gamma(5, nu), nu ~ Gamma(3.5, 15): see the builders."""
    return customers(*coin_tossers(REGULARS, n, seed), seed=seed)


def scaled(history: Histories, by: float) -> Histories:
    return dataclasses.replace(
        history, first_value=history.first_value * by, repeat_value=history.repeat_value * by
    )


@pytest.mark.parametrize("first", [False, True])
def test_planted_parameters_come_back(first: bool) -> None:
    spend_fit = fit_spend(crowd(8_000), first=first)
    assert (spend_fit.method, spend_fit.converged, spend_fit.reason) == ("likelihood", True, None)
    away = np.log(np.array([spend_fit.p / 5.0, (spend_fit.q - 1) / 2.5, spend_fit.v / 15.0]))
    # chi-squared with 3 degrees: 16.3 in 1 of 1,000
    assert away @ np.linalg.solve(spend_fit.covariance, away) < 16.3
    assert spend_fit.mean_spend == pytest.approx(5 * 15 / 2.5, rel=0.03)


def test_scaling_money_scales_v_and_nothing_else() -> None:
    for history in (crowd(2_000), crowd(60)):
        one, cents = fit_spend(history), fit_spend(scaled(history, 100))
        assert (cents.p, cents.q) == pytest.approx((one.p, one.q), rel=1e-6)
        assert cents.v == pytest.approx(100 * one.v, rel=1e-6)
        # a density in cents is 1/100 of one in dollars, for each customer
        shift = one.customers * np.log(100)
        assert cents.log_likelihood == pytest.approx(one.log_likelihood - shift, rel=1e-6)


def test_small_shops_use_a_prior_and_have_a_reason() -> None:
    history = crowd(400)
    spend_fit = fit_spend(history)
    assert (spend_fit.method, spend_fit.customers) == ("prior", history.repeaters)
    assert spend_fit.reason is not None
    assert spend_fit.reason.params == {"enough": LEAST_WITHOUT_PRIOR, "have": history.repeaters}
    assert fit_spend(history, prior=False).method == "likelihood"


@pytest.mark.filterwarnings("error")
def test_shops_without_information() -> None:
    history = crowd(700)
    n = len(history)
    nobody_back = dataclasses.replace(history, x=np.zeros(n), t_x=np.zeros(n), repeat_value=np.zeros(n))
    by_first = fit_spend(nobody_back)
    assert (by_first.customers, by_first.method) == (n, "prior")
    free = dataclasses.replace(history, first_value=np.zeros(n), repeat_value=np.zeros(n))
    assert (fit_spend(free).method, fit_spend(free).mean_spend) == ("typical", 0)
    alike = dataclasses.replace(history, first_value=np.full(n, 20.0), repeat_value=20 * history.x)
    for spend_fit in (by_first, fit_spend(alike), fit_spend(alike, prior=True)):
        assert spend_fit.reason is not None
        assert np.isfinite([spend_fit.p, spend_fit.q, spend_fit.v, spend_fit.log_likelihood]).all()
    # one price for all: p has no end, and the figure is right all the same
    assert not fit_spend(alike).converged
    assert fit_spend(alike).mean_spend == pytest.approx(20, rel=0.01)
    assert fit_spend(alike).expected(spend(alike)) == pytest.approx(np.full(n, 20.0), rel=0.01)


def test_frequency_and_value() -> None:
    history = crowd(2_000)
    spend_fit, message = frequency_and_value(history)
    assert spend_fit == pytest.approx(0, abs=0.08)
    assert message.english().startswith(
        "How often customers buy and how much they spend on a day are about independent"
    )
    steps = history.x * history.x
    together, message = frequency_and_value(dataclasses.replace(history, repeat_value=history.x * steps))
    assert together == pytest.approx(1)
    assert "too low for your best customers" in message.english()
    against, message = frequency_and_value(dataclasses.replace(history, repeat_value=history.x / (1 + steps)))
    assert against == pytest.approx(-1)
    assert "too high for your best customers" in message.english()
    level, message = frequency_and_value(dataclasses.replace(history, repeat_value=history.x * 9))
    assert (level, message.params) == (0, {"correlation": "0.00"})


def test_too_few_to_compare() -> None:
    history = crowd(4)
    spend_fit, message = frequency_and_value(history)
    assert spend_fit is None
    assert message.params == {"enough": LEAST_TO_COMPARE, "have": history.repeaters}

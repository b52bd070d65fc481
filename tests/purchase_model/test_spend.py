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


def scaled(known: Histories, by: float) -> Histories:
    return dataclasses.replace(
        known, first_value=known.first_value * by, repeat_value=known.repeat_value * by
    )


@pytest.mark.parametrize("first", [False, True])
def test_planted_parameters_come_back(first: bool) -> None:
    found = fit_spend(crowd(8_000), first=first)
    assert (found.method, found.converged, found.reason) == ("likelihood", True, None)
    away = np.log(np.array([found.p / 5.0, (found.q - 1) / 2.5, found.v / 15.0]))
    # chi-squared with 3 degrees: 16.3 in 1 of 1,000
    assert away @ np.linalg.solve(found.covariance, away) < 16.3
    assert found.usual == pytest.approx(5 * 15 / 2.5, rel=0.03)


def test_scaling_money_scales_v_and_nothing_else() -> None:
    for known in (crowd(2_000), crowd(60)):
        one, cents = fit_spend(known), fit_spend(scaled(known, 100))
        assert (cents.p, cents.q) == pytest.approx((one.p, one.q), rel=1e-6)
        assert cents.v == pytest.approx(100 * one.v, rel=1e-6)
        # a density in cents is 1/100 of one in dollars, for each customer
        shift = one.customers * np.log(100)
        assert cents.log_likelihood == pytest.approx(one.log_likelihood - shift, rel=1e-6)


def test_small_shops_lean_on_others_and_say_so() -> None:
    known = crowd(400)
    found = fit_spend(known)
    assert (found.method, found.customers) == ("prior", known.repeaters)
    assert found.reason is not None
    assert found.reason.params == {"enough": LEAST_WITHOUT_PRIOR, "have": known.repeaters}
    assert fit_spend(known, prior=False).method == "likelihood"


@pytest.mark.filterwarnings("error")
def test_shops_that_teach_nothing() -> None:
    known = crowd(700)
    n = len(known)
    nobody_back = dataclasses.replace(known, x=np.zeros(n), t_x=np.zeros(n), repeat_value=np.zeros(n))
    by_first = fit_spend(nobody_back)
    assert (by_first.customers, by_first.method) == (n, "prior")
    free = dataclasses.replace(known, first_value=np.zeros(n), repeat_value=np.zeros(n))
    assert (fit_spend(free).method, fit_spend(free).usual) == ("typical", 0)
    alike = dataclasses.replace(known, first_value=np.full(n, 20.0), repeat_value=20 * known.x)
    for found in (by_first, fit_spend(alike), fit_spend(alike, prior=True)):
        assert found.reason is not None
        assert np.isfinite([found.p, found.q, found.v, found.log_likelihood]).all()
    # one price for all: p has no end, and the figure is right all the same
    assert not fit_spend(alike).converged
    assert fit_spend(alike).usual == pytest.approx(20, rel=0.01)
    assert fit_spend(alike).expected(spend(alike)) == pytest.approx(np.full(n, 20.0), rel=0.01)


def test_frequency_and_value() -> None:
    known = crowd(2_000)
    found, message = frequency_and_value(known)
    assert found == pytest.approx(0, abs=0.08)
    assert message.english().startswith(
        "How often customers buy and how much they spend on a day are about independent"
    )
    steps = known.x * known.x
    together, message = frequency_and_value(dataclasses.replace(known, repeat_value=known.x * steps))
    assert together == pytest.approx(1)
    assert "too low for your best customers" in message.english()
    against, message = frequency_and_value(dataclasses.replace(known, repeat_value=known.x / (1 + steps)))
    assert against == pytest.approx(-1)
    assert "too high for your best customers" in message.english()
    level, message = frequency_and_value(dataclasses.replace(known, repeat_value=known.x * 9))
    assert (level, message.params) == (0, {"correlation": "0.00"})


def test_too_few_to_compare() -> None:
    known = crowd(4)
    found, message = frequency_and_value(known)
    assert found is None
    assert message.params == {"enough": LEAST_TO_COMPARE, "have": known.repeaters}

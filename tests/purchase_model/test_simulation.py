"""Simulation: its mean is the expectation, its spread has all uncertainty, samples are no wider."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from loyalty.purchase_model import simulation
from loyalty.purchase_model.expectations import p_purchase
from loyalty.purchase_model.fit import Fit, rows_of
from loyalty.purchase_model.gamma_gamma import Spend
from loyalty.purchase_model.model import MODELS, Model
from loyalty.purchase_model.prediction import Forecast, forecast
from loyalty.purchase_model.simulation import (
    Draws,
    People,
    parameter_draws,
    shop_total,
    simulated_values,
    unit_interval,
)
from loyalty.purchase_model.spend import SpendFit
from loyalty.purchase_model.terms import Terms
from tests.purchase_model.builders import CDNOW, coin_tossers, customers

TERMS = Terms(months=12, discount=0.1, margin=0.5)
HABITS = np.array([0.8, 8.0, 0.5, 2.5])


def forecast_of(n: int, model: Model = MODELS["bg_nbd"], seed: int = 1) -> Forecast:
    return forecast(customers(*coin_tossers(HABITS, n, seed)), TERMS, model)


def people_of(of: Forecast) -> People:
    return People(of.history.x, of.history.t_x, of.history.T, of.spent.count, of.spent.count * of.spent.mean)


def certain(of: Forecast, size: int) -> Draws:
    """No doubt about the parameters, and no drift."""
    spend = np.repeat([[of.spending.p], [of.spending.q], [of.spending.v]], size, axis=1)
    return Draws(np.repeat(of.fit.theta[:, None], size, axis=1), spend, np.ones(size))


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
def test_the_mean_of_simulated_totals_is_the_expectation(model: Model) -> None:
    of = forecast_of(100, model)
    total = shop_total(
        model, people_of(of), certain(of, 1_500), TERMS, np.random.default_rng(0), of.lifetime_value
    )
    assert total.mean() == pytest.approx(of.lifetime_value.sum(), abs=4 * total.std() / np.sqrt(1_500))


def test_the_mean_of_each_customer_is_the_expectation() -> None:
    of = forecast_of(40)
    cells = simulated_values(
        of.fit.model, people_of(of), certain(of, 20_000), TERMS, np.random.default_rng(0)
    )
    error = cells.std(axis=1) / np.sqrt(20_000)
    assert (np.abs(cells.mean(axis=1) * TERMS.margin - of.lifetime_value) < 5 * error).all()


def test_parameter_uncertainty_and_drift_widen_the_range() -> None:
    of = forecast_of(120)
    rng = np.random.default_rng(0)
    spreads = []
    for draws in (
        certain(of, 1_000),
        parameter_draws(of.fit, of.spending, 0.0, 1_000, rng),
        parameter_draws(of.fit, of.spending, 0.4, 1_000, rng),
    ):
        total = shop_total(
            of.fit.model, people_of(of), draws, TERMS, np.random.default_rng(1), of.lifetime_value
        )
        spreads.append(np.log(total).std())
    assert spreads[0] < spreads[1] < spreads[2]
    assert spreads[2] == pytest.approx(np.hypot(spreads[1], 0.4), rel=0.1)


def test_draws_have_the_asked_covariance() -> None:
    fit = Fit(MODELS["bg_nbd"], CDNOW, 0.0, np.diag([0.01, 0.04, 0.09, 0.0]), True, "prior", None)
    spending = SpendFit(5.0, 3.5, 15.0, 0.0, np.diag([0.01, 0.0, 0.04]), True, "prior", 9, None)
    draws = parameter_draws(fit, spending, 0.25, 20_000, np.random.default_rng(3))
    assert np.log(draws.theta).std(axis=1) == pytest.approx([0.1, 0.2, 0.3, 0.0], rel=0.03, abs=1e-9)
    assert np.log(draws.theta).mean(axis=1) == pytest.approx(np.log(CDNOW), abs=0.01)
    assert draws.spend[1] == pytest.approx(np.full(20_000, 3.5))
    assert np.log(draws.factor).std() == pytest.approx(0.25, rel=0.03)


def test_a_sample_represents_the_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    of = forecast_of(2_000)
    draws = parameter_draws(of.fit, of.spending, 0.0, 600, np.random.default_rng(0))
    whole = shop_total(of.fit.model, people_of(of), draws, TERMS, np.random.default_rng(1), of.lifetime_value)
    monkeypatch.setattr(simulation, "MOST_SIMULATED", 500)
    sampled = shop_total(
        of.fit.model, people_of(of), draws, TERMS, np.random.default_rng(1), of.lifetime_value
    )
    assert sampled.mean() == pytest.approx(whole.mean(), rel=0.03)
    assert sampled.std() == pytest.approx(
        whole.std(), rel=0.25
    )  # a quarter of them alone would be twice as wide


def test_a_customer_interval_covers_80_percent() -> None:
    of = forecast_of(60)
    rows = rows_of(of.history)
    draws = certain(of, 1_000)
    low, high = unit_interval(of.fit.model, rows, of.spending, draws, TERMS, np.random.default_rng(0))
    scale = of.spending.v + of.spent.count * of.spent.mean
    ends = low[rows.customer_row] * scale, high[rows.customer_row] * scale
    cells = TERMS.margin * simulated_values(
        of.fit.model, people_of(of), draws, TERMS, np.random.default_rng(5)
    )
    above = (cells > ends[1][:, None]).mean(axis=1)
    below = (cells < ends[0][:, None]).mean(axis=1)
    likely = p_purchase(of.fit, rows, TERMS.weeks)[rows.customer_row] > 0.2
    assert above[likely] == pytest.approx(np.full(likely.sum(), 0.1), abs=0.05)
    assert max(above.max(), below.max()) <= 0.15
    assert (ends[0] <= ends[1]).all()


def test_simulations_do_not_depend_on_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    of = forecast_of(50)
    draws = certain(of, 300)
    totals = []
    for cells in (simulation.CELLS, 3_000):
        monkeypatch.setattr(simulation, "CELLS", cells)
        total = shop_total(
            of.fit.model, people_of(of), draws, TERMS, np.random.default_rng(1), of.lifetime_value
        )
        totals.append(total.mean())
    assert totals[0] == pytest.approx(totals[1], rel=0.05)


@pytest.mark.filterwarnings("error")
def test_without_spend_and_without_customers() -> None:
    of = forecast_of(30)
    free = dataclasses.replace(of.spending, v=0.0)
    nothing = dataclasses.replace(
        of, spending=free, spent=Spend(np.zeros(30), np.zeros(30)), lifetime_value=np.zeros(30)
    )
    rng = np.random.default_rng(0)
    draws = parameter_draws(nothing.fit, free, 0.25, 100, rng)
    assert (
        shop_total(of.fit.model, people_of(nothing), draws, TERMS, rng, nothing.lifetime_value).tolist()
        == [0] * 100
    )
    nobody = People(*[np.zeros(0)] * 5)
    assert shop_total(of.fit.model, nobody, draws, TERMS, rng, np.zeros(0)).tolist() == [0] * 100

"""The forecast of lifetime value: expected purchases x expected spend, of each customer and in total."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loyalty.columns import Floats
from loyalty.purchase_model.expectations import discounted_purchases
from loyalty.purchase_model.fit import Fit, fit, rows_of
from loyalty.purchase_model.gamma_gamma import Spend, spend
from loyalty.purchase_model.histories import Histories
from loyalty.purchase_model.model import BG_NBD, Model
from loyalty.purchase_model.simulation import INTERVAL_80, People, parameter_draws, shop_total
from loyalty.purchase_model.spend import SpendFit, fit_spend
from loyalty.purchase_model.terms import Terms
from loyalty.purchase_model.unique_histories import Rows

DRAWS = 1_000  # simulations of the whole shop


@dataclass(frozen=True)
class Range:
    """An expected amount and the ends of its 80 % interval; money."""

    expected: float
    low: float
    high: float


@dataclass(frozen=True)
class Forecast:
    """The fitted models of n customers and what they expect.

    `value`, shape (n,): spend a purchase day; `lifetime_value`, shape (n,): under `terms`, discount and margin included.
    """

    history: Histories
    terms: Terms
    rows: Rows
    fit: Fit
    spending: SpendFit
    spent: Spend
    value: Floats
    lifetime_value: Floats


def forecast(history: Histories, terms: Terms, model: Model = BG_NBD) -> Forecast:
    """Fit both models and forecast each customer. Spend is estimated from all purchase days, the first included."""
    rows = rows_of(history)
    fitted, spending, spent = fit(history, model), fit_spend(history), spend(history)
    value = spending.expected(spent)
    lifetime_value = discounted_purchases(fitted, rows, terms)[rows.customer_row] * value * terms.margin
    return Forecast(history, terms, rows, fitted, spending, spent, value, lifetime_value)


def total_draws(prediction: Forecast, drift_sd: float, rng: np.random.Generator, size: int = DRAWS) -> Floats:
    """Simulate the total lifetime value of all customers; shape (size,)."""
    draws = parameter_draws(prediction.fit, prediction.spending, drift_sd, size, rng)
    history, spent = prediction.history, prediction.spent
    people = People(history.x, history.t_x, history.T, spent.count, spent.count * spent.mean)
    return shop_total(prediction.fit.model, people, draws, prediction.terms, rng, prediction.lifetime_value)


def total_range(prediction: Forecast, drift_sd: float, rng: np.random.Generator) -> Range:
    """The expected total lifetime value, and the ends of its 80 % interval."""
    low, high = np.quantile(total_draws(prediction, drift_sd, rng), INTERVAL_80)
    return Range(float(prediction.lifetime_value.sum()), float(low), float(high))

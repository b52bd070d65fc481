"""Both halves of a prediction put together: expected purchases x expected spend, customer by customer and in total."""

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

DRAWS = 1_000  # futures of the whole shop


@dataclass(frozen=True)
class Range:
    """What is expected, and the ends of an 80 % interval; money."""

    expected: float
    low: float
    high: float


@dataclass(frozen=True)
class Forecast:
    """Fitted models on the customers they were fitted on. `value`, shape (n,): expected spend a purchase day;
    `worth`, shape (n,): expected worth of each customer under `terms`."""

    known: Histories
    terms: Terms
    rows: Rows
    fit: Fit
    spending: SpendFit
    spent: Spend
    value: Floats
    worth: Floats


def forecast(known: Histories, terms: Terms, model: Model = BG_NBD) -> Forecast:
    """Fit both models and expect. What a customer spends is judged by all purchase days, the first included."""
    rows = rows_of(known)
    fitted, spending, spent = fit(known, model), fit_spend(known), spend(known)
    value = spending.expected(spent)
    worth = discounted_purchases(fitted, rows, terms)[rows.of] * value * terms.margin
    return Forecast(known, terms, rows, fitted, spending, spent, value, worth)


def total_draws(of: Forecast, drift_sd: float, rng: np.random.Generator, size: int = DRAWS) -> Floats:
    """What all customers together may be worth: `size` futures."""
    draws = parameter_draws(of.fit, of.spending, drift_sd, size, rng)
    known, spent = of.known, of.spent
    people = People(known.x, known.t_x, known.T, spent.count, spent.count * spent.mean)
    return shop_total(of.fit.model, people, draws, of.terms, rng, of.worth)


def total_range(of: Forecast, drift_sd: float, rng: np.random.Generator) -> Range:
    """The expected worth of all customers, and the ends of its 80 % interval."""
    low, high = np.quantile(total_draws(of, drift_sd, rng), INTERVAL_80)
    return Range(float(of.worth.sum()), float(low), float(high))

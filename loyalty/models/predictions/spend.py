"""Expected spend within a horizon: of each customer, and the range of the total."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loyalty.columns import Floats
from loyalty.purchase_model.backtest import Drift
from loyalty.purchase_model.histories import Histories
from loyalty.purchase_model.prediction import Forecast, Range, forecast, total_draws
from loyalty.purchase_model.simulation import INTERVAL_80, parameter_draws, unit_interval
from loyalty.purchase_model.terms import Terms

DRAWS = 400


@dataclass(frozen=True)
class Days(Terms):
    """Terms for a number of days, without discount and margin."""

    months: int = 1
    discount: float = 0.0
    days: int = 90

    @property
    def weeks(self) -> float:
        """The days in weeks."""
        return self.days / 7

    def month_ends(self) -> Floats:
        """One step, to the end; shape (1,)."""
        return np.array([self.weeks])


@dataclass(frozen=True)
class CustomerSpend:
    """Expected spend of each customer with an 80 % range, and `value`, that of a purchase day; shape (n,) each."""

    value: Floats
    expected: Floats
    low: Floats
    high: Floats


def spend_forecast(history: Histories, horizon_days: int) -> Forecast:
    """The forecast by the purchase model and the spend model (Gamma-Gamma, first order included)."""
    return forecast(history, Days(days=horizon_days))


def model_spread(customers: Forecast, seed: int) -> float:
    """Standard deviation of the log of the total, from chance and the parameters alone."""
    draws = total_draws(customers, 0.0, np.random.default_rng(seed), DRAWS)
    return float(np.log(np.maximum(draws, 0.01)).std())


def total_range(customers: Forecast, drift: Drift, seed: int) -> Range:
    """The expected total with its 80 % range, `drift` included."""
    rng = np.random.default_rng(seed)
    low, high = np.quantile(total_draws(customers, drift.sd, rng, 2 * DRAWS), INTERVAL_80)
    return Range(float(customers.lifetime_value.sum()), float(low), float(high))


def customer_spend(customers: Forecast, drift: Drift, seed: int) -> CustomerSpend:
    """Expected spend of each customer with its 80 % range, `drift` included."""
    rng = np.random.default_rng(seed)
    draws = parameter_draws(customers.fit, customers.spending, drift.sd, DRAWS, rng)
    low, high = unit_interval(
        customers.fit.model, customers.rows, customers.spending, draws, customers.terms, rng
    )
    scale = customers.spending.v + customers.spent.count * customers.spent.mean
    return CustomerSpend(
        customers.value,
        customers.lifetime_value,
        low[customers.rows.customer_row] * scale,
        high[customers.rows.customer_row] * scale,
    )

"""What customers will spend in the days of a horizon: expected of each, and the range of the total."""

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
A_YEAR = 365.25
LEAST_DRIFT = 0.12


@dataclass(frozen=True)
class Days(Terms):
    """Terms of so many days, not discounted and without margin."""

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
class Spending:
    """Expected spend of each customer with an 80 % range, and `value`, that of a purchase day; shape (n,) each."""

    value: Floats
    expected: Floats
    low: Floats
    high: Floats


def spend_forecast(known: Histories, horizon_days: int) -> Forecast:
    """The purchase model and the spend model (Gamma-Gamma, first order included) on what was known."""
    return forecast(known, Days(days=horizon_days))


def own_spread(of: Forecast, seed: int) -> float:
    """sd of the log of the total that chance and the parameters alone make."""
    draws = total_draws(of, 0.0, np.random.default_rng(seed), DRAWS)
    return float(np.log(np.maximum(draws, 0.01)).std())


def total_range(of: Forecast, drift: Drift, seed: int) -> Range:
    """The total with its 80 % range, as wide as the shop's own past asks for."""
    rng = np.random.default_rng(seed)
    low, high = np.quantile(total_draws(of, drift.sd, rng, 2 * DRAWS), INTERVAL_80)
    return Range(float(of.worth.sum()), float(low), float(high))


def each(of: Forecast, drift: Drift, seed: int) -> Spending:
    """Every customer's own."""
    rng = np.random.default_rng(seed)
    draws = parameter_draws(of.fit, of.spending, drift.sd, DRAWS, rng)
    low, high = unit_interval(of.fit.model, of.rows, of.spending, draws, of.terms, rng)
    scale = of.spending.v + of.spent.count * of.spent.mean
    return Spending(of.value, of.worth, low[of.rows.of] * scale, high[of.rows.of] * scale)

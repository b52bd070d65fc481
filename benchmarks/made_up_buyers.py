"""Shops whose customers respond to a tier in a known way: last year's purchases, and a year lived under a threshold.

Nothing here is taken from the tuner: a year is lived customer by customer, and what it brings is what was sold, less what
was given. A customer has a yearly rate of orders (gamma), a usual order (log-normal), and lives two years by the same rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.columns import Floats

BASE_BACK, GOLD_BACK, USED = (
    0.01,
    0.06,
    0.6,
)  # shares given back in the two tiers, and the share of points used


@dataclass(frozen=True)
class Buyers:
    """customers: CUSTOMERS of the first year; baseline: what each spends in the second one (or several,
    one after the other), left alone; years: how many of these."""

    customers: pd.DataFrame
    baseline: Floats
    years: int


def buyers(rng: np.random.Generator, n: int, drift_sd: float = 0.0, years: int = 1) -> Buyers:
    """A shop of `n` people; all sales of the second year are moved by a log-normal factor of that spread.

    `years`: so many second years side by side (what they bring in the mean is what the shop can expect)."""
    rate = rng.gamma(0.8, 5.0, n)
    usual = np.round(rng.lognormal(3.4, 0.5, n), 2)
    first, second = rng.poisson(rate) + 1, rng.poisson(np.tile(rate, years)) + 1
    customers = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(n)],
            "orders": first,
            "orders_365": first,
            "revenue": first * usual,
            "revenue_365": first * usual,
        }
    )
    factor = float(np.exp(rng.normal(-(drift_sd**2) / 2, drift_sd))) if drift_sd else 1.0
    return Buyers(customers, second * np.tile(usual, years) * factor, years)


def lived(
    shop: Buyers, threshold: float, tau: float, margin: float, rng: np.random.Generator | None
) -> float:
    """Profit of a second year with a gold tier from `threshold` on, beside the same year without rewards.

    Each has a readiness to buy more, exponential with mean `tau`, and makes the step if that is enough, but nobody doubles
    what they buy; `rng`: one year of chance; None: the mean of all such years.
    """
    spent = shop.baseline
    lack = threshold - spent
    short = (lack > 0) & (lack <= spent)
    share = np.where(short, lack / np.maximum(spent, 1e-9), np.inf)
    steps = np.exp(-share / tau) if rng is None else (rng.exponential(tau, len(spent)) > share).astype(float)
    there = lack <= 0
    sold = steps * np.maximum(lack, 0.0)
    given = USED * (
        np.where(there, GOLD_BACK, BASE_BACK) * spent * (1 - steps)
        + GOLD_BACK * steps * (spent + np.maximum(lack, 0.0))
    )
    return float(margin * sold.sum() - given.sum()) / shop.years

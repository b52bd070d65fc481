"""Scores by a purchase model alone: BG/NBD with a weak prior on its parameters ("BG-MAP"), for any number of customers.

The prior is log-normal around the parameters of an ordinary shop, sd 1.5 in logarithms. Under 300 customers it keeps the
fit from diverging; above, it no longer matters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from loyalty.columns import Floats
from loyalty.models.predictions.metrics import clipped
from loyalty.models.predictions.snapshot import Snapshot
from loyalty.purchase_model import expectations
from loyalty.purchase_model.fit import Fit, fit, rows_of
from loyalty.purchase_model.model import BG_NBD, Model

LEAST = 1e-3


@dataclass(frozen=True)
class PurchaseModelScores:
    """What a fitted purchase model expects of the n customers of a snapshot; all arrays have shape (n,).

    `p_alive`: P(still a customer); `p_buy`: P(at least one purchase day within the horizon); `orders`: expected purchase
    days within the horizon.
    """

    fit: Fit
    p_alive: Floats
    p_buy: Floats
    orders: Floats

    @property
    def orders_if_any(self) -> Floats:
        """Expected purchase days of each customer, given at least one within the horizon."""
        return np.maximum(self.orders / np.maximum(self.p_buy, LEAST), 1.0)

    @property
    def log_odds(self) -> Floats:
        """Log odds of `p_buy`."""
        return np.asarray(logit(clipped(self.p_buy)))


def purchase_model_scores(at: Snapshot, model: Model = BG_NBD) -> PurchaseModelScores:
    """Fit a purchase model to the histories up to the cutoff and score each customer; outcomes are not used."""
    rows = rows_of(at.history)
    fitted = fit(at.history, model, prior=True)
    return PurchaseModelScores(
        fitted,
        expectations.p_alive(fitted, rows)[rows.customer_row],
        expectations.p_purchase(fitted, rows, at.weeks)[rows.customer_row],
        expectations.expected_purchases(fitted, rows, at.weeks)[rows.customer_row, 0],
    )

"""What the buying habits alone say: BG/NBD with a weak prior on its parameters ("BG-MAP"), on any number of customers.

The prior is log-normal around the parameters of an ordinary shop, sd 1.5 in logarithms. Under 300 customers it keeps the
fit from running off; above, it no longer matters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from loyalty.columns import Floats
from loyalty.models.predictions.metrics import clipped
from loyalty.models.predictions.snapshot import Snapshot
from loyalty.purchase_model import expectations as btyd
from loyalty.purchase_model.fit import Fit, fit, rows_of
from loyalty.purchase_model.model import BG_NBD, Model

LEAST = 1e-3


@dataclass(frozen=True)
class PurchaseModelScores:
    """A fitted purchase model on the customers of a snapshot, n of them; all arrays have shape (n,).

    `p_buy`, `orders`: at least one purchase day, and how many, within the horizon; `p_alive`: still a customer.
    """

    fit: Fit
    p_alive: Floats
    p_buy: Floats
    orders: Floats

    @property
    def orders_if_any(self) -> Floats:
        """Purchase days expected of each customer if there is one within the horizon at all; at least 1."""
        return np.maximum(self.orders / np.maximum(self.p_buy, LEAST), 1.0)

    @property
    def log_odds(self) -> Floats:
        """Log odds of `p_buy`."""
        return np.asarray(logit(clipped(self.p_buy)))


def purchase_model_scores(at: Snapshot, model: Model = BG_NBD) -> PurchaseModelScores:
    """Fit on the histories up to the cutoff; nothing is learned from outcomes."""
    rows = rows_of(at.known)
    fitted = fit(at.known, model, prior=True)
    return PurchaseModelScores(
        fitted,
        btyd.p_alive(fitted, rows)[rows.of],
        btyd.p_purchase(fitted, rows, at.weeks)[rows.of],
        btyd.expected_purchases(fitted, rows, at.weeks)[rows.of, 0],
    )

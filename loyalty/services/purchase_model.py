"""From an open shop to the purchase models of one day: its purchase days, what each customer had done, the models fitted.

As in `loyalty.services.figures`: pages cache these by data version; the command line calls them as they are.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis

from loyalty.facts import customers as customer_facts
from loyalty.purchase_model.fit import Fit, fit
from loyalty.purchase_model.histories import Histories, PurchaseDays, histories, purchase_days
from loyalty.purchase_model.model import BG_NBD, Model


@dataclass(frozen=True)
class SnapshotModels:
    """All customers at the end of `as_of`: `days` with purchases, and `known`, their histories, with the models fitted to
    them. Whatever is predicted as of that day is made from this, so that each model is fitted one time."""

    as_of: dt.date
    days: PurchaseDays
    history: Histories

    def fit(self, model: Model = BG_NBD) -> Fit:
        """A purchase model fitted to these customers; fitted the first time that it is asked for."""
        return fit(self.history, model)


def snapshot_models(con: ibis.BaseBackend, as_of: dt.date) -> SnapshotModels:
    """Ask the facts; nothing is fitted yet."""
    days = purchase_days(customer_facts.purchase_days(con, as_of))
    return SnapshotModels(as_of, days, histories(days, as_of))

"""The purchase models of an open shop as of one day: purchase days, histories and fitted models.

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
    """All customers at the end of `as_of`: purchase `days`, and the `history` of each with the models fitted to it.

    All predictions as of that day use it, so that each model is fitted once.
    """

    as_of: dt.date
    days: PurchaseDays
    history: Histories

    def fit(self, model: Model = BG_NBD) -> Fit:
        """The purchase model fitted to these customers, cached after the first call."""
        return fit(self.history, model)


def snapshot_models(con: ibis.BaseBackend, as_of: dt.date) -> SnapshotModels:
    """Read the purchase days; nothing is fitted yet."""
    days = purchase_days(customer_facts.purchase_days(con, as_of))
    return SnapshotModels(as_of, days, histories(days, as_of))

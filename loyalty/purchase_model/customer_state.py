"""What is expected of each customer: when the next order comes, and what they are worth; without ranges and back-tests."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.purchase_model.expectations import next_purchase
from loyalty.purchase_model.histories import WEEK, Histories
from loyalty.purchase_model.minimum_data import missing_data
from loyalty.purchase_model.model import BG_NBD, Model
from loyalty.purchase_model.prediction import Forecast, forecast
from loyalty.purchase_model.terms import Terms
from loyalty.words import Message

NEXT = ("next_early", "next_median", "next_late")
COLUMNS = ["customer_id", "expected_value", "clv", *NEXT]


@dataclass(frozen=True)
class CustomerState:
    """One row a customer, by id: expected_value (spend a purchase day); clv and quartiles of the next purchase day under the
    terms, as in `loyalty.purchase_model.clv.Clv`. No rows, and `missing` as the sentence that says why, where there is not
    enough to predict from."""

    customers: pd.DataFrame
    missing: Message | None


def customer_state(known: Histories, as_of: dt.date, terms: Terms, model: Model = BG_NBD) -> CustomerState:
    """Equal to the same columns of `loyalty.purchase_model.clv.predict`, without a draw: a small part of its time."""
    missing = missing_data(known)
    if missing is not None:
        return CustomerState(pd.DataFrame(columns=COLUMNS), missing)
    of = forecast(known, terms, model)
    found = {
        "customer_id": known.customer_id,
        "expected_value": of.value,
        "clv": of.worth,
        **next_days(of, as_of),
    }
    return CustomerState(pd.DataFrame(found)[COLUMNS], None)


def next_days(of: Forecast, as_of: dt.date) -> dict[str, np.ndarray]:
    """Quartiles of each customer's next purchase day (datetime64), if there is one within the terms: at least a day ahead."""
    later = np.maximum(1, np.ceil(next_purchase(of.fit, of.rows, of.terms.weeks) * WEEK)).astype(
        "timedelta64[D]"
    )
    dates = (np.datetime64(as_of) + later)[of.rows.of].astype("datetime64[s]")
    return {name: dates[:, place] for place, name in enumerate(NEXT)}

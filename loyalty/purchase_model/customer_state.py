"""The expected state of each customer: next order and lifetime value, without ranges and back-tests."""

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
    """`customers`: one row a customer, by id, with COLUMNS as in `loyalty.purchase_model.clv.Clv`.

    Without enough data there are no rows, and `missing` says why.
    """

    customers: pd.DataFrame
    missing: Message | None


def customer_state(history: Histories, as_of: dt.date, terms: Terms, model: Model = BG_NBD) -> CustomerState:
    """The state of each customer: equal to the same columns of `loyalty.purchase_model.clv.predict`, without its simulations."""
    missing = missing_data(history)
    if missing is not None:
        return CustomerState(pd.DataFrame(columns=COLUMNS), missing)
    prediction = forecast(history, terms, model)
    columns = {
        "customer_id": history.customer_id,
        "expected_value": prediction.value,
        "clv": prediction.lifetime_value,
        **next_days(prediction, as_of),
    }
    return CustomerState(pd.DataFrame(columns)[COLUMNS], None)


def next_days(prediction: Forecast, as_of: dt.date) -> dict[str, np.ndarray]:
    """Quartiles of each customer's next purchase day (datetime64), if there is one within the terms: at least a day ahead."""
    weeks = next_purchase(prediction.fit, prediction.rows, prediction.terms.weeks)
    days = np.maximum(1, np.ceil(weeks * WEEK)).astype("timedelta64[D]")
    dates = (np.datetime64(as_of) + days)[prediction.rows.customer_row].astype("datetime64[s]")
    return {name: dates[:, place] for place, name in enumerate(NEXT)}

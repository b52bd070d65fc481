"""The loyalty score, 0 to 100: recency, frequency within a year, and time as a customer.

50 × 2^(−recency ÷ usual) + 35 × (1 − 2^(−(days − 1) ÷ 2)) + 15 × (1 − 2^(−length ÷ 180)), rounded: recency, days since
the last order; usual, the shop's usual gap (`loyalty.customers.status`); days, days with an order in the last 365; length,
days from the first order to the last. It rises with each order, and falls with each day without one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from loyalty.columns import Ints

RECENCY, FREQUENCY, LENGTH = 50.0, 35.0, 15.0
HALF_DAYS, HALF_LENGTH = 2.0, 180.0


def loyalty_score(features: pd.DataFrame, usual_days: float) -> Ints:
    """The loyalty score of each row of `features` (see `loyalty.facts.predictions`), shape (n,).

    >>> loyalty_score(pd.DataFrame({"recency_days": [0, 60], "age_days": [360, 60], "days_365": [5, 1]}), 60.0)
    array([88, 25])
    """
    recency, age = (
        features["recency_days"].to_numpy(dtype=np.float64),
        features["age_days"].to_numpy(dtype=np.float64),
    )
    extra = np.maximum(features["days_365"].to_numpy(dtype=np.float64) - 1, 0)
    score = (
        RECENCY * 2 ** (-recency / usual_days)
        + FREQUENCY * (1 - 2 ** (-extra / HALF_DAYS))
        + LENGTH * (1 - 2 ** (-(age - recency) / HALF_LENGTH))
    )
    return np.asarray(np.round(score), dtype=np.int64)

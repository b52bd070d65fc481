"""Enough to predict from, or how much more."""

from __future__ import annotations

import dataclasses

import numpy as np

from loyalty.purchase_model.histories import histories
from loyalty.purchase_model.minimum_data import LEAST_REPEATERS, missing_data
from tests.purchase_model.builders import AS_OF, customers, days_of


def test_what_is_missing() -> None:
    x = np.array([0.0] * 80 + [1] * (LEAST_REPEATERS - 3))
    history = customers(x, x, np.full(len(x), 52.0))
    missing = missing_data(history)
    assert missing is not None
    assert missing.english() == (
        "Not enough to predict from yet: 20 customers who came back on a later day are needed, "
        "3 more than there are so far."
    )
    young = dataclasses.replace(history, T=np.full(len(x), 10.0))
    missing = missing_data(young)
    assert missing is not None
    # 13 weeks are 91 days, 10 weeks are 70
    assert missing.params == {"enough": 91, "more": 21}


def test_no_customers_and_enough_data() -> None:
    nobody = missing_data(histories(days_of(0), AS_OF))
    assert nobody is not None
    assert nobody.params == {"enough": 91, "more": 91}
    assert missing_data(histories(days_of(300), AS_OF)) is None

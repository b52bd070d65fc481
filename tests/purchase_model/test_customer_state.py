"""Where everyone stands: the very figures of the whole prediction, without what takes long."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyalty.purchase_model.clv import predict
from loyalty.purchase_model.customer_state import COLUMNS, NEXT, customer_state
from loyalty.purchase_model.histories import histories, purchase_days
from loyalty.purchase_model.terms import Terms
from tests.purchase_model.builders import AS_OF, shop


@pytest.mark.parametrize("terms", [Terms(), Terms(months=3, margin=0.4)])
def test_equal_to_the_whole_prediction(terms: Terms) -> None:
    history = histories(purchase_days(shop(200)), AS_OF)
    whole = predict(history, AS_OF, terms, np.random.default_rng(0)).customers
    state = customer_state(history, AS_OF, terms)
    assert state.missing is None
    assert state.customers.columns.tolist() == COLUMNS
    pd.testing.assert_frame_equal(
        state.customers[["customer_id", "clv", *NEXT]], whole[["customer_id", "clv", *NEXT]]
    )


def test_too_small_a_shop_has_no_rows_and_a_reason() -> None:
    history = histories(purchase_days(shop(10)), AS_OF)
    state = customer_state(history, AS_OF, Terms())
    assert state.customers.empty
    assert state.customers.columns.tolist() == COLUMNS
    assert state.missing is not None
    assert "more" in state.missing.params

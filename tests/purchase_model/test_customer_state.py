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
    found = customer_state(history, AS_OF, terms)
    assert found.missing is None
    assert found.customers.columns.tolist() == COLUMNS
    pd.testing.assert_frame_equal(
        found.customers[["customer_id", "clv", *NEXT]], whole[["customer_id", "clv", *NEXT]]
    )


def test_too_small_a_shop_has_a_sentence_and_no_rows() -> None:
    history = histories(purchase_days(shop(10)), AS_OF)
    found = customer_state(history, AS_OF, Terms())
    assert found.customers.empty
    assert found.customers.columns.tolist() == COLUMNS
    assert found.missing is not None
    assert "more" in found.missing.params

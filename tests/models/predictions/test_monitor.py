"""Months and their band: inside while nothing changes, outside when customers stay away."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loyalty.models.predictions.monitor import LEAST_BEFORE, MOST_MONTHS, monitor
from loyalty.models.predictions.sentences import month_sentence
from loyalty.models.predictions.snapshot import purchase_log
from loyalty.words import Words
from tests.models.predictions.builders import order_days
from tests.purchase_model.builders import AS_OF

SAY = Words()


def test_a_month_without_customers_is_outside_its_band() -> None:
    days = order_days(300, seed=1)
    calm = monitor(purchase_log(days), AS_OF)
    assert len(calm) == MOST_MONTHS
    assert [np.isnan(month.low) for month in calm] == [True] * LEAST_BEFORE + [False] * (
        MOST_MONTHS - LEAST_BEFORE
    )
    assert not calm[-1].outside
    assert month_sentence(calm, SAY).startswith("Predictions still hold")
    quiet = days[days["day"] <= pd.Timestamp(AS_OF) - pd.Timedelta(days=30)]
    months = monitor(purchase_log(quiet), AS_OF)
    assert months[-1].came == 0
    assert months[-1].outside
    assert month_sentence(months, SAY).startswith("Take care")
    earlier = [
        [(month.as_of, month.expected, month.came) for month in months[:-1]] for months in (months, calm)
    ]
    assert earlier[0] == earlier[1]  # earlier months do not see it


def test_a_short_history_has_no_band() -> None:
    days = order_days(100, weeks=12)
    assert "cannot be told yet" in month_sentence(monitor(purchase_log(days), AS_OF), SAY)
    assert monitor(purchase_log(days[:0]), AS_OF) == ()

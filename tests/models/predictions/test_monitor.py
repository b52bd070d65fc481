"""Months against their band: quiet while nothing changes, loud when customers stay away."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loyalty.models.predictions.monitor import LEAST_BEFORE, MOST_MONTHS, monitor
from loyalty.models.predictions.sentences import month_sentence
from loyalty.models.predictions.snapshot import purchase_log
from loyalty.words import Words
from tests.models.predictions.builders import placed
from tests.purchase_model.builders import AS_OF

SAY = Words()


def test_a_month_in_which_nobody_came_stands_out() -> None:
    days = placed(300, seed=1)
    calm = monitor(purchase_log(days), AS_OF)
    assert len(calm) == MOST_MONTHS
    assert [np.isnan(month.low) for month in calm] == [True] * LEAST_BEFORE + [False] * (
        MOST_MONTHS - LEAST_BEFORE
    )
    assert not calm[-1].outside
    assert month_sentence(calm, SAY).startswith("Predictions still hold")
    quiet = days[days["day"] <= pd.Timestamp(AS_OF) - pd.Timedelta(days=30)]
    found = monitor(purchase_log(quiet), AS_OF)
    assert found[-1].came == 0
    assert found[-1].outside
    assert month_sentence(found, SAY).startswith("Take care")
    told = [[(month.as_of, month.expected, month.came) for month in months[:-1]] for months in (found, calm)]
    assert told[0] == told[1]  # earlier months do not see it


def test_a_short_past_cannot_tell() -> None:
    days = placed(100, weeks=12)
    assert "cannot be told yet" in month_sentence(monitor(purchase_log(days), AS_OF), SAY)
    assert monitor(purchase_log(days[:0]), AS_OF) == ()

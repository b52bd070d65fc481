"""Charts of campaigns show the figures they are given."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loyalty.campaigns.before_after import interrupted_series
from loyalty.campaigns.lift import Lift
from loyalty.campaigns.uplift import Qini
from loyalty.charts.campaigns import money_ranges, qini_chart, weeks_before_after
from loyalty.charts.style import ACCENT, GREY
from loyalty.words import words_for

SAY = words_for("en", "USD")


def test_ranges_in_money() -> None:
    sure = Lift("mean", 3, 1, 2.0, 1.0, 3.0, 0.01, 100, 50)
    unsure = Lift("mean", 3, 1, 2.0, -1.0, 5.0, 0.2, 100, 50)
    unknown = Lift("mean", 3, 1, 2.0, None, None, None, 100, 1)
    traces = money_ranges([("a", sure), ("b", unsure), ("c", unknown)], SAY).data
    assert [(trace.x[0], trace.marker.color) for trace in traces] == [(200.0, ACCENT), (200.0, GREY)]
    assert traces[0].error_x.array[0] == traces[0].error_x.arrayminus[0] == 100.0


def test_the_qini_curve_and_the_random_order() -> None:
    share = np.array([0.0, 0.5, 1.0])
    random, ranked = qini_chart(Qini(share, np.array([0.0, 3.0, 4.0]), 1.0, 0.5, 1.5), SAY).data
    assert tuple(random.y) == (0.0, 4.0)
    assert tuple(ranked.y) == (0.0, 3.0, 4.0)


def test_weeks_after_compared_with_the_earlier_trend() -> None:
    at = pd.date_range("2024-01-01", periods=40, freq="7D")
    weeks = pd.DataFrame({"week": at, "revenue": np.where(np.arange(40) < 20, 100.0, 150.0)})
    series = interrupted_series(weeks, at[20])
    assert series is not None
    actual, expected = weeks_before_after(series, SAY).data
    assert len(actual.x) == 40
    assert np.allclose(expected.y, 100.0)

"""Charts of money: bars that add up, months to come on top of what there is."""

from __future__ import annotations

import pandas as pd
import pytest

from loyalty.charts.revenue import MOST_PARTS, change_bars, revenue_forecast
from loyalty.charts.style import ACCENT, MAX_POINTS
from loyalty.words import words_for

EN = words_for("en")


@pytest.mark.parametrize("n", [0, 1, MOST_PARTS, MOST_PARTS + 5])
def test_the_bars_add_up_to_the_change(n: int) -> None:
    parts = [(f"part {i}", (100.0 - i) * (-1) ** i) for i in range(n)]
    (bar,) = change_bars([*parts, ("nothing", 0.0)], "all the rest", EN).data
    assert sum(bar.x) == pytest.approx(sum(change for _, change in parts))
    assert len(bar.x) <= MOST_PARTS
    assert list(bar.marker.color)[:1] == [ACCENT][:n]


def test_forecast_months_start_from_sales_so_far() -> None:
    months = pd.DataFrame(
        {
            "month": pd.to_datetime(["2026-05-01", "2026-06-01", "2026-06-01"]),
            "channel": ["a", "a", "b"],
            "revenue": [9.0, 3.0, 1.0],
        }
    )
    forecast = pd.DataFrame(
        {
            "month": pd.to_datetime(["2026-06-01", "2026-07-01"]),
            "expected": [10.0, 12.0],
            "low": [7.0, 6.0],
            "high": [13.0, 18.0],
        }
    )
    chart = revenue_forecast(months, forecast, EN)
    assert chart.data[-1].y.tolist() == [10.0 - 4.0, 12.0]
    assert chart.data[-1].error_y.array.tolist() == [3.0, 6.0]
    assert sum(len(trace.x) for trace in chart.data) <= MAX_POINTS
    assert len(revenue_forecast(months, forecast.iloc[:0], EN).data) == 2

"""Charts of shares: what is shown, and what is left blank."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loyalty.charts.shares import MOST_GROUPS, share_groups, share_over_time
from loyalty.charts.style import ACCENT
from loyalty.words import words_for

EN = words_for("en")


def rows(n: int) -> pd.DataFrame:
    share = np.linspace(0.2, 0.5, n)
    return pd.DataFrame(
        {
            "name": [f"g{i}" for i in range(n)],
            "share": share,
            "low": share - 0.1,
            "high": share + 0.2,
            "people": np.arange(n) + 20,
            "stands_out": np.arange(n) == 0,
        }
    )


def test_the_largest_groups_and_those_that_stand_out_are_drawn() -> None:
    chart = share_groups(rows(30), EN, 0.3)
    names = [name for trace in chart.data for name in trace.y]
    assert len(names) == MOST_GROUPS
    assert "g0" in names  # the smallest, but it stands out
    assert {"g29", "g15"} <= set(names)
    assert [trace.marker.color for trace in chart.data if "g0" in trace.y] == [ACCENT]
    low, high = chart.layout.xaxis.range
    assert low <= 0.1
    assert high >= 0.7


def test_unknown_shares_are_blank() -> None:
    points = rows(3).assign(share=[0.2, None, 0.4])
    chart = share_over_time(points, ["a", "b", "c"], EN, "shares")
    assert list(chart.data[1].x) == [0, 2]
    assert list(chart.data[1].customdata[1])[:2] == ["c", "40%"]
    assert len(share_groups(points, EN).data[0].y) + len(share_groups(points, EN).data[1].y) == 2


def test_empty_data_gives_an_empty_chart() -> None:
    empty = rows(0)
    assert all(len(trace.x) == 0 for trace in share_groups(empty, EN).data)
    assert all(len(trace.x) == 0 for trace in share_over_time(empty, [], EN, "shares").data)

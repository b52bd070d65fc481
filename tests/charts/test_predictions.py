"""Charts of predictions show the figures they are given."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from loyalty.charts.predictions import gain_chart, months_in_band, reliability_curve, score_bars
from loyalty.charts.style import ACCENT, GREY
from loyalty.models.predictions.backtest import Record, ScoreCheck
from loyalty.models.predictions.contact_choice import Confusion
from loyalty.models.predictions.metrics import Reliability
from loyalty.models.predictions.monitor import Month
from loyalty.words import Words

SAY = Words()
OWN = Record(
    "average",
    (),
    Reliability(np.array([0.1, 0.6]), np.array([0.2, 0.5]), np.array([30.0, 30.0])),
    np.array([0.0, 0.5, 1.0]),
    np.array([0.0, 0.8, 1.0]),
    Confusion(1, 2, 3, 4),
)


def test_curves_have_a_reference_line() -> None:
    chart = reliability_curve(OWN, SAY)
    assert list(chart.data[1].x) == [0.1, 0.6]
    assert list(chart.data[1].y) == [0.2, 0.5]
    assert list(chart.data[0].x) == list(chart.data[0].y) == [0, 0.6]
    gained = gain_chart(OWN, SAY)
    assert list(gained.data[1].y) == [0.0, 0.8, 1.0]
    assert gained.data[1].customdata[1][1] == "80%"


def test_the_highest_fifth_and_months_outside_stand_out() -> None:
    bars = score_bars(ScoreCheck(np.array([10.0, 90.0]), np.array([0.1, 0.7]), 0.9), SAY)
    assert list(bars.data[0].marker.color) == [GREY, ACCENT]
    assert list(bars.data[0].text) == ["10%", "70%"]
    day = dt.date(2026, 6, 1)
    nan = float("nan")
    chart = months_in_band(
        [Month(day, 9, 8, nan, nan), Month(day, 9, 8, -1, 12), Month(day, 9, 20, 5, 12)], SAY
    )
    assert list(chart.data[1].y) == [8, 20]
    assert list(chart.data[1].marker.color) == [GREY, ACCENT]
    assert list(chart.data[0].base) == [0, pytest.approx(5)]

"""Kaplan-Meier against published figures and by hand; the share who buy again as an owner reads it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.measure.retention import (
    Within,
    bought_again_within,
    by_first_purchase,
    kaplan_meier,
    return_curve,
)

AS_OF = dt.date(2025, 6, 30)

# Freireich et al. (1963), remission in weeks of 21 leukaemia patients on 6-MP; + = censored.
WEEKS_6MP = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"


def shop(*pairs: tuple[str, str | None]) -> pd.DataFrame:
    """Customers by first and second purchase."""
    return pd.DataFrame(
        {
            "customer_id": [str(i) for i in range(len(pairs))],
            "first_at": pd.Series([first for first, _ in pairs], dtype="datetime64[ns]"),
            "second_at": pd.Series([second for _, second in pairs], dtype="datetime64[ns]"),
        }
    )


def test_leukaemia_remission_has_the_published_curve_and_band() -> None:
    weeks = WEEKS_6MP.split()
    curve = kaplan_meier(
        [float(week.rstrip("+")) for week in weeks], [not week.endswith("+") for week in weeks]
    )
    assert curve["time"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve["events"].tolist() == [3, 1, 1, 1, 1, 1, 1]
    assert curve["survival"].round(3).tolist() == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    # log-log 95 % limits as SAS LIFETEST prints them for these data
    assert curve["low"].round(4).tolist() == [0.6197, 0.5631, 0.5032, 0.4316, 0.3675, 0.2678, 0.1881]
    assert curve["high"].round(4).tolist() == [0.9516, 0.9228, 0.8894, 0.8491, 0.8049, 0.7468, 0.6801]


def test_without_events_the_curve_is_empty() -> None:
    assert kaplan_meier([], []).empty
    assert kaplan_meier([5, 9], [False, False]).empty


def test_a_curve_that_ends_at_zero_keeps_a_band() -> None:
    curve = kaplan_meier([3, 3], [True, True])
    assert curve["survival"].tolist() == [0.0]
    assert curve["low"].tolist() == [0.0]
    assert curve["high"].tolist() == pytest.approx([1 - 0.025 ** (1 / 2)])  # exact bound of 0 in 2


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), max_size=40))
def test_the_curve_falls_within_its_band(cases: list[tuple[int, bool]]) -> None:
    curve = kaplan_meier([days for days, _ in cases], [seen for _, seen in cases])
    assert (curve["low"] <= curve["survival"]).all()
    assert (curve["survival"] <= curve["high"]).all()
    assert (curve["low"] >= 0).all()
    assert (curve["high"] <= 1).all()
    assert (np.diff(curve["survival"]) < 0).all()


def test_five_customers_by_hand() -> None:
    customers = shop(
        ("2025-01-01", "2025-01-11"),  # again after 10 days
        ("2025-01-01 23:50", "2025-01-31 00:10"),  # 30 calendar days, though 29 days and minutes
        ("2025-06-10", None),  # 20 days, and silent so far
        ("2025-05-01", None),  # 60 days
        ("2025-01-01", "2025-04-01"),  # 90 days
    )
    result = bought_again_within(customers, AS_OF)
    # At 10 days 1 of 5 came again; at 30 days 1 of 3 (that of 20 days has left the count); at 90 days 1 of 1.
    assert result[30].rate == pytest.approx(1 - 4 / 5 * 2 / 3)
    assert (result[30].at_risk, result[30].events) == (2, 2)
    assert result[60].rate == result[30].rate
    assert result[60].at_risk == 2
    assert (result[90].rate, result[90].at_risk, result[90].events) == (1.0, 0, 3)
    assert result[365].rate == 1.0


def test_a_horizon_that_nobody_was_observed_for_is_unknown() -> None:
    result = bought_again_within(shop(("2025-05-31", None), ("2025-06-20", None)), AS_OF)
    assert result[30] == Within(0.0, 0.0, 1 - 0.025, 1, 0)
    assert result[60] == Within(None, None, None, 0, 0)
    assert bought_again_within(shop(), AS_OF)[30] == Within(None, None, None, 0, 0)


def test_the_same_day_counts_and_the_future_does_not() -> None:
    customers = shop(
        ("2025-06-30 09:00", "2025-06-30 17:00"), ("2025-06-01", "2025-07-02"), ("2025-07-01", None)
    )
    result = bought_again_within(customers, AS_OF, (0, 29))
    assert (result[0].events, result[0].rate) == (1, 0.5)
    assert (result[29].events, result[29].at_risk) == (1, 1)


def test_first_purchase_window_is_inclusive() -> None:
    customers = shop(("2025-01-01 08:00", None), ("2025-01-31 23:00", None), ("2025-02-01", None))
    january = by_first_purchase(customers, AS_OF, dt.date(2025, 1, 1), dt.date(2025, 1, 31))
    assert january["customer_id"].tolist() == ["0", "1"]
    assert len(by_first_purchase(customers, dt.date(2025, 1, 31))) == 2


def test_return_curve_agrees_with_the_horizons_and_stops_with_the_observation() -> None:
    customers = shop(("2025-05-01", "2025-05-11"), ("2025-05-01", None), ("2025-06-01", None))
    curve = return_curve(customers, AS_OF, 90)
    assert curve["days"].tolist() == list(range(61))
    assert curve["share"].tolist() == pytest.approx([0.0] * 10 + [1 / 3] * 51)
    assert return_curve(shop(), AS_OF).empty

"""Model selection by hand, whole months, ranges that hold, and the sentence for too short a history."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from loyalty.measure.forecast_methods import METHODS, Method
from loyalty.measure.forecasts import forecast, forecast_column, whole_months
from loyalty.words import words_for


def history(*values: float, start: str = "2024-01") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": pd.date_range(start, periods=len(values), freq="MS"),
            "value": np.array(values, dtype=float),
        }
    )


def months(*values: float, start: str = "2024-01") -> pd.DataFrame:
    return history(*values, start=start).rename(columns={"value": "revenue"})


def test_model_selection_by_hand() -> None:
    """Six months: "last", "mean3" are tried at 3, 4, 5 months, one to two ahead.

    10 20 30 | 40 20 30: last tells 30 (misses 10, 10), 40 (20, 10), 20 (10); mean3 tells 20 (20, 0), 30 (10, 0), 30 (0).
    The mean step is (10 + 10 + 10 + 20 + 10) / 5 = 12.
    """
    result = forecast(history(10, 20, 30, 40, 20, 30), 2)
    assert [(t.key, t.mase, t.mae, t.tries, t.chosen) for t in result.candidates] == [
        ("mean3", pytest.approx(30 / 5 / 12), pytest.approx(6.0), 5, True),
        ("last", pytest.approx(60 / 5 / 12), pytest.approx(12.0), 5, False),
    ]
    assert result.months["month"].tolist() == [pd.Timestamp("2024-07-01"), pd.Timestamp("2024-08-01")]
    assert result.months["expected"].tolist() == [30.0, 30.0]
    assert result.mean_error == pytest.approx((20 + 10 + 0) / 3 / ((20 + 25 + 24) / 3))


def test_the_range_by_hand() -> None:
    """One month ahead mean3 was off by 20 at a level of 20, by -10 at 25, by 0 at 24: shares 1, -.4, 0."""
    result = forecast(history(10, 20, 30, 40, 20, 30), 1)
    spread = student.ppf(0.9, 2) * math.sqrt(1 + 1 / 3) * math.sqrt((1 + 0.16 + 0) / 3)
    level = (10 + 20 + 30 + 40 + 20 + 30) / 6
    assert result.months["low"][0] == pytest.approx(max(30 - spread * level, 0))
    assert result.months["high"][0] == pytest.approx(30 + spread * level)


def test_of_two_equal_methods_the_simpler_is_selected() -> None:
    assert forecast(history(*[7.0] * 30), 3).method.key == "last"  # type: ignore[union-attr]
    flat = forecast(history(*[7.0] * 30), 3).months
    assert flat[["expected", "low", "high"]].to_numpy().tolist() == [[7.0] * 3] * 3


def test_a_repeated_year_selects_the_seasonal_method() -> None:
    year = [10, 12, 11, 15, 18, 30, 28, 20, 14, 11, 16, 40]
    result = forecast(history(*year, *year, *year[:6]), 6)
    assert result.method.key == "season"  # type: ignore[union-attr]
    assert result.months["expected"].tolist() == year[6:]
    assert result.note is None
    grown = forecast(history(*year, *[1.5 * v for v in year], *[2.25 * v for v in year[:6]]), 6)
    assert grown.method.key == "season_growth"  # type: ignore[union-attr]
    assert grown.months["expected"].tolist() == pytest.approx([2.25 * v for v in year[6:]])


@pytest.mark.parametrize("n", [0, 1, 5])
def test_too_short_a_history_says_how_much_more(n: int) -> None:
    result = forecast(history(*[5.0] * n), 6)
    assert result.months.empty
    assert result.method is None
    assert result.note is not None
    assert words_for("en").message(result.note) == (
        f"A forecast needs 6 whole months of sales; so far there are {n}, {6 - n} more to go."
    )


def test_under_two_years_there_is_a_caution_about_seasons() -> None:
    assert "24 whole months" in words_for("en").message(forecast(history(*range(1, 24)), 1).note)  # type: ignore[arg-type]
    assert forecast(history(*range(1, 25)), 1).note is None


def test_an_extra_candidate_can_be_selected() -> None:
    values = np.random.default_rng(3).uniform(50, 150, 20)
    later = np.append(values, [99.0] * 12)
    oracle = Method("oracle", "knows", lambda past, h: later[len(past) : len(past) + h], 3)
    result = forecast(history(*values), 3, (oracle,))
    assert result.method is not None
    assert (result.method.key, result.method.mase) == ("oracle", 0.0)
    assert result.months["expected"].tolist() == [99.0] * 3


def test_all_methods_are_tested_at_the_same_origins() -> None:
    for n in (6, 9, 18, 30):
        tries = {
            trial.tries
            for trial in forecast(history(*np.random.default_rng(n).uniform(1, 9, n)), 6).candidates
        }
        assert len(tries) == 1
    assert len(forecast(history(*range(30)), 6).candidates) == len(METHODS)


@pytest.mark.parametrize(
    ("as_of", "last"), [(dt.date(2024, 6, 30), "2024-06"), (dt.date(2024, 6, 29), "2024-05")]
)
def test_the_current_month_is_not_history(as_of: dt.date, last: str) -> None:
    result = whole_months(months(1, 2, 3, 4, 5, 6), "revenue", as_of, dt.date(2024, 1, 7))
    assert f"{result['month'].iloc[-1]:%Y-%m}" == last
    assert result["month"].iloc[0] == pd.Timestamp("2024-01-01")


def test_a_late_first_month_is_left_out_and_empty_months_are_zero() -> None:
    sparse = months(1, 2, 3, 4, 5, 6).drop(index=[2])
    result = whole_months(sparse, "revenue", dt.date(2024, 6, 30), dt.date(2024, 1, 8))
    assert result["value"].tolist() == [2, 0, 4, 5, 6]


def test_the_current_month_is_predicted_whole_and_never_below_its_sales() -> None:
    """Seven whole months of 10, then 25 so far in August: it cannot end below 25."""
    months_ahead = forecast_column(
        months(*[10.0] * 7, 25.0), "revenue", dt.date(2024, 8, 12), dt.date(2024, 1, 1), 2
    ).months
    assert months_ahead["month"].iloc[0] == pd.Timestamp("2024-08-01")
    assert months_ahead[["expected", "low", "high"]].to_numpy().tolist() == [[25.0] * 3, [10.0] * 3]


def test_ranges_hold_eight_months_in_ten() -> None:
    """60 made-up shops of 30 months with a season, growth and drift: between 70 and 90 of 100 months are held."""
    shares_inside = []
    for seed in range(60):
        chance = np.random.default_rng(seed)
        month = np.arange(36)
        drift = np.cumsum(chance.normal(0, 0.05, 36))
        rate = 60 * np.exp(0.2 * np.cos(2 * np.pi * month / 12) + 0.1 * month / 12 + drift)
        sold = np.array([chance.lognormal(3, 0.8, n).sum() for n in chance.poisson(rate)])
        months_ahead = forecast(history(*sold[:30]), 6).months
        shares_inside.append(
            ((months_ahead["low"] <= sold[30:]) & (sold[30:] <= months_ahead["high"])).mean()
        )
    assert 0.70 <= np.mean(shares_inside) <= 0.90


@pytest.mark.parametrize("n", [6, 7, 13, 25])
def test_ranges_hold_their_middle_and_never_fall_below_zero(n: int) -> None:
    chance = np.random.default_rng(n)
    months_ahead = forecast(history(*chance.exponential(5, n)), 6).months
    assert np.isfinite(months_ahead[["expected", "low", "high"]]).all().all()
    assert (months_ahead["low"] >= 0).all()
    assert (months_ahead["low"] <= months_ahead["expected"]).all()
    assert (months_ahead["expected"] <= months_ahead["high"]).all()
    assert forecast(history(*[0.0] * n), 6).months["high"].tolist() == [0.0] * 6


def test_the_range_widens_with_the_horizon() -> None:
    months_ahead = forecast(history(*np.random.default_rng(5).uniform(80, 120, 40)), 6).months
    width = months_ahead["high"] - months_ahead["expected"]
    assert (np.diff(width) >= -1e-9).all()

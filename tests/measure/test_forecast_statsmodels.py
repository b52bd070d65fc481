"""ETS and ARIMA join the contest; our own smoothing is that of statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyalty.measure.forecast_methods import exponential_smoothing
from loyalty.measure.forecast_statsmodels import EXTRA_METHODS
from loyalty.measure.forecasts import forecast


def test_extra_methods_are_candidates_like_the_others() -> None:
    values = 100 + np.random.default_rng(2).normal(0, 10, 15)
    history = pd.DataFrame({"month": pd.date_range("2024-01", periods=15, freq="MS"), "value": values})
    result = forecast(history, 1, EXTRA_METHODS)
    assert {"ets", "arima", "smoothing"} <= {trial.key for trial in result.candidates}
    assert all(trial.tries == result.candidates[0].tries for trial in result.candidates)
    assert all(np.isfinite(trial.mase) for trial in result.candidates)


def test_a_series_that_cannot_be_fitted_repeats_the_last_month() -> None:
    for method in EXTRA_METHODS:
        assert np.isfinite(method.predict(np.full(14, 5.0), 3)).all()


def test_our_smoothing_is_statsmodels() -> None:
    """The same level for the same alpha and first level: theirs, asked for the best of the grid."""
    from statsmodels.tsa.holtwinters import SimpleExpSmoothing

    values = 50 + np.random.default_rng(4).normal(0, 8, 30)
    fits = {
        alpha: SimpleExpSmoothing(values, initialization_method="known", initial_level=values[0]).fit(
            smoothing_level=alpha, optimized=False
        )
        for alpha in np.arange(0.05, 1.0, 0.05)
    }
    best = min(fits.values(), key=lambda fit: fit.sse)
    assert exponential_smoothing(values, 1)[0] == pytest.approx(best.forecast(1)[0])

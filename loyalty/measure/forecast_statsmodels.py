"""ETS and ARIMA as further forecast methods, by statsmodels; they take some seconds, so only on request."""

from __future__ import annotations

import warnings

import numpy as np

from loyalty.columns import Floats
from loyalty.measure.forecast_methods import Method, last_value
from loyalty.words import N_

NEEDED_MONTHS = 12


def _ets(history: Floats, horizon: int) -> Floats:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # slow to import

    return _fitted(ETSModel(history, error="add", trend="add", damped_trend=True), history, horizon)


def _arima(history: Floats, horizon: int) -> Floats:
    from statsmodels.tsa.arima.model import ARIMA  # slow to import

    return _fitted(ARIMA(history, order=(1, 1, 1)), history, horizon, disp=None)


def _fitted(model: object, history: Floats, horizon: int, disp: bool | None = False) -> Floats:
    """The model's forecast; "like the last month" where it cannot be fitted to such a series."""
    options = {} if disp is None else {"disp": disp}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            predicted = np.asarray(model.fit(**options).forecast(horizon), dtype=np.float64)  # type: ignore[attr-defined]
    except (ValueError, np.linalg.LinAlgError):
        return last_value(history, horizon)
    return predicted if np.isfinite(predicted).all() else last_value(history, horizon)


#: ETS (additive, damped trend) and ARIMA(1, 1, 1).
EXTRA_METHODS: tuple[Method, ...] = (
    Method("ets", N_("ETS with a damped trend"), _ets, NEEDED_MONTHS),
    Method("arima", N_("ARIMA (1, 1, 1)"), _arima, NEEDED_MONTHS),
)

"""ETS and ARIMA as contestants of the forecast, where the owner has installed statsmodels: an optional extra."""

from __future__ import annotations

import importlib.util
import warnings
from typing import ClassVar

import numpy as np

from loyalty.errors import OwnerError
from loyalty.measure.forecast_methods import Floats, Method, last_value
from loyalty.words import N_

NEEDED_MONTHS = 12
LIBRARY = "statsmodels"
COMMAND = "pip install -r requirements-forecast.txt"


class NoStatsmodels(OwnerError):
    """The optional library of ETS and ARIMA is asked for and not there."""

    template: ClassVar[str] = N_(
        "ETS and ARIMA need the library {library}, which is not installed. Fetch it with “{command}”, or leave them out."
    )


def lacking() -> NoStatsmodels | None:
    """What is absent for ETS and ARIMA and how to get it; None where nothing is."""
    if importlib.util.find_spec(LIBRARY) is not None:
        return None
    return NoStatsmodels(library=LIBRARY, command=COMMAND)


def extra_methods() -> tuple[Method, ...]:
    """ETS (additive, damped trend) and ARIMA(1, 1, 1). Raises NoStatsmodels where the library is missing."""
    missing = lacking()
    if missing is not None:
        raise missing
    return (
        Method("ets", N_("ETS with a damped trend"), _ets, NEEDED_MONTHS),
        Method("arima", N_("ARIMA (1, 1, 1)"), _arima, NEEDED_MONTHS),
    )


def _ets(history: Floats, horizon: int) -> Floats:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    return _fitted(ETSModel(history, error="add", trend="add", damped_trend=True), history, horizon)


def _arima(history: Floats, horizon: int) -> Floats:
    from statsmodels.tsa.arima.model import ARIMA

    return _fitted(ARIMA(history, order=(1, 1, 1)), history, horizon, disp=None)


def _fitted(model: object, history: Floats, horizon: int, disp: bool | None = False) -> Floats:
    """The model's forecast; "like the last month" where it cannot be fitted to such a series."""
    options = {} if disp is None else {"disp": disp}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            told = np.asarray(model.fit(**options).forecast(horizon), dtype=np.float64)  # type: ignore[attr-defined]
    except (ValueError, np.linalg.LinAlgError):
        return last_value(history, horizon)
    return told if np.isfinite(told).all() else last_value(history, horizon)

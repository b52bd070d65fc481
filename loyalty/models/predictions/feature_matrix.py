"""Features as numbers that a line can be drawn through: logarithms of counts, days and money, and a few ratios."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from loyalty.columns import Floats

LOGS = (
    "recency_days", "age_days", "days", "days_30", "days_90", "days_180", "days_365", "season_days", "spend", "spend_90", "last_value", "best_value", "orders", "coupons", "products", "categories", "lines",
    "units", "refunds", "answers", "events", "events_90", "brought",
)  # fmt: skip
SHARES = ("discount_share", "channels", "evening_share", "weekend_share")
MISSING_SATISFACTION = (
    0.8  # where nobody answered, the mean of those who did would leak nothing but is not known
)


def _ratio(above: str, below: str) -> Callable[[pd.DataFrame], Floats]:
    def found(frame: pd.DataFrame) -> Floats:
        return np.asarray(np.log1p(frame[above]) - np.log1p(frame[below]), dtype=np.float64)

    return found


def _lateness(frame: pd.DataFrame) -> Floats:
    """Log of the present silence over the customer's own usual gap; 0 where they have none."""
    late = np.log1p(frame["recency_days"]) - np.log1p(frame["gap_mean"])
    return np.asarray(late.fillna(0.0), dtype=np.float64)


def _arch(frame: pd.DataFrame) -> Floats:
    """Its square: who is a little late is likelier to come than who was here yesterday, and than who is long gone."""
    return np.asarray(_lateness(frame) ** 2)


def _trend(frame: pd.DataFrame) -> Floats:
    """Log of the days of the last 90 over those of the 90 before."""
    return np.asarray(
        np.log1p(frame["days_90"]) - np.log1p(frame["days_180"] - frame["days_90"]), dtype=np.float64
    )


def _rate(frame: pd.DataFrame) -> Floats:
    """Log of days with an order a day of age."""
    return np.asarray(np.log1p(frame["days"]) - np.log1p(frame["age_days"]), dtype=np.float64)


def _content(frame: pd.DataFrame) -> Floats:
    return frame["satisfaction"].fillna(MISSING_SATISFACTION).to_numpy(dtype=np.float64)


def _visit(frame: pd.DataFrame) -> Floats:
    """1 for a visit today, halved at 30 days, 0 without any."""
    return (30 / (30 + frame["event_recency"])).fillna(0.0).to_numpy(dtype=np.float64)


def _repeats(frame: pd.DataFrame) -> Floats:
    return np.asarray(frame["days"] > 1, dtype=np.float64)


DERIVED: Mapping[str, Callable[[pd.DataFrame], Floats]] = {
    "lateness": _lateness,
    "lateness_squared": _arch,
    "trend": _trend,
    "rate": _rate,
    "recency_share": _ratio("recency_days", "age_days"),
    "mean_value": _ratio("spend", "days"),
    "repeats": _repeats,
    "satisfaction": _content,
    "visited": _visit,
}
COLUMNS = (*LOGS, *SHARES, *DERIVED)


def design(features: pd.DataFrame) -> Floats:
    """Columns COLUMNS of each customer, shape (n, k).

    Gaps come in only as lateness: by themselves they made the regression worse on both real shops.
    """
    logs = np.log1p(np.maximum(features[list(LOGS)].to_numpy(dtype=np.float64), 0.0))
    shares = features[list(SHARES)].to_numpy(dtype=np.float64)
    made = np.column_stack([work(features) for work in DERIVED.values()])
    return np.column_stack([logs, shares, made])

"""The feature matrix of regressions: logarithms of counts, days and money, and a few ratios."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from loyalty.columns import Floats

LOGS = (
    "recency_days",
    "age_days",
    "days",
    "days_30",
    "days_90",
    "days_180",
    "days_365",
    "season_days",
    "spend",
    "spend_90",
    "last_value",
    "best_value",
    "orders",
    "coupons",
    "products",
    "categories",
    "lines",
    "units",
    "refunds",
    "answers",
    "events",
    "events_90",
    "brought",
)
SHARES = ("discount_share", "channels", "evening_share", "weekend_share")
MISSING_SATISFACTION = 0.8  # of customers without an answer


def _ratio(above: str, below: str) -> Callable[[pd.DataFrame], Floats]:
    def log_ratio(frame: pd.DataFrame) -> Floats:
        return np.asarray(np.log1p(frame[above]) - np.log1p(frame[below]), dtype=np.float64)

    return log_ratio


def _lateness(frame: pd.DataFrame) -> Floats:
    """Log of days since the last order over the customer's mean gap; 0 without a gap."""
    late = np.log1p(frame["recency_days"]) - np.log1p(frame["gap_mean"])
    return np.asarray(late.fillna(0.0), dtype=np.float64)


def _lateness_squared(frame: pd.DataFrame) -> Floats:
    """Customers who are a little late are likelier to order than those just here and those long gone."""
    return np.asarray(_lateness(frame) ** 2)


def _trend(frame: pd.DataFrame) -> Floats:
    """Log of order days within the last 90 days over those within the 90 days before."""
    return np.asarray(
        np.log1p(frame["days_90"]) - np.log1p(frame["days_180"] - frame["days_90"]), dtype=np.float64
    )


def _rate(frame: pd.DataFrame) -> Floats:
    """Log of days with an order over days since the first order."""
    return np.asarray(np.log1p(frame["days"]) - np.log1p(frame["age_days"]), dtype=np.float64)


def _satisfaction(frame: pd.DataFrame) -> Floats:
    return frame["satisfaction"].fillna(MISSING_SATISFACTION).to_numpy(dtype=np.float64)


def _visit(frame: pd.DataFrame) -> Floats:
    """1 for a visit today, 1/2 for one 30 days ago, 0 without any."""
    return (30 / (30 + frame["event_recency"])).fillna(0.0).to_numpy(dtype=np.float64)


def _repeats(frame: pd.DataFrame) -> Floats:
    return np.asarray(frame["days"] > 1, dtype=np.float64)


DERIVED: Mapping[str, Callable[[pd.DataFrame], Floats]] = {
    "lateness": _lateness,
    "lateness_squared": _lateness_squared,
    "trend": _trend,
    "rate": _rate,
    "recency_share": _ratio("recency_days", "age_days"),
    "mean_value": _ratio("spend", "days"),
    "repeats": _repeats,
    "satisfaction": _satisfaction,
    "visited": _visit,
}
COLUMNS = (*LOGS, *SHARES, *DERIVED)


def design(features: pd.DataFrame) -> Floats:
    """The feature matrix with the columns COLUMNS, shape (n, k).

    Gaps enter only as lateness: by themselves they made the regression worse on both public data sets.
    """
    logs = np.log1p(np.maximum(features[list(LOGS)].to_numpy(dtype=np.float64), 0.0))
    shares = features[list(SHARES)].to_numpy(dtype=np.float64)
    derived = np.column_stack([compute(features) for compute in DERIVED.values()])
    return np.column_stack([logs, shares, derived])

"""Predictions for each customer: whether and when they buy, how much, the expected loss, and what to do next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from loyalty.columns import Floats
from loyalty.customers.status import LAPSED, NEW, ONCE, OVERDUE, STILL_A_CUSTOMER, CustomerStatuses
from loyalty.models.predictions.contact_choice import Costs
from loyalty.models.predictions.loyalty_score import loyalty_score
from loyalty.models.predictions.metrics import clipped
from loyalty.models.predictions.purchase_model import PurchaseModelScores, purchase_model_scores
from loyalty.models.predictions.snapshot import Snapshot
from loyalty.models.predictions.spend import customer_spend, spend_forecast, total_range
from loyalty.models.predictions.training import Scorer
from loyalty.purchase_model import expectations
from loyalty.purchase_model.backtest import Drift
from loyalty.purchase_model.fit import rows_of
from loyalty.purchase_model.histories import WEEK
from loyalty.purchase_model.prediction import Forecast, Range
from loyalty.words import N_

YEAR_WEEKS = 365 / WEEK
LOYAL = 70  # points of the score
COLUMNS = [
    "customer_id",
    "p_buy",
    "p_alive",
    "expected_orders",
    "expected_spend",
    "spend_low",
    "spend_high",
    "next_early",
    "next_order_date",
    "next_late",
    "loyalty_score",
    "status",
    "expected_loss",
    "saved",
    "step",
]
#: What to do next, by key.
STEPS: Mapping[str, str] = {
    "win_back": N_("write now, with an offer: what may be lost is worth more than the message"),
    "remind": N_("later than their habit: a friendly reminder is enough"),
    "thank": N_("loyal: thank them, they need no discount"),
    "second": N_("new: invite a second order while they remember you"),
    "wait": N_("nothing to do: they are expected in their own time"),
    "rest": N_("a message costs more than it would bring: let them rest"),
}


@dataclass(frozen=True)
class Total:
    """All customers together within the horizon: buyers, orders, and spend with an 80 % range."""

    buyers: float
    orders: float
    spend: Range


@dataclass(frozen=True)
class Predictions:
    """`customers`: one row each with COLUMNS, by customer id.

    p_buy: P(buys within the horizon); p_alive: P(still a customer); expected_orders, expected_spend with the ends of an 80 %
    range; next_early, next_order_date, next_late: quartiles of the day of the next order, if there is one within a
    year; loyalty_score: see `loyalty_score`; status: from `loyalty.customers.status`, as is p_alive; expected_loss: what
    they would bring in a year if they stayed, times P(gone); saved: the part of it that a message is expected to keep, less
    the cost of the message; step: a key of STEPS.
    """

    snapshot: Snapshot
    customers: pd.DataFrame
    total: Total
    purchase_model: PurchaseModelScores


def predict(
    at: Snapshot, statuses: CustomerStatuses, scorer: Scorer, drift: Drift, costs: Costs, seed: int = 0
) -> Predictions:
    """Predict for all customers of a snapshot.

    Args:
        at: the snapshot to predict from.
        statuses: of the same day; customers without one have no order left that counts.
        scorer: gives P(buys within the horizon) of a snapshot.
        drift: of totals, for the ranges of spend.
        costs: of a message, for `saved` and `step`.
        seed: of the random draws; equal seeds give equal figures.
    """
    scores, forecast = purchase_model_scores(at), spend_forecast(at.history, at.horizon_days)
    p_buy = clipped(scorer(at))
    spend = customer_spend(forecast, drift, seed)
    status_rows = statuses.customers.set_index("customer_id").reindex(at.history.customer_id)
    p_alive = (
        status_rows["p_alive"].fillna(pd.Series(scores.p_alive, at.history.customer_id)).to_numpy(np.float64)
    )
    loss = _value_in_a_year(at, scores, spend.value) * (1 - p_alive)
    early, middle, late = next_days(at, forecast)
    customers = pd.DataFrame(
        {
            "customer_id": at.history.customer_id,
            "p_buy": p_buy,
            "p_alive": p_alive,
            "expected_orders": scores.orders,
            "expected_spend": spend.expected,
            "spend_low": spend.low,
            "spend_high": spend.high,
            "next_early": early,
            "next_order_date": middle,
            "next_late": late,
            "loyalty_score": loyalty_score(at.features, statuses.usual_gap_days),
            "status": status_rows["status"].to_numpy(),
            "expected_loss": loss,
            "saved": costs.effect * _reach(status_rows) * loss - costs.message,
        }
    )
    customers = customers.assign(step=steps(customers))[COLUMNS]
    total = Total(float(p_buy.sum()), float(scores.orders.sum()), total_range(forecast, drift, seed))
    return Predictions(at, customers, total, scores)


def _value_in_a_year(at: Snapshot, scores: PurchaseModelScores, value: Floats) -> Floats:
    """Expected spend of each customer within a year, given that they are still one; shape (n,)."""
    rows = rows_of(at.history)
    orders = scores.fit.model.expected(scores.fit.theta, rows.x, rows.T, np.array([YEAR_WEEKS]))[
        rows.customer_row, 0
    ]
    return np.asarray(orders * value)


def next_days(at: Snapshot, forecast: Forecast) -> tuple[pd.Series, pd.Series, pd.Series]:
    """First quartile, median and third quartile of the next day with an order, given one within a year."""
    weeks = expectations.next_purchase(forecast.fit, forecast.rows, YEAR_WEEKS)
    days = np.maximum(1, np.ceil(weeks * WEEK)).astype("timedelta64[D]")[forecast.rows.customer_row]
    dates = (np.datetime64(at.cutoff) + days).astype("datetime64[s]")
    return tuple(pd.Series(dates[:, i]) for i in range(3))  # type: ignore[return-value]


def _reach(status_rows: pd.DataFrame) -> Floats:
    """How much effect a message still has: 1 within the usual gap, halved by every two more of it; shape (n,)."""
    beyond = (status_rows["days_since"] / status_rows["usual_gap_days"] - 1).clip(lower=0)
    return np.asarray((2 ** (-beyond / 2)).fillna(0.0), dtype=np.float64)


def steps(customers: pd.DataFrame) -> npt.NDArray[np.str_]:
    """The key of STEPS that suits each customer."""
    status = customers["status"]
    gone = (status == LAPSED) | ((status == ONCE) & (customers["p_alive"] < STILL_A_CUSTOMER))
    conditions = [
        status.isin([OVERDUE, LAPSED]) & (customers["saved"] > 0),
        gone,
        status.isin([NEW, ONCE]),
        status == OVERDUE,
        customers["loyalty_score"] >= LOYAL,
    ]
    return np.select(conditions, ["win_back", "rest", "second", "remind", "thank"], "wait")


def worth_contacting(predictions: Predictions) -> pd.DataFrame:
    """Rows of the overdue and lapsed customers to whom a message saves more than it costs, the most first."""
    customers = predictions.customers
    chosen = customers[customers["status"].isin([OVERDUE, LAPSED]) & (customers["saved"] > 0)]
    return chosen.sort_values(["saved", "customer_id"], ascending=[False, True], ignore_index=True)


def last_day(at: Snapshot) -> dt.date:
    """The last day of the horizon."""
    return at.cutoff + dt.timedelta(days=at.horizon_days)

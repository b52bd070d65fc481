"""What is said of each customer: whether and when they buy, how much, what is at stake, and what to do next."""

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
from loyalty.models.predictions.spend import each, spend_forecast, total_range
from loyalty.models.predictions.training import Scorer
from loyalty.purchase_model import expectations as btyd
from loyalty.purchase_model.backtest import Drift
from loyalty.purchase_model.fit import rows_of
from loyalty.purchase_model.prediction import Forecast, Range
from loyalty.words import N_

YEAR_WEEKS = 365 / 7
LOYAL = 70  # points of the score
COLUMNS = [
    "customer_id", "p_buy", "p_alive", "expected_orders", "expected_spend", "spend_low", "spend_high", "next_early",
    "next_order_date", "next_late", "loyalty_score", "status", "expected_loss",
    "saved", "step",
]  # fmt: skip
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
    """All customers together within the horizon: how many buy, how often, and for how much, with an 80 % range."""

    buyers: float
    orders: float
    spend: Range


@dataclass(frozen=True)
class Predictions:
    """`customers`: one row each with COLUMNS, by customer id.

    p_buy: within the horizon; p_alive: still a customer; expected_orders, expected_spend with the ends of an 80 %
    range; next_early, next_order_date, next_late: quartiles of the day of the next order, if there is one within a
    year; loyalty_score: see `loyalty_score`; status: where they stand (`loyalty.customers.status`), as does p_alive;
    expected_loss: what they would bring in a year if they stayed, times P(gone); saved: the part that a message keeps, as
    far as it still reaches them, less what it costs; step: a key of STEPS.
    """

    at: Snapshot
    customers: pd.DataFrame
    total: Total
    purchase_model: PurchaseModelScores


def forecasts(
    at: Snapshot, statuses: CustomerStatuses, scorer: Scorer, drift: Drift, costs: Costs, seed: int = 0
) -> Predictions:
    """All of it, as of the snapshot's day. `statuses`: of the same day; who has none there is no customer any more."""
    own, ahead = purchase_model_scores(at), spend_forecast(at.known, at.horizon_days)
    p_buy = clipped(scorer(at))
    money = each(ahead, drift, seed)
    standing = statuses.customers.set_index("customer_id").reindex(at.known.customer_id)
    p_alive = standing["p_alive"].fillna(pd.Series(own.p_alive, at.known.customer_id)).to_numpy(np.float64)
    loss = _year(at, own, money.value) * (1 - p_alive)
    early, middle, late = next_days(at, ahead)
    found = pd.DataFrame(
        {
            "customer_id": at.known.customer_id,
            "p_buy": p_buy,
            "p_alive": p_alive,
            "expected_orders": own.orders,
            "expected_spend": money.expected,
            "spend_low": money.low,
            "spend_high": money.high,
            "next_early": early,
            "next_order_date": middle,
            "next_late": late,
            "loyalty_score": loyalty_score(at.features, statuses.usual_gap_days),
            "status": standing["status"].to_numpy(),
            "expected_loss": loss,
            "saved": costs.effect * _reach(standing) * loss - costs.message,
        }
    )
    found = found.assign(step=steps(found))[COLUMNS]
    total = Total(float(p_buy.sum()), float(own.orders.sum()), total_range(ahead, drift, seed))
    return Predictions(at, found, total, own)


def _year(at: Snapshot, own: PurchaseModelScores, value: Floats) -> Floats:
    """What each customer would bring within a year if they are still one."""
    rows = rows_of(at.known)
    orders = own.fit.model.expected(own.fit.theta, rows.x, rows.T, np.array([YEAR_WEEKS]))[rows.of, 0]
    return np.asarray(orders * value)


def next_days(at: Snapshot, ahead: Forecast) -> tuple[pd.Series, pd.Series, pd.Series]:
    """First quartile, median and third quartile of the next day with an order, given one within a year."""
    weeks = btyd.next_purchase(ahead.fit, ahead.rows, YEAR_WEEKS)
    days = np.maximum(1, np.ceil(weeks * 7)).astype("timedelta64[D]")[ahead.rows.of]
    dates = (np.datetime64(at.cutoff) + days).astype("datetime64[s]")
    return tuple(pd.Series(dates[:, i]) for i in range(3))  # type: ignore[return-value]


def _reach(standing: pd.DataFrame) -> Floats:
    """How far a message still reaches somebody: 1 within their usual gap, halved by every two more of it; (n,)."""
    beyond = (standing["days_since"] / standing["usual_gap_days"] - 1).clip(lower=0)
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


def worth_contacting(of: Predictions) -> pd.DataFrame:
    """Rows of those who are overdue or lapsed and of whom a message would save more than it costs, the most first."""
    customers = of.customers
    chosen = customers[customers["status"].isin([OVERDUE, LAPSED]) & (customers["saved"] > 0)]
    return chosen.sort_values(["saved", "customer_id"], ascending=[False, True], ignore_index=True)


def last_day(at: Snapshot) -> dt.date:
    """The last day of the horizon."""
    return at.cutoff + dt.timedelta(days=at.horizon_days)

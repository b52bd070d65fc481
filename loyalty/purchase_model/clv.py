"""Predicted customer lifetime value, of each customer and of all together, with 80 % intervals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.purchase_model.backtest import USUAL_DRIFT, BackTest, Drift, backtest
from loyalty.purchase_model.customer_state import next_days
from loyalty.purchase_model.expectations import expected_purchases, p_alive, p_purchase
from loyalty.purchase_model.fit import Fit
from loyalty.purchase_model.gamma_gamma import spend
from loyalty.purchase_model.histories import Histories, PurchaseDays, histories
from loyalty.purchase_model.minimum_data import missing_data
from loyalty.purchase_model.model import BG_NBD, Model
from loyalty.purchase_model.prediction import DRAWS, Forecast, Range, forecast, total_range
from loyalty.purchase_model.simulation import parameter_draws, unit_interval
from loyalty.purchase_model.spend import SpendFit, frequency_and_value
from loyalty.purchase_model.terms import Terms
from loyalty.words import N_, Message

COLUMNS = [
    "customer_id",
    "x",
    "t_x",
    "T",
    "p_alive",
    "p_purchase",
    "expected_purchases",
    "expected_value",
    "expected_value_repeats",
    "clv",
    "low",
    "high",
    "next_early",
    "next_median",
    "next_late",
]
TWO_YEARS = 104.0  # weeks

ONE_WINTER = N_(
    "With less than two years of sales, seasons cannot be told from growth yet; the range allows for that."
)
USUAL_RANGE = N_(
    "How far your years differ from your customers' habits is not known yet, so the range is as wide as in "
    "ordinary shops."
)
OWN_RANGE = N_("The range is as wide as your own past predictions turned out to need.")


@dataclass(frozen=True)
class Clv:
    """The predicted lifetime value of the customers under `terms`, counted from the end of `as_of`.

    `total`: of all customers; None without enough data, and `missing` says why. `customers`: one row a customer, by id (empty then): x, t_x, T (weeks); p_alive;
    p_purchase, expected_purchases: within the months; expected_value: spend a purchase day, judged by all
    of them; expected_value_repeats: by repeat purchase days alone, as published; clv with low and high, ends
    of an 80 % interval (both 0 where most likely nothing comes); next_early, next_median, next_late:
    quartiles of the next purchase day, if there is one within the months. `notes`: what a reader should
    know. `correlation`: of frequency and value, None where too few came back.
    """

    as_of: dt.date
    terms: Terms
    total: Range | None
    customers: pd.DataFrame
    fit: Fit | None
    spending: SpendFit | None
    correlation: float | None
    drift: Drift
    notes: tuple[Message, ...]
    missing: Message | None


def predicted_clv(
    days: PurchaseDays,
    as_of: dt.date,
    terms: Terms,
    seed: int = 0,
    model: Model = BG_NBD,
    history: Histories | None = None,
) -> tuple[Clv, BackTest]:
    """Predict lifetime value, with the drift learned from the shop's own back-tests.

    Args:
        days: all purchase days.
        as_of: the last day that is looked at.
        terms: months ahead, discount and margin.
        seed: of the random draws; equal seeds give equal figures.
        model: the purchase model.
        history: `histories(days, as_of)`, to use the models fitted to it already.

    Returns:
        The prediction and the back-tests.
    """
    rng = np.random.default_rng(seed)
    tested = backtest(days, as_of, terms, rng, model)
    history = histories(days, as_of) if history is None else history
    return predict(history, as_of, terms, rng, drift=tested.drift, model=model), tested


def predict(
    history: Histories,
    as_of: dt.date,
    terms: Terms,
    rng: np.random.Generator,
    *,
    drift: Drift = USUAL_DRIFT,
    model: Model = BG_NBD,
) -> Clv:
    """Predict lifetime value at the end of `as_of`, with a given drift of totals."""
    missing = missing_data(history)
    if missing is not None:
        empty = pd.DataFrame(columns=COLUMNS)
        return Clv(as_of, terms, None, empty, None, None, None, drift, (), missing)
    prediction = forecast(history, terms, model)
    correlation, independence = frequency_and_value(history)
    notes = [prediction.fit.reason, prediction.spending.reason, independence, *_range_notes(history, drift)]
    return Clv(
        as_of=as_of,
        terms=terms,
        total=total_range(prediction, drift.sd, rng),
        customers=_customers(prediction, as_of, drift, rng),
        fit=prediction.fit,
        spending=prediction.spending,
        correlation=correlation,
        drift=drift,
        notes=tuple(note for note in notes if note is not None),
        missing=None,
    )


def _range_notes(history: Histories, drift: Drift) -> list[Message]:
    """Notes on what determines the width of the range."""
    notes = [Message(OWN_RANGE if drift.learned else USUAL_RANGE)]
    return notes if history.T.max() >= TWO_YEARS else [Message(ONE_WINTER), *notes]


def _customers(prediction: Forecast, as_of: dt.date, drift: Drift, rng: np.random.Generator) -> pd.DataFrame:
    """The frame of `Clv.customers`."""
    history, rows, weeks = prediction.history, prediction.rows, prediction.terms.weeks
    draws = parameter_draws(prediction.fit, prediction.spending, drift.sd, DRAWS, rng)
    ends = unit_interval(prediction.fit.model, rows, prediction.spending, draws, prediction.terms, rng)
    scale = prediction.spending.v + prediction.spent.count * prediction.spent.mean
    by_row = {
        "p_alive": p_alive(prediction.fit, rows),
        "p_purchase": p_purchase(prediction.fit, rows, weeks),
        "expected_purchases": expected_purchases(prediction.fit, rows, weeks)[:, 0],
    }
    columns = {
        "customer_id": history.customer_id,
        "x": history.x.astype(np.int64),
        "t_x": history.t_x,
        "T": history.T,
        **{name: values[rows.customer_row] for name, values in by_row.items()},
        "expected_value": prediction.value,
        "expected_value_repeats": prediction.spending.expected(spend(history, first=False)),
        "clv": prediction.lifetime_value,
        "low": ends[0][rows.customer_row] * scale,
        "high": ends[1][rows.customer_row] * scale,
    }
    return pd.DataFrame(columns | next_days(prediction, as_of))[COLUMNS]

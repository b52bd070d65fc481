"""Predicted customer lifetime value: of each customer and of all together, with 80 % intervals and how sure it is."""

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
    "customer_id", "x", "t_x", "T", "p_alive", "p_purchase", "expected_purchases", "expected_value",
    "expected_value_repeats", "clv", "low", "high", "next_early", "next_median", "next_late",
]  # fmt: skip
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
    """What customers will bring under `terms`, counted from the end of `as_of`.

    `total`: of all customers; None, with `missing` as the sentence that says why, where there is not enough
    to predict from. `customers`: one row a customer, by id (empty then): x, t_x, T (weeks); p_alive;
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
    known: Histories | None = None,
) -> tuple[Clv, BackTest]:
    """The prediction, its range as wide as the shop's own back-tests ask for; and those. Equal seeds give equal figures.

    `known`: the histories of `days` up to `as_of`, where they are there already with what was fitted to them.
    """
    rng = np.random.default_rng(seed)
    tested = backtest(days, as_of, terms, rng, model)
    known = histories(days, as_of) if known is None else known
    return predict(known, as_of, terms, rng, drift=tested.drift, model=model), tested


def predict(
    known: Histories,
    as_of: dt.date,
    terms: Terms,
    rng: np.random.Generator,
    *,
    drift: Drift = USUAL_DRIFT,
    model: Model = BG_NBD,
) -> Clv:
    """The prediction for customers as they are at the end of `as_of`."""
    missing = missing_data(known)
    if missing is not None:
        empty = pd.DataFrame(columns=COLUMNS)
        return Clv(as_of, terms, None, empty, None, None, None, drift, (), missing)
    of = forecast(known, terms, model)
    correlation, independence = frequency_and_value(known)
    notes = [of.fit.reason, of.spending.reason, independence, *_about_range(known, drift)]
    return Clv(
        as_of=as_of,
        terms=terms,
        total=total_range(of, drift.sd, rng),
        customers=_customers(of, as_of, drift, rng),
        fit=of.fit,
        spending=of.spending,
        correlation=correlation,
        drift=drift,
        notes=tuple(note for note in notes if note is not None),
        missing=None,
    )


def _about_range(known: Histories, drift: Drift) -> list[Message]:
    """What the width of the range rests on."""
    notes = [Message(OWN_RANGE if drift.learned else USUAL_RANGE)]
    return notes if known.T.max() >= TWO_YEARS else [Message(ONE_WINTER), *notes]


def _customers(of: Forecast, as_of: dt.date, drift: Drift, rng: np.random.Generator) -> pd.DataFrame:
    """The frame of `Clv.customers`."""
    known, rows, weeks = of.known, of.rows, of.terms.weeks
    draws = parameter_draws(of.fit, of.spending, drift.sd, DRAWS, rng)
    ends = unit_interval(of.fit.model, rows, of.spending, draws, of.terms, rng)
    scale = of.spending.v + of.spent.count * of.spent.mean
    by_row = {
        "p_alive": p_alive(of.fit, rows),
        "p_purchase": p_purchase(of.fit, rows, weeks),
        "expected_purchases": expected_purchases(of.fit, rows, weeks)[:, 0],
    }
    found = {
        "customer_id": known.customer_id,
        "x": known.x.astype(np.int64),
        "t_x": known.t_x,
        "T": known.T,
        **{name: values[rows.of] for name, values in by_row.items()},
        "expected_value": of.value,
        "expected_value_repeats": of.spending.expected(spend(known, first=False)),
        "clv": of.worth,
        "low": ends[0][rows.of] * scale,
        "high": ends[1][rows.of] * scale,
    }
    return pd.DataFrame(found | next_days(of, as_of))[COLUMNS]

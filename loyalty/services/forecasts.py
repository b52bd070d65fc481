"""Forecasts of the coming months, with a candidate method built on the purchase model of the customers.

As in `loyalty.services.figures`: pages cache these by data version; the command line calls them as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache

import ibis
import numpy as np
import pandas as pd

from loyalty.columns import Floats
from loyalty.facts import customers as customer_facts
from loyalty.facts import orders as order_facts
from loyalty.measure.calendar_months import month_number, month_of
from loyalty.measure.forecast_methods import YEAR, Method, last_value
from loyalty.measure.forecasts import Forecast, first_whole_month, forecast_column
from loyalty.purchase_model.histories import PurchaseDays, day_number, purchase_days
from loyalty.purchase_model.monthly import MonthsAhead, customer_sample, days_until, months_ahead
from loyalty.services.insights import first_sale
from loyalty.words import N_

#: Columns of the MONTHS frame that are forecast.
FIGURES = ("revenue", "orders", "customers")
KEY = "customers"
NAME = N_("what its customers are expected to do (BG/NBD)")
NEEDED_MONTHS = 6


def forecasts(
    con: ibis.BaseBackend,
    as_of: dt.date,
    horizon: int = 6,
    more: Sequence[Method] = (),
    months: pd.DataFrame | None = None,
) -> dict[str, Forecast]:
    """Forecast the coming months of each of FIGURES by the candidate method with the lowest back-test error.

    Args:
        con: Where facts are read from.
        as_of: The last day of the history.
        horizon: Months ahead.
        more: Candidates besides the usual ones and the one of the purchase model.
        months: The MONTHS frame; read when None.
    """
    first = first_sale(con)
    days = purchase_days(customer_facts.purchase_days(con, as_of))
    by_figure = customer_methods(days, first_whole_month(first), horizon)
    history = order_facts.months(con, as_of) if months is None else months
    return {
        figure: forecast_column(history, figure, as_of, first, horizon, (*by_figure.get(figure, ()), *more))
        for figure in FIGURES
    }


def customer_methods(days: PurchaseDays, start: dt.date, horizon: int) -> dict[str, tuple[Method, ...]]:
    """The candidate method for each figure; none without identified customers.

    At every origin the models are fitted anew on the purchases before it. What they predict for identified customers is
    scaled by the ratio of the figure to the purchases of identified customers in the year before, which includes sales
    to unidentified buyers and several orders on a day.

    Args:
        days: Purchase days of identified customers.
        start: The first day of the history's first month.
        horizon: Months ahead.
    """
    if not len(days.names):
        return {}
    sampled, number = customer_sample(days), month_number(start)

    @cache
    def predicted(months: int) -> tuple[MonthsAhead, float, float]:
        """Prediction after so many months of history; purchases and revenue of `sampled` in the year before."""
        starts = [month_of(number + months + k) for k in range(horizon + 1)]
        earlier_days = days_until(sampled, starts[0] - dt.timedelta(days=1))
        in_last_year = earlier_days.day >= day_number(month_of(number + max(months - YEAR, 0)))
        return (
            months_ahead(earlier_days, starts),
            float(in_last_year.sum()),
            float(earlier_days.value[in_last_year].sum()),
        )

    def purchases(months: int) -> tuple[Floats, float]:
        expected, counted, _ = predicted(months)
        return expected.purchases, counted

    def money(months: int) -> tuple[Floats, float]:
        expected, _, earned = predicted(months)
        return expected.value, earned

    expectations = {"revenue": money, "orders": purchases, "customers": purchases}
    return {
        figure: (Method(KEY, NAME, _scaled(expectation), NEEDED_MONTHS),)
        for figure, expectation in expectations.items()
    }


def _scaled(expectation: Callable[[int], tuple[Floats, float]]) -> Callable[[Floats, int], Floats]:
    """A candidate from the models' expectations; "like the last month" where no identified customer bought in a year."""

    def predict(history: Floats, horizon: int) -> Floats:
        expected, last_year = expectation(len(history))
        if last_year <= 0:
            return last_value(history, horizon)
        return np.asarray(expected[:horizon] * (history[-YEAR:].sum() / last_year), dtype=np.float64)

    return predict

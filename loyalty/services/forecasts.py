"""The months to come, with a contestant that knows the customers: facts, the contest and the purchase model put together.

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
from loyalty.measure.forecasts import Forecast, first_whole_month
from loyalty.purchase_model.histories import PurchaseDays, day_number, purchase_days
from loyalty.purchase_model.monthly import MonthsAhead, customer_sample, days_until, months_ahead
from loyalty.services.insights import FORECAST, first_sale
from loyalty.services.insights import forecasts as contests
from loyalty.words import N_

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
    """The coming months of net revenue, orders and active customers (keys of `FORECAST`), and the contest of each.

    `more`: contestants beside the usual ones and the one that knows the customers; `months`: the MONTHS frame, asked
    for unless given.
    """
    first = first_sale(con)
    days = purchase_days(customer_facts.purchase_days(con, as_of))
    by_figure = customer_methods(days, first_whole_month(first), horizon)
    extra = {figure: (*by_figure.get(figure, ()), *more) for figure in FORECAST}
    sold = order_facts.months(con, as_of) if months is None else months
    return contests(sold, as_of, first, horizon, extra)


def customer_methods(days: PurchaseDays, start: dt.date, horizon: int) -> dict[str, tuple[Method, ...]]:
    """The contestant for each figure; none where no customer is known.

    `start`: the first day of the history's first month. At every origin the models are fitted anew on what was known
    then. What they expect of known customers becomes the figure by the ratio that the two had over the year before
    that: so sales to unknown buyers, and several orders on a day, are in.
    """
    if not len(days.names):
        return {}
    sampled, number = customer_sample(days), month_number(start)

    @cache
    def ahead(months: int) -> tuple[MonthsAhead, float, float]:
        """What the months after so many of history hold, and what the year before them held of `sampled`."""
        starts = [month_of(number + months + k) for k in range(horizon + 1)]
        earlier_days = days_until(sampled, starts[0] - dt.timedelta(days=1))
        in_last_year = earlier_days.day >= day_number(month_of(number + max(months - YEAR, 0)))
        return (
            months_ahead(earlier_days, starts),
            float(in_last_year.sum()),
            float(earlier_days.value[in_last_year].sum()),
        )

    def purchases(months: int) -> tuple[Floats, float]:
        expected, counted, _ = ahead(months)
        return expected.purchases, counted

    def money(months: int) -> tuple[Floats, float]:
        expected, _, earned = ahead(months)
        return expected.value, earned

    of = {"revenue": money, "orders": purchases, "customers": purchases}
    return {
        figure: (Method(KEY, NAME, _scaled(expectation), NEEDED_MONTHS),)
        for figure, expectation in of.items()
    }


def _scaled(expectation: Callable[[int], tuple[Floats, float]]) -> Callable[[Floats, int], Floats]:
    """A contestant from what the models tell; "like the last month" where they know nobody who bought."""

    def predict(history: Floats, horizon: int) -> Floats:
        expected, last_year = expectation(len(history))
        if last_year <= 0:
            return last_value(history, horizon)
        return np.asarray(expected[:horizon] * (history[-YEAR:].sum() / last_year), dtype=np.float64)

    return predict

"""Purchase days and revenue month by month: of the customers as of a day, and of new ones.

Present customers: expected purchase days (BG/NBD), and these times expected spend (Gamma-Gamma), fitted to the purchases
up to that day. New customers: as many a month as recently; each makes 1 + E[X(t)] purchases up to t after the first one,
which is taken to be in the middle of a month.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from loyalty.columns import Floats
from loyalty.purchase_model.expectations import expected_purchases
from loyalty.purchase_model.fit import fit, rows_of
from loyalty.purchase_model.gamma_gamma import spend
from loyalty.purchase_model.histories import WEEK, Histories, PurchaseDays, day_number, histories
from loyalty.purchase_model.model import BG_NBD, Model
from loyalty.purchase_model.spend import fit_spend

RECENT = 4  # months whose new customers give the number to come
MOST_CUSTOMERS = 2_500


@dataclass(frozen=True)
class MonthsAhead:
    """The forecast of each month, shape (h,): `purchases` (purchase days) and `value` (net revenue)."""

    purchases: Floats
    value: Floats


def customer_sample(days: PurchaseDays, most: int = MOST_CUSTOMERS) -> PurchaseDays:
    """A sample of every k-th customer, at most `most`, so that a fit takes milliseconds in any shop."""
    step = -(-len(days.names) // most)
    if step <= 1:
        return days
    sampled = days.customer % step == 0
    return PurchaseDays(
        days.names[::step], days.customer[sampled] // step, days.day[sampled], days.value[sampled]
    )


def days_until(days: PurchaseDays, cutoff: dt.date) -> PurchaseDays:
    """The purchase days up to the end of `cutoff`; `names` stay."""
    before = days.day <= day_number(cutoff)
    return replace(days, customer=days.customer[before], day=days.day[before], value=days.value[before])


def months_ahead(days: PurchaseDays, starts: list[dt.date], model: Model = BG_NBD) -> MonthsAhead:
    """Forecast h consecutive months from the purchases before `starts`[0].

    `starts` has h + 1 days: the first day of each month, and the day after the last one.
    """
    cutoff = starts[0] - dt.timedelta(days=1)
    history = histories(days, cutoff)
    if not len(history):
        return MonthsAhead(np.zeros(len(starts) - 1), np.zeros(len(starts) - 1))
    ends = np.array([(start - starts[0]).days for start in starts[1:]]) / WEEK
    rows = rows_of(history)
    fitted, spending = fit(history, model), fit_spend(history)
    monthly = np.diff(expected_purchases(fitted, rows, ends), axis=1, prepend=0.0)
    spend_by_row = np.bincount(
        rows.customer_row, weights=spending.expected(spend(history)), minlength=len(rows.x)
    )
    new_customers = newcomers(history)
    middles = ends - np.diff(ends, prepend=0.0) / 2
    again = fitted.model.expected_new(fitted.theta, middles)
    first = float(history.first_value.mean())
    return MonthsAhead(
        purchases=rows.weight @ monthly + new_customers * (1 + again),
        value=spend_by_row @ monthly + new_customers * (first + again * spending.mean_spend),
    )


def newcomers(history: Histories) -> float:
    """First purchases a month, over the last `RECENT` months (four weeks and three days each) or since the first."""
    month = 365.25 / 12 / WEEK
    span = min(RECENT, max(1.0, float(history.T.max()) / month))
    return float((span * month > history.T).sum()) / span

"""Purchase days and money month by month: of the customers known on a day, and of those still to come.

Known customers: expected purchase days (BG/NBD) and these times expected spend (Gamma-Gamma), fitted on what was known
on the day. New ones: as many a month as of late; each buys on the first day and then as the model expects of somebody
new: 1 + E[X(t)] up to t after the first purchase, all of them taken to come in the middle of their month.
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

RECENT = 4  # months whose newcomers are the measure of those to come
MOST_CUSTOMERS = 2_500


@dataclass(frozen=True)
class MonthsAhead:
    """What each month to come should hold, shape (h,): `purchases` (purchase days) and `value` (net revenue)."""

    purchases: Floats
    value: Floats


def customer_sample(days: PurchaseDays, most: int = MOST_CUSTOMERS) -> PurchaseDays:
    """Every k-th customer, so that at most `most` are left: a fit takes milliseconds however large the shop is."""
    step = -(-len(days.names) // most)
    if step <= 1:
        return days
    own = days.customer % step == 0
    return PurchaseDays(days.names[::step], days.customer[own] // step, days.day[own], days.value[own])


def days_until(days: PurchaseDays, cutoff: dt.date) -> PurchaseDays:
    """What was known at the end of `cutoff`; `names` stay."""
    seen = days.day <= day_number(cutoff)
    return replace(days, customer=days.customer[seen], day=days.day[seen], value=days.value[seen])


def months_ahead(days: PurchaseDays, starts: list[dt.date], model: Model = BG_NBD) -> MonthsAhead:
    """What `days`, as known before `starts`[0], let expect of the months that begin on `starts`; the last is an end.

    Purchases on or after `starts`[0] are not looked at. Months follow each other: `starts` has h + 1 days.
    """
    cutoff = starts[0] - dt.timedelta(days=1)
    known = histories(days, cutoff)
    if not len(known):
        return MonthsAhead(np.zeros(len(starts) - 1), np.zeros(len(starts) - 1))
    ends = np.array([(start - starts[0]).days for start in starts[1:]]) / WEEK
    rows = rows_of(known)
    fitted, spending = fit(known, model), fit_spend(known)
    monthly = np.diff(expected_purchases(fitted, rows, ends), axis=1, prepend=0.0)
    worth = np.bincount(rows.of, weights=spending.expected(spend(known)), minlength=len(rows.x))
    came = newcomers(known)
    middles = ends - np.diff(ends, prepend=0.0) / 2
    again = fitted.model.expected_new(fitted.theta, middles)
    first = float(known.first_value.mean())
    return MonthsAhead(
        purchases=rows.weight @ monthly + came * (1 + again),
        value=worth @ monthly + came * (first + again * spending.usual),
    )


def newcomers(known: Histories) -> float:
    """First purchases a month, over the last `RECENT` months (four weeks and three days each) or since the first."""
    month = 365.25 / 12 / WEEK
    span = min(RECENT, max(1.0, float(known.T.max()) / month))
    return float((span * month > known.T).sum()) / span

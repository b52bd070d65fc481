"""Expectations of a fitted purchase model: P(still a customer), purchases to come, and the next purchase."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from loyalty.columns import Floats
from loyalty.purchase_model.fit import Fit
from loyalty.purchase_model.terms import Terms
from loyalty.purchase_model.unique_histories import Rows, distinct_rows

HALVINGS = 24  # a year to within two seconds


def p_alive(fitted: Fit, rows: Rows) -> Floats:
    """P(still a customer) of each row, shape (m,)."""
    return fitted.model.p_alive(fitted.theta, rows.x, rows.t_x, rows.T)


def expected_purchases(fitted: Fit, rows: Rows, weeks: npt.ArrayLike) -> Floats:
    """E[Y(t) | x, t_x, T], purchase days in the next t weeks, of each row: shape (m, h) for `weeks` of (h,)."""
    ahead = np.atleast_1d(np.asarray(weeks, dtype=np.float64))
    ages = distinct_rows(rows.x, np.zeros(len(rows.x)), rows.T)  # given alive, t_x does not matter
    return (
        p_alive(fitted, rows)[:, None]
        * fitted.model.expected(fitted.theta, ages.x, ages.T, ahead)[ages.customer_row]
    )


def p_purchase(fitted: Fit, rows: Rows, weeks: float) -> Floats:
    """P(at least one purchase in the next `weeks`) of each row, shape (m,)."""
    none = fitted.model.p_none(fitted.theta, rows.x, rows.T, np.array([weeks]))
    return p_alive(fitted, rows) * (1 - none)


def discounted_purchases(fitted: Fit, rows: Rows, terms: Terms) -> Floats:
    """Expected purchase days of each row, each discounted to its present value, shape (m,); those of a month at its middle."""
    ends = terms.month_ends()
    by_month = np.diff(expected_purchases(fitted, rows, ends), axis=1, prepend=0.0)
    middles = (ends + np.append(0.0, ends[:-1])) / 2
    return np.asarray(by_month @ terms.present_value(middles), dtype=np.float64)


def next_purchase(
    fitted: Fit, rows: Rows, weeks: float, shares: tuple[float, ...] = (0.25, 0.5, 0.75)
) -> Floats:
    """Weeks until the next purchase, given one within `weeks`: its quantiles for each row, shape (m, len(shares)).

    The time at which P(purchase by then | alive) is `share` of P(purchase within `weeks` | alive); by
    bisection, as every model has that probability but not all its inverse.
    """
    ages = distinct_rows(rows.x, np.zeros(len(rows.x)), rows.T)
    x, T = ages.x[:, None], ages.T[:, None]
    bought = 1 - fitted.model.p_none(fitted.theta, x, T, np.array([[weeks]]))
    low, high = np.zeros((len(ages.x), len(shares))), np.full((len(ages.x), len(shares)), weeks)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        early = 1 - fitted.model.p_none(fitted.theta, x, T, middle) < np.array(shares) * bought
        low, high = np.where(early, middle, low), np.where(early, high, middle)
    return np.asarray(((low + high) / 2)[ages.customer_row], dtype=np.float64)

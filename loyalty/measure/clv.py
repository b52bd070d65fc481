"""What a customer is worth, by arithmetic alone: net revenue so far, and AOV x frequency x lifespan.

(Model predictions are elsewhere; this is the arithmetic that an owner can check by hand.)
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from loyalty.errors import OwnerError
from loyalty.measure.satisfaction import wilson
from loyalty.words import N_, Message

MIN_HISTORY_DAYS = 366  # one year and a day: somebody must have been able to buy before the last year began
MIN_CUSTOMERS = 30


class BadLifespan(OwnerError):
    """The owner's own lifespan is not a positive number of years."""

    template: ClassVar[str] = N_("A customer's lifespan must be more than 0 years; {years} was entered.")


class BadMargin(OwnerError):
    """The owner's margin is not a share."""

    template: ClassVar[str] = N_(
        "The margin must lie between 0 and 1 (0.4 means 40 %); {margin} was entered."
    )


@dataclass(frozen=True)
class Dropout:
    """The yearly drop-out: of `customers` who bought in the year before the last, `lost` did not in the last.

    `rate` and its Wilson 95 % interval are shares in [0, 1]; None, with a `note` that says what is missing,
    when there is too little to measure it.
    """

    customers: int
    lost: int
    rate: float | None
    low: float | None
    high: float | None
    note: Message | None


@dataclass(frozen=True)
class FormulaClv:
    """Every part of AOV x frequency x lifespan (x margin), so that a page can show the arithmetic.

    `aov`: net revenue per order, and `frequency`: orders a year per customer, both of identified customers
    over the 365 days that end with `as_of`, so that their product is what one active customer brings in a
    year. `lifespan_years` = 1 / yearly drop-out, or the owner's own figure (`owner_lifespan`). `value` is
    None when a part is; `note` then says which. `low`, `high`: the 95 % interval that comes from the
    drop-out alone (None with the owner's own lifespan, and `high` also when the drop-out may be 0).
    """

    aov: float | None
    frequency: float | None
    lifespan_years: float | None
    owner_lifespan: bool
    margin: float | None
    dropout: Dropout
    value: float | None
    low: float | None
    high: float | None
    note: Message | None


def historic_clv_by_customer(customers: pd.DataFrame, margin: float | None = None) -> pd.Series:
    """Net revenue so far of each customer (x `margin` when given), indexed by customer_id."""
    _check_margin(margin)
    return customers.set_index("customer_id")["revenue"].astype("float64") * (
        1.0 if margin is None else margin
    )


def historic_clv(customers: pd.DataFrame, margin: float | None = None) -> float | None:
    """The mean of `historic_clv_by_customer`; None without customers."""
    return float(historic_clv_by_customer(customers, margin).mean()) if len(customers) else None


def yearly_revenue_by_customer(customers: pd.DataFrame) -> pd.Series:
    """Net revenue of the last 365 days of each customer who bought in them, indexed by customer_id.

    Its mean is `aov` x `frequency` of `formula_clv`.
    """
    active = customers[customers["orders_365"] > 0]
    return active.set_index("customer_id")["revenue_365"].astype("float64")


def history_days(customers: pd.DataFrame, as_of: dt.date) -> int:
    """Days from the first purchase of anybody to `as_of`, both counted; 0 without customers."""
    if not len(customers):
        return 0
    return int((pd.Timestamp(as_of) - customers["first_at"].min().normalize()).days) + 1


def yearly_dropout(activity: pd.DataFrame, history: int) -> Dropout:
    """Share of the customers of the year before the last who did not buy in the last.

    `activity`: one row a customer: customer_id, bought_prior_year (bought on a day in (as_of - 730, as_of -
    365]), bought_last_year (in (as_of - 365, as_of]). `history`: see `history_days`. Measured from 366 days
    of history and 30 customers in the prior year; below, `rate` is None and `note` says what is missing.
    """
    prior = activity["bought_prior_year"].to_numpy(dtype=bool)
    customers = int(prior.sum())
    lost = int((prior & ~activity["bought_last_year"].to_numpy(dtype=bool)).sum())
    note = _too_little(customers, history)
    if note is not None:
        return Dropout(customers, lost, None, None, None, note)
    return Dropout(customers, lost, lost / customers, *wilson(lost, customers), None)


def _too_little(customers: int, history: int) -> Message | None:
    """What is missing to measure the drop-out, and how much would be enough."""
    if history < MIN_HISTORY_DAYS:
        return Message(
            N_(
                "How long customers stay can be measured from {enough} days of sales; so far there "
                "are {have}. Until then, enter your own estimate in years."
            ),
            {"enough": MIN_HISTORY_DAYS, "have": history},
        )
    if customers < MIN_CUSTOMERS:
        return Message(
            N_(
                "How long customers stay can be measured from {enough} customers who bought in the year "
                "before the last; so far the number is {have}. Until then, enter your own estimate in years."
            ),
            {"enough": MIN_CUSTOMERS, "have": customers},
        )
    return None


def formula_clv(
    customers: pd.DataFrame,
    activity: pd.DataFrame,
    as_of: dt.date,
    lifespan_years: float | None = None,
    margin: float | None = None,
) -> FormulaClv:
    """AOV x frequency x lifespan with all its parts (see `FormulaClv`), from CUSTOMERS and `activity`.

    `activity`: see `yearly_dropout`. `lifespan_years`: the owner's own figure, used instead of 1 / drop-out.
    Raises `BadLifespan` unless it is above 0, `BadMargin` unless 0 <= margin <= 1.
    """
    _check_margin(margin)
    if lifespan_years is not None and not lifespan_years > 0:
        raise BadLifespan(years=lifespan_years)
    dropout = yearly_dropout(activity, history_days(customers, as_of))
    years = lifespan_years if lifespan_years is not None else _over(1.0, dropout.rate)
    orders, active = int(customers["orders_365"].sum()), int((customers["orders_365"] > 0).sum())
    aov, frequency = _over(float(customers["revenue_365"].sum()), orders), _over(float(orders), active)
    a_year = (
        None if aov is None or frequency is None else aov * frequency * (1.0 if margin is None else margin)
    )
    measured = lifespan_years is None
    return FormulaClv(
        aov=aov,
        frequency=frequency,
        lifespan_years=years,
        owner_lifespan=not measured,
        margin=margin,
        dropout=dropout,
        value=_times(a_year, years),
        low=_times(a_year, _over(1.0, dropout.high)) if measured else None,
        high=_times(a_year, _over(1.0, dropout.low)) if measured else None,
        note=_missing(a_year, years, dropout),
    )


def _missing(a_year: float | None, years: float | None, dropout: Dropout) -> Message | None:
    """Why the formula has no value, if it has none."""
    if a_year is None:
        return Message(
            N_("No identified customer has bought in the last 365 days, so there is nothing to multiply.")
        )
    if years is not None:
        return None
    return dropout.note or Message(
        N_(
            "All customers of the year before the last bought again, so how long they stay cannot be "
            "measured yet. Enter your own estimate in years."
        )
    )


def _check_margin(margin: float | None) -> None:
    if margin is not None and not 0 <= margin <= 1:
        raise BadMargin(margin=margin)


def _over(a: float, b: float | None) -> float | None:
    """a / b, or None when there is nothing to divide by."""
    return a / b if b else None


def _times(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a * b

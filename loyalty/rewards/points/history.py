"""What points are replayed from: the shop's history as small frames, and the versions of the programme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from loyalty.columns import Flags, Floats, Ints
from loyalty.rewards.programme.programme import Programme

DAY_S = 86_400

SALES_COLUMNS = ("order", "ref", "customer_id", "at", "gross")
RETURN_COLUMNS = ("order", "at", "amount")
LINE_COLUMNS = ("order", "product", "category", "amount")
EVENT_COLUMNS = ("customer_id", "at", "kind", "ref", "order")
MANUAL_COLUMNS = ("customer_id", "at", "kind", "points", "expires_on", "ref")


def empty_frame(columns: Sequence[str]) -> pd.DataFrame:
    """An empty frame with these columns."""
    return pd.DataFrame({name: pd.Series(dtype="object") for name in columns})


@dataclass(frozen=True)
class PointsHistory:
    """One shop's history; times are the shop's local wall time, money float64 in its currency.

    `sales`: one row an order of a known customer: order (int64, a number of its own within this history), ref (its key
    as text), customer_id, at, gross (net revenue before anything was returned, above 0).
    `returns`: order, at, amount: what was given back of it and when that was known.
    `lines`: order, product, category, amount, for rules by product; may be empty.
    `events`: customer_id, at, kind (sign_up, review, referrer, referred, birthday, lunar_birthday, anniversary or
    holiday:NAME), ref (unique for the kind and customer), order (the order it depends on, -1 for none).
    `manual_entries`: customer_id, at, kind (opening, redeemed, adjusted), points (above 0; adjusted: any), expires_on (date or
    None), ref: what the owner entered.
    """

    sales: pd.DataFrame
    returns: pd.DataFrame = field(default_factory=lambda: empty_frame(RETURN_COLUMNS))
    lines: pd.DataFrame = field(default_factory=lambda: empty_frame(LINE_COLUMNS))
    events: pd.DataFrame = field(default_factory=lambda: empty_frame(EVENT_COLUMNS))
    manual_entries: pd.DataFrame = field(default_factory=lambda: empty_frame(MANUAL_COLUMNS))


@dataclass(frozen=True)
class Orders:
    """Orders as arrays, by customer and time, and their returns.

    One row an order: customer (code), when (seconds), gross, number and ref (as in `PointsHistory.sales`). One row a
    return: return_of (the order's place), returned_at (seconds), left_before and left_after (money left of the order).
    """

    customer: Ints
    when: Ints
    gross: Floats
    number: Ints
    ref: np.ndarray
    return_of: Ints
    returned_at: Ints
    left_before: Floats
    left_after: Floats


@dataclass(frozen=True)
class Version:
    """A saved programme and the first day it applies to."""

    number: int
    starts: dt.date
    programme: Programme


def in_force(days: Ints, versions: Sequence[Version]) -> Ints:
    """For each day (days since 1970) the place in `versions` of the newest that applies to it; -1 where none does."""
    places = np.full(len(days), -1, dtype=np.int64)
    for place, version in enumerate(versions):
        places[days >= day_number(version.starts)] = place
    return places


def day_number(day: dt.date) -> int:
    """Days since 1 January 1970."""
    return day.toordinal() - dt.date(1970, 1, 1).toordinal()


def end_second(as_of: dt.date) -> int:
    """The first second after a day."""
    return (day_number(as_of) + 1) * DAY_S


def sort_order(customer: Ints, at: Ints, kind: Ints) -> Ints:
    """The places of rows by customer, second and kind (0 to 3), equal rows as they were.

    One sort key instead of three, which is fast where the rows are partly in order already.
    """
    if not len(customer):
        return np.zeros(0, dtype=np.int64)
    low, span = int(at.min()), int(at.max()) - int(at.min()) + 1
    if (int(customer.max()) + 1) * span * 4 >= np.iinfo(np.int64).max:
        return np.asarray(np.lexsort((kind, at, customer)), dtype=np.int64)
    return np.argsort((customer * span + (at - low)) * 4 + kind, kind="stable")


def seconds(times: pd.Series) -> Ints:
    """Seconds since 1970 of a column of times."""
    moments = pd.to_datetime(times).to_numpy().astype("datetime64[s]")
    seconds_since_1970: Ints = moments.astype(np.int64)
    return seconds_since_1970


def group_starts(codes: Ints) -> Flags:
    """Where a new value begins in sorted codes."""
    first = np.ones(len(codes), dtype=np.bool_)
    first[1:] = codes[1:] != codes[:-1]
    return first


def running_sum(values: Ints, first: Flags) -> Ints:
    """Running sums that begin anew wherever `first` is true."""
    total = np.cumsum(values)
    starts = np.flatnonzero(first)
    before = np.where(starts > 0, total[starts - 1], 0)
    sums: Ints = total - np.repeat(before, np.diff(np.append(starts, len(values))))
    return sums


def running_maximum(values: Ints, first: Flags) -> Ints:
    """Running maxima that begin anew wherever `first` is true."""
    if not len(values):
        return values
    low = int(values.min())
    step = int(values.max()) - low + 1
    lift = (np.cumsum(first) - 1) * step
    maxima: Ints = np.maximum.accumulate(values - low + lift) - lift + low
    return maxima

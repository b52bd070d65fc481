"""How many first-time customers buy again, and how soon: Kaplan-Meier over the time to the second purchase.

A customer whose days are not over yet is censored: they count as "not yet" for as long as they have been
observed, and not at all after that. Kaplan & Meier (1958), "Nonparametric estimation from incomplete
observations":

    S(t) = prod over t_i <= t of (1 - d_i / n_i)

`t_i`: days at which someone bought again; `d_i`: how many did; `n_i`: at risk, observed for t_i days or more
without an earlier second purchase. The 95 % band is the log-log one (Kalbfleisch & Prentice 1980) on
Greenwood's variance:

    low, high = S ** exp(+-z * sqrt(sum d_i / (n_i * (n_i - d_i))) / |ln S|),   z = 1.96

Curve and band are scipy's. The band has no value at S = 1 and S = 0. There the exact binomial bound for n customers
is used: nobody of n has bought again, so up to 1 - .025 ** (1 / n) may (and the mirror image when everybody has).
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import CensoredData, binomtest, ecdf

from loyalty.columns import Flags, Ints

HORIZONS = (30, 60, 90, 180, 365)


@dataclass(frozen=True)
class Within:
    """The share of first-time customers who buy again within so many days of their first purchase.

    `rate`, `low`, `high` are shares in [0, 1]; `rate` is None when nobody has been observed for that long (and
    somebody has not bought again yet). `low` and `high` are the 95 % band.
    """

    rate: float | None
    low: float | None
    high: float | None
    at_risk: int  # customers observed for the whole N days who had not bought again by their end
    events: int  # customers who bought again within N days


def kaplan_meier(durations_days: npt.ArrayLike, observed: npt.ArrayLike) -> pd.DataFrame:
    """The survival curve: one row a day at which an event happened.

    `durations_days`: days until the event or until the end of observation (any real number >= 0), shape (n,);
    `observed`: True where the event happened, shape (n,). Columns: time, at_risk (just before `time`),
    events, survival, low, high (95 %, see the module). Without an event: an empty frame with these columns.
    """
    days = np.asarray(durations_days, dtype=np.float64)
    happened = np.asarray(observed, dtype=bool)
    if not happened.any():
        return pd.DataFrame(
            columns=["time", "at_risk", "events", "survival", "low", "high"], dtype=np.float64
        )
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", RuntimeWarning
        )  # it says that the band has no value at S = 1 and S = 0
        curve = ecdf(CensoredData(uncensored=days[happened], right=days[~happened])).sf
        band = curve.confidence_interval(0.95, method="log-log")
    time, events = np.unique(days[happened], return_counts=True)
    at_risk = len(days) - np.searchsorted(np.sort(days), time, side="left")
    steps = np.isin(curve.quantiles, time)  # days at which observation ended are no steps of the curve
    survival, low, high = (each.probabilities[steps] for each in (curve, band.low, band.high))
    if survival[-1] == 0.0:
        low[-1], high[-1] = 0.0, min(_exact_bound(int(at_risk[-1])), high[:-1][-1:].min(initial=1.0))
    return pd.DataFrame(
        {"time": time, "at_risk": at_risk, "events": events, "survival": survival, "low": low, "high": high}
    )


def _exact_bound(n: int) -> float:
    """Upper 97.5 % bound (Clopper & Pearson 1934) of a share that came out as 0 of `n`; 1 for n = 0."""
    return float(binomtest(0, n).proportion_ci(0.95, method="exact").high) if n else 1.0


def by_first_purchase(
    customers: pd.DataFrame, as_of: dt.date, since: dt.date | None = None, until: dt.date | None = None
) -> pd.DataFrame:
    """The customers whose first purchase fell on `since` … `until` (inclusive; None: open), up to `as_of`."""
    first = customers["first_at"].dt.normalize()
    earliest = pd.Timestamp(since) if since else pd.Timestamp.min
    latest = pd.Timestamp(min(until, as_of) if until else as_of)
    selected: pd.DataFrame = customers[first.between(earliest, latest)]
    return selected


def waiting_days(customers: pd.DataFrame, as_of: dt.date) -> tuple[Ints, Flags]:
    """Whole days from each first purchase to the second (or to `as_of`), and whether the second was observed.

    Dates count, not hours: a second order on the first day waits 0 days.
    """
    end = pd.Timestamp(as_of)
    buyers = by_first_purchase(customers, as_of)
    first = buyers["first_at"].dt.normalize()
    second = buyers["second_at"].dt.normalize()
    observed = (second <= end).to_numpy(dtype=bool)
    days = (second.where(observed, end) - first).dt.days
    return days.to_numpy(dtype=np.int64), observed


def bought_again_within(
    customers: pd.DataFrame, as_of: dt.date, horizons: Sequence[int] = HORIZONS
) -> dict[int, Within]:
    """For each horizon of N days, 1 - S(N) of the time from first to second purchase, censored at `as_of`.

    `customers`: a CUSTOMERS frame (see `loyalty.columns`), or a part of it from `by_first_purchase`.
    The share counts second purchases on day N itself. See `Within` for what is None and when.
    """
    return within_days(*waiting_days(customers, as_of), horizons)


def within_days(days: Ints, observed: Flags, horizons: Sequence[int] = HORIZONS) -> dict[int, Within]:
    """`bought_again_within` from the arrays of `waiting_days`, shape (n,), or a part of them."""
    curve = kaplan_meier(days, observed)
    return {n: _within(n, days, observed, curve) for n in horizons}


def _within(n: int, days: Ints, observed: Flags, curve: pd.DataFrame) -> Within:
    """Repurchase within `n` days, from the curve."""
    events = int(np.count_nonzero(observed & (days <= n)))
    at_risk = int(np.count_nonzero(days >= n)) - int(np.count_nonzero(observed & (days == n)))
    if not len(days) or (days.max() < n and not _all_bought(curve)):
        return Within(None, None, None, at_risk, events)
    if not events:
        return Within(0.0, 0.0, _exact_bound(at_risk), at_risk, events)
    step = curve[curve["time"] <= n].iloc[-1]
    rate, low, high = 1.0 - step["survival"], 1.0 - step["high"], 1.0 - step["low"]
    return Within(float(rate), float(low), float(high), at_risk, events)


def _all_bought(curve: pd.DataFrame) -> bool:
    """Whether the curve ends at 0: all customers observed to the end have bought again."""
    return len(curve) > 0 and float(curve["survival"].iloc[-1]) == 0.0


def return_curve(customers: pd.DataFrame, as_of: dt.date, until_days: int = 180) -> pd.DataFrame:
    """The share who have bought again after 0, 1, … `until_days` days, for plotting.

    Columns: days (int), share, low, high (in [0, 1], 95 %). Days for which nobody has been observed are left
    out, so the frame may be shorter than `until_days` + 1 rows, or empty.
    """
    points: Mapping[int, Within] = bought_again_within(customers, as_of, range(until_days + 1))
    rows = [(n, w.rate, w.low, w.high) for n, w in points.items() if w.rate is not None]
    return pd.DataFrame(rows, columns=["days", "share", "low", "high"])

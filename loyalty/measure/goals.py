"""Goals of the owner: the figures that can have one, progress, and what is missing.

A goal says "at least" or "at most" a value of one figure. So that progress reflects recent months, figures of a
period cover the 365 days that end with `as_of`, figures of a month the last complete one, and repurchase covers the
new customers of the last year (two years where the horizon itself is a year).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import pandas as pd

from loyalty.errors import OwnerError
from loyalty.measure.kpis import Kpis
from loyalty.measure.retention import HORIZONS, bought_again_within, by_first_purchase
from loyalty.words import N_, Message

Kind = Literal["share", "money", "count", "days", "points"]
Direction = Literal["at_least", "at_most"]
YEAR = 365
_TINY = 1e-9


class UnknownGoal(OwnerError):
    """A figure that cannot have a goal."""

    template: ClassVar[str] = N_("There can be no goal for “{metric}”. There can be for: {known}.")


class BadGoal(OwnerError):
    """A value that a figure cannot reach."""

    template: ClassVar[str] = N_("“{value}” is no goal for {metric}: {expected}.")


@dataclass(frozen=True)
class Metric:
    """A figure that can have a goal: its name, how it is counted, and the direction that is usually wished for."""

    name: str
    kind: Kind
    usual: Direction = "at_least"


METRICS: Mapping[str, Metric] = {
    "repurchase_rate": Metric(N_("Repurchase rate"), "share"),
    **{
        f"repurchase_within_{days}": Metric(
            N_("Come back within {days} days, new in the last {months} months"), "share"
        )
        for days in HORIZONS
    },
    "returning_rate": Metric(N_("Returning customer rate, last 12 months"), "share"),
    "purchase_frequency": Metric(N_("Orders a year"), "points"),
    "aov": Metric(N_("Average order value, last 12 months"), "money"),
    "gap": Metric(N_("Usual gap between purchases"), "days", "at_most"),
    "revenue_month": Metric(N_("Net revenue of a month"), "money"),
    "orders_month": Metric(N_("Orders of a month"), "count"),
    "new_customers_month": Metric(N_("New customers of a month"), "count"),
    "csat": Metric(N_("Satisfied (4–5 of 5)"), "share"),
    "nps": Metric(N_("Would recommend (NPS)"), "points"),
    "anonymous": Metric(N_("Orders of unknown buyers, last 12 months"), "share", "at_most"),
}


@dataclass(frozen=True)
class Goal:
    """A goal: `metric` (a key of METRICS) at least or at most `value` (shares in [0, 1])."""

    metric: str
    direction: Direction
    value: float


@dataclass(frozen=True)
class Reading:
    """Current value of a figure. `part` of `whole` people, where it is a share of them; `low`, `high`: its 95 % range."""

    value: float | None
    part: int | None = None
    whole: int | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Progress:
    """Progress of a goal. `reached`: None while the figure is unknown; `share_done`: in [0, 1], 1 when reached;
    `missing`: how many more people or orders would reach it (None: no such count)."""

    goal: Goal
    reading: Reading
    reached: bool | None
    share_done: float
    missing: int | None


def checked_goal(metric: str, direction: str, value: object) -> Goal:
    """A checked goal. Raises UnknownGoal, or BadGoal with what is expected."""
    if metric not in METRICS:
        raise UnknownGoal(metric=metric, known=", ".join(METRICS))
    name = metric_name(metric)
    if direction not in ("at_least", "at_most"):
        raise BadGoal(value=direction, metric=name, expected=Message(N_("it is at least or at most a value")))
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise BadGoal(value=value, metric=name, expected=Message(N_("it is a number")))
    kind = METRICS[metric].kind
    if kind == "share" and not 0 <= value <= 1:
        raise BadGoal(value=value, metric=name, expected=Message(N_("it is a share between 0 and 100 %")))
    if metric == "nps" and not -100 <= value <= 100:
        raise BadGoal(value=value, metric=name, expected=Message(N_("it lies between −100 and 100")))
    if metric != "nps" and value < 0:
        raise BadGoal(value=value, metric=name, expected=Message(N_("it is not below 0")))
    return Goal(metric, "at_least" if direction == "at_least" else "at_most", float(value))


def metric_name(metric: str) -> Message:
    """Display name of a figure."""
    days = metric.rpartition("_")[2]
    if not days.isdigit():
        return Message(METRICS[metric].name)
    return Message(METRICS[metric].name, {"days": days, "months": 12 * _years(int(days))})


def _years(days: int) -> int:
    """How many years of new customers are used for a repurchase horizon."""
    return 2 if days >= YEAR else 1


def readings(
    all_time: Kpis, recent: Kpis, months: pd.DataFrame, customers: pd.DataFrame, as_of: dt.date
) -> dict[str, Reading]:
    """Current values of all figures of METRICS.

    `recent`: of the last 365 days; `months`: whole months of the MONTHS frame; `customers`: CUSTOMERS.
    """
    last = months.iloc[-1] if len(months) else None
    values = {
        "repurchase_rate": _share(all_time.repurchase_rate, all_time.customers),
        "returning_rate": _share(recent.returning_rate, recent.customers),
        "purchase_frequency": Reading(all_time.purchase_frequency),
        "aov": Reading(recent.aov),
        "gap": Reading(all_time.gap.median),
        "csat": Reading(
            all_time.csat.share,
            all_time.csat.satisfied,
            all_time.csat.answers,
            all_time.csat.low,
            all_time.csat.high,
        ),
        "nps": Reading(all_time.nps.score, low=all_time.nps.low, high=all_time.nps.high),
        "anonymous": Reading(recent.anonymous_share),
    }
    for column, key in (
        ("revenue", "revenue_month"),
        ("orders", "orders_month"),
        ("new_customers", "new_customers_month"),
    ):
        values[key] = Reading(None if last is None else float(last[column]))
    return values | {f"repurchase_within_{days}": _within(customers, as_of, days) for days in HORIZONS}


def _within(customers: pd.DataFrame, as_of: dt.date, days: int) -> Reading:
    """The share of the latest new customers who buy again within so many days."""
    since = as_of - dt.timedelta(days=YEAR * _years(days) - 1)
    new = by_first_purchase(customers, as_of, since, as_of)
    within = bought_again_within(new, as_of, (days,))[days]
    part = None if within.rate is None else round(within.rate * len(new))
    return Reading(within.rate, part, len(new), within.low, within.high)


def _share(value: float | None, whole: int) -> Reading:
    return Reading(value, None if value is None else round(value * whole), whole)


def progress(goal: Goal, reading: Reading) -> Progress:
    """Progress of `goal` at the current `reading`."""
    if reading.value is None:
        return Progress(goal, reading, None, 0.0, None)
    reached = (
        reading.value >= goal.value - _TINY
        if goal.direction == "at_least"
        else reading.value <= goal.value + _TINY
    )
    return Progress(
        goal,
        reading,
        reached,
        1.0 if reached else _way(goal, reading.value),
        None if reached else _more(goal, reading),
    )


def _way(goal: Goal, value: float) -> float:
    """Share of the goal that is reached, for a goal not reached."""
    part, whole = (value, goal.value) if goal.direction == "at_least" else (goal.value, value)
    return min(max(part / whole, 0.0), 1.0) if whole > 0 else 0.0


def _more(goal: Goal, reading: Reading) -> int | None:
    """How many more people or orders would reach a goal of "at least".

    Of the same people (those who have not bought again yet): ceil(t n) - k. Beside them (additional returning buyers or satisfied
    answers): the least m with (k + m) / (n + m) >= t.
    """
    if goal.direction == "at_most" or reading.value is None:
        return None
    if METRICS[goal.metric].kind == "count":
        return math.ceil(goal.value - reading.value - _TINY)
    if reading.part is None or not reading.whole:
        return None
    missing = goal.value * reading.whole - reading.part
    if goal.metric in ("returning_rate", "csat"):
        return max(math.ceil(missing / (1 - goal.value) - _TINY), 1) if goal.value < 1 else None
    return max(math.ceil(missing - _TINY), 1)

"""Goals of the owner: which figures can have one, how far the shop is, and what would reach it.

A goal says "at least" or "at most" a value of one figure. So that a goal moves with what the owner does, figures of a
period are those of the 365 days that end with the day they are as of, those of a month of the last whole one, and
who comes back is told of those new in the last year (two years, where the wait itself is a year).
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
    """What a figure is now. `part` of `whole` people, where it is a share of them; `low`, `high`: its 95 % range."""

    value: float | None
    part: int | None = None
    whole: int | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Progress:
    """How far a goal is. `reached`: None while the figure is unknown; `way`: in [0, 1], 1 when reached; `more`:
    how many people or orders more would reach it (None: no such count)."""

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
    """What a figure is called."""
    days = metric.rpartition("_")[2]
    if not days.isdigit():
        return Message(METRICS[metric].name)
    return Message(METRICS[metric].name, {"days": days, "months": 12 * _years(int(days))})


def _years(days: int) -> int:
    """How many years of newcomers tell whether people come back within so many days."""
    return 2 if days >= YEAR else 1


def readings(
    all_time: Kpis, recent: Kpis, months: pd.DataFrame, customers: pd.DataFrame, as_of: dt.date
) -> dict[str, Reading]:
    """Where every figure of METRICS stands.

    `recent`: of the last 365 days; `months`: whole months of the MONTHS frame; `customers`: CUSTOMERS.
    """
    last = months.iloc[-1] if len(months) else None
    found = {
        "repurchase_rate": _share(all_time.repurchase_rate, all_time.customers),
        "returning_rate": _share(recent.returning_rate, recent.customers),
        "purchase_frequency": Reading(all_time.purchase_frequency),
        "aov": Reading(recent.aov),
        "gap": Reading(all_time.gap.median),
        "csat": Reading(all_time.csat.share, all_time.csat.satisfied, all_time.csat.answers,
                        all_time.csat.low, all_time.csat.high),
        "nps": Reading(all_time.nps.score, low=all_time.nps.low, high=all_time.nps.high),
        "anonymous": Reading(recent.anonymous_share),
    }  # fmt: skip
    for column, key in (
        ("revenue", "revenue_month"),
        ("orders", "orders_month"),
        ("new_customers", "new_customers_month"),
    ):
        found[key] = Reading(None if last is None else float(last[column]))
    return found | {f"repurchase_within_{days}": _within(customers, as_of, days) for days in HORIZONS}


def _within(customers: pd.DataFrame, as_of: dt.date, days: int) -> Reading:
    """The share of the latest newcomers who come back within so many days."""
    since = as_of - dt.timedelta(days=YEAR * _years(days) - 1)
    new = by_first_purchase(customers, as_of, since, as_of)
    found = bought_again_within(new, as_of, (days,))[days]
    part = None if found.rate is None else round(found.rate * len(new))
    return Reading(found.rate, part, len(new), found.low, found.high)


def _share(value: float | None, whole: int) -> Reading:
    return Reading(value, None if value is None else round(value * whole), whole)


def progress(goal: Goal, now: Reading) -> Progress:
    """How far `goal` is from `now`."""
    if now.value is None:
        return Progress(goal, now, None, 0.0, None)
    reached = (
        now.value >= goal.value - _TINY if goal.direction == "at_least" else now.value <= goal.value + _TINY
    )
    return Progress(
        goal, now, reached, 1.0 if reached else _way(goal, now.value), None if reached else _more(goal, now)
    )


def _way(goal: Goal, value: float) -> float:
    """The share of the way that is done, for a goal not reached."""
    part, whole = (value, goal.value) if goal.direction == "at_least" else (goal.value, value)
    return min(max(part / whole, 0.0), 1.0) if whole > 0 else 0.0


def _more(goal: Goal, now: Reading) -> int | None:
    """How many more would reach a goal of "at least".

    Of the same people (those who have not come back yet): ceil(t n) - k. Beside them (returning buyers and satisfied
    answers come on top of those there are): the least m with (k + m) / (n + m) >= t.
    """
    if goal.direction == "at_most" or now.value is None:
        return None
    if METRICS[goal.metric].kind == "count":
        return math.ceil(goal.value - now.value - _TINY)
    if now.part is None or not now.whole:
        return None
    missing = goal.value * now.whole - now.part
    if goal.metric in ("returning_rate", "csat"):
        return max(math.ceil(missing / (1 - goal.value) - _TINY), 1) if goal.value < 1 else None
    return max(math.ceil(missing - _TINY), 1)

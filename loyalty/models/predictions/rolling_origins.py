"""Rolling origins: the days that model selection predicts from, and the windows that each may learn from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

MOST_ORIGINS = 4
MOST_WINDOWS = 3
LEAST_ORIGINS = 3  # where the sales go back far enough
LEAST_DAYS = 30  # of sales before a window; at least two thirds of a horizon


@dataclass(frozen=True)
class Start:
    """A prediction from the end of `cutoff` that learns from `windows` (their cutoffs), the newest first."""

    cutoff: dt.date
    windows: tuple[dt.date, ...]


@dataclass(frozen=True)
class Plan:
    """`now`: the start of the prediction; `origins`: those of model selection, the oldest first; all of `horizon_days`."""

    now: Start
    origins: tuple[Start, ...]
    horizon_days: int

    @property
    def days(self) -> tuple[dt.date, ...]:
        """All days whose features are needed, the oldest first."""
        starts = (self.now, *self.origins)
        return tuple(sorted({day for start in starts for day in (start.cutoff, *start.windows)}))


def least_days(horizon_days: int) -> int:
    """Days of sales that a window needs before it."""
    return max(LEAST_DAYS, 2 * horizon_days // 3)


def start_at(cutoff: dt.date, first: dt.date, horizon_days: int) -> Start:
    """The start at a cutoff. `first`: the first day of sales.

    The horizons of its windows end at the cutoff, half a horizon before it, and a whole one.
    """
    step = dt.timedelta(days=max(1, horizon_days // 2))
    newest = cutoff - dt.timedelta(days=horizon_days)
    windows = [newest - place * step for place in range(MOST_WINDOWS)]
    earliest = first + dt.timedelta(days=least_days(horizon_days))
    return Start(cutoff, tuple(day for day in windows if day >= earliest))


def plan(first: dt.date, as_of: dt.date, horizon_days: int) -> Plan:
    """Plan up to MOST_ORIGINS origins whose horizon is over by `as_of`. `first`: the first day of sales.

    They are a whole horizon apart; half a horizon where that gives fewer than LEAST_ORIGINS.
    """
    for step_days in (horizon_days, max(1, horizon_days // 2)):
        step = dt.timedelta(days=step_days)
        newest = as_of - dt.timedelta(days=horizon_days)
        starts = [start_at(newest - place * step, first, horizon_days) for place in range(MOST_ORIGINS)]
        origins = tuple(start for start in reversed(starts) if start.windows)
        if len(origins) >= LEAST_ORIGINS:
            break
    return Plan(start_at(as_of, first, horizon_days), origins, horizon_days)

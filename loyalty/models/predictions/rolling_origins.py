"""Which days a contest predicts from, and which windows each may learn from: nothing that ends after it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

MOST_ORIGINS = 4
MOST_WINDOWS = 3
LEAST_ORIGINS = 3  # where history allows
LEAST_DAYS = 30  # of sales before a window's first day ahead, at least two thirds of a horizon


@dataclass(frozen=True)
class Start:
    """Predict from the end of `cutoff`, having learned from `windows`, the newest first."""

    cutoff: dt.date
    windows: tuple[dt.date, ...]


@dataclass(frozen=True)
class Plan:
    """`now`: the start of the prediction; `origins`: those of the contest, the oldest first; `horizon_days` each."""

    now: Start
    origins: tuple[Start, ...]
    horizon_days: int

    @property
    def days(self) -> tuple[dt.date, ...]:
        """All days that features are needed of, the oldest first."""
        starts = (self.now, *self.origins)
        return tuple(sorted({day for start in starts for day in (start.cutoff, *start.windows)}))


def least_days(horizon_days: int) -> int:
    """Days of sales that a window needs before it."""
    return max(LEAST_DAYS, 2 * horizon_days // 3)


def start_at(cutoff: dt.date, first: dt.date, horizon_days: int) -> Start:
    """The start at a cutoff; `first`: the first day of sales. Windows end at the cutoff, half a horizon before it, and a whole one."""
    step = dt.timedelta(days=max(1, horizon_days // 2))
    newest = cutoff - dt.timedelta(days=horizon_days)
    found = [newest - place * step for place in range(MOST_WINDOWS)]
    known_from = first + dt.timedelta(days=least_days(horizon_days))
    return Start(cutoff, tuple(day for day in found if day >= known_from))


def plan(first: dt.date, as_of: dt.date, horizon_days: int) -> Plan:
    """Up to MOST_ORIGINS origins whose horizon is over by `as_of`, a whole horizon apart; half where that gives fewer
    than LEAST_ORIGINS. `first`: the first day of sales."""
    for step_days in (horizon_days, max(1, horizon_days // 2)):
        step = dt.timedelta(days=step_days)
        newest = as_of - dt.timedelta(days=horizon_days)
        starts = [start_at(newest - place * step, first, horizon_days) for place in range(MOST_ORIGINS)]
        origins = tuple(start for start in reversed(starts) if start.windows)
        if len(origins) >= LEAST_ORIGINS:
            break
    return Plan(start_at(as_of, first, horizon_days), origins, horizon_days)

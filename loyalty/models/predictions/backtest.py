"""The record of a method over all origins of a contest: where customers stood and what they did, how well it knew, who gains."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from loyalty.columns import Flags, Floats
from loyalty.customers.status import LAPSED, OVERDUE
from loyalty.models.predictions import metrics
from loyalty.models.predictions.contact_choice import Confusion, Costs, confusion
from loyalty.models.predictions.loyalty_score import loyalty_score
from loyalty.models.predictions.model_selection import ModelSelection, Trial

FIFTHS = 5


@dataclass(frozen=True)
class StatusOutcome:
    """What the customers of an origin did within the horizon, who stood where at its start: how many were `overdue`,
    `lapsed` and customers at all, and how many of each bought (by themselves or because somebody wrote to them)."""

    cutoff: dt.date
    until: dt.date
    overdue: int
    overdue_bought: int
    lapsed: int
    lapsed_bought: int
    customers: int
    customers_bought: int


@dataclass(frozen=True)
class Record:
    """A method's record. `statuses`: by origin, the oldest first; `reliability`, `shares`, `reached` (the gain curve) over
    all origins together; `confusion`: of those who had come back before, at the owner's costs."""

    method: str
    statuses: tuple[StatusOutcome, ...]
    reliability: metrics.Reliability
    shares: Floats
    reached: Floats
    confusion: Confusion


@dataclass(frozen=True)
class ScoreCheck:
    """Customers in fifths by loyalty score, the lowest first: mean `score` and the share who `came` within the horizon;
    `auc`: P(one who came had the higher score)."""

    score: Floats
    came: Floats
    auc: float


def record(of: ModelSelection, method: str, costs: Costs) -> Record:
    """Over the origins that the method took part in."""
    trials = [trial for trial in of.trials if method in trial.p_buy]
    bought, p = _pooled(trials, method)
    back = (
        np.concatenate([trial.example.at.known.x > 0 for trial in trials])
        if trials
        else np.zeros(0, dtype=bool)
    )
    shares, reached = metrics.gain_curve(bought, p)
    return Record(
        method,
        tuple(status_outcome(trial) for trial in trials),
        metrics.reliability(bought, p),
        shares,
        reached,
        confusion(bought[back], p[back], costs),
    )


def _pooled(trials: list[Trial], method: str) -> tuple[Flags, Floats]:
    """Whether they bought, and what was said, of all origins."""
    if not trials:
        return np.zeros(0, dtype=bool), np.zeros(0)
    bought = [trial.example.became.bought for trial in trials]
    return np.concatenate(bought), np.concatenate([trial.p_buy[method] for trial in trials])


def status_outcome(trial: Trial) -> StatusOutcome:
    """Who was overdue or lapsed at the origin, and who of them bought."""
    status, bought = trial.statuses.customers["status"].to_numpy(), trial.example.became.bought
    overdue, lapsed = status == OVERDUE, status == LAPSED
    return StatusOutcome(
        trial.cutoff,
        trial.total.until,
        int(overdue.sum()),
        int(bought[overdue].sum()),
        int(lapsed.sum()),
        int(bought[lapsed].sum()),
        len(bought),
        int(bought.sum()),
    )


def score_check(of: ModelSelection) -> ScoreCheck | None:
    """The loyalty score against who came afterwards, at the newest origin; None without one."""
    if not of.trials:
        return None
    trial = of.trials[-1]
    example = trial.example
    score = loyalty_score(example.at.features, trial.statuses.usual_gap_days).astype(np.float64)
    order = np.array_split(np.argsort(score, kind="stable"), FIFTHS)
    parts = [part for part in order if len(part)]
    came = np.array([example.became.bought[part].mean() for part in parts])
    return ScoreCheck(
        np.array([score[part].mean() for part in parts]), came, metrics.auc(example.became.bought, score)
    )

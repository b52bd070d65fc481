"""The record of a method over all origins of model selection: outcomes by status, calibration, gain and choices."""

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
    """Customers of an origin by status at its start, and how many of them bought within the horizon.

    Those who bought because of a message count too.
    """

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
    """The record of a method.

    `statuses`: by origin, the oldest first; `reliability` and the gain curve (`shares`, `reached`): over all origins
    together; `confusion`: of the customers who had come back before, at the owner's costs.
    """

    method: str
    statuses: tuple[StatusOutcome, ...]
    reliability: metrics.Reliability
    shares: Floats
    reached: Floats
    confusion: Confusion


@dataclass(frozen=True)
class ScoreCheck:
    """Customers in fifths by loyalty score, the lowest first; shape (fifths,) each.

    `score`: the mean; `came`: the share who bought within the horizon; `auc`: P(a buyer had the higher score).
    """

    score: Floats
    came: Floats
    auc: float


def record(selection: ModelSelection, method: str, costs: Costs) -> Record:
    """The record of a method over the origins that it took part in, at the owner's `costs`."""
    trials = [trial for trial in selection.trials if method in trial.p_buy]
    bought, p = _pooled(trials, method)
    repeaters = (
        np.concatenate([trial.example.snapshot.history.x > 0 for trial in trials])
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
        confusion(bought[repeaters], p[repeaters], costs),
    )


def _pooled(trials: list[Trial], method: str) -> tuple[Flags, Floats]:
    """Outcomes and predicted probabilities of all origins together."""
    if not trials:
        return np.zeros(0, dtype=bool), np.zeros(0)
    bought = [trial.example.outcome.bought for trial in trials]
    return np.concatenate(bought), np.concatenate([trial.p_buy[method] for trial in trials])


def status_outcome(trial: Trial) -> StatusOutcome:
    """How many customers were overdue or lapsed at the origin, and how many of them bought."""
    status, bought = trial.statuses.customers["status"].to_numpy(), trial.example.outcome.bought
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


def score_check(selection: ModelSelection) -> ScoreCheck | None:
    """Check the loyalty score against who bought afterwards, at the newest origin; None without one."""
    if not selection.trials:
        return None
    trial = selection.trials[-1]
    example = trial.example
    score = loyalty_score(example.snapshot.features, trial.statuses.usual_gap_days).astype(np.float64)
    order = np.array_split(np.argsort(score, kind="stable"), FIFTHS)
    parts = [part for part in order if len(part)]
    came = np.array([example.outcome.bought[part].mean() for part in parts])
    return ScoreCheck(
        np.array([score[part].mean() for part in parts]), came, metrics.auc(example.outcome.bought, score)
    )

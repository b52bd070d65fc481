"""The record of a method over all origins of a contest: who was named and what they did, how well it knew, who gains."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from loyalty.models.predictions import metrics
from loyalty.models.predictions.contact_choice import Confusion, Costs, confusion
from loyalty.models.predictions.loyalty_score import loyalty_score, slipping, usual_silence
from loyalty.models.predictions.model_selection import Contest, Trial

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FIFTHS = 5
LATELY = 2.0


@dataclass(frozen=True)
class Named:
    """At an origin: how many were `named` as slipping away, and how many of these `stayed_away` for the horizon.

    Most of those named are long gone, and easily said to be; `lately` are those silent for no more than `silence_days`,
    LATELY times the shop's usual silence, and `lately_stayed_away` how many of these stayed away.
    """

    cutoff: dt.date
    until: dt.date
    named: int
    stayed_away: int
    silence_days: int
    lately: int
    lately_stayed_away: int


@dataclass(frozen=True)
class Record:
    """A method's record. `named`: by origin, the oldest first; `reliability`, `shares`, `reached` (the gain curve) over
    all origins together; `confusion`: of those who had come back before, at the owner's costs."""

    method: str
    named: tuple[Named, ...]
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


def record(of: Contest, method: str, costs: Costs) -> Record:
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
        tuple(_named(trial) for trial in trials),
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


def _named(trial: Trial) -> Named:
    at, away = trial.example.at, ~trial.example.became.bought
    flags, days = slipping(at, trial.p_alive), round(LATELY * usual_silence(at))
    lately = flags & (at.features["recency_days"].to_numpy() <= days)
    return Named(
        trial.cutoff, trial.total.until, int(flags.sum()), int((flags & away).sum()), days, int(lately.sum()), int((lately & away).sum())
    )  # fmt: skip


def score_check(of: Contest) -> ScoreCheck | None:
    """The loyalty score against who came afterwards, at the newest origin; None without one."""
    if not of.trials:
        return None
    example = of.trials[-1].example
    score = loyalty_score(example.at.features, usual_silence(example.at)).astype(np.float64)
    order = np.array_split(np.argsort(score, kind="stable"), FIFTHS)
    parts = [part for part in order if len(part)]
    came = np.array([example.became.bought[part].mean() for part in parts])
    return ScoreCheck(
        np.array([score[part].mean() for part in parts]), came, metrics.auc(example.became.bought, score)
    )

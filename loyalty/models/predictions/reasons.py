"""Why somebody is expected to come, or not: what each kind of fact adds to the odds, and the habit in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from loyalty.columns import Floats
from loyalty.models.predictions.ensembles import MeanEnsemble
from loyalty.models.predictions.feature_matrix import COLUMNS, design
from loyalty.models.predictions.logistic_regression import LogisticModel
from loyalty.models.predictions.metrics import clipped
from loyalty.models.predictions.snapshot import Snapshot
from loyalty.models.predictions.training import Scorer
from loyalty.words import N_, Message

#: Kinds of facts, each with the columns of `facts.features` that tell of it.
KINDS: Mapping[str, tuple[str, ...]] = {
    "lately": ("recency_days", "gap_mean", "gap_sd", "gap_last"),
    "often": ("days", "days_30", "days_90", "days_180", "days_365", "orders"),
    "money": ("spend", "spend_90", "spend_365", "last_value", "best_value"),
    "length": ("age_days",),
    "range": ("products", "categories", "lines", "units", "channels"),
    "offers": ("coupons", "discount_share"),
    "content": ("satisfaction", "answers", "refunds"),
    "visits": ("events", "events_90", "event_recency", "brought"),
    "season": ("season_days", "evening_share", "weekend_share"),
}
#: Which kind a column of `design` belongs to, where it is made of others.
DERIVED = {
    "lateness": "lately", "lateness_squared": "lately", "recency_share": "lately", "trend": "often", "rate": "often", "repeats": "often",
    "mean_value": "money", "satisfaction": "content", "visited": "visits",
}  # fmt: skip
REASON_SENTENCES: Mapping[str, tuple[str, str]] = {
    "lately": (N_("was here lately, for their habit"), N_("has been silent for long, for their habit")),
    "often": (N_("buys more often than most"), N_("buys less often than most")),
    "money": (N_("spends as those do who come again"), N_("spends as those do who stay away")),
    "length": (N_("has been a customer for about as long as those who come again"),
               N_("has been a customer for about as long as those who stay away")),
    "range": (N_("buys more widely than most"), N_("buys little of what you offer")),
    "offers": (N_("uses offers as those do who come again"), N_("uses offers as those do who stay away")),
    "content": (N_("is as content as those who come again"), N_("is as content as those who stay away")),
    "visits": (N_("looks in without buying"), N_("does not look in between orders")),
    "season": (N_("buys at this time of the year"), N_("buys at other times of the year")),
}  # fmt: skip
LEAST = 0.15  # of the log odds, worth a word
MOST = 2

ONCE = N_("ordered once, {silent} days ago")
TODAY = N_("ordered on {days} days, the last one today; usually every {gap} days")
RHYTHM = N_("ordered on {days} days, the last one {silent} days ago; usually every {gap} days")


@dataclass(frozen=True)
class Why:
    """What each of KINDS adds to the log odds of each customer against a usual one; shape (n, kinds)."""

    added: Floats

    def of(self, row: int) -> list[Message]:
        """The strongest of them, at most MOST, the strongest first."""
        own = self.added[row]
        order = np.argsort(-np.abs(own), kind="stable")[:MOST]
        names = list(KINDS)
        return [Message(REASON_SENTENCES[names[i]][int(own[i] < 0)]) for i in order if abs(own[i]) >= LEAST]


def why(scorer: Scorer, at: Snapshot) -> Why:
    """For a line, its own terms; for any other method, how the odds move when a kind of fact is made that of a usual
    customer (the shop's medians). Zero for methods that look at no features."""
    line = scorer.line if isinstance(scorer, MeanEnsemble) else scorer
    if isinstance(line, LogisticModel):
        return Why(_of_line(line, at))
    return Why(_of_any(scorer, at))


def _of_line(line: LogisticModel, at: Snapshot) -> Floats:
    parts = line.parts(design(at.features))
    place = {name: i for i, name in enumerate(KINDS)}
    kinds = {column: kind for kind, columns in KINDS.items() for column in columns} | DERIVED
    found = np.zeros((len(at), len(KINDS)))
    for i, column in enumerate(COLUMNS):
        found[:, place[kinds[column]]] += parts[:, i]
    return found


def _of_any(scorer: Scorer, at: Snapshot) -> Floats:
    base = logit(clipped(scorer(at)))
    found = np.zeros((len(at), len(KINDS)))
    for i, columns in enumerate(KINDS.values()):
        typical = {column: at.features[column].median() for column in columns}
        changed = Snapshot(at.cutoff, at.horizon_days, at.features.assign(**typical), at.known, at.days)
        found[:, i] = base - logit(clipped(scorer(changed)))
    return found


def order_rhythm(at: Snapshot, row: int) -> Message:
    """How often and how lately, of one customer."""
    own = at.features.iloc[row]
    if own["days"] <= 1:
        return Message(ONCE, {"silent": int(own["recency_days"])})
    told = {"days": int(own["days"]), "gap": max(1, round(own["gap_mean"]))}
    silent = int(own["recency_days"])
    return Message(RHYTHM, told | {"silent": silent}) if silent else Message(TODAY, told)

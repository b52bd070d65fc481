"""Reasons behind a prediction: what each group of features adds to the odds, and the order rhythm in a sentence."""

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

#: Groups of features, each with its columns of `loyalty.facts.predictions.FEATURES`.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "recency": ("recency_days", "gap_mean", "gap_sd", "gap_last"),
    "frequency": ("days", "days_30", "days_90", "days_180", "days_365", "orders"),
    "money": ("spend", "spend_90", "spend_365", "last_value", "best_value"),
    "length": ("age_days",),
    "range": ("products", "categories", "lines", "units", "channels"),
    "offers": ("coupons", "discount_share"),
    "content": ("satisfaction", "answers", "refunds"),
    "visits": ("events", "events_90", "event_recency", "brought"),
    "season": ("season_days", "evening_share", "weekend_share"),
}
#: The group of each derived column of `design`.
DERIVED = {
    "lateness": "recency",
    "lateness_squared": "recency",
    "recency_share": "recency",
    "trend": "frequency",
    "rate": "frequency",
    "repeats": "frequency",
    "mean_value": "money",
    "satisfaction": "content",
    "visited": "visits",
}
REASON_SENTENCES: Mapping[str, tuple[str, str]] = {
    "recency": (N_("was here lately, for their habit"), N_("has been silent for long, for their habit")),
    "frequency": (N_("buys more often than most"), N_("buys less often than most")),
    "money": (N_("spends as those do who come again"), N_("spends as those do who stay away")),
    "length": (
        N_("has been a customer for about as long as those who come again"),
        N_("has been a customer for about as long as those who stay away"),
    ),
    "range": (N_("buys more widely than most"), N_("buys little of what you offer")),
    "offers": (N_("uses offers as those do who come again"), N_("uses offers as those do who stay away")),
    "content": (N_("is as content as those who come again"), N_("is as content as those who stay away")),
    "visits": (N_("looks in without buying"), N_("does not look in between orders")),
    "season": (N_("buys at this time of the year"), N_("buys at other times of the year")),
}
LEAST = 0.15  # of the log odds, worth mentioning
MOST_REASONS = 2

ONCE = N_("ordered once, {silent} days ago")
TODAY = N_("ordered on {days} days, the last one today; usually every {gap} days")
RHYTHM = N_("ordered on {days} days, the last one {silent} days ago; usually every {gap} days")


@dataclass(frozen=True)
class Reasons:
    """What each of GROUPS adds to the log odds of each customer, relative to a typical one; shape (n, groups)."""

    added: Floats

    def strongest(self, row: int) -> list[Message]:
        """The strongest reasons of one customer, at most MOST_REASONS, the strongest first."""
        added = self.added[row]
        order = np.argsort(-np.abs(added), kind="stable")[:MOST_REASONS]
        names = list(GROUPS)
        return [
            Message(REASON_SENTENCES[names[i]][int(added[i] < 0)]) for i in order if abs(added[i]) >= LEAST
        ]


def explain(scorer: Scorer, at: Snapshot) -> Reasons:
    """Explain the scores of a snapshot.

    Of a logistic regression, the terms of its sum; of any other method, the change of the log odds when a group of features
    is set to a typical customer's (the shop's medians). Zero for methods that use no features.
    """
    model = scorer.regression if isinstance(scorer, MeanEnsemble) else scorer
    if isinstance(model, LogisticModel):
        return Reasons(_regression_terms(model, at))
    return Reasons(_odds_changes(scorer, at))


def _regression_terms(model: LogisticModel, at: Snapshot) -> Floats:
    terms = model.contributions(design(at.features))
    place = {name: i for i, name in enumerate(GROUPS)}
    groups = {column: group for group, columns in GROUPS.items() for column in columns} | DERIVED
    added = np.zeros((len(at), len(GROUPS)))
    for i, column in enumerate(COLUMNS):
        added[:, place[groups[column]]] += terms[:, i]
    return added


def _odds_changes(scorer: Scorer, at: Snapshot) -> Floats:
    base = logit(clipped(scorer(at)))
    added = np.zeros((len(at), len(GROUPS)))
    for i, columns in enumerate(GROUPS.values()):
        typical = {column: at.features[column].median() for column in columns}
        changed = Snapshot(at.cutoff, at.horizon_days, at.features.assign(**typical), at.history, at.days)
        added[:, i] = base - logit(clipped(scorer(changed)))
    return added


def order_rhythm(at: Snapshot, row: int) -> Message:
    """How often and how recently one customer ordered, as a message."""
    features = at.features.iloc[row]
    if features["days"] <= 1:
        return Message(ONCE, {"silent": int(features["recency_days"])})
    values = {"days": int(features["days"]), "gap": max(1, round(features["gap_mean"]))}
    silent = int(features["recency_days"])
    return Message(RHYTHM, values | {"silent": silent}) if silent else Message(TODAY, values)

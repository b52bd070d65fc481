"""Movement of customers between segments: the groups of an earlier day matched to today's."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from loyalty.columns import Floats
from loyalty.models.segments.names import SPECIAL_GROUPS
from loyalty.models.segments.segmentation import Segmentation
from loyalty.words import N_, Message

MAX_DISTANCE = 1.0  # root mean square, in standard deviations: centroids further apart are not the same group
CHANGES = ("up", "down", "same", "new")
SPECIAL_KEYS = frozenset(key for key, _, _ in SPECIAL_GROUPS.values())


@dataclass(frozen=True)
class Movement:
    """How customers moved between `since` and today.

    `transitions`: one row for each of today's customers: customer_id, before (key, None for new ones), now
    (key), change (one of CHANGES). `flows`: before, now, customers; new customers have no row. `names`: of all
    keys, including earlier groups that match none of today's (their keys begin with "was_"). `order`: the keys,
    the best first; "up" is a move towards the front. `distances`: how far each matched group's centroid has
    moved, root mean square in standard deviations.
    """

    since: dt.date
    transitions: pd.DataFrame
    flows: pd.DataFrame
    names: dict[str, Message]
    order: tuple[str, ...]
    distances: dict[str, float]

    def counts(self) -> dict[str, int]:
        """Number of customers by change."""
        customers = self.transitions["change"].value_counts()
        return {change: int(customers.get(change, 0)) for change in CHANGES}


def track_movement(now: Segmentation, before: Segmentation, since: dt.date) -> Movement:
    """Match the groups of `before` (as of `since`) to those of `now` and list each customer's change.

    Groups are matched one to one so that the squared distances between their centroids (mean log1p of
    recency_days, frequency and monetary, standardised as today's are) are least in sum (Hungarian method, Kuhn
    1955); pairs further apart than MAX_DISTANCE stay unmatched. Fixed bands and special groups keep their keys.
    Groups are ordered by frequency + monetary - recency of their centroids.
    """
    centre, scale = _scale(now.members)
    today, earlier = _centroids(now, centre, scale), _centroids(before, centre, scale)
    current_key, distances = _match_groups(today, earlier, fixed=now.method == "rfm")
    names = {segment.key: segment.name for segment in now.segments}
    for segment in before.segments:
        names.setdefault(current_key[segment.key], Message(N_("{name} (earlier)"), {"name": segment.name}))
    centroids = {current_key[key]: centroid for key, centroid in earlier.items()} | today
    value_by_key = {
        key: float(centroid[1] + centroid[2] - centroid[0]) for key, centroid in centroids.items()
    }
    order = tuple(sorted(names, key=lambda key: (-value_by_key[key], key)))
    transitions = _transitions(
        now.members, before.members.assign(segment=before.members["segment"].map(current_key)), order
    )
    returning = transitions.dropna(subset=["before"])
    flows = returning.groupby(["before", "now"], as_index=False).agg(customers=("customer_id", "size"))
    return Movement(since, transitions, flows, names, order, distances)


def _logs(members: pd.DataFrame) -> Floats:
    """log1p of the three figures, shape (members, 3)."""
    raw = members[["recency_days", "frequency", "monetary"]].to_numpy(dtype=np.float64)
    return np.asarray(np.log1p(np.maximum(raw, 0.0)))


def _scale(members: pd.DataFrame) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the members' logs, shape (3,) each; a standard deviation of 0 becomes 1."""
    logs = _logs(members)
    if not len(logs):
        return np.zeros(3), np.ones(3)
    spread = logs.std(axis=0)
    return logs.mean(axis=0), np.where(spread > 1e-9, spread, 1.0)


def _centroids(segmentation: Segmentation, centre: Floats, scale: Floats) -> dict[str, Floats]:
    """The centroid of each segment after scaling, by key."""
    x = (_logs(segmentation.members) - centre) / scale
    keys = segmentation.members["segment"].to_numpy()
    return {segment.key: x[keys == segment.key].mean(axis=0) for segment in segmentation.segments}


def _match_groups(
    today: dict[str, Floats], earlier: dict[str, Floats], *, fixed: bool
) -> tuple[dict[str, str], dict[str, float]]:
    """Today's key of each earlier key ("was_…" without a match), and the distance of each matched pair."""
    matched = {key: key for key in earlier if key in today and (fixed or key in SPECIAL_KEYS)}
    old = [key for key in earlier if key not in matched and key not in SPECIAL_KEYS]
    new = [key for key in today if key not in matched.values() and key not in SPECIAL_KEYS]
    if old and new and not fixed:
        squared_distances = np.array([[np.mean((earlier[a] - today[b]) ** 2) for b in new] for a in old])
        rows, columns = linear_sum_assignment(squared_distances)
        matched |= {
            old[i]: new[j]
            for i, j in zip(rows, columns, strict=True)
            if squared_distances[i, j] <= MAX_DISTANCE**2
        }
    distances = {
        key: float(np.sqrt(np.mean((earlier[earlier_key] - today[key]) ** 2)))
        for earlier_key, key in matched.items()
    }
    return {
        key: matched.get(key, key if fixed or key in SPECIAL_KEYS else f"was_{key}") for key in earlier
    }, distances


def _transitions(now: pd.DataFrame, before: pd.DataFrame, order: tuple[str, ...]) -> pd.DataFrame:
    """The frame `Movement.transitions`; `order`: the keys, the best first."""
    earlier_segment = before.set_index("customer_id")["segment"]
    transitions = pd.DataFrame(
        {
            "customer_id": now["customer_id"],
            "before": now["customer_id"].map(earlier_segment),
            "now": now["segment"],
        }
    )
    rank = {key: position for position, key in enumerate(order)}
    step = transitions["before"].map(rank).astype("float64") - transitions["now"].map(rank).astype("float64")
    change = np.select([transitions["before"].isna(), step > 0, step < 0], ["new", "up", "down"], "same")
    return transitions.assign(
        before=transitions["before"].astype(object).where(transitions["before"].notna(), None), change=change
    )

"""Who moved from group to group: the groups of an earlier day, matched to today's, and each customer's way."""

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

FAR = 1.0  # standard deviations a figure: centroids further apart on average are not the same group
CHANGES = ("up", "down", "same", "new")
SPECIAL_KEYS = frozenset(key for key, _, _ in SPECIAL_GROUPS.values())


@dataclass(frozen=True)
class Movement:
    """How customers moved between `since` and today.

    `transitions`: one row a customer of today: customer_id, before (key, None for new ones), now (key), change (one of
    CHANGES). `flows`: before, now, customers; new customers have no row. `names`: of all keys, earlier groups
    without a counterpart of today included (their keys begin with "was_"). `order`: the keys, the best first:
    up means to one further left. `distances`: how far each matched group's centre has moved, in standard
    deviations a figure.
    """

    since: dt.date
    transitions: pd.DataFrame
    flows: pd.DataFrame
    names: dict[str, Message]
    order: tuple[str, ...]
    distances: dict[str, float]

    def counts(self) -> dict[str, int]:
        """Customers by change."""
        found = self.transitions["change"].value_counts()
        return {change: int(found.get(change, 0)) for change in CHANGES}


def track_movement(now: Segmentation, before: Segmentation, since: dt.date) -> Movement:
    """Match the groups of `before` (as of `since`) to those of `now` and follow everybody.

    Groups are matched one to one so that the squared distances between their centroids (mean log1p of
    recency_days, frequency and monetary, standardised as today's are) are least in sum (Hungarian method, Kuhn
    1955); pairs further apart than FAR stay unmatched. Fixed bands and the groups that are set apart keep their
    keys. A group is better the more and the more lately its members buy: frequency + monetary - recency of its
    centroid.
    """
    centre, scale = _scale(now.members)
    today, earlier = _centroids(now, centre, scale), _centroids(before, centre, scale)
    same, distances = _matched(today, earlier, fixed=now.method == "rfm")
    names = {segment.key: segment.name for segment in now.segments}
    for segment in before.segments:
        names.setdefault(same[segment.key], Message(N_("{name} (earlier)"), {"name": segment.name}))
    centroids = {same[key]: value for key, value in earlier.items()} | today
    worth = {key: float(value[1] + value[2] - value[0]) for key, value in centroids.items()}
    order = tuple(sorted(names, key=lambda key: (-worth[key], key)))
    ways = _ways(now.members, before.members.assign(segment=before.members["segment"].map(same)), order)
    known = ways.dropna(subset=["before"])
    flows = known.groupby(["before", "now"], as_index=False).agg(customers=("customer_id", "size"))
    return Movement(since, ways, flows, names, order, distances)


def _logs(members: pd.DataFrame) -> Floats:
    """log1p of the three figures, shape (members, 3)."""
    raw = members[["recency_days", "frequency", "monetary"]].to_numpy(dtype=np.float64)
    return np.asarray(np.log1p(np.maximum(raw, 0.0)))


def _scale(members: pd.DataFrame) -> tuple[Floats, Floats]:
    """Mean and standard deviation of today's members; 1 where all are alike."""
    logs = _logs(members)
    if not len(logs):
        return np.zeros(3), np.ones(3)
    spread = logs.std(axis=0)
    return logs.mean(axis=0), np.where(spread > 1e-9, spread, 1.0)


def _centroids(found: Segmentation, centre: Floats, scale: Floats) -> dict[str, Floats]:
    """The centroid of each segment on today's scale."""
    x = (_logs(found.members) - centre) / scale
    keys = found.members["segment"].to_numpy()
    return {segment.key: x[keys == segment.key].mean(axis=0) for segment in found.segments}


def _matched(
    today: dict[str, Floats], earlier: dict[str, Floats], *, fixed: bool
) -> tuple[dict[str, str], dict[str, float]]:
    """Today's key of each earlier key, or one of its own; and how far the matched ones lie apart."""
    same = {key: key for key in earlier if key in today and (fixed or key in SPECIAL_KEYS)}
    old = [key for key in earlier if key not in same and key not in SPECIAL_KEYS]
    new = [key for key in today if key not in same.values() and key not in SPECIAL_KEYS]
    if old and new and not fixed:
        apart = np.array([[np.mean((earlier[a] - today[b]) ** 2) for b in new] for a in old])
        rows, columns = linear_sum_assignment(apart)
        same |= {old[i]: new[j] for i, j in zip(rows, columns, strict=True) if apart[i, j] <= FAR**2}
    distances = {key: float(np.sqrt(np.mean((earlier[was] - today[key]) ** 2))) for was, key in same.items()}
    return {
        key: same.get(key, key if fixed or key in SPECIAL_KEYS else f"was_{key}") for key in earlier
    }, distances


def _ways(now: pd.DataFrame, before: pd.DataFrame, order: tuple[str, ...]) -> pd.DataFrame:
    """Each of today's customers with both groups and the direction."""
    was = before.set_index("customer_id")["segment"]
    ways = pd.DataFrame(
        {"customer_id": now["customer_id"], "before": now["customer_id"].map(was), "now": now["segment"]}
    )
    place = {key: at for at, key in enumerate(order)}
    step = ways["before"].map(place).astype("float64") - ways["now"].map(place).astype("float64")
    change = np.select([ways["before"].isna(), step > 0, step < 0], ["new", "up", "down"], "same")
    return ways.assign(
        before=ways["before"].astype(object).where(ways["before"].notna(), None), change=change
    )

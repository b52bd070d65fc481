"""Groups that customers fall into by themselves: K-means, its k, how firm it is; density for the curious."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.metrics.cluster import contingency_matrix

SAMPLE = 5_000  # rows that k, silhouette, stability and density are worked out on
RUNS = 10  # starts of K-means
REFITS = 10  # bootstrap refits
K_TRIED = range(2, 8)
K_CHOSEN = (3, 6)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Clusters:
    """A label of 0 … k - 1 for each customer (-1: in no group, density only), and how far to trust it.

    `silhouette` in [-1, 1]: how much nearer customers are to their own group than to the next; `stability`:
    mean adjusted Rand index of 10 bootstrap refits with it, 1 for the same groups each time; `firmness`:
    for each label the mean of its best Jaccard overlap in the refits (Hennig 2007). None where it cannot be
    worked out.
    """

    labels: Ints
    silhouette: float | None
    stability: float | None
    firmness: tuple[float, ...] | None


def features(members: pd.DataFrame) -> Floats:
    """log1p of recency_days, frequency and monetary (below 0 counts as 0), standardised; shape (n, 3).

    A column that is the same for everybody becomes 0.
    """
    raw = members[["recency_days", "frequency", "monetary"]].to_numpy(dtype=np.float64)
    logs = np.log1p(np.maximum(raw, 0.0))
    spread = logs.std(axis=0)
    return np.asarray((logs - logs.mean(axis=0)) / np.where(spread > 1e-9, spread, 1.0), dtype=np.float64)


def distinct(x: Floats) -> int:
    """How many different rows there are: there cannot be more groups than that."""
    return len(np.unique(x.round(9), axis=0))


def elbow(x: Floats, seed: int) -> int:
    """k where inertia over k = 2 … 7 bends most: furthest below the chord between its ends; 3 … 6.

    Both axes are scaled to [0, 1] first. With few different rows, as many groups as there are (at most 3).
    """
    sample = x[_sample(len(x), seed)]
    tried = [k for k in K_TRIED if k <= distinct(sample)]
    if len(tried) < 3:
        return max(1, min(K_CHOSEN[0], distinct(sample)))
    inertia = np.array([_fit(sample, k, seed).inertia_ for k in tried])
    height = (inertia - inertia[-1]) / max(float(inertia[0] - inertia[-1]), 1e-12)
    below = np.linspace(1.0, 0.0, len(tried)) - height
    return int(np.clip(tried[int(np.argmax(below))], *K_CHOSEN))


def kmeans(x: Floats, k: int, seed: int) -> Clusters:
    """K-means (Lloyd 1982, k-means++ starts) into `k` groups or as many as `x`, shape (n, 3), has rows."""
    k = min(k, distinct(x))
    if k < 2:
        return Clusters(np.zeros(len(x), dtype=np.int64), None, None, None)
    labels = _fit(x, k, seed).labels_.astype(np.int64)
    stability, firmness = _refits(x, labels, k, seed)
    return Clusters(labels, _silhouette(x, labels, seed), stability, firmness)


def density(x: Floats, seed: int) -> Clusters:
    """HDBSCAN (Campello, Moulavi & Sander 2013) on a sample; others join their nearest neighbour's group.

    A group needs a twentieth of the sample, and at least 5. Label -1: in no group.
    """
    rows = _sample(len(x), seed)
    if len(rows) < 10 or distinct(x) < 2:
        return Clusters(np.zeros(len(x), dtype=np.int64), None, None, None)
    found = HDBSCAN(min_cluster_size=max(5, len(rows) // 20), min_samples=5, copy=True).fit_predict(x[rows])
    _, nearest = cKDTree(x[rows]).query(x)
    labels = found[nearest].astype(np.int64)
    return Clusters(labels, _silhouette(x[labels >= 0], labels[labels >= 0], seed), None, None)


def _fit(x: Floats, k: int, seed: int, runs: int = RUNS) -> KMeans:
    return KMeans(k, n_init=runs, random_state=seed).fit(x)


def _sample(n: int, seed: int) -> Ints:
    """Up to SAMPLE row numbers in ascending order, without repetition."""
    if n <= SAMPLE:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, SAMPLE, replace=False))


def _silhouette(x: Floats, labels: Ints, seed: int) -> float | None:
    """Mean silhouette (Rousseeuw 1987) of a sample; None unless there are 2 groups and more rows."""
    rows = _sample(len(x), seed)
    if not 2 <= len(np.unique(labels[rows])) < len(rows):
        return None
    return float(silhouette_score(x[rows], labels[rows]))


def _refits(x: Floats, labels: Ints, k: int, seed: int) -> tuple[float, tuple[float, ...]]:
    """Stability and firmness (see `Clusters`) over refits on rows drawn with replacement."""
    rows = _sample(len(x), seed)
    base, known = x[rows], labels[rows]
    rng = np.random.default_rng(seed)
    agreement, overlap = [], []
    for refit in range(REFITS):
        drawn = base[rng.integers(0, len(base), len(base))]
        again = _fit(drawn, min(k, distinct(drawn)), seed + refit, runs=3).predict(base)
        agreement.append(adjusted_rand_score(known, again))
        overlap.append(_jaccard(known, again, k))
    return float(np.mean(agreement)), tuple(float(value) for value in np.mean(overlap, axis=0))


def _jaccard(known: Ints, again: Ints, k: int) -> Floats:
    """For each label of `known`, the largest share |both| ÷ |either| with a label of `again`; shape (k,)."""
    both = contingency_matrix(known, again).astype(np.float64)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    best = np.zeros(k)
    best[np.unique(known)] = (both / either).max(axis=1)
    return best

"""Groups that customers fall into by themselves: K-means, its k, how firm it is; density and mixture for the curious."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree
from sklearn.cluster import DBSCAN, HDBSCAN, KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.metrics.cluster import contingency_matrix
from sklearn.mixture import GaussianMixture

from loyalty.columns import Floats, Ints
from loyalty.models.segments.features import extra_features, standardise

SAMPLE = 5_000  # rows that k, silhouette, stability and density are worked out on
RUNS = 10  # starts of K-means
REFITS = 10  # bootstrap refits
K_TRIED = range(2, 8)
K_CHOSEN = (3, 6)
MIXTURE_SAMPLE = 2_000  # rows that a mixture is fitted to
NEIGHBOURS = 5  # DBSCAN: so many within reach make a core

Refit = Callable[[Floats, int], Callable[[Floats], Ints]]  # rows and a seed: a fit that labels any rows


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


def features(members: pd.DataFrame, extras: tuple[str, ...] = ()) -> Floats:
    """log1p of recency_days, frequency and monetary (below 0 counts as 0), standardised; shape (n, 3 or more).

    A column that is the same for everybody becomes 0. `extras`: see `loyalty.models.segments.features.extra_features`;
    they come after the three.
    """
    raw = members[["recency_days", "frequency", "monetary"]].to_numpy(dtype=np.float64)
    logs = np.log1p(np.maximum(raw, 0.0))
    return np.column_stack([*(standardise(column) for column in logs.T), *extra_features(members, extras)])


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
    """K-means (Lloyd 1982, k-means++ starts) into `k` groups or as many as `x`, shape (n, features), has rows."""
    k = min(k, distinct(x))
    if k < 2:
        return Clusters(np.zeros(len(x), dtype=np.int64), None, None, None)

    def refit(rows: Floats, number: int) -> Callable[[Floats], Ints]:
        fitted = _fit(rows, min(k, distinct(rows)), number, runs=3)
        return lambda all_rows: np.asarray(fitted.predict(all_rows), dtype=np.int64)

    labels = _fit(x, k, seed).labels_.astype(np.int64)
    stability, firmness = _refits(x, labels, k, seed, refit)
    return Clusters(labels, _silhouette(x, labels, seed), stability, firmness)


def mixture(x: Floats, k: int | None, seed: int) -> Clusters:
    """A mixture of Gaussians with full covariances (EM); `k` None: the one of 3 … 6 with the lowest BIC."""
    sample = x[_sample(len(x), seed, MIXTURE_SAMPLE)]
    most = distinct(sample)
    if most < 2 or len(sample) < 10:
        return Clusters(np.zeros(len(x), dtype=np.int64), None, None, None)
    tried = range(min(K_CHOSEN[0], most), min(K_CHOSEN[1], most) + 1) if k is None else (min(k, most),)
    fitted = min((_mixed(sample, n, seed) for n in tried), key=lambda model: float(model.bic(sample)))
    labels = _renumbered(fitted.predict(x))
    groups = int(labels.max()) + 1

    def refit(rows: Floats, number: int) -> Callable[[Floats], Ints]:
        again = _mixed(rows, min(fitted.n_components, distinct(rows)), number)
        return lambda all_rows: np.asarray(again.predict(all_rows), dtype=np.int64)

    stability, firmness = _refits(x, labels, groups, seed, refit, MIXTURE_SAMPLE)
    return Clusters(labels, _silhouette(x, labels, seed), stability, firmness)


def density(x: Floats, seed: int) -> Clusters:
    """HDBSCAN (Campello, Moulavi & Sander 2013) on a sample; others join their nearest neighbour's group.

    A group needs a twentieth of the sample, and at least 5. Label -1: in no group.
    """
    return _by_density(
        x, seed, lambda rows: HDBSCAN(min_cluster_size=max(5, len(rows) // 20), min_samples=5, copy=True)
    )


def dbscan(x: Floats, seed: int) -> Clusters:
    """DBSCAN (Ester, Kriegel, Sander & Xu 1996) on a sample; others join their nearest neighbour's group.

    Its reach is the knee of the sorted distances to the fifth neighbour. Label -1: in no group.
    """
    return _by_density(x, seed, lambda rows: DBSCAN(eps=reach(rows), min_samples=NEIGHBOURS))


def reach(x: Floats) -> float:
    """The distance to the fifth neighbour where the sorted distances bend most: furthest below their chord."""
    distances = np.sort(cKDTree(x).query(x, NEIGHBOURS + 1)[0][:, -1])
    chord = np.linspace(distances[0], distances[-1], len(distances))
    return max(float(distances[int(np.argmax(chord - distances))]), 1e-6)


def _by_density(x: Floats, seed: int, method: Callable[[Floats], DBSCAN | HDBSCAN]) -> Clusters:
    """The groups of a method that labels the rows of a sample only."""
    rows = _sample(len(x), seed)
    if len(rows) < 10 or distinct(x) < 2:
        return Clusters(np.zeros(len(x), dtype=np.int64), None, None, None)
    found = method(x[rows]).fit_predict(x[rows])
    _, nearest = cKDTree(x[rows]).query(x)
    labels = found[nearest].astype(np.int64)
    return Clusters(labels, _silhouette(x[labels >= 0], labels[labels >= 0], seed), None, None)


def _mixed(rows: Floats, k: int, seed: int) -> GaussianMixture:
    return GaussianMixture(k, reg_covar=1e-3, n_init=1, random_state=seed).fit(rows)


def _renumbered(labels: npt.ArrayLike) -> Ints:
    """Labels 0 … without gaps: a component that takes nobody is no group."""
    return np.asarray(np.unique(labels, return_inverse=True)[1], dtype=np.int64)


def _fit(x: Floats, k: int, seed: int, runs: int = RUNS) -> KMeans:
    return KMeans(k, n_init=runs, random_state=seed).fit(x)


def _sample(n: int, seed: int, most: int = SAMPLE) -> Ints:
    """Up to `most` row numbers in ascending order, without repetition."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, most, replace=False))


def _silhouette(x: Floats, labels: Ints, seed: int) -> float | None:
    """Mean silhouette (Rousseeuw 1987) of a sample; None unless there are 2 groups and more rows."""
    rows = _sample(len(x), seed)
    if not 2 <= len(np.unique(labels[rows])) < len(rows):
        return None
    return float(silhouette_score(x[rows], labels[rows]))


def _refits(
    x: Floats, labels: Ints, k: int, seed: int, refit: Refit, most: int = SAMPLE
) -> tuple[float, tuple[float, ...]]:
    """Stability and firmness (see `Clusters`) over refits on rows drawn with replacement."""
    rows = _sample(len(x), seed, most)
    base, known = x[rows], labels[rows]
    rng = np.random.default_rng(seed)
    agreement, overlap = [], []
    for number in range(REFITS):
        drawn = base[rng.integers(0, len(base), len(base))]
        again = refit(drawn, seed + number)(base)
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

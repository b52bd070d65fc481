"""Clustering of customers: K-means with the choice of k and its stability; HDBSCAN, DBSCAN and Gaussian mixtures."""

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

SAMPLE_ROWS = 5_000  # rows that k, silhouette, stability and density are calculated on
KMEANS_STARTS = 10  # starts of K-means
REFITS = 10  # bootstrap refits
K_RANGE = range(2, 8)
K_LIMITS = (3, 6)
MIXTURE_ROWS = 2_000  # rows that a mixture is fitted to
NEIGHBOURS = 5  # DBSCAN: neighbours within eps that make a core point

Refit = Callable[[Floats, int], Callable[[Floats], Ints]]  # (rows, seed) -> a function that labels any rows


@dataclass(frozen=True)
class Clusters:
    """Labels 0 … k - 1 of the customers (-1: in no group, density methods only), with quality measures.

    `silhouette` in [-1, 1]: how much nearer customers are to their own group than to the next; `stability`:
    mean adjusted Rand index of 10 bootstrap refits with it, 1 for the same groups each time; `firmness`:
    for each label the mean of its best Jaccard overlap in the refits (Hennig 2007). None where it cannot be
    calculated.
    """

    labels: Ints
    silhouette: float | None
    stability: float | None
    firmness: tuple[float, ...] | None


def features(members: pd.DataFrame, extras: tuple[str, ...] = ()) -> Floats:
    """Feature matrix of the customers, shape (n, 3 or more).

    The first three columns are log1p of recency_days, frequency and monetary (below 0 counts as 0),
    standardised; a constant column becomes 0. The columns of `extras` follow, see
    `loyalty.models.segments.features.extra_features`.
    """
    raw = members[["recency_days", "frequency", "monetary"]].to_numpy(dtype=np.float64)
    logs = np.log1p(np.maximum(raw, 0.0))
    return np.column_stack([*(standardise(column) for column in logs.T), *extra_features(members, extras)])


def count_distinct(x: Floats) -> int:
    """Number of different rows, the most groups there can be."""
    return len(np.unique(x.round(9), axis=0))


def elbow(x: Floats, seed: int) -> int:
    """k where inertia over k = 2 … 7 bends most: furthest below the chord between its ends; 3 … 6.

    Both axes are scaled to [0, 1] first. With few different rows, as many groups as there are (at most 3).
    """
    sample = x[_sample(len(x), seed)]
    group_counts = [k for k in K_RANGE if k <= count_distinct(sample)]
    if len(group_counts) < 3:
        return max(1, min(K_LIMITS[0], count_distinct(sample)))
    inertia = np.array([_fit_kmeans(sample, k, seed).inertia_ for k in group_counts])
    height = (inertia - inertia[-1]) / max(float(inertia[0] - inertia[-1]), 1e-12)
    below = np.linspace(1.0, 0.0, len(group_counts)) - height
    return int(np.clip(group_counts[int(np.argmax(below))], *K_LIMITS))


def kmeans(x: Floats, k: int, seed: int) -> Clusters:
    """K-means (Lloyd 1982, k-means++ starts) into `k` groups or as many as `x`, shape (n, features), has rows."""
    k = min(k, count_distinct(x))
    if k < 2:
        return Clusters(np.zeros(len(x), dtype=np.int64), None, None, None)

    def refit(rows: Floats, number: int) -> Callable[[Floats], Ints]:
        fitted = _fit_kmeans(rows, min(k, count_distinct(rows)), number, runs=3)
        return lambda all_rows: np.asarray(fitted.predict(all_rows), dtype=np.int64)

    labels = _fit_kmeans(x, k, seed).labels_.astype(np.int64)
    stability, firmness = _refit_stability(x, labels, k, seed, refit)
    return Clusters(labels, _silhouette(x, labels, seed), stability, firmness)


def mixture(x: Floats, k: int | None, seed: int) -> Clusters:
    """A mixture of Gaussians with full covariances (EM); `k` None: the one of 3 … 6 with the lowest BIC."""
    sample = x[_sample(len(x), seed, MIXTURE_ROWS)]
    max_groups = count_distinct(sample)
    if max_groups < 2 or len(sample) < 10:
        return Clusters(np.zeros(len(x), dtype=np.int64), None, None, None)
    group_counts = (
        range(min(K_LIMITS[0], max_groups), min(K_LIMITS[1], max_groups) + 1)
        if k is None
        else (min(k, max_groups),)
    )
    fitted = min(
        (_fit_mixture(sample, n, seed) for n in group_counts), key=lambda model: float(model.bic(sample))
    )
    labels = _renumber(fitted.predict(x))
    groups = int(labels.max()) + 1

    def refit(rows: Floats, number: int) -> Callable[[Floats], Ints]:
        refitted = _fit_mixture(rows, min(fitted.n_components, count_distinct(rows)), number)
        return lambda all_rows: np.asarray(refitted.predict(all_rows), dtype=np.int64)

    stability, firmness = _refit_stability(x, labels, groups, seed, refit, MIXTURE_ROWS)
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

    Its eps is `knee_distance`. Label -1: in no group.
    """
    return _by_density(x, seed, lambda rows: DBSCAN(eps=knee_distance(rows), min_samples=NEIGHBOURS))


def knee_distance(x: Floats) -> float:
    """Knee of the sorted distances to the fifth neighbour: the one furthest below their chord."""
    distances = np.sort(cKDTree(x).query(x, NEIGHBOURS + 1)[0][:, -1])
    chord = np.linspace(distances[0], distances[-1], len(distances))
    return max(float(distances[int(np.argmax(chord - distances))]), 1e-6)


def _by_density(x: Floats, seed: int, method: Callable[[Floats], DBSCAN | HDBSCAN]) -> Clusters:
    """Clusters of a method that labels the rows of a sample only; the other rows take their nearest neighbour's."""
    rows = _sample(len(x), seed)
    if len(rows) < 10 or count_distinct(x) < 2:
        return Clusters(np.zeros(len(x), dtype=np.int64), None, None, None)
    sample_labels = method(x[rows]).fit_predict(x[rows])
    _, nearest = cKDTree(x[rows]).query(x)
    labels = sample_labels[nearest].astype(np.int64)
    return Clusters(labels, _silhouette(x[labels >= 0], labels[labels >= 0], seed), None, None)


def _fit_mixture(rows: Floats, k: int, seed: int) -> GaussianMixture:
    return GaussianMixture(k, reg_covar=1e-3, n_init=1, random_state=seed).fit(rows)


def _renumber(labels: npt.ArrayLike) -> Ints:
    """Labels 0 … without gaps: a component without members is not a group."""
    return np.asarray(np.unique(labels, return_inverse=True)[1], dtype=np.int64)


def _fit_kmeans(x: Floats, k: int, seed: int, runs: int = KMEANS_STARTS) -> KMeans:
    return KMeans(k, n_init=runs, random_state=seed).fit(x)


def _sample(n: int, seed: int, max_rows: int = SAMPLE_ROWS) -> Ints:
    """Up to `max_rows` row numbers in ascending order, without repetition."""
    if n <= max_rows:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, max_rows, replace=False))


def _silhouette(x: Floats, labels: Ints, seed: int) -> float | None:
    """Mean silhouette (Rousseeuw 1987) of a sample; None unless there are 2 groups and more rows."""
    rows = _sample(len(x), seed)
    if not 2 <= len(np.unique(labels[rows])) < len(rows):
        return None
    return float(silhouette_score(x[rows], labels[rows]))


def _refit_stability(
    x: Floats, labels: Ints, k: int, seed: int, refit: Refit, max_rows: int = SAMPLE_ROWS
) -> tuple[float, tuple[float, ...]]:
    """Stability and firmness (see `Clusters`) over refits on rows drawn with replacement."""
    rows = _sample(len(x), seed, max_rows)
    sample, labels_of_sample = x[rows], labels[rows]
    rng = np.random.default_rng(seed)
    agreement, overlap = [], []
    for number in range(REFITS):
        resample = sample[rng.integers(0, len(sample), len(sample))]
        refit_labels = refit(resample, seed + number)(sample)
        agreement.append(adjusted_rand_score(labels_of_sample, refit_labels))
        overlap.append(_jaccard(labels_of_sample, refit_labels, k))
    return float(np.mean(agreement)), tuple(float(value) for value in np.mean(overlap, axis=0))


def _jaccard(labels: Ints, refit_labels: Ints, k: int) -> Floats:
    """For each label of `labels`, the largest share |both| ÷ |either| with a label of `refit_labels`; shape (k,)."""
    both = contingency_matrix(labels, refit_labels).astype(np.float64)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    best = np.zeros(k)
    best[np.unique(labels)] = (both / either).max(axis=1)
    return best

"""The bootstrap distribution of a difference of means, fast: people with equal values are resampled together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from loyalty.columns import Floats, Ints

MOST_VALUES = 1000  # distinct values to resample; with more, neighbours are grouped
OWN_VALUES = 200  # so many of the smallest and of the largest values are never grouped


def difference_quantiles(
    a: Floats, b: Floats, tails: Sequence[float], *, seed: int, draws: int
) -> tuple[float, ...]:
    """Quantiles of the difference of means over `draws` resamples of both groups, each with replacement.

    Each resampled mean's distance from the real mean is widened by √(n / (n − 1)).
    """
    random = np.random.default_rng(seed)
    moved_a, moved_b = (_moved(values, random, draws) for values in (a, b))
    centre = float(a.mean() - b.mean())
    return tuple(centre + float(q) for q in np.quantile(moved_a - moved_b, list(tails)))


def _moved(values: Floats, random: np.random.Generator, draws: int) -> Floats:
    """Each resample's mean less the real mean, widened; shape (draws,)."""
    distinct, counts = group_values(values)
    n = int(counts.sum())
    picked = random.multinomial(n, counts / n, size=draws)
    return np.asarray(picked @ (distinct - values.mean()) / n * np.sqrt(n / (n - 1)), dtype=np.float64)


def group_values(values: Floats) -> tuple[Floats, Ints]:
    """Distinct values, ascending, and their counts; of too many, the middle ones are grouped at their mean.

    The overall mean does not change; the largest and smallest, which make the skew, are not grouped.
    """
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) <= MOST_VALUES:
        return distinct, counts.astype(np.int64)
    middle = np.arange(OWN_VALUES, len(distinct) - OWN_VALUES)
    groups = np.array_split(middle, MOST_VALUES - 2 * OWN_VALUES)
    starts = np.concatenate(
        [np.arange(OWN_VALUES), [g[0] for g in groups], np.arange(len(distinct) - OWN_VALUES, len(distinct))]
    )
    sizes = np.add.reduceat(counts, starts)
    return np.add.reduceat(distinct * counts, starts) / sizes, sizes.astype(np.int64)

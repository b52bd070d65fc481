"""Lift per customer: the treated compared with the control group, with its confidence interval.

All by intention to treat: everyone assigned to a message counts as treated, whether they read it or not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from loyalty.campaigns.bootstrap import difference_quantiles
from loyalty.columns import Floats

LEVEL = 0.95
DRAWS = 2000


@dataclass(frozen=True)
class Lift:
    """Mean outcome of the treated, of the control, and their difference with its range.

    `kind`: "share" (0 or 1 a customer) or "mean" (orders, money). `low`, `high`: bounds of the difference per customer,
    None where a group has fewer than two people. `adjusted`: whether spend before the campaign is adjusted for; then
    `lift` is the adjusted difference, which is not exactly `treated` − `control`.
    """

    kind: Literal["share", "mean"]
    treated: float
    control: float
    lift: float
    low: float | None
    high: float | None
    p_value: float | None
    n_treated: int
    n_control: int
    adjusted: bool = False

    @property
    def total(self) -> float:
        """The lift of all treated together."""
        return self.lift * self.n_treated

    @property
    def total_low(self) -> float | None:
        """The lower bound of `total`."""
        return None if self.low is None else self.low * self.n_treated

    @property
    def total_high(self) -> float | None:
        """The upper bound of `total`."""
        return None if self.high is None else self.high * self.n_treated

    @property
    def significant(self) -> bool:
        """Whether the range excludes 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def share_lift(treated: npt.ArrayLike, control: npt.ArrayLike, level: float = LEVEL) -> Lift:
    """The difference of two shares with Newcombe's hybrid score interval.

    `treated`, `control`: one 0 or 1 a customer. Newcombe (1998), "Interval estimation for the difference between
    independent proportions", Statistics in Medicine 17, method 10. The p-value is that of the pooled z test of two proportions.

    >>> result = share_lift([1] * 56 + [0] * 14, [1] * 48 + [0] * 32)  # his table II: 56/70 beside 48/80
    >>> round(result.lift, 4), round(result.low, 4), round(result.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    a, b = (np.asarray(values, dtype=np.float64) for values in (treated, control))
    p, q, d = _mean(a), _mean(b), _mean(a) - _mean(b)
    if min(len(a), len(b)) < 2:
        return Lift("share", p, q, d, None, None, None, len(a), len(b))
    from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest  # slow to import

    counts = (a.sum(), len(a), b.sum(), len(b))
    low, high = confint_proportions_2indep(*counts, method="newcomb", compare="diff", alpha=1 - level)
    differs = 0 < a.sum() + b.sum() < len(a) + len(b)
    p_value = float(proportions_ztest(counts[::2], counts[1::2])[1]) if differs else 1.0
    return Lift("share", p, q, d, float(low), float(high), p_value, len(a), len(b))


def mean_lift(
    treated: npt.ArrayLike,
    control: npt.ArrayLike,
    before: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    *,
    seed: int = 0,
    level: float = LEVEL,
    draws: int = DRAWS,
) -> Lift:
    """The difference of two means with an expanded percentile bootstrap interval.

    The percentiles taken of the resampled differences are those of a t with Welch's degrees of freedom instead of the
    normal's, and resampled groups are widened by √(n / (n − 1)), as percentiles alone are too narrow in small groups:
    Hesterberg (2015), "What teachers should know about the bootstrap", The American Statistician 69, section 5.3.
    `treated`, `control`: one number a customer, 0 for those without a purchase. `before`: the same customers' spend before
    the campaign; if given, outcomes are adjusted by `cuped`. The p-value is Welch's.
    """
    a, b = (np.asarray(values, dtype=np.float64) for values in (treated, control))
    p, q = _mean(a), _mean(b)
    if before is not None:
        a, b = cuped(a, b, *(np.asarray(values, dtype=np.float64) for values in before))
    d = _mean(a) - _mean(b)
    if min(len(a), len(b)) < 2:
        return Lift("mean", p, q, d, None, None, None, len(a), len(b), before is not None)
    error = math.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
    if error == 0:
        return Lift("mean", p, q, d, d, d, 1.0 if d == 0 else 0.0, len(a), len(b), before is not None)
    welch = stats.ttest_ind(a, b, equal_var=False)
    tail = float(stats.norm.cdf(stats.t.ppf((1 - level) / 2, welch.df)))
    low, high = difference_quantiles(a, b, (tail, 1 - tail), seed=seed, draws=draws)
    return Lift("mean", p, q, d, low, high, float(welch.pvalue), len(a), len(b), before is not None)


def cuped(treated: Floats, control: Floats, before_t: Floats, before_c: Floats) -> tuple[Floats, Floats]:
    """Outcomes less their prediction from spend before the campaign: y − θ(x − x̄), θ = cov(x, y) / var(x).

    x̄ is the mean of all, θ is the slope within the two groups, so the difference stays that of the campaign and its
    variance falls by the factor 1 − ρ². Deng, Xu, Kohavi & Walker (2013), "Improving the sensitivity of online controlled
    experiments by utilizing pre-experiment data", eq. 4 and 5.
    """
    x = np.concatenate([before_t - _mean(before_t), before_c - _mean(before_c)])
    y = np.concatenate([treated - _mean(treated), control - _mean(control)])
    spread = float(x @ x)
    slope = float(x @ y) / spread if spread > 0 else 0.0
    centre = _mean(np.concatenate([before_t, before_c]))
    return treated - slope * (before_t - centre), control - slope * (before_c - centre)


def outcome_lift(
    treated: npt.ArrayLike, control: npt.ArrayLike, *, seed: int = 0, level: float = LEVEL
) -> Lift:
    """`share_lift` where every value is 0 or 1, else `mean_lift`."""
    a, b = (np.asarray(values, dtype=np.float64) for values in (treated, control))
    if np.isin(np.unique(np.concatenate([a, b])), (0.0, 1.0)).all():
        return share_lift(a, b, level)
    return mean_lift(a, b, seed=seed, level=level)


def normal_quantile(level: float) -> float:
    """z of a two-sided level: 1.96 for .95."""
    return float(stats.norm.ppf(0.5 + level / 2))


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0

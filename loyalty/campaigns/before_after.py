"""Before and after of the whole programme. No proof: without a control group, all other changes are in the figures too.

Two estimates with different weaknesses: weekly revenue as an interrupted series, and participants compared with similar
people who did not take part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

MINIMUM_WEEKS = 12  # before and after, each
SEASON_WEEKS = 104  # before, needed to separate the season from the programme
YEAR_WEEKS = 365.25 / 7
MINIMUM_PEOPLE = 30  # in each group


@dataclass(frozen=True)
class InterruptedSeries:
    """Weeks before and after. `extra`: mean net revenue a week beyond the trend of the weeks before, with its range.

    Columns of `weeks`: `fitted`, the model's value of each week; `without`, its value without the programme. `season`:
    whether the model has a yearly season.
    """

    weeks: pd.DataFrame
    extra: float
    low: float
    high: float
    p_value: float
    season: bool


@dataclass(frozen=True)
class MatchedComparison:
    """Participants compared with the most similar non-participants; `extra`: money a person since, with its range.

    `imbalance`: the largest difference of the two groups in the matching variables, in standard deviations; above .1 the
    groups are not similar. `pairs`: matched participants.
    """

    pairs: int
    took_part: float
    others: float
    extra: float
    low: float
    high: float
    imbalance: float


def interrupted_series(weeks: pd.DataFrame, start: pd.Timestamp) -> InterruptedSeries | None:
    """Segmented regression of weekly revenue: level, trend, step and change of trend at `start`, and the season if the history is long enough.

    Wagner, Soumerai, Zhang & Ross-Degnan (2002), "Segmented regression analysis of interrupted time series studies", J. Clin.
    Pharm. Ther. 27; errors by Newey & West (1987) with ⌊4(n/100)^(2/9)⌋ lags, because good weeks follow good weeks
    (autocorrelation). `weeks`: week (datetime64, its first day), revenue; whole weeks only. None with too few.
    """
    table = weeks.sort_values("week", ignore_index=True)
    after = (table["week"] >= start).to_numpy()
    if min(after.sum(), (~after).sum()) < MINIMUM_WEEKS:
        return None
    season = int((~after).sum()) >= SEASON_WEEKS
    t = np.arange(len(table), dtype=np.float64)
    since = np.where(after, t - np.argmax(after) + 1, 0.0)
    columns = [np.ones_like(t), t, after.astype(np.float64), since]
    if season:
        turn = 2 * np.pi * t / YEAR_WEEKS
        columns += [np.sin(turn), np.cos(turn)]
    x, y = np.column_stack(columns), table["revenue"].to_numpy(dtype=np.float64)
    from statsmodels.regression.linear_model import OLS  # slow to import

    lags = {"maxlags": int(4 * (len(t) / 100) ** (2 / 9)), "use_correction": True}
    fit = OLS(y, x).fit(cov_type="HAC", cov_kwds=lags, use_t=True)
    contrast = np.zeros(x.shape[1])
    contrast[2:4] = 1.0, since[after].mean()
    effect = fit.t_test(contrast)
    low, high = effect.conf_int(0.05)[0]
    p_value = float(effect.pvalue) if effect.sd.item() else 1.0
    without = fit.fittedvalues - x[:, 2:4] @ fit.params[2:4]
    table = table.assign(fitted=fit.fittedvalues, without=without, after=after)
    return InterruptedSeries(table, effect.effect.item(), float(low), float(high), p_value, season)


def compare_matched(
    before: pd.DataFrame, after: pd.Series, took_part: pd.Series, *, seed: int = 0
) -> MatchedComparison | None:
    """Compare each participant with the most similar non-participant (nearest neighbour, with replacement).

    `before`: one row for each person, their data at the start; `after`: money since; `took_part`: bool; one index.
    The remaining difference of the pairs is removed by a regression on `before` among non-participants
    (Abadie & Imbens 2011, "Bias-corrected matching estimators"); the range is from resampled pairs. None with too few people.
    """
    mine, theirs = took_part.to_numpy(dtype=bool), ~took_part.to_numpy(dtype=bool)
    if min(mine.sum(), theirs.sum()) < MINIMUM_PEOPLE:
        return None
    x = StandardScaler().fit_transform(before.to_numpy(dtype=np.float64))
    y = after.to_numpy(dtype=np.float64)
    near = NearestNeighbors(n_neighbors=1).fit(x[theirs]).kneighbors(x[mine], return_distance=False)[:, 0]
    twin = np.flatnonzero(theirs)[near]
    design = np.column_stack([np.ones(theirs.sum()), x[theirs]])
    slope = np.linalg.lstsq(design, y[theirs], rcond=None)[0][1:]
    likely = y[twin] + (x[mine] - x[twin]) @ slope
    extra = y[mine] - likely
    random = np.random.default_rng(seed)
    means = extra[random.integers(0, len(extra), (2000, len(extra)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    apart = float(np.abs(x[mine].mean(axis=0) - x[twin].mean(axis=0)).max())
    return MatchedComparison(
        int(mine.sum()),
        float(y[mine].mean()),
        float(likely.mean()),
        float(extra.mean()),
        float(low),
        float(high),
        apart,
    )

"""Random assignment to arms and control group, stratified so that the groups are alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from loyalty.campaigns.plan import HELD
from loyalty.columns import Flags, Ints

BANDS = 4


def strata(customers: pd.DataFrame) -> pd.Series:
    """Each customer's stratum: quartiles of orders, spend and recency within the list, such as "3-2-0".

    `customers`: rows of CUSTOMERS. Small lists have fewer strata, because equal values share one.
    """
    orders, revenue = customers["orders"], customers["revenue"]
    silence = -customers["last_at"].astype("int64")
    bands = [_quarters(column) for column in (orders, revenue, silence)]
    names = ["-".join(map(str, parts)) for parts in zip(*bands, strict=True)]
    return pd.Series(names, index=customers.index, dtype="object")


def _quarters(column: pd.Series) -> Ints:
    ranks = column.rank(method="average", pct=True).to_numpy(dtype=np.float64)
    return np.minimum((ranks * BANDS).astype(np.int64), BANDS - 1)


def assign_arms(strata_of: pd.Series, control_size: int, arms: Sequence[str], seed: int) -> pd.Series:
    """Assign an arm to each person: exactly `control_size` to the control group, the others evenly to `arms`.

    Systematic sampling of people in the order of their strata, shuffled within (Cochran 1977, "Sampling techniques", ch.
    8): each person is in the control group with probability `control_size` / n, and each stratum has its share to
    within one person.
    """
    n, random = len(strata_of), np.random.default_rng(seed)
    shuffled = random.permutation(n)
    order = shuffled[np.argsort(strata_of.to_numpy(dtype=str)[shuffled], kind="stable")]
    assignment = np.empty(n, dtype=object)
    in_control = _every(n, control_size, random)
    assignment[order[in_control]] = HELD
    rest = order[~in_control]
    start = int(random.integers(0, max(len(arms), 1)))
    assignment[rest] = np.asarray(arms, dtype=object)[(np.arange(len(rest)) + start) % len(arms)]
    return pd.Series(assignment, index=strata_of.index)


def _every(n: int, k: int, random: np.random.Generator) -> Flags:
    """Flags of k of n positions, evenly spaced from a random start."""
    selected = np.zeros(n, dtype=bool)
    if k:
        selected[np.floor((np.arange(k) + random.random()) * n / k).astype(np.int64)] = True
    return selected

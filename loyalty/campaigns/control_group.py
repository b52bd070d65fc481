"""Chance decides who is held back: alike people are spread evenly over the groups, and everyone has the same chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from loyalty.campaigns.plan import HELD
from loyalty.columns import Flags, Ints

BANDS = 4


def strata(customers: pd.DataFrame) -> pd.Series:
    """Each customer's stratum: quarters of orders, spend and silence within the list, such as "3-2-0".

    `customers`: rows of CUSTOMERS. Small lists have fewer strata, as equal values fall together.
    """
    orders, revenue = customers["orders"], customers["revenue"]
    silence = -customers["last_at"].astype("int64")
    bands = [_quarters(column) for column in (orders, revenue, silence)]
    names = ["-".join(map(str, parts)) for parts in zip(*bands, strict=True)]
    return pd.Series(names, index=customers.index, dtype="object")


def _quarters(column: pd.Series) -> Ints:
    ranks = column.rank(method="average", pct=True).to_numpy(dtype=np.float64)
    return np.minimum((ranks * BANDS).astype(np.int64), BANDS - 1)


def assign_arms(strata_of: pd.Series, held: int, arms: Sequence[str], seed: int) -> pd.Series:
    """The arm of each person: exactly `held` are held back, the others shared out evenly over `arms`.

    Systematic sampling of people in the order of their strata, shuffled within (Cochran 1977, "Sampling techniques", ch.
    8): everyone is held back with the chance held / n, and each stratum gives its part to within one person.
    """
    n, random = len(strata_of), np.random.default_rng(seed)
    shuffled = random.permutation(n)
    order = shuffled[np.argsort(strata_of.to_numpy(dtype=str)[shuffled], kind="stable")]
    found = np.empty(n, dtype=object)
    back = _every(n, held, random)
    found[order[back]] = HELD
    rest = order[~back]
    start = int(random.integers(0, max(len(arms), 1)))
    found[rest] = np.asarray(arms, dtype=object)[(np.arange(len(rest)) + start) % len(arms)]
    return pd.Series(found, index=strata_of.index)


def _every(n: int, k: int, random: np.random.Generator) -> Flags:
    """k of n places, evenly spread from a random start."""
    found = np.zeros(n, dtype=bool)
    if k:
        found[np.floor((np.arange(k) + random.random()) * n / k).astype(np.int64)] = True
    return found

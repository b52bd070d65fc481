"""What moved net revenue between two periods: parts that add up to the whole change, to the last cent.

Two ways to cut it. By group (channel and kind of buyer, product, year of the first purchase): the change of each group's
revenue, a plain sum. By factor: revenue = customers × orders per customer × average order, and the change of such a
product is shared among its factors by the logarithmic mean Divisia index, LMDI-I (Ang 2005, "The LMDI approach to
decomposition analysis", eq. 4):

    change due to x = L(V1, V0) ln(x1 / x0),   L(a, b) = (a - b) / (ln a - ln b),   L(a, a) = a

which has no residual and is symmetric in time. Where one period has no sales at all, the change is that of the
first factor (the limit of a period with ever fewer customers who buy as those of the other).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from loyalty.measure.significance import Z95

Factor = Literal["customers", "frequency", "aov", "unknown_orders", "unknown_aov", "refunds"]


@dataclass(frozen=True)
class Part:
    """One part of a change: money before, money after; `key` says whose (None: no particular group)."""

    key: tuple[str | None, ...]
    before: float
    after: float

    @property
    def change(self) -> float:
        """after − before."""
        return self.after - self.before


@dataclass(frozen=True)
class Change:
    """Net revenue of two periods and `noise`, the 95 % range of change by chance alone, in money."""

    before: float
    after: float
    noise: float

    @property
    def change(self) -> float:
        """after − before."""
        return self.after - self.before

    @property
    def share(self) -> float | None:
        """The change as a share of `before`; None when that is not above 0."""
        return self.change / self.before if self.before > 0 else None

    @property
    def exceeds_chance(self) -> bool:
        """Whether the change is larger than chance alone would make it."""
        return abs(self.change) > self.noise


def change(volumes: pd.DataFrame, variance: float) -> Change:
    """The whole change, of `loyalty.facts.changes.volumes` and `chance`."""
    before, after = (float(volumes.loc[volumes["after"] == when, "revenue"].sum()) for when in (False, True))
    return Change(before, after, Z95 * math.sqrt(variance))


def parts(frame: pd.DataFrame, keys: list[str], least: float = 0.0) -> list[Part]:
    """One `Part` a group of `keys`, the largest change first; their changes add up to that of the frame.

    `frame`: after (bool), the columns `keys`, revenue. Groups that moved by less than `least` are added up in a last
    part whose key is all None.
    """
    sums = [
        frame[frame["after"].astype(bool) == when].groupby(keys, dropna=False)["revenue"].sum()
        for when in (False, True)
    ]
    table = pd.concat(sums, axis=1, keys=[False, True]).fillna(0.0)
    index = [name if isinstance(name, tuple) else (name,) for name in table.index]
    groups = [
        Part(tuple(None if pd.isna(k) else str(k) for k in key), float(before), float(after))
        for key, before, after in zip(index, table[False], table[True], strict=True)
    ]
    groups.sort(key=lambda part: (-abs(part.change), tuple(k or "" for k in part.key)))
    small = [part for part in groups if abs(part.change) < least]
    if len(small) < 2:
        return groups
    rest = Part((None,) * len(keys), sum(p.before for p in small), sum(p.after for p in small))
    return [*(part for part in groups if abs(part.change) >= least), rest]


def log_mean(a: float, b: float) -> float:
    """The logarithmic mean of two numbers above 0; between their geometric and arithmetic means."""
    if a == b:
        return a
    near = 0.5 < a / b < 2  # there a - b is exact, and log1p keeps its digits
    return (a - b) / (math.log1p((a - b) / b) if near else math.log(a / b))


def share_among_factors(before: list[float], after: list[float]) -> list[float]:
    """The change of a product, shared among its factors (LMDI-I); sums to prod(after) − prod(before).

    Factors are numbers above 0; a period whose product is 0 hands the whole change to the first factor.
    """
    v0, v1 = math.prod(before), math.prod(after)
    if v0 <= 0 or v1 <= 0:
        return [v1 - v0, *([0.0] * (len(before) - 1))]
    weight = log_mean(v1, v0)
    return [weight * math.log(x1 / x0) for x0, x1 in zip(before, after, strict=True)]


def factors(volumes: pd.DataFrame) -> dict[Factor, float]:
    """The change of net revenue by factor; the values add up to it.

    `volumes`: after, who, customers, orders, revenue of `loyalty.facts.changes.volumes`. Known buyers: customers,
    orders per customer, average order; unknown buyers: orders, average order; refunds without an order.
    """
    known_buyers = _sums(volumes[volumes["who"].isin(["new", "returning"])])
    unknown_buyers = _sums(volumes[volumes["who"] == "unknown"])
    refunds = _sums(volumes[volumes["who"] == "refund"])
    customers, frequency, aov = share_among_factors(
        *([_over(c, 1), _over(o, c), _over(r, o)] for c, o, r in known_buyers)
    )
    unknown_orders, unknown_aov = share_among_factors(
        *([_over(o, 1), _over(r, o)] for _, o, r in unknown_buyers)
    )
    return {
        "customers": customers,
        "frequency": frequency,
        "aov": aov,
        "unknown_orders": unknown_orders,
        "unknown_aov": unknown_aov,
        "refunds": refunds[1][2] - refunds[0][2],
    }


def _sums(rows: pd.DataFrame) -> list[tuple[float, float, float]]:
    """Customers, orders, revenue before and after."""
    return [
        (float(part["customers"].sum()), float(part["orders"].sum()), float(part["revenue"].sum()))
        for part in (rows[~rows["after"].astype(bool)], rows[rows["after"].astype(bool)])
    ]


def _over(a: float, b: float) -> float:
    return a / b if b else 0.0

"""What a ledger means in money: what a point is worth, liability, breakage, and redemption by month of issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from loyalty.rewards.history import Floats, Ints
from loyalty.rewards.ledger import Ledger
from loyalty.rewards.programme import Programme
from loyalty.rewards.rules import Step

ENOUGH_DECIDED = 200  # points used or expired before what was used says something of the rest


@dataclass(frozen=True)
class PointFigures:
    """Points and money as of the ledger's day.

    `issued`: points given, less what returns took back, openings among them. `outstanding`: on account or pending.
    `redemption_rate`: used / issued, of all. `decided_rate`: used / (used + expired), of lots that are all decided;
    None while fewer than ENOUGH_DECIDED points are. `liability`: outstanding x value x expected redemption.
    `breakage`: (expired + outstanding not expected to be used) / issued.
    """

    issued: int
    used: int
    expired: int
    outstanding: int
    pending: int
    debt: int
    redemption_rate: float
    decided_rate: float | None
    expected_redemption: float
    liability: float
    breakage: float


def point_worth(programme: Programme) -> Decimal:
    """What one point takes off at most: its value, or the best step's value over its points."""
    if not programme.steps:
        return programme.point_value
    return max(step.value / step.points for step in programme.steps)


def worth_of(points: int, programme: Programme) -> Decimal:
    """What a balance takes off if it is used now; exact.

    Without steps every point counts. With steps the highest that the balance reaches is taken, then again of the rest.
    """
    if not programme.steps:
        return points * programme.point_value
    worth, left = Decimal(0), max(points, 0)
    for step in reversed(programme.steps):
        worth, left = worth + (left // step.points) * step.value, left % step.points
    return worth


def worths(points: Ints, programme: Programme) -> Floats:
    """`worth_of` for many balances, as floats rounded to 6 decimals."""
    if not programme.steps:
        return np.round(points * float(programme.point_value), 6)
    worth, left = np.zeros(len(points)), np.maximum(points, 0)
    for step in reversed(programme.steps):
        worth, left = worth + (left // step.points) * float(step.value), left % step.points
    return np.round(worth, 6)


def next_step(points: int, steps: Sequence[Step]) -> Step | None:
    """The first step that a balance does not reach yet."""
    return next((step for step in steps if step.points > points), None)


def point_figures(ledger: Ledger) -> PointFigures:
    """The figures of a ledger under its newest version's value and expectation."""
    rules, lots = ledger.versions[-1].programme, ledger.lots
    issued = int(lots["points"].sum() - lots["clawed"].sum())
    used, expired = int(lots["used"].sum()), int(lots["expired"].sum())
    pending = int(lots["pending"].sum())
    outstanding = int(lots["left"].sum()) + pending
    expected = float(rules.expected_redemption)
    unused = expired + outstanding * (1 - expected)
    return PointFigures(
        issued, used, expired, outstanding, pending, int(ledger.accounts["debt"].sum()),
        redemption_rate=used / issued if issued else 0.0,
        decided_rate=_decided_rate(lots),
        expected_redemption=expected,
        liability=outstanding * float(point_worth(rules)) * expected,
        breakage=unused / issued if issued else 0.0,
    )  # fmt: skip


def _decided_rate(lots: pd.DataFrame) -> float | None:
    decided = lots[(lots["left"] == 0) & (lots["pending"] == 0)]
    used, expired = int(decided["used"].sum()), int(decided["expired"].sum())
    return used / (used + expired) if expired and used + expired >= ENOUGH_DECIDED else None


def redemption_by_cohort(ledger: Ledger) -> pd.DataFrame:
    """One row a month of issue, the oldest first: month (datetime64), issued, used, expired, outstanding (int64; the last
    three add up to issued), redemption (used / issued, in [0, 1])."""
    lots = ledger.lots
    months = lots["at"].to_numpy().astype("datetime64[M]")
    parts = pd.DataFrame(
        {
            "month": months.astype("datetime64[s]"),
            "issued": lots["points"] - lots["clawed"],
            "used": lots["used"],
            "expired": lots["expired"],
            "outstanding": lots["left"] + lots["pending"],
        }
    )
    found = parts.groupby("month", as_index=False).sum()
    return found.assign(redemption=found["used"] / found["issued"].where(found["issued"] > 0, 1))

"""A ledger in figures: liability, breakage, and redemption by month of issue."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from loyalty.rewards.points.ledger import Ledger
from loyalty.rewards.points.order_points import highest_point_value

MINIMUM_DECIDED = 200  # points used or expired before their ratio predicts the rest


@dataclass(frozen=True)
class PointFigures:
    """Points and money as of the ledger's day.

    `issued`: points given, less what returns took back, opening balances included. `outstanding`: on account or pending.
    `redemption_rate`: used / issued, of all. `decided_rate`: used / (used + expired), of lots with nothing left or pending;
    None while fewer than MINIMUM_DECIDED points were used or expired. `liability`: outstanding x value x expected redemption.
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


def point_figures(ledger: Ledger) -> PointFigures:
    """The figures of a ledger under its newest version's value and expectation."""
    rules, lots = ledger.versions[-1].programme, ledger.lots
    issued = int(lots["points"].sum() - lots["reversed"].sum())
    used, expired = int(lots["used"].sum()), int(lots["expired"].sum())
    pending = int(lots["pending"].sum())
    outstanding = int(lots["left"].sum()) + pending
    expected = float(rules.expected_redemption)
    unused = expired + outstanding * (1 - expected)
    return PointFigures(
        issued=issued,
        used=used,
        expired=expired,
        outstanding=outstanding,
        pending=pending,
        debt=int(ledger.accounts["debt"].sum()),
        redemption_rate=used / issued if issued else 0.0,
        decided_rate=_decided_rate(lots),
        expected_redemption=expected,
        liability=outstanding * float(highest_point_value(rules)) * expected,
        breakage=unused / issued if issued else 0.0,
    )


def _decided_rate(lots: pd.DataFrame) -> float | None:
    decided = lots[(lots["left"] == 0) & (lots["pending"] == 0)]
    used, expired = int(decided["used"].sum()), int(decided["expired"].sum())
    return used / (used + expired) if expired and used + expired >= MINIMUM_DECIDED else None


def redemption_by_cohort(ledger: Ledger) -> pd.DataFrame:
    """One row a month of issue, the oldest first: month (datetime64), issued, used, expired, outstanding (int64; the last
    three add up to issued), redemption (used / issued, in [0, 1])."""
    lots = ledger.lots
    months = lots["at"].to_numpy().astype("datetime64[M]")
    parts = pd.DataFrame(
        {
            "month": months.astype("datetime64[s]"),
            "issued": lots["points"] - lots["reversed"],
            "used": lots["used"],
            "expired": lots["expired"],
            "outstanding": lots["left"] + lots["pending"],
        }
    )
    cohorts = parts.groupby("month", as_index=False).sum()
    return cohorts.assign(redemption=cohorts["used"] / cohorts["issued"].where(cohorts["issued"] > 0, 1))

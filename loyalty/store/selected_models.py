"""What the last contest of the methods that predict came to, one row a horizon; a newer one takes its place.

No figure of the shop is made from it, so the sales version stays.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from loyalty.store.database import Database


@dataclass(frozen=True)
class Verdict:
    """A contest as of the end of `as_of`, `horizon_days` ahead: the method it `chose`, and the drift of totals it saw
    (`drift_sd` of the log of a common factor, learned from so many independent back-tests)."""

    horizon_days: int
    as_of: dt.date
    chosen: str
    drift_sd: float
    drift_learned: float

    @property
    def until(self) -> dt.date:
        """The last day that it speaks for: a horizon later, as by then there is a new past to try methods on."""
        return self.as_of + dt.timedelta(days=self.horizon_days)


def save_verdict(database: Database, of: Verdict, stamp: dt.datetime) -> None:
    """Keep it in place of the one before."""
    with database.writing(sales=False) as cursor:
        cursor.execute(
            "INSERT OR REPLACE INTO contests (horizon_days, as_of, chosen, drift_sd, drift_learned, held_at) VALUES (?, ?, ?, ?, ?, ?)",
            [of.horizon_days, of.as_of, of.chosen, of.drift_sd, of.drift_learned, stamp],
        )


def standing_verdict(database: Database, horizon_days: int, as_of: dt.date) -> Verdict | None:
    """That of the last contest, if it was held by `as_of` and still speaks for that day."""
    row = database.cursor().execute(
        "SELECT horizon_days, as_of, chosen, drift_sd, drift_learned FROM contests WHERE horizon_days = ?", [horizon_days]
    ).fetchall()  # fmt: skip
    if not row:
        return None
    found = Verdict(*row[0])
    return found if found.as_of <= as_of <= found.until else None

"""The prediction method that the last comparison selected, one row a horizon; a newer one takes its place.

No figure of the shop depends on it, so the sales version stays.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import astuple, dataclass

from loyalty.store.database import Database


@dataclass(frozen=True)
class SelectedModel:
    """The best `model` for `horizon_days` ahead as of the end of `as_of`, and the drift of totals.

    `drift_sd`: of the log of a common factor; `drift_learned`: from so many independent back-tests.
    """

    horizon_days: int
    as_of: dt.date
    model: str
    drift_sd: float
    drift_learned: float

    @property
    def until(self) -> dt.date:
        """The last day that the selection holds for: a horizon later, when there is a new past to compare methods on."""
        return self.as_of + dt.timedelta(days=self.horizon_days)


def save_selected_model(database: Database, selected: SelectedModel, stamp: dt.datetime) -> None:
    """Save a selection in place of the one before."""
    with database.writing(sales=False) as cursor:
        cursor.execute(
            "INSERT OR REPLACE INTO selected_models (horizon_days, as_of, model, drift_sd, drift_learned, selected_at) VALUES (?, ?, ?, ?, ?, ?)",
            [*astuple(selected), stamp],
        )


def selected_model(database: Database, horizon_days: int, as_of: dt.date) -> SelectedModel | None:
    """The last selection for a horizon, if it was made by `as_of` and still holds for that day."""
    rows = database.cursor().execute(
        "SELECT horizon_days, as_of, model, drift_sd, drift_learned FROM selected_models WHERE horizon_days = ?",
        [horizon_days],
    )
    for row in rows.fetchall():
        selected = SelectedModel(*row)
        if selected.as_of <= as_of <= selected.until:
            return selected
    return None

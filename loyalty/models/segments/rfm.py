"""Recency, frequency and monetary value of customers, their scores from 1 to 5, and the bands of scores."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from loyalty.columns import Ints, Texts
from loyalty.words import N_

MIN_FOR_SCORES = 5  # fewer cannot be cut into fifths: all get the middle score

# key: (name, description). `band` assigns the scores to a key.
BANDS: dict[str, tuple[str, str]] = {
    "best": (N_("Best customers"), N_("They bought lately, buy often and have spent the most.")),
    "regulars": (N_("Regulars"), N_("They still come, and more often than most.")),
    "big_spenders": (N_("Big spenders"), N_("They do not come often, but have spent more than most.")),
    "becoming_regulars": (N_("Becoming regulars"), N_("They bought lately and have begun to come back.")),
    "new_faces": (N_("New faces"), N_("They bought lately, and have bought little so far.")),
    "occasional": (N_("Occasional buyers"), N_("They buy now and then, in modest amounts.")),
    "quiet_regulars": (
        N_("Regulars gone quiet"),
        N_("They used to buy often, but have been silent for longer than most."),
    ),
    "quiet_big_spenders": (
        N_("Big spenders gone quiet"),
        N_("They once spent a lot, but have been silent for longer than most."),
    ),
    "gone_quiet": (N_("Gone quiet"), N_("They bought a little, and that was long ago.")),
}


def band(r: int, f: int, m: int) -> str:
    """The key of the band for the scores 1 … 5 (5: most recent, most orders, most money).

    >>> band(5, 5, 5), band(5, 1, 1), band(1, 5, 2), band(1, 1, 1)
    ('best', 'new_faces', 'quiet_regulars', 'gone_quiet')
    """
    frequent, high_spend = f >= 4, m >= 4
    if r <= 2:
        return "quiet_regulars" if frequent else "quiet_big_spenders" if high_spend else "gone_quiet"
    if r == 3:
        return "regulars" if frequent else "big_spenders" if high_spend else "occasional"
    if frequent:
        return "best" if high_spend else "regulars"
    if high_spend:
        return "big_spenders"
    return "becoming_regulars" if f == 3 else "new_faces"


def profiles(customers: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """RFM profile of each row of a CUSTOMERS frame: customer_id, recency_days, frequency, monetary, r, f, m.

    recency_days: whole days from the last purchase to `as_of`; frequency: purchases; monetary: net revenue
    so far, in the shop's currency; r, f, m: scores 1 … 5 (see `scores`), r = 5 for the most recent.
    """
    days_since_last = (pd.Timestamp(as_of) - customers["last_at"].dt.normalize()).dt.days.clip(lower=0)
    frame = pd.DataFrame(
        {
            "customer_id": customers["customer_id"].to_numpy(),
            "recency_days": days_since_last.to_numpy(dtype=np.int64),
            "frequency": customers["orders"].to_numpy(dtype=np.int64),
            "monetary": customers["revenue"].to_numpy(dtype=np.float64),
        }
    )
    f = np.where(frame["frequency"] <= 1, 1, scores(frame["frequency"]))
    return frame.assign(r=scores(-frame["recency_days"]), f=f, m=scores(frame["monetary"]))


def scores(values: pd.Series) -> Ints:
    """Quintiles by rank: 1 for the lowest fifth of `values`, 5 for the highest.

    Equal values share the mean of their ranks, and so their score, whatever the order of rows. All equal, or
    fewer than 5 values: 3. In `profiles`, a single purchase always scores 1, however many customers have one.

    >>> scores(pd.Series([10, 20, 30, 40, 50])).tolist()
    [1, 2, 3, 4, 5]
    """
    if len(values) < MIN_FOR_SCORES:
        return np.full(len(values), 3, dtype=np.int64)
    mid_ranks = values.rank(method="average").to_numpy(dtype=np.float64) - 0.5
    return np.asarray(np.ceil(5 * mid_ranks / max(len(values), 1)).clip(1, 5), dtype=np.int64)


def bands(members: pd.DataFrame) -> Texts:
    """The band of each row of `profiles`, shape (customers,)."""
    keys = {(r, f, m): band(r, f, m) for r in range(1, 6) for f in range(1, 6) for m in range(1, 6)}
    rows = zip(members["r"], members["f"], members["m"], strict=True)
    return np.array([keys[row] for row in rows], dtype=object)

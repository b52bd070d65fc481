"""The loyalty score, 0 to 100: how lately, how often in a year, and for how long somebody has been coming.

50 × 2^(−silence ÷ usual) + 35 × (1 − 2^(−(days − 1) ÷ 2)) + 15 × (1 − 2^(−length ÷ 180)), rounded: silence, days since
the last order; usual, the shop's own 80th percentile of gaps (90 days while there is none); days, days with an order in
the last 365; length, days from the first order to the last. It rises with each order, and falls with each day of silence.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from loyalty.models.predictions.snapshot import Snapshot
from loyalty.purchase_model.histories import PurchaseDays

Floats = npt.NDArray[np.float64]

LATELY, OFTEN, LONG = 50.0, 35.0, 15.0
HALF_DAYS, HALF_LENGTH = 2.0, 180.0
USUAL_SILENCE = 90.0
SHARE = 0.8
ALIVE = 0.5


def gaps(days: PurchaseDays) -> Floats:
    """Days between one purchase day and the next of the same customer, all together."""
    same = days.customer[1:] == days.customer[:-1]
    return np.asarray(np.diff(days.day)[same], dtype=np.float64)


def usual_silence(at: Snapshot) -> float:
    """The shop's 80th percentile of gaps as of the cutoff, in days; USUAL_SILENCE while nobody came back."""
    found = gaps(at.days)
    return max(1.0, float(np.quantile(found, SHARE))) if len(found) else USUAL_SILENCE


def slipping(at: Snapshot, p_alive: Floats) -> npt.NDArray[np.bool_]:
    """Who is `silent`, and is probably no customer any more; shape (n,)."""
    return np.asarray(silent(at) & (p_alive < ALIVE))


def silent(at: Snapshot) -> npt.NDArray[np.bool_]:
    """Who came back before, and is silent longer than `usual_silence`; shape (n,)."""
    return np.asarray((at.known.x > 0) & (at.features["recency_days"].to_numpy() > usual_silence(at)))


def reach(at: Snapshot) -> Floats:
    """How far a message still reaches somebody, from 1 within `usual_silence` on halved by every two more of it; (n,)."""
    usual = usual_silence(at)
    beyond = np.maximum(at.features["recency_days"].to_numpy(dtype=np.float64) - usual, 0)
    return np.asarray(2 ** (-beyond / (2 * usual)))


def loyalty_score(features: pd.DataFrame, usual_days: float) -> npt.NDArray[np.int64]:
    """The score of each row of `facts.features`.

    >>> loyalty_score(pd.DataFrame({"recency_days": [0, 60], "age_days": [360, 60], "days_365": [5, 1]}), 60.0)
    array([88, 25])
    """
    silence, age = (
        features["recency_days"].to_numpy(dtype=np.float64),
        features["age_days"].to_numpy(dtype=np.float64),
    )
    extra = np.maximum(features["days_365"].to_numpy(dtype=np.float64) - 1, 0)
    found = (
        LATELY * 2 ** (-silence / usual_days)
        + OFTEN * (1 - 2 ** (-extra / HALF_DAYS))
        + LONG * (1 - 2 ** (-(age - silence) / HALF_LENGTH))
    )
    return np.asarray(np.round(found), dtype=np.int64)

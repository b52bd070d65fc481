"""The minimum data of a prediction, and what is missing of it."""

from __future__ import annotations

from loyalty.purchase_model.histories import WEEK, Histories
from loyalty.words import N_, Message

LEAST_REPEATERS = 20
LEAST_WEEKS = 13.0

FEW_BACK = N_(
    "Not enough to predict from yet: {enough} customers who came back on a later day are needed, {more} more "
    "than there are so far."
)
TOO_SHORT = N_(
    "Not enough to predict from yet: {enough} days of sales are needed, {more} more than there are so far."
)


def missing_data(history: Histories) -> Message | None:
    """What is missing before predictions can be made, as a sentence for the owner; None with enough data."""
    days = round(float(history.T.max()) * WEEK) if len(history) else 0
    least = round(LEAST_WEEKS * WEEK)
    if days < least:
        return Message(TOO_SHORT, {"enough": least, "more": least - days})
    if history.repeaters < LEAST_REPEATERS:
        return Message(FEW_BACK, {"enough": LEAST_REPEATERS, "more": LEAST_REPEATERS - history.repeaters})
    return None

"""Whether a shop has a past long and rich enough to predict from, and what is missing if not."""

from __future__ import annotations

from loyalty.purchase_model.histories import Histories
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


def missing_data(known: Histories) -> Message | None:
    """The sentence for the owner, or None when there is enough."""
    days = round(float(known.T.max()) * 7) if len(known) else 0
    least = round(LEAST_WEEKS * 7)
    if days < least:
        return Message(TOO_SHORT, {"enough": least, "more": least - days})
    if known.repeaters < LEAST_REPEATERS:
        return Message(FEW_BACK, {"enough": LEAST_REPEATERS, "more": LEAST_REPEATERS - known.repeaters})
    return None

"""Gift coupons that are due: for which customers, and from when to when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from loyalty.rewards.occasions import gift_days
from loyalty.rewards.programme.rules import Gift

DUE = ("customer_id", "segment", "day", "valid_from", "expires_on", "kind", "value", "minimum_spend")
GIFT_PREFIX = "gift:"  # marks the key of a gift's coupons, which are listed beside those of segments


def gifts_due(
    gifts: Sequence[Gift], people: tuple[pd.DataFrame, pd.DataFrame], country: str, today: dt.date, days: int
) -> pd.DataFrame:
    """DUE, by day and customer: one row a coupon that begins by the last of `days` days from `today` on and whose day is not
    over. `segment`: GIFT_PREFIX and the gift's key. Gifts in points are given by the ledger, and left out here.

    `people`: as for `occasions.gift_days`. A coupon that should have begun already begins today.
    """
    last = today + dt.timedelta(days=days - 1)
    rows = []
    for gift in gifts:
        if gift.kind == "points":
            continue
        due_days = gift_days(gift, people, country, today, last + dt.timedelta(days=gift.days_before))
        for customer, day in zip(due_days["customer_id"], due_days["day"], strict=True):
            begins = max(today, day - dt.timedelta(days=gift.days_before))
            ends = day + dt.timedelta(days=gift.valid_days)
            rows.append(
                (
                    customer,
                    GIFT_PREFIX + gift.key,
                    day,
                    begins,
                    ends,
                    gift.kind,
                    gift.value,
                    gift.minimum_spend,
                )
            )
    rows.sort(key=lambda row: (row[2], row[0], row[1]))
    return pd.DataFrame(rows, columns=list(DUE), dtype="object")


def not_yet_issued(due: pd.DataFrame, issued: pd.DataFrame) -> pd.DataFrame:
    """The rows of `due` without a coupon yet. `issued`: customer_id, segment, expires_on."""
    columns = ["customer_id", "segment", "expires_on"]
    issued_rows = set(issued[columns].itertuples(index=False, name=None))
    fresh = np.array(
        [row not in issued_rows for row in due[columns].itertuples(index=False, name=None)], dtype=bool
    )
    return due[fresh].reset_index(drop=True)

"""Gifts whose day is coming: which coupon for whom, and from when to when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from loyalty.rewards.occasions import gift_days
from loyalty.rewards.programme.rules import Gift

DUE = ("customer_id", "segment", "day", "valid_from", "expires_on", "kind", "value", "minimum_spend")
GIFT_PREFIX = "gift:"  # of the key that tells a gift's coupons from those of segments


def gifts_due(
    gifts: Sequence[Gift], people: tuple[pd.DataFrame, pd.DataFrame], country: str, today: dt.date, days: int
) -> pd.DataFrame:
    """DUE, by day and customer: one row a coupon that begins by the last of `days` days from `today` on and whose day is not
    over. `segment`: GIFT_PREFIX and the gift's key. Gifts in points come by themselves, and are left out.

    `people`: as for `occasions.gift_days`. A coupon that should have begun already begins today.
    """
    last = today + dt.timedelta(days=days - 1)
    rows = []
    for gift in gifts:
        if gift.kind == "points":
            continue
        found = gift_days(gift, people, country, today, last + dt.timedelta(days=gift.days_before))
        for customer, day in zip(found["customer_id"], found["day"], strict=True):
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
    """Those of `due` that no coupon was made out for. `issued`: customer_id, segment, expires_on."""
    kept = ["customer_id", "segment", "expires_on"]
    out = set(issued[kept].itertuples(index=False, name=None))
    fresh = np.array([row not in out for row in due[kept].itertuples(index=False, name=None)], dtype=bool)
    return due[fresh].reset_index(drop=True)

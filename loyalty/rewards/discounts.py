"""Standing discounts: who has which today, and what all that meet on one order take off together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from loyalty.rewards.rules import Caps, Discount

CENT = Decimal("0.01")


def entitled(
    customers: pd.DataFrame, groups: pd.DataFrame, discounts: Sequence[Discount], as_of: dt.date
) -> pd.DataFrame:
    """customer_id and discount (its name): who has which at the end of `as_of`, by customer.

    `customers`: customer_id, first_at (NaT before a first order). `groups`: customer_id, segment, tier (keys). Discounts on
    a product are for everybody, and are left out here.
    """
    known = customers[["customer_id", "first_at"]].merge(groups, how="left", on="customer_id")
    age = (pd.Timestamp(as_of) - pd.to_datetime(known["first_at"]).dt.normalize()).dt.days
    parts = []
    for discount in discounts:
        who = {
            "new": age.isna(),
            "long_standing": age >= discount.after_days,
            "segment": known["segment"] == discount.which,
            "tier": known["tier"] == discount.which,
        }.get(discount.audience)
        if who is not None:
            parts.append(known.loc[who, ["customer_id"]].assign(discount=discount.name))
    found = pd.concat(parts) if parts else known.iloc[:0][["customer_id"]].assign(discount="")
    return found.sort_values(["customer_id", "discount"], ignore_index=True)


def taken_off(order: Decimal, discounts: Iterable[Discount], caps: Caps, points_worth: Decimal = Decimal(0)) -> Decimal:
    """What discounts and points take off an order of so much, to the cent (half up), never more than the caps allow.

    Best: the one discount that takes off most. All: one after the other, percents first, each of what is left. Points come
    after discounts. A discount whose minimum the order does not reach takes off nothing.
    """
    valid = [d for d in discounts if order >= d.minimum_spend]
    off = Decimal(0)
    if caps.stacking == "best":
        off = max((_one(order, d) for d in valid), default=Decimal(0))
    else:
        for discount in sorted(valid, key=lambda d: d.kind != "percent"):
            off += _one(order - off, discount)
    most = order * caps.discount_share
    return min(off + points_worth, most, order).quantize(CENT, rounding=ROUND_HALF_UP)


def _one(left: Decimal, discount: Discount) -> Decimal:
    return left * discount.value / 100 if discount.kind == "percent" else min(discount.value, left)

"""Standing discounts: who has which, and what all discounts on an order take off together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

from loyalty.columns import Flags, Floats, Ints
from loyalty.rewards.gain.replay_year import ReplayYear
from loyalty.rewards.programme.programme import Programme
from loyalty.rewards.programme.rules import Caps, Discount, Gift, Reward

CENT = Decimal("0.01")


def entitled(
    customers: pd.DataFrame, groups: pd.DataFrame, discounts: Sequence[Discount], as_of: dt.date
) -> pd.DataFrame:
    """Who has which discount at the end of `as_of`: customer_id and discount (its name), by customer.

    `customers`: customer_id, first_at (NaT before a first order). `groups`: customer_id, segment, tier (keys). Discounts on
    a product are for everybody and left out here.
    """
    grouped = customers[["customer_id", "first_at"]].merge(groups, how="left", on="customer_id")
    age = (pd.Timestamp(as_of) - pd.to_datetime(grouped["first_at"]).dt.normalize()).dt.days
    parts = []
    for discount in discounts:
        holders = {
            "new": age.isna(),
            "long_standing": age >= discount.after_days,
            "segment": grouped["segment"] == discount.which,
            "tier": grouped["tier"] == discount.which,
        }.get(discount.audience)
        if holders is not None:
            parts.append(grouped.loc[holders, ["customer_id"]].assign(discount=discount.name))
    rows = pd.concat(parts) if parts else grouped.iloc[:0][["customer_id"]].assign(discount="")
    return rows.sort_values(["customer_id", "discount"], ignore_index=True)


def discount_amount(
    order: Decimal, discounts: Iterable[Discount], caps: Caps, points_worth: Decimal = Decimal(0)
) -> Decimal:
    """What discounts and points take off an order, to the cent (half up), never more than the caps allow.

    Best: the one discount that takes off most. All: one after the other, percents first, each of what is left. Points come
    after discounts. A discount whose minimum the order does not reach takes off nothing.
    """
    valid = [d for d in discounts if order >= d.minimum_spend]
    off = Decimal(0)
    if caps.stacking == "best":
        off = max((_single_amount(order, d) for d in valid), default=Decimal(0))
    else:
        for discount in sorted(valid, key=lambda d: d.kind != "percent"):
            off += _single_amount(order - off, discount)
    most = order * caps.discount_share
    return min(off + points_worth, most, order).quantize(CENT, rounding=ROUND_HALF_UP)


def _single_amount(left: Decimal, discount: Discount) -> Decimal:
    return left * discount.value / 100 if discount.kind == "percent" else min(discount.value, left)


def reward_amounts(reward: Discount | Gift | Reward, base: Floats) -> Floats:
    """What percent or money off takes off amounts, never more than the amounts."""
    value = float(reward.value)
    return base * value / 100 if reward.kind == "percent" else np.minimum(value, base)


def discount_amounts(year: ReplayYear, programme: Programme, tiers: Ints) -> Floats:
    """What each discount takes off each order of a year, shape (discounts, n).

    As `discount_amount`, for many orders at once; a discount on a product applies to that product's part of the order.
    `tiers`: the customer's tier by place, shape (n,).
    """
    off = np.zeros((len(programme.discounts), len(year.value)))
    left = year.value.copy()
    percents_first = sorted(
        range(len(programme.discounts)), key=lambda i: programme.discounts[i].kind != "percent"
    )
    for i in percents_first:
        discount = programme.discounts[i]
        base = year.product_amounts(discount.which) if discount.audience == "product" else year.value
        base = np.minimum(base, left if programme.caps.stacking == "all" else year.value)
        valid = _qualifying(year, programme, discount, tiers) & (year.value >= float(discount.minimum_spend))
        off[i] = np.where(valid, reward_amounts(discount, base), 0.0)
        left -= off[i] if programme.caps.stacking == "all" else 0.0
    if programme.caps.stacking == "best" and len(off) > 1:
        off = np.where(np.arange(len(off))[:, None] == off.argmax(axis=0), off, 0.0)
    most = year.value * float(programme.caps.discount_share)
    whole = off.sum(axis=0)
    return np.asarray(off * np.where(whole > most, most / np.maximum(whole, 1e-9), 1.0))


def _qualifying(year: ReplayYear, programme: Programme, discount: Discount, tiers: Ints) -> Flags:
    """Which orders the discount applies to, shape (n,)."""
    if discount.audience == "new":
        return year.first
    if discount.audience == "long_standing":
        return np.asarray(year.age >= discount.after_days)
    if discount.audience == "segment":
        return np.asarray(year.segment[year.customer] == discount.which)
    if discount.audience == "tier":
        keys = [tier.key for tier in programme.tiers]
        return np.asarray(tiers == (keys.index(discount.which) if discount.which in keys else -1))
    return np.ones(len(year.value), dtype=bool)

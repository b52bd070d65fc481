"""The ledger's three tables, put together from arrays: entries, lots, accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from loyalty.columns import Ints
from loyalty.rewards.points.accounts import LotBalances
from loyalty.rewards.points.awards import Awards
from loyalty.rewards.points.history import DAY_S, Version, in_force, sort_order
from loyalty.rewards.points.point_lots import PointLots
from loyalty.rewards.points.tier_history import NEVER

#: Kinds of entries, in the order in which those of one second are listed.
KINDS = (
    "expired",
    "opening",
    "adjusted",
    "earned",
    "confirmed",
    "cancelled",
    "taken_back",
    "expiry_returned",
    "redeemed",
)


@dataclass(frozen=True)
class ManualEntries:
    """What the owner entered before the end: customer, when, points (with sign), kind, ref, expires (NEVER: by rule)."""

    customer: Ints
    when: Ints
    points: Ints
    kind: np.ndarray
    ref: np.ndarray
    expires: Ints


class Scope(NamedTuple):
    """What a ledger covers: customers by their code, the versions of the programme, and the end (seconds)."""

    customers: np.ndarray
    versions: Sequence[Version]
    end: int


class _LotEntries(NamedTuple):
    """Entries of one kind that change lots: the lot's place, seconds, and the change of points and of pending points."""

    kind: str
    lot: Ints
    at: Ints
    points: Ints
    pending: Ints


def entry_frame(
    lots: PointLots, awards: Awards, balances: LotBalances, manual_entries: ManualEntries, scope: Scope
) -> pd.DataFrame:
    """`Ledger.entries`."""
    parts = _lot_entries(lots, awards, balances, scope)
    lot, at, points, pending = (np.concatenate([part[i] for part in parts]) for i in (1, 2, 3, 4))
    kind = np.repeat([KINDS.index(part.kind) for part in parts], [len(part.lot) for part in parts])
    adjusted = (kind == KINDS.index("opening")) & (awards.source[lot] == "adjusted")
    kind = np.where(adjusted, KINDS.index("adjusted"), kind)
    taken = np.flatnonzero(manual_entries.points < 0)
    manual_kind = np.where(
        manual_entries.kind[taken] == "redeemed", KINDS.index("redeemed"), KINDS.index("adjusted")
    ).astype(np.int64)
    customer = np.concatenate([lots.customer[lot], manual_entries.customer[taken]])
    at, kind = np.concatenate([at, manual_entries.when[taken]]), np.concatenate([kind, manual_kind])
    by_kind = np.argsort(kind, kind="stable")
    order = by_kind[sort_order(customer[by_kind], at[by_kind], np.zeros(len(at), np.int64))]
    version = np.concatenate(
        [awards.version[lot], in_force(manual_entries.when[taken] // DAY_S, scope.versions)]
    )
    source = np.concatenate([awards.source[lot], manual_entries.kind[taken]])
    ref = np.concatenate([awards.ref[lot], manual_entries.ref[taken]])
    return pd.DataFrame(
        {
            "customer_id": pd.Categorical.from_codes(customer[order], pd.Index(scope.customers)),
            "at": at[order].astype("datetime64[s]"),
            "kind": pd.Categorical.from_codes(kind[order].astype(np.int64), pd.Index(KINDS)),
            "source": pd.Categorical(source[order]),
            "points": np.concatenate([points, manual_entries.points[taken]])[order],
            "pending": np.concatenate([pending, np.zeros(len(taken), np.int64)])[order],
            "ref": pd.Series(ref[order], dtype=object),
            "version": _version_numbers(scope)[version[order]],
        }
    )


def _lot_entries(lots: PointLots, awards: Awards, balances: LotBalances, scope: Scope) -> list[_LotEntries]:
    """What changed lots: awards, confirmations, reversals and expiries."""
    waits = lots.confirmed > lots.when
    early = lots.reversal_at < lots.confirmed[lots.reversal_of]
    cancelled = np.bincount(
        lots.reversal_of[early], weights=lots.reversal_points[early], minlength=len(lots.when)
    ).astype(np.int64)
    confirmed = np.flatnonzero(waits & (lots.confirmed < scope.end) & (lots.points > cancelled))
    confirmed_points = lots.points[confirmed] - cancelled[confirmed]
    manual = np.isin(awards.source.astype(str), ["opening", "adjusted"])
    opened, earned = np.flatnonzero(manual), np.flatnonzero(~manual)
    pending = np.where(waits, lots.points, 0)[earned]
    reversal_of, reversal_at, reversal_points = lots.reversal_of, lots.reversal_at, lots.reversal_points
    expired, returned = balances.expiries, balances.returned_expiries

    def unchanged(rows: Ints) -> Ints:
        return np.zeros(len(rows), dtype=np.int64)

    return [
        _LotEntries("opening", opened, lots.when[opened], lots.points[opened], unchanged(opened)),
        _LotEntries("earned", earned, lots.when[earned], lots.points[earned] - pending, pending),
        _LotEntries("confirmed", confirmed, lots.confirmed[confirmed], confirmed_points, -confirmed_points),
        _LotEntries(
            "cancelled",
            reversal_of[early],
            reversal_at[early],
            unchanged(reversal_of[early]),
            -reversal_points[early],
        ),
        _LotEntries(
            "taken_back",
            reversal_of[~early],
            reversal_at[~early],
            -reversal_points[~early],
            unchanged(reversal_of[~early]),
        ),
        _LotEntries("expired", expired.lot, expired.at, -expired.points, unchanged(expired.lot)),
        _LotEntries("expiry_returned", returned.lot, returned.at, returned.points, unchanged(returned.lot)),
    ]


def _version_numbers(scope: Scope) -> Ints:
    """The numbers of the versions by their place, then 0 for none (place -1)."""
    return np.array([version.number for version in scope.versions] + [0], dtype=np.int64)


def lot_frame(lots: PointLots, awards: Awards, balances: LotBalances, scope: Scope) -> pd.DataFrame:
    """`Ledger.lots`."""
    last = np.where(lots.expires < NEVER, lots.expires - DAY_S, 0).astype("datetime64[s]")
    return pd.DataFrame(
        {
            "customer_id": pd.Categorical.from_codes(lots.customer, pd.Index(scope.customers)),
            "at": lots.when.astype("datetime64[s]"),
            "confirmed_at": lots.confirmed.astype("datetime64[s]"),
            "expires_on": np.where(lots.expires < NEVER, last, np.datetime64("NaT", "s")),
            "source": pd.Categorical(awards.source),
            "ref": pd.Series(awards.ref, dtype=object),
            "version": _version_numbers(scope)[awards.version],
            "points": lots.points,
            "reversed": lots.reversed_points(),
            "used": balances.used,
            "expired": balances.expired,
            "left": balances.left,
            "pending": np.where(lots.confirmed < scope.end, 0, lots.points - lots.reversed_points()),
        }
    )


def account_frame(lots: PointLots, balances: LotBalances, tiers: Ints, scope: Scope) -> pd.DataFrame:
    """`Ledger.accounts`. `tiers`: the place of each customer's tier."""
    size = len(scope.customers)

    def summed(codes: Ints, values: Ints) -> Ints:
        return np.bincount(codes, weights=values, minlength=size).astype(np.int64)

    pending = np.where(lots.confirmed < scope.end, 0, lots.points - lots.reversed_points())
    used = summed(lots.use_customer, lots.use_points)
    expiring_lots = np.flatnonzero((balances.left > 0) & (lots.expires < NEVER))
    soon = expiring_lots[np.unique(lots.customer[expiring_lots], return_index=True)[1]]
    next_expiry = np.full(size, np.datetime64("NaT", "s"))
    next_expiry[lots.customer[soon]] = (lots.expires[soon] - DAY_S).astype("datetime64[s]")
    until = np.full(size, -1, dtype=np.int64)
    until[lots.customer[soon]] = lots.expires[soon]
    expiring = np.where(lots.expires == until[lots.customer], balances.left, 0)
    return pd.DataFrame(
        {
            "customer_id": scope.customers,
            "tier": tiers,
            "points": summed(lots.customer, balances.left),
            "pending": summed(lots.customer, pending),
            "debt": used - summed(lots.customer, balances.used),
            "expires_on": next_expiry,
            "expiring": summed(lots.customer, expiring),
        }
    )

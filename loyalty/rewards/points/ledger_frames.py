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

#: Kinds of entries, in the order in which those of one second stand.
KINDS = (
    "expired", "opening", "adjusted", "earned", "confirmed", "cancelled", "taken_back", "expiry_returned", "redeemed",
)  # fmt: skip


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
    """What a ledger is of: customers by their code, the versions of the programme, and the end (seconds)."""

    customers: np.ndarray
    versions: Sequence[Version]
    end: int


def entry_frame(
    lots: PointLots, awards: Awards, outcome: LotBalances, moves: ManualEntries, scope: Scope
) -> pd.DataFrame:
    """`Ledger.entries`."""
    every = np.arange(len(lots.when))
    waits = lots.confirmed > lots.when
    early = lots.reversal_at < lots.confirmed[lots.reversal_of]
    cancelled = np.bincount(
        lots.reversal_of[early], weights=lots.reversal_points[early], minlength=len(every)
    ).astype(np.int64)
    sure = np.flatnonzero(waits & (lots.confirmed < scope.end) & (lots.points > cancelled))
    became = lots.points[sure] - cancelled[sure]
    opened = np.isin(awards.source.astype(str), ["opening", "adjusted"])
    nothing = np.zeros(0, np.int64)
    parts: list[tuple[str, Ints, Ints, Ints, Ints]] = [  # kind, lots, seconds, points, pending
        ("opening", every[opened], lots.when[opened], lots.points[opened], 0 * lots.points[opened]),
        ("earned", every[~opened], lots.when[~opened], np.where(waits, 0, lots.points)[~opened], np.where(waits, lots.points, 0)[~opened]),
        ("confirmed", sure, lots.confirmed[sure], became, -became),
        ("cancelled", lots.reversal_of[early], lots.reversal_at[early], 0 * lots.reversal_points[early], -lots.reversal_points[early]),
        ("taken_back", lots.reversal_of[~early], lots.reversal_at[~early], -lots.reversal_points[~early], 0 * lots.reversal_points[~early]),
        ("expired", outcome.expiry_of, outcome.expiry_at, -outcome.expiry_points, 0 * outcome.expiry_points),
        ("expiry_returned", outcome.returned_of, outcome.returned_at, outcome.returned_points, 0 * outcome.returned_points),
    ]  # fmt: skip
    lot, when, points, pending = (
        np.concatenate([part[i] for part in parts] or [nothing]) for i in (1, 2, 3, 4)
    )
    kind = np.repeat([KINDS.index(part[0]) for part in parts], [len(part[1]) for part in parts])
    kind = np.where(
        (kind == KINDS.index("opening")) & (awards.source[lot] == "adjusted"), KINDS.index("adjusted"), kind
    )
    taken = np.flatnonzero(moves.points < 0)
    numbers = np.array([v.number for v in scope.versions] + [0], dtype=np.int64)
    own = np.where(moves.kind[taken] == "redeemed", KINDS.index("redeemed"), KINDS.index("adjusted")).astype(
        np.int64
    )
    who = np.concatenate([lots.customer[lot], moves.customer[taken]])
    at, kinds = np.concatenate([when, moves.when[taken]]), np.concatenate([kind, own])
    aged = np.argsort(kinds, kind="stable")
    order = aged[sort_order(who[aged], at[aged], np.zeros(len(at), np.int64))]
    rules = np.concatenate([awards.version[lot], in_force(moves.when[taken] // DAY_S, scope.versions)])
    return pd.DataFrame(
        {
            "customer_id": pd.Categorical.from_codes(who[order], pd.Index(scope.customers)),
            "at": at[order].astype("datetime64[s]"),
            "kind": pd.Categorical.from_codes(kinds[order].astype(np.int64), pd.Index(KINDS)),
            "source": pd.Categorical(np.concatenate([awards.source[lot], moves.kind[taken]])[order]),
            "points": np.concatenate([points, moves.points[taken]])[order],
            "pending": np.concatenate([pending, np.zeros(len(taken), np.int64)])[order],
            "ref": pd.Series(np.concatenate([awards.ref[lot], moves.ref[taken]])[order], dtype=object),
            "version": numbers[rules[order]],
        }
    )


def lot_frame(lots: PointLots, awards: Awards, outcome: LotBalances, scope: Scope) -> pd.DataFrame:
    """`Ledger.lots`."""
    reversed_points = np.bincount(
        lots.reversal_of, weights=lots.reversal_points, minlength=len(lots.when)
    ).astype(np.int64)
    numbers = np.array([v.number for v in scope.versions] + [0], dtype=np.int64)
    last = np.where(lots.expires < NEVER, lots.expires - DAY_S, 0).astype("datetime64[s]")
    return pd.DataFrame(
        {
            "customer_id": pd.Categorical.from_codes(lots.customer, pd.Index(scope.customers)),
            "at": lots.when.astype("datetime64[s]"),
            "confirmed_at": lots.confirmed.astype("datetime64[s]"),
            "expires_on": np.where(lots.expires < NEVER, last, np.datetime64("NaT", "s")),
            "source": pd.Categorical(awards.source),
            "ref": pd.Series(awards.ref, dtype=object),
            "version": numbers[awards.version],
            "points": lots.points,
            "reversed": reversed_points,
            "used": outcome.used,
            "expired": outcome.expired,
            "left": outcome.left,
            "pending": np.where(lots.confirmed < scope.end, 0, lots.points - reversed_points),
        }
    )


def account_frame(
    lots: PointLots, outcome: LotBalances, moves: ManualEntries, tiers: Ints, scope: Scope
) -> pd.DataFrame:
    """`Ledger.accounts`. `tiers`: the place of each customer's tier."""
    size = len(scope.customers)

    def summed(codes: Ints, values: Ints) -> Ints:
        return np.bincount(codes, weights=values, minlength=size).astype(np.int64)

    reversed_points = np.bincount(
        lots.reversal_of, weights=lots.reversal_points, minlength=len(lots.when)
    ).astype(np.int64)
    waiting = np.where(lots.confirmed < scope.end, 0, lots.points - reversed_points)
    used = summed(lots.use_customer, lots.use_points)
    soon = np.flatnonzero((outcome.left > 0) & (lots.expires < NEVER))
    soon = soon[np.unique(lots.customer[soon], return_index=True)[1]]
    next_day = np.full(size, np.datetime64("NaT", "s"))
    next_day[lots.customer[soon]] = (lots.expires[soon] - DAY_S).astype("datetime64[s]")
    until = np.full(size, -1, dtype=np.int64)
    until[lots.customer[soon]] = lots.expires[soon]
    going = np.where(lots.expires == until[lots.customer], outcome.left, 0)
    return pd.DataFrame(
        {
            "customer_id": scope.customers,
            "tier": tiers,
            "points": summed(lots.customer, outcome.left),
            "pending": summed(lots.customer, waiting),
            "debt": used - summed(lots.customer, outcome.used),
            "expires_on": next_day,
            "expiring": summed(lots.customer, going),
        }
    )

"""What acts besides orders earned: signing up, reviews, referrals of both sides, birthdays, anniversaries, holidays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from loyalty.columns import Ints
from loyalty.rewards.points.awards import Awards
from loyalty.rewards.points.history import DAY_S, Orders, PointsHistory, Version, in_force, seconds
from loyalty.rewards.programme.programme import Programme
from loyalty.rewards.programme.rules import Reward

REFERRAL_KINDS = ("referrer", "referred")


def event_points(kind: str, programme: Programme) -> int:
    """Points for one act of a kind under one version."""
    if kind in ("sign_up", "review"):
        return int(getattr(programme.earning, kind))
    if kind in REFERRAL_KINDS:
        reward: Reward = getattr(programme.referral, kind)
        return int(reward.value) if reward.kind == "points" else 0
    occasion, _, which = kind.partition(":")
    return sum(
        int(gift.value)
        for gift in programme.gifts
        if gift.kind == "points"
        and gift.occasion == occasion
        and (occasion != "holiday" or gift.which == which)
    )


def event_awards(
    history: PointsHistory, versions: Sequence[Version], orders: Orders, codes: pd.Series, end: int
) -> Awards:
    """What acts earned before `end`. Those that hang on an order wait with it, and go when it is returned whole."""
    acts = history.acts
    at = seconds(acts["at"]) if len(acts) else np.zeros(0, np.int64)
    customer = codes.reindex(acts["customer_id"]).to_numpy(dtype=np.int64)
    kind = acts["kind"].to_numpy(dtype=object)
    version = in_force(at // DAY_S, versions)
    word, words = pd.factorize(kind)
    table = np.array(
        [[event_points(name, v.programme) for name in words] for v in versions] + [[0] * len(words)]
    )
    points = table.astype(np.int64)[version, word] if len(acts) else np.zeros(0, np.int64)
    of = pd.Index(orders.number).get_indexer(pd.Index(acts["order"].to_numpy(dtype=np.int64)))
    points = np.where(_referral_refused(acts, of, orders, versions, version), 0, points)
    take = np.flatnonzero((points > 0) & (at < end))
    wait = np.array([v.programme.earning.return_days for v in versions], dtype=np.int64)[version[take]]
    wait = np.where(of[take] >= 0, wait, 0)
    gone = _returned_whole(orders)
    reversals = (
        np.flatnonzero((of[take] >= 0) & (gone[np.maximum(of[take], 0)] < end))
        if len(gone)
        else np.zeros(0, np.int64)
    )
    return Awards(
        customer=customer[take],
        when=at[take],
        confirmed=at[take] + wait * DAY_S,
        points=points[take],
        version=version[take],
        source=kind[take],
        ref=acts["ref"].to_numpy(dtype=object)[take],
        reversal_of=reversals,
        reversal_at=np.maximum(gone[of[take][reversals]], at[take][reversals])
        if len(reversals)
        else np.zeros(0, np.int64),
        reversal_points=points[take][reversals],
    )


def _returned_whole(orders: Orders) -> Ints:
    """When nothing was left of each order; far in the future where something still is."""
    gone = np.full(len(orders.when), np.iinfo(np.int64).max // 4, dtype=np.int64)
    whole = np.flatnonzero((orders.after == 0) & (orders.before > 0))
    gone[orders.of[whole]] = orders.back_at[whole]
    return gone


def _referral_refused(
    acts: pd.DataFrame, of: Ints, orders: Orders, versions: Sequence[Version], version: Ints
) -> np.ndarray:
    """Referrals whose first order is too small, or that are more than a referrer may bring a year."""
    referral = acts["kind"].isin(REFERRAL_KINDS).to_numpy(dtype=np.bool_)
    if not referral.any():
        return referral
    least = np.array([float(v.programme.referral.minimum_spend) for v in versions] + [0.0])[version]
    worth = (
        np.where(of >= 0, orders.gross[np.maximum(of, 0)], 0.0) if len(orders.when) else np.zeros(len(acts))
    )
    refused = referral & ((of < 0) | (worth < least))
    brought = acts.assign(ok=~refused, year=pd.to_datetime(acts["at"]).dt.year, place=np.arange(len(acts)))
    brought = brought[(brought["kind"] == "referrer") & brought["ok"]].sort_values(
        ["customer_id", "at", "ref"]
    )
    turn = brought.groupby(["customer_id", "year"]).cumcount().to_numpy()
    most = np.array([v.programme.referral.most_a_year for v in versions] + [0])[
        version[brought["place"].to_numpy()]
    ]
    refused[brought["place"].to_numpy()[(most > 0) & (turn >= most)]] = True
    return np.asarray(refused)

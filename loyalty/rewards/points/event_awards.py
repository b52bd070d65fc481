"""What events besides orders earned: sign-ups, reviews, referrals (both sides), birthdays, anniversaries, holidays."""

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
    """Points for one event of a kind under one version."""
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
    """What events earned before `end`. Points for a referral are pending as long as its order's, and are reversed when that
    order is returned whole."""
    events = history.events
    at = seconds(events["at"]) if len(events) else np.zeros(0, np.int64)
    customer = codes.reindex(events["customer_id"]).to_numpy(dtype=np.int64)
    kind = events["kind"].to_numpy(dtype=object)
    version = in_force(at // DAY_S, versions)
    kind_code, kinds = pd.factorize(kind)
    table = np.array(
        [[event_points(name, v.programme) for name in kinds] for v in versions] + [[0] * len(kinds)]
    )
    points = table.astype(np.int64)[version, kind_code] if len(events) else np.zeros(0, np.int64)
    order = pd.Index(orders.number).get_indexer(pd.Index(events["order"].to_numpy(dtype=np.int64)))
    points = np.where(_referral_refused(events, order, orders, versions, version), 0, points)
    awarded = np.flatnonzero((points > 0) & (at < end))
    wait = np.array([v.programme.earning.return_days for v in versions], dtype=np.int64)[version[awarded]]
    wait = np.where(order[awarded] >= 0, wait, 0)
    returned_whole = _returned_whole_at(orders)
    reversals = (
        np.flatnonzero((order[awarded] >= 0) & (returned_whole[np.maximum(order[awarded], 0)] < end))
        if len(returned_whole)
        else np.zeros(0, np.int64)
    )
    return Awards(
        customer=customer[awarded],
        when=at[awarded],
        confirmed=at[awarded] + wait * DAY_S,
        points=points[awarded],
        version=version[awarded],
        source=kind[awarded],
        ref=events["ref"].to_numpy(dtype=object)[awarded],
        reversal_of=reversals,
        reversal_at=np.maximum(returned_whole[order[awarded][reversals]], at[awarded][reversals])
        if len(reversals)
        else np.zeros(0, np.int64),
        reversal_points=points[awarded][reversals],
    )


def _returned_whole_at(orders: Orders) -> Ints:
    """When each order was returned whole (seconds); far in the future where it was not."""
    returned_at = np.full(len(orders.when), np.iinfo(np.int64).max // 4, dtype=np.int64)
    whole = np.flatnonzero((orders.left_after == 0) & (orders.left_before > 0))
    returned_at[orders.return_of[whole]] = orders.returned_at[whole]
    return returned_at


def _referral_refused(
    events: pd.DataFrame, order: Ints, orders: Orders, versions: Sequence[Version], version: Ints
) -> np.ndarray:
    """Referrals whose first order is too small, or that exceed what a referrer may bring a year."""
    referral = events["kind"].isin(REFERRAL_KINDS).to_numpy(dtype=np.bool_)
    if not referral.any():
        return referral
    least = np.array([float(v.programme.referral.minimum_spend) for v in versions] + [0.0])[version]
    value = (
        np.where(order >= 0, orders.gross[np.maximum(order, 0)], 0.0)
        if len(orders.when)
        else np.zeros(len(events))
    )
    refused = referral & ((order < 0) | (value < least))
    brought = events.assign(
        ok=~refused, year=pd.to_datetime(events["at"]).dt.year, place=np.arange(len(events))
    )
    brought = brought[(brought["kind"] == "referrer") & brought["ok"]].sort_values(
        ["customer_id", "at", "ref"]
    )
    turn = brought.groupby(["customer_id", "year"]).cumcount().to_numpy()
    most = np.array([v.programme.referral.most_a_year for v in versions] + [0])[
        version[brought["place"].to_numpy()]
    ]
    refused[brought["place"].to_numpy()[(most > 0) & (turn >= most)]] = True
    return np.asarray(refused)

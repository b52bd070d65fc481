"""Events besides orders that may earn points, as `PointsHistory.events`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from loyalty.rewards.occasions import gift_days
from loyalty.rewards.points.history import EVENT_COLUMNS, Version, empty_frame
from loyalty.rewards.programme.rules import Gift


def sign_ups(sales: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """One event a customer, at their first purchase or first day on a list. `seen`: customer_id, first_seen (NaT: unknown)."""
    firsts = pd.concat(
        [sales[["customer_id", "at"]], seen.rename(columns={"first_seen": "at"})[["customer_id", "at"]]]
    )
    earliest = firsts.dropna().groupby("customer_id", as_index=False).agg({"at": "min"})
    return _events(earliest, "sign_up", earliest["customer_id"])


def review_events(reviews: pd.DataFrame) -> pd.DataFrame:
    """One event a review. `reviews`: customer_id, at."""
    nth = reviews.groupby(["customer_id", "at"]).cumcount().astype(str)
    return _events(reviews, "review", reviews["at"].astype(str).str.cat(nth, sep="#"))


def referral_events(sales: pd.DataFrame, referrals: pd.DataFrame) -> pd.DataFrame:
    """Two events a new customer whom another one brought, at the moment of the first order.

    `referrals`: referrer_id, referred_id, at (NaT where no day is known). The first order must not be before the day of
    the recommendation; a customer whom several recommended the shop to counts for the first of them.
    """
    firsts = sales.sort_values(["at", "order"]).drop_duplicates("customer_id")[["customer_id", "at", "order"]]
    recommended = referrals.sort_values(["at", "referrer_id"], na_position="last").rename(
        columns={"at": "recommended_at"}
    )
    joined = recommended.merge(firsts, left_on="referred_id", right_on="customer_id")
    new = joined["recommended_at"].isna() | (
        joined["at"].dt.normalize() >= joined["recommended_at"].dt.normalize()
    )
    brought = joined[new & (joined["referrer_id"] != joined["referred_id"])].drop_duplicates("referred_id")
    parts = [
        _events(
            brought.drop(columns="customer_id").rename(columns={f"{side}_id": "customer_id"}),
            side,
            brought["referred_id"],
        )
        for side in ("referrer", "referred")
    ]
    return pd.concat([part.assign(order=brought["order"].to_numpy()) for part in parts], ignore_index=True)


def gift_events(
    versions: Sequence[Version], people: tuple[pd.DataFrame, pd.DataFrame], country: str, as_of: dt.date
) -> pd.DataFrame:
    """One event a customer's gift day for which any version gives points, from the first order of the shop to `as_of`."""
    firsts = people[1]["first_at"]
    if firsts.empty:
        return empty_frame(EVENT_COLUMNS)
    since = pd.Timestamp(firsts.min()).date()
    gifts: dict[str, Gift] = {
        gift.key: gift for version in versions for gift in version.programme.gifts if gift.kind == "points"
    }
    parts = [empty_frame(EVENT_COLUMNS)]
    for kind, gift in gifts.items():
        days = gift_days(gift, people, country, since, as_of)
        at = pd.to_datetime(days["day"])
        parts.append(_events(days.assign(at=at), kind, at.dt.year.astype(str)))
    full = [part for part in parts if len(part)]
    return pd.concat(full, ignore_index=True) if full else parts[0]


def _events(rows: pd.DataFrame, kind: str, ref: pd.Series) -> pd.DataFrame:
    """Rows with customer_id and at as events of one kind that depend on no order."""
    return pd.DataFrame(
        {
            "customer_id": rows["customer_id"].astype(object).to_numpy(),
            "at": pd.to_datetime(rows["at"]).to_numpy(),
            "kind": kind,
            "ref": [f"{kind}|{text}" for text in ref],
            "order": -1,
        },
        columns=list(EVENT_COLUMNS),
    )

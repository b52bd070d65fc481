"""Figures on new customers: referral rate, referred share, and acquisition cost (CAC)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from loyalty.measure.satisfaction import wilson


@dataclass(frozen=True)
class Acquisition:
    """Figures of new customers. None without referrals or spend, or with nothing to divide by.

    `referral_rate` (share of all customers who referred a new customer, `referrers` of them) is of all time up to `as_of`;
    `referred_share` (of the period's new customers) and `cac` (`spend` ÷ `new_customers` of the months that begin in
    the period and have spend, in the shop's currency) are of the period.
    """

    referral_rate: float | None = None
    referrers: int = 0
    referred_share: float | None = None
    cac: float | None = None
    spend: float = 0.0
    new_customers: int = 0


def acquisition(
    customers: pd.DataFrame,
    referrals: pd.DataFrame,
    spend: pd.DataFrame,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Acquisition:
    """The acquisition figures of a period, from CUSTOMERS, REFERRALS and SPEND (`loyalty.columns`); ends inclusive."""
    is_referrer, is_referred = (
        referrers_by_customer(customers, referrals),
        referred_by_customer(customers, referrals),
    )
    new = in_period(customers["first_at"], since, until)
    referred_new = is_referred[new.to_numpy()]
    months = cac_by_month(customers, spend)
    months = months[in_period(months["month"], since, until)]
    spent, people = float(months["spend"].sum()), int(months["new_customers"].sum())
    has_referrals = len(referrals) > 0
    return Acquisition(
        referral_rate=float(is_referrer.mean()) if has_referrals and len(is_referrer) else None,
        referrers=int(is_referrer.sum()),
        referred_share=float(referred_new.mean()) if has_referrals and len(referred_new) else None,
        cac=spent / people if people else None,
        spend=spent,
        new_customers=people,
    )


def successful_referrals(customers: pd.DataFrame, referrals: pd.DataFrame) -> pd.DataFrame:
    """The referrals (REFERRALS) that led to a new customer, one row for each new customer.

    The new customer's first purchase is not before the day of the recommendation; without a day, any purchase counts.
    A customer with several referrals counts for the first of them; undated ones come last.
    """
    first = customers.set_index("customer_id")["first_at"].dt.normalize()
    first_purchase = pd.Series(first.reindex(referrals["referred_id"]).to_numpy(), index=referrals.index)
    in_time = first_purchase.notna() & (
        referrals["at"].isna() | (first_purchase >= referrals["at"].dt.normalize())
    )
    by_another = referrals["referrer_id"] != referrals["referred_id"]
    ranked = referrals[in_time & by_another].sort_values(
        ["at", "referrer_id"], na_position="last", kind="stable"
    )
    successful: pd.DataFrame = ranked.drop_duplicates("referred_id").reset_index(drop=True)
    return successful


def referrers_by_customer(customers: pd.DataFrame, referrals: pd.DataFrame) -> pd.Series:
    """1.0 for each customer who referred at least one new customer, else 0.0; the referral rate is its mean."""
    ids = customers.set_index("customer_id").index
    is_referrer = ids.isin(successful_referrals(customers, referrals)["referrer_id"])
    return pd.Series(is_referrer, index=ids, dtype="float64")


def referred_by_customer(customers: pd.DataFrame, referrals: pd.DataFrame) -> pd.Series:
    """1.0 for each customer referred by another, else 0.0; the referred share is its mean over new customers."""
    ids = customers.set_index("customer_id").index
    is_referred = ids.isin(successful_referrals(customers, referrals)["referred_id"])
    return pd.Series(is_referred, index=ids, dtype="float64")


def cac_by_month(customers: pd.DataFrame, spend: pd.DataFrame) -> pd.DataFrame:
    """One row for each month with spend, the oldest first: month (first day), spend, new_customers, cac (or NaN)."""
    money = spend.groupby("month")["amount"].sum()
    firsts = customers["first_at"].dt.to_period("M").dt.to_timestamp().value_counts()
    return _costs(money, firsts.reindex(money.index).fillna(0))


def customers_by_paid_channel(
    customers: pd.DataFrame, spend: pd.DataFrame, origins: pd.DataFrame
) -> pd.DataFrame:
    """New customers of paid channels: customer_id, channel, month (of the first purchase).

    Customers acquired through a channel of the spend (`origins.acquired_via`, in any case) in a month with spend on
    that channel; `channel` has the spelling that appears first in the spend.
    """
    acquired = customers.merge(origins[["customer_id", "acquired_via"]], on="customer_id")
    month = acquired["first_at"].dt.to_period("M").dt.to_timestamp()
    acquired = acquired[["customer_id"]].assign(key=_key(acquired["acquired_via"]), month=month)
    paid = _spelled(spend)
    paid = paid.loc[paid["key"] != "", ["key", "channel", "month"]].drop_duplicates()
    matches = paid.merge(acquired[acquired["key"].notna()], on=["key", "month"])
    return matches[["customer_id", "channel", "month"]]


def cac_by_month_and_channel(
    customers: pd.DataFrame, spend: pd.DataFrame, origins: pd.DataFrame
) -> pd.DataFrame:
    """One row a month and channel of the spend, the oldest first: month, channel, spend, new_customers, cac (or NaN)."""
    keys = ["month", "channel"]
    money = _spelled(spend).groupby(keys)["amount"].sum()
    people = customers_by_paid_channel(customers, spend, origins).groupby(keys).size()
    return _costs(money, people.reindex(money.index).fillna(0))


def cac_by_channel(customers: pd.DataFrame, spend: pd.DataFrame, origins: pd.DataFrame) -> pd.DataFrame:
    """One row a channel of the spend, in alphabetical order: channel, spend, new_customers, cac (or NaN).

    Its new customers are those of `customers_by_paid_channel`; the sums of `cac_by_month_and_channel`.
    """
    months = cac_by_month_and_channel(customers, spend, origins)
    sums = months.groupby("channel")[["spend", "new_customers"]].sum()
    return _costs(sums["spend"], sums["new_customers"])


def referred_by_month(customers: pd.DataFrame, referrals: pd.DataFrame) -> pd.DataFrame:
    """One row a month of first purchases: month, new_customers, referred, share, low, high (Wilson 95 %)."""
    referred = referred_by_customer(customers, referrals).to_numpy()
    month = customers["first_at"].dt.to_period("M").dt.to_timestamp()
    counts = [
        (m, len(part), int(part.sum())) for m, part in pd.Series(referred, index=month.index).groupby(month)
    ]
    rows = [(m, n, k, k / n, *wilson(k, n)) for m, n, k in counts]
    return pd.DataFrame(rows, columns=["month", "new_customers", "referred", "share", "low", "high"])


def _key(names: pd.Series) -> pd.Series:
    """Channel names normalised for comparison."""
    keys: pd.Series = names.astype("str").where(names.notna()).str.strip().str.casefold()
    return keys


def _spelled(spend: pd.DataFrame) -> pd.DataFrame:
    """SPEND with the `key` of each channel, and each channel in its first spelling."""
    keyed = spend.assign(key=_key(spend["channel"]))
    return keyed.assign(channel=keyed.groupby("key")["channel"].transform("first"))


def _costs(money: pd.Series, people: pd.Series) -> pd.DataFrame:
    """`money` and new `people` by the same index, which becomes columns, and the cost of one customer (CAC)."""
    counts = people.astype("int64").rename("new_customers")
    frame = pd.concat([money.rename("spend"), counts], axis=1).reset_index()
    return frame.assign(cac=(frame["spend"] / frame["new_customers"]).where(frame["new_customers"] > 0))


def in_period(moments: pd.Series, since: dt.date | None, until: dt.date | None) -> pd.Series:
    """Which moments lie on or between two days (bool); a missing end is open."""
    inside = moments.notna()
    if since is not None:
        inside &= moments >= pd.Timestamp(since)
    if until is not None:
        inside &= moments < pd.Timestamp(until) + pd.Timedelta(days=1)
    return inside

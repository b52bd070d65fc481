"""How new customers come: brought by others (referral rate, referred share), and what they cost (CAC)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from loyalty.measure.satisfaction import wilson


@dataclass(frozen=True)
class Acquisition:
    """Figures of new customers. None where no recommendation, or no spend, is known, or there is nothing to divide by.

    `referral_rate` (share of all customers who brought somebody, `referrers` of them) is of all time up to `as_of`;
    `referred_share` (of the period's new customers) and `cac` (`spend` ÷ `new_customers` of the months that begin in
    the period and whose spend is known, in the shop's currency) are of the period.
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
    """All of them, from the CUSTOMERS, REFERRALS and SPEND frames of `loyalty.columns`; ends are inclusive."""
    brought, referred = (
        referrers_by_customer(customers, referrals),
        referred_by_customer(customers, referrals),
    )
    new = in_period(customers["first_at"], since, until)
    referred_new = referred[new.to_numpy()]
    months = cac_by_month(customers, spend)
    months = months[in_period(months["month"], since, until)]
    money, people = float(months["spend"].sum()), int(months["new_customers"].sum())
    told = len(referrals) > 0
    return Acquisition(
        referral_rate=float(brought.mean()) if told and len(brought) else None,
        referrers=int(brought.sum()),
        referred_share=float(referred_new.mean()) if told and len(referred_new) else None,
        cac=money / people if people else None,
        spend=money,
        new_customers=people,
    )


def successful_referrals(customers: pd.DataFrame, referrals: pd.DataFrame) -> pd.DataFrame:
    """The recommendations (REFERRALS) that brought a new customer, one a new customer.

    The new customer's first purchase is not before the day of the recommendation; without a day, any purchase counts.
    Whom several recommended the shop to counts for the first of them; undated ones come last.
    """
    first = customers.set_index("customer_id")["first_at"].dt.normalize()
    bought = pd.Series(first.reindex(referrals["referred_id"]).to_numpy(), index=referrals.index)
    in_time = bought.notna() & (referrals["at"].isna() | (bought >= referrals["at"].dt.normalize()))
    own = referrals["referrer_id"] != referrals["referred_id"]
    ranked = referrals[in_time & own].sort_values(["at", "referrer_id"], na_position="last", kind="stable")
    found: pd.DataFrame = ranked.drop_duplicates("referred_id").reset_index(drop=True)
    return found


def referrers_by_customer(customers: pd.DataFrame, referrals: pd.DataFrame) -> pd.Series:
    """1.0 for each customer who brought a new one at least, else 0.0; the referral rate is its mean."""
    ids = customers.set_index("customer_id").index
    found = ids.isin(successful_referrals(customers, referrals)["referrer_id"])
    return pd.Series(found, index=ids, dtype="float64")


def referred_by_customer(customers: pd.DataFrame, referrals: pd.DataFrame) -> pd.Series:
    """1.0 for each customer whom another one brought, else 0.0; the referred share is its mean over new customers."""
    ids = customers.set_index("customer_id").index
    found = ids.isin(successful_referrals(customers, referrals)["referred_id"])
    return pd.Series(found, index=ids, dtype="float64")


def cac_by_month(customers: pd.DataFrame, spend: pd.DataFrame) -> pd.DataFrame:
    """One row a month whose spend is known, the oldest first: month (first day), spend, new_customers, cac (or NaN)."""
    money = spend.groupby("month")["amount"].sum()
    firsts = customers["first_at"].dt.to_period("M").dt.to_timestamp().value_counts()
    return _costs(money, firsts.reindex(money.index).fillna(0))


def customers_by_paid_channel(
    customers: pd.DataFrame, spend: pd.DataFrame, origins: pd.DataFrame
) -> pd.DataFrame:
    """Customers whom money was spent on, as far as their origin tells: customer_id, channel, month (of the first purchase).

    Those who came through a channel of the spend (`origins.acquired_via`, in any case) in a month in which money was
    spent on it; `channel` is spelled as the spend first does.
    """
    came = customers.merge(origins[["customer_id", "acquired_via"]], on="customer_id")
    month = came["first_at"].dt.to_period("M").dt.to_timestamp()
    came = came[["customer_id"]].assign(key=_key(came["acquired_via"]), month=month)
    paid = _spelled(spend)
    paid = paid.loc[paid["key"] != "", ["key", "channel", "month"]].drop_duplicates()
    found = paid.merge(came[came["key"].notna()], on=["key", "month"])
    return found[["customer_id", "channel", "month"]]


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
    both = [
        (m, len(part), int(part.sum())) for m, part in pd.Series(referred, index=month.index).groupby(month)
    ]
    rows = [(m, n, k, k / n, *wilson(k, n)) for m, n, k in both]
    return pd.DataFrame(rows, columns=["month", "new_customers", "referred", "share", "low", "high"])


def _key(names: pd.Series) -> pd.Series:
    """Names of channels as they are compared."""
    found: pd.Series = names.astype("str").where(names.notna()).str.strip().str.casefold()
    return found


def _spelled(spend: pd.DataFrame) -> pd.DataFrame:
    """SPEND with the `key` of each channel, and each channel spelled as it is first."""
    keyed = spend.assign(key=_key(spend["channel"]))
    return keyed.assign(channel=keyed.groupby("key")["channel"].transform("first"))


def _costs(money: pd.Series, people: pd.Series) -> pd.DataFrame:
    """`money` and new `people` by the same index, which becomes columns, and what one of them cost."""
    counts = people.astype("int64").rename("new_customers")
    frame = pd.concat([money.rename("spend"), counts], axis=1).reset_index()
    return frame.assign(cac=(frame["spend"] / frame["new_customers"]).where(frame["new_customers"] > 0))


def in_period(moments: pd.Series, since: dt.date | None, until: dt.date | None) -> pd.Series:
    """Which moments lie on or between two days (bool); a missing end is open."""
    found = moments.notna()
    if since is not None:
        found &= moments >= pd.Timestamp(since)
    if until is not None:
        found &= moments < pd.Timestamp(until) + pd.Timedelta(days=1)
    return found

"""What a campaign brought, from the sales of those written to and of those held back in the same days."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.campaigns.lift import Lift, mean_lift, share_lift
from loyalty.campaigns.plan import HELD, CampaignOffer, Plan
from loyalty.campaigns.power import detectable_share, people_needed
from loyalty.campaigns.sequential import LOOKS, look_level, looks_reached

CONVERSION, ORDERS, REVENUE, GAIN = "conversion", "orders", "revenue", "gain"
OUTCOMES = (CONVERSION, ORDERS, REVENUE, GAIN)
FEW_BUYERS = 10  # in either group: a range of money would rest on them alone
MINIMUM_SEGMENT = 30  # people of each group
SEGMENT_COLUMNS = [
    "arm", "segment", "sent", "held", "treated", "control", "lift", "low", "high", "gain", "gain_low", "gain_high",
]  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """What the reckoning hangs on. `margin`: share of revenue left after cost of goods, 1 where the owner gave none."""

    start: dt.date
    as_of: dt.date
    margin: float = 1.0
    margin_known: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Look:
    """How far a campaign is. `number`: looks that have come (4: its time is over); `until`: the last day that counts at
    this one; `ends`: the last day of all; `level`: of the ranges, so that four looks together are right 95 times in 100."""

    number: int
    until: dt.date
    ends: dt.date
    next_on: dt.date | None
    level: float

    @property
    def over(self) -> bool:
        """Whether all days are in."""
        return self.number == len(LOOKS)


@dataclass(frozen=True)
class CampaignResult:
    """The result of one campaign at one look.

    `lifts`: by outcome, all who were written to beside those held back; `arms`: the same for each offer; `versus`: offer A
    beside offer B. `segments`: one row an arm and segment (SEGMENT_COLUMNS). `used`: coupons that came back, `cost`: what
    they took off, `posted`: cost of the messages. `anyway`: share of the used coupons whose buyers would have bought
    without, None where none was used or nobody was held back. `crossed`: people found to be one across groups, `erased`:
    people since erased; neither counts.
    """

    plan: Plan
    terms: Terms
    look: Look
    sent: int
    control_group: int
    lifts: Mapping[str, Lift]
    arms: Mapping[str, Mapping[str, Lift]]
    versus: Mapping[str, Lift]
    segments: pd.DataFrame
    coupons_used: int
    cost: float
    message_cost: float
    bought_anyway: float | None
    in_both_groups: int
    erased: int

    @property
    def too_few_buyers(self) -> bool:
        """Whether either group has too few buyers for a range of money."""
        found = self.lifts[CONVERSION]
        return min(found.treated * found.n_treated, found.control * found.n_control) < FEW_BUYERS

    @property
    def detectable(self) -> float | None:
        """The smallest rise of the share who buy that this campaign could show."""
        return detectable_share(self._base, self.sent, self.control_group) if self.control_group else None

    @property
    def needed(self) -> int:
        """How many people a list must have, half of them held back, to show the effect that was expected."""
        return people_needed(self._base, self.plan.effect)

    @property
    def _base(self) -> float:
        found = self.lifts[CONVERSION]
        return found.control if found.control > 0 else self.plan.base


def current_look(plan: Plan, start: dt.date, as_of: dt.date) -> Look:
    """Which look has come by `as_of`, the last day of the data."""
    ends = start + dt.timedelta(days=plan.days - 1)
    days = [start + dt.timedelta(days=math.ceil(share * plan.days) - 1) for share in LOOKS]
    number = looks_reached(((as_of - start).days + 1) / plan.days) if as_of >= start else 0
    number = sum(day <= as_of for day in days) if number else 0
    until = days[number - 1] if number else start
    return Look(number, until, ends, days[number] if number < len(days) else None, look_level(max(number, 1)))


def people_outcomes(
    drawn: pd.DataFrame, bought: pd.DataFrame, before: pd.DataFrame, discounts: pd.Series
) -> tuple[pd.DataFrame, int, int]:
    """One row a person with arm, segment, orders, revenue, before and discount; how many crossed; how many were erased.

    `drawn`: as from facts, under today's ids; two ids found to be one person count once, and in neither group where they
    were drawn into different ones, since that person was both written to and held back. `discounts`: by code.
    """
    named = drawn[drawn["customer_id"].notna()]
    known = named.assign(discount=named["code"].map(discounts).fillna(0.0).astype("float64"))
    groups = known.groupby("customer_id", sort=True)
    people = groups.agg(
        arm=("arm", "first"),
        arms=("arm", "nunique"),
        segment=("segment", "first"),
        discount=("discount", "sum"),
    ).reset_index()
    crossed = people["arms"] > 1
    people = people[~crossed].drop(columns="arms").merge(bought, how="left", on="customer_id")
    people = people.merge(before, how="left", on="customer_id")
    numbers = {name: people[name].fillna(0) for name in ("orders", "revenue", "before")}
    return people.assign(**numbers), int(crossed.sum()), int(drawn["customer_id"].isna().sum())


def redeemed_orders(orders: pd.DataFrame, drawn: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Orders that used one of the campaign's codes: code, arm, order_id, channel, at, net, discount (known or worked out).

    Codes are compared without case and blanks; an order may name several, each kept once. What a coupon took off is the
    order's discount, and where the export tells none the coupon's own value.
    """
    sent = drawn[drawn["code"].notna()]
    arms = dict(zip(sent["code"].str.upper(), sent["arm"], strict=True))
    named = orders.assign(
        code=orders["coupon_code"].astype("str").str.upper().str.split(r"[,;|\s]+", regex=True)
    ).explode("code")
    ours = named[named["code"].isin(set(arms))].drop_duplicates(["channel", "order_id", "code"])
    ours = ours.assign(arm=ours["code"].map(arms))
    worked_out = [_value(plan.offer_of(arm), net) for arm, net in zip(ours["arm"], ours["net"], strict=True)]
    told = ours["discount"].where(ours["discount"] > 0)
    ours = ours.assign(discount=told.fillna(pd.Series(worked_out, index=ours.index, dtype="float64")))
    return ours[["code", "arm", "channel", "order_id", "at", "net", "discount"]].reset_index(drop=True)


def _value(offer: CampaignOffer, net: float) -> float:
    """What a coupon took off an order of which `net` was left."""
    value = float(offer.value)
    if offer.kind == "fixed":
        return value
    return net * value / (100 - value) if value < 100 else 0.0


def measure_campaign(
    plan: Plan,
    terms: Terms,
    drawn: pd.DataFrame,
    bought: pd.DataFrame,
    before: pd.DataFrame,
    used: pd.DataFrame,
) -> CampaignResult:
    """Everything at the look that has come. `bought`: orders and revenue until that look's last day; `used`: `redeemed_orders`."""
    look = current_look(plan, terms.start, terms.as_of)
    inside = used[used["at"] < pd.Timestamp(look.until) + pd.Timedelta(days=1)]
    discounts = inside.groupby("code")["discount"].sum()
    people, crossed, erased = people_outcomes(
        drawn.assign(code=drawn["code"].str.upper()), bought, before, discounts
    )
    people = people.assign(gain=_gain(people, plan, terms))
    held, sent = people[people["arm"] == HELD], people[people["arm"] != HELD]
    each = {arm: sent[sent["arm"] == arm] for arm in plan.arms}
    lifts = _lifts(sent, held, terms.seed, look.level)
    return CampaignResult(
        plan, terms, look, len(sent), len(held), lifts,
        arms={arm: _lifts(part, held, terms.seed, look.level) for arm, part in each.items()},
        versus=_lifts(each["A"], each["B"], terms.seed, look.level) if len(each) == 2 else {},
        segments=_by_segment(each, held, terms, look.level),
        coupons_used=len(inside), cost=float(inside["discount"].sum()), message_cost=float(plan.message_cost) * len(sent),
        bought_anyway=_bought_anyway(lifts[CONVERSION], inside["code"].nunique(), len(held)),
        in_both_groups=crossed, erased=erased,
    )  # fmt: skip


def _gain(people: pd.DataFrame, plan: Plan, terms: Terms) -> pd.Series:
    """What a person left the shop with: margin of what they bought at full price, less coupon and message.

    m·(revenue + discount) − discount − message = m·revenue − (1 − m)·discount − message; revenue is after discounts.
    """
    posted = float(plan.message_cost) * (people["arm"] != HELD)
    found: pd.Series = terms.margin * people["revenue"] - (1 - terms.margin) * people["discount"] - posted
    return found


def _lifts(treated: pd.DataFrame, control: pd.DataFrame, seed: int, level: float) -> dict[str, Lift]:
    """Conversion by Newcombe; orders, revenue and gain by the bootstrap, with spend before allowed for."""
    before = (treated["before"].to_numpy(dtype=np.float64), control["before"].to_numpy(dtype=np.float64))
    found = {CONVERSION: share_lift(treated["orders"] > 0, control["orders"] > 0, level)}
    for name in (ORDERS, REVENUE, GAIN):
        found[name] = mean_lift(treated[name], control[name], before, seed=seed, level=level)
    return found


def _by_segment(
    each: Mapping[str, pd.DataFrame], held: pd.DataFrame, terms: Terms, level: float
) -> pd.DataFrame:
    """One row an arm and segment with 30 people or more in each group: how many, lift of conversion, lift of gain."""
    rows = []
    for arm, sent in each.items():
        for segment in sorted(set(sent["segment"].dropna()) & set(held["segment"].dropna())):
            one, other = sent[sent["segment"] == segment], held[held["segment"] == segment]
            if min(len(one), len(other)) < MINIMUM_SEGMENT:
                continue
            lift = _lifts(one, other, terms.seed, level)
            share, gain = lift[CONVERSION], lift[GAIN]
            rows.append((arm, segment, len(one), len(other), share.treated, share.control, share.lift, share.low, share.high,
                         gain.lift, gain.low, gain.high))  # fmt: skip
    return pd.DataFrame(rows, columns=SEGMENT_COLUMNS)


def _bought_anyway(conversion: Lift, redeemers: int, held: int) -> float | None:
    """Of the coupons used, the share whose buyers would have bought anyway: 1 − extra buyers ÷ coupons used, in [0, 1].

    Extra buyers are the lift of conversion times those written to; whoever bought more because of the message is taken to
    have used the coupon.
    """
    if not redeemers or not held:
        return None
    return min(1.0, max(0.0, 1 - conversion.total / redeemers))

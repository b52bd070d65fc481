"""Result of a campaign, from the sales of recipients and control group in the same days."""

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
FEW_BUYERS = 10  # in either group: with fewer, a range of money is not reliable
MINIMUM_SEGMENT = 30  # people in each group
SEGMENT_COLUMNS = [
    "arm",
    "segment",
    "sent",
    "held",
    "treated",
    "control",
    "lift",
    "low",
    "high",
    "gain",
    "gain_low",
    "gain_high",
]


@dataclass(frozen=True)
class Terms:
    """Terms of the measurement. `margin`: share of revenue left after cost of goods, 1 where the owner gave none."""

    start: dt.date
    as_of: dt.date
    margin: float = 1.0
    margin_known: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Look:
    """Current interim look. `number`: looks so far (4: the campaign is over); `until`: the last day counted at
    this look; `ends`: the last day of the campaign; `level`: of the ranges, so that four looks together are right 95 times in 100."""

    number: int
    until: dt.date
    ends: dt.date
    next_on: dt.date | None
    level: float

    @property
    def over(self) -> bool:
        """Whether all days are over."""
        return self.number == len(LOOKS)


@dataclass(frozen=True)
class CampaignResult:
    """The result of one campaign at one look.

    `sent`, `control_group`: people. `lifts`: by outcome, all recipients against the control group; `arms`: the same for
    each offer; `versus`: offer A against offer B. `segments`: one row for each arm and segment (SEGMENT_COLUMNS). `cost`: discount of the used coupons.
    `bought_anyway`: share of the used coupons whose buyers would have bought without, None without used coupons or
    control group. `in_both_groups`: merged people who were assigned to both groups, `erased`: people erased since;
    neither counts.
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
        conversion = self.lifts[CONVERSION]
        return (
            min(conversion.treated * conversion.n_treated, conversion.control * conversion.n_control)
            < FEW_BUYERS
        )

    @property
    def detectable(self) -> float | None:
        """The smallest rise of the share who buy that this campaign could detect."""
        return detectable_share(self._base, self.sent, self.control_group) if self.control_group else None

    @property
    def needed(self) -> int:
        """People that a list must have, half of them in the control group, to detect the expected effect."""
        return people_needed(self._base, self.plan.effect)

    @property
    def _base(self) -> float:
        conversion = self.lifts[CONVERSION]
        return conversion.control if conversion.control > 0 else self.plan.base


def current_look(plan: Plan, start: dt.date, as_of: dt.date) -> Look:
    """The latest look by `as_of`, the last day of the data."""
    ends = start + dt.timedelta(days=plan.days - 1)
    days = [start + dt.timedelta(days=math.ceil(share * plan.days) - 1) for share in LOOKS]
    number = looks_reached(((as_of - start).days + 1) / plan.days) if as_of >= start else 0
    number = sum(day <= as_of for day in days) if number else 0
    until = days[number - 1] if number else start
    return Look(number, until, ends, days[number] if number < len(days) else None, look_level(max(number, 1)))


def people_outcomes(
    assigned: pd.DataFrame, purchases: pd.DataFrame, before: pd.DataFrame, discounts: pd.Series
) -> tuple[pd.DataFrame, int, int]:
    """One row a person with arm, segment, orders, revenue, before and discount; how many were in both groups; how many were erased.

    `assigned`: as from facts, under current ids; merged ids count as one person, and in neither group where they were
    assigned to different ones. `discounts`: by code.
    """
    named = assigned[assigned["customer_id"].notna()]
    with_discount = named.assign(discount=named["code"].map(discounts).fillna(0.0).astype("float64"))
    groups = with_discount.groupby("customer_id", sort=True)
    people = groups.agg(
        arm=("arm", "first"),
        arms=("arm", "nunique"),
        segment=("segment", "first"),
        discount=("discount", "sum"),
    ).reset_index()
    in_both = people["arms"] > 1
    people = people[~in_both].drop(columns="arms").merge(purchases, how="left", on="customer_id")
    people = people.merge(before, how="left", on="customer_id")
    numbers = {name: people[name].fillna(0) for name in ("orders", "revenue", "before")}
    return people.assign(**numbers), int(in_both.sum()), int(assigned["customer_id"].isna().sum())


def redeemed_orders(orders: pd.DataFrame, assigned: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Orders that used one of the campaign's codes: code, arm, order_id, channel, at, net, discount (stated or calculated).

    Codes are compared without case and blanks; an order may have several, each counted once. The discount of a coupon
    is the order's, or the coupon's own value where the export states none.
    """
    sent = assigned[assigned["code"].notna()]
    arms = dict(zip(sent["code"].str.upper(), sent["arm"], strict=True))
    named = orders.assign(
        code=orders["coupon_code"].astype("str").str.upper().str.split(r"[,;|\s]+", regex=True)
    ).explode("code")
    matching = named[named["code"].isin(set(arms))].drop_duplicates(["channel", "order_id", "code"])
    matching = matching.assign(arm=matching["code"].map(arms))
    worked_out = [
        _value(plan.offer_of(arm), net) for arm, net in zip(matching["arm"], matching["net"], strict=True)
    ]
    stated = matching["discount"].where(matching["discount"] > 0)
    matching = matching.assign(
        discount=stated.fillna(pd.Series(worked_out, index=matching.index, dtype="float64"))
    )
    return matching[["code", "arm", "channel", "order_id", "at", "net", "discount"]].reset_index(drop=True)


def _value(offer: CampaignOffer, net: float) -> float:
    """The discount of a coupon on an order with `net` after it."""
    value = float(offer.value)
    if offer.kind == "fixed":
        return value
    return net * value / (100 - value) if value < 100 else 0.0


def measure_campaign(
    plan: Plan,
    terms: Terms,
    assigned: pd.DataFrame,
    purchases: pd.DataFrame,
    before: pd.DataFrame,
    redeemed: pd.DataFrame,
) -> CampaignResult:
    """Measure a campaign at its current look.

    `purchases`: orders and revenue until that look's last day; `redeemed`: see `redeemed_orders`."""
    look = current_look(plan, terms.start, terms.as_of)
    inside = redeemed[redeemed["at"] < pd.Timestamp(look.until) + pd.Timedelta(days=1)]
    discounts = inside.groupby("code")["discount"].sum()
    people, in_both, erased = people_outcomes(
        assigned.assign(code=assigned["code"].str.upper()), purchases, before, discounts
    )
    people = people.assign(gain=_gain(people, plan, terms))
    control, sent = people[people["arm"] == HELD], people[people["arm"] != HELD]
    by_arm = {arm: sent[sent["arm"] == arm] for arm in plan.arms}
    lifts = _lifts(sent, control, terms.seed, look.level)
    return CampaignResult(
        plan,
        terms,
        look,
        len(sent),
        len(control),
        lifts,
        arms={arm: _lifts(part, control, terms.seed, look.level) for arm, part in by_arm.items()},
        versus=_lifts(by_arm["A"], by_arm["B"], terms.seed, look.level) if len(by_arm) == 2 else {},
        segments=_by_segment(by_arm, control, terms, look.level),
        coupons_used=len(inside),
        cost=float(inside["discount"].sum()),
        message_cost=float(plan.message_cost) * len(sent),
        bought_anyway=_bought_anyway(lifts[CONVERSION], inside["code"].nunique(), len(control)),
        in_both_groups=in_both,
        erased=erased,
    )


def _gain(people: pd.DataFrame, plan: Plan, terms: Terms) -> pd.Series:
    """Gain of each person: margin of their purchases at full price, less coupon and message.

    m·(revenue + discount) − discount − message = m·revenue − (1 − m)·discount − message; revenue is after discounts.
    """
    message_cost = float(plan.message_cost) * (people["arm"] != HELD)
    gains: pd.Series = (
        terms.margin * people["revenue"] - (1 - terms.margin) * people["discount"] - message_cost
    )
    return gains


def _lifts(treated: pd.DataFrame, control: pd.DataFrame, seed: int, level: float) -> dict[str, Lift]:
    """Conversion by Newcombe; orders, revenue and gain by the bootstrap, adjusted for spend before."""
    before = (treated["before"].to_numpy(dtype=np.float64), control["before"].to_numpy(dtype=np.float64))
    lifts = {CONVERSION: share_lift(treated["orders"] > 0, control["orders"] > 0, level)}
    for name in (ORDERS, REVENUE, GAIN):
        lifts[name] = mean_lift(treated[name], control[name], before, seed=seed, level=level)
    return lifts


def _by_segment(
    by_arm: Mapping[str, pd.DataFrame], control: pd.DataFrame, terms: Terms, level: float
) -> pd.DataFrame:
    """One row for each arm and segment with 30 people or more in each group: how many, lift of conversion, lift of gain."""
    rows = []
    for arm, sent in by_arm.items():
        for segment in sorted(set(sent["segment"].dropna()) & set(control["segment"].dropna())):
            treated, untreated = sent[sent["segment"] == segment], control[control["segment"] == segment]
            if min(len(treated), len(untreated)) < MINIMUM_SEGMENT:
                continue
            lift = _lifts(treated, untreated, terms.seed, level)
            share, gain = lift[CONVERSION], lift[GAIN]
            rows.append(
                (
                    arm,
                    segment,
                    len(treated),
                    len(untreated),
                    share.treated,
                    share.control,
                    share.lift,
                    share.low,
                    share.high,
                    gain.lift,
                    gain.low,
                    gain.high,
                )
            )
    return pd.DataFrame(rows, columns=SEGMENT_COLUMNS)


def _bought_anyway(conversion: Lift, redeemers: int, control_size: int) -> float | None:
    """Share of the used coupons whose buyers would have bought anyway: 1 − extra buyers ÷ coupons used, in [0, 1].

    Extra buyers are the lift of conversion times the recipients; they are assumed to have used the coupon.
    """
    if not redeemers or not control_size:
        return None
    return min(1.0, max(0.0, 1 - conversion.total / redeemers))

"""From an open shop to what its new customers cost: CAC, CLV : CAC and payback, in all and by channel of the spend."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import pandas as pd

from loyalty.facts import acts as act_facts
from loyalty.facts import firsts
from loyalty.figures import Facts, spend_until
from loyalty.measure.acquisition import (
    cac_by_channel,
    cac_by_month_and_channel,
    came_through,
    referred_by_month,
)
from loyalty.measure.clv import historic_clv_by_customer
from loyalty.measure.payback import Payback, clv_to_cac, payback, payback_by_cohort
from loyalty.words import Words


@dataclass(frozen=True)
class ChannelCost:
    """What the newcomers of one channel of the spend (None: all customers) cost, and when it is back.

    `worth`: mean of what these newcomers brought so far and are predicted to bring (× margin), None without a
    prediction.
    """

    channel: str | None
    payback: Payback
    worth: float | None

    @property
    def ratio(self) -> float | None:
        """CLV : CAC."""
        return clv_to_cac(self.worth, self.payback.cac)


@dataclass(frozen=True)
class Costs:
    """`channels`: all together first; empty without spend. `months`: by month and channel. `cohorts`: payback by month of
    first purchases. `referred`: new customers whom others brought, by month; empty without recommendations."""

    channels: list[ChannelCost]
    months: pd.DataFrame
    cohorts: pd.DataFrame
    referred: pd.DataFrame


def costs(
    con: ibis.BaseBackend, known: Facts, predicted: pd.DataFrame | None = None, margin: float | None = None
) -> Costs:
    """What new customers cost.

    `predicted`: customer_id, clv (what each is expected to bring in the coming months, × margin); `margin`: of the owner.
    """
    spent, origins = spend_until(con, known.as_of), act_facts.origins(con)
    month = known.customers["first_at"].dt.to_period("M").dt.to_timestamp()
    everyone = known.customers[["customer_id"]].assign(month=month)
    came = came_through(known.customers, spent, origins)
    revenue = firsts.cohort_revenue(con, known.as_of)
    by_channel = firsts.cohort_revenue(con, known.as_of, came)
    worth = _worth(known, predicted, margin)

    def cost(channel: str | None, paid: pd.DataFrame, new: pd.DataFrame, sold: pd.DataFrame) -> ChannelCost:
        own = new[new["month"].isin(paid["month"])]["customer_id"]
        mean = None if worth is None or own.empty else float(worth.reindex(own).mean())
        return ChannelCost(channel, payback(paid, new, sold, known.as_of, margin), mean)

    found = [cost(None, spent, everyone, revenue)] if len(spent) else []
    names = spent["channel"].str.strip().str.casefold()
    for channel in cac_by_channel(known.customers, spent, origins)["channel"]:
        paid = spent[names == channel.strip().casefold()]
        own = (frame[frame["channel"] == channel] for frame in (came, by_channel))
        found.append(cost(channel, paid, *own))
    told = act_facts.referrals(con, known.as_of)
    return Costs(
        found,
        cac_by_month_and_channel(known.customers, spent, origins),
        payback_by_cohort(spent, everyone, revenue, known.as_of, margin),
        referred_by_month(known.customers.iloc[: None if len(told) else 0], told),
    )


def _worth(known: Facts, predicted: pd.DataFrame | None, margin: float | None) -> pd.Series | None:
    """What each customer brought so far and is predicted to bring, by customer_id; None without a prediction."""
    if predicted is None or predicted.empty:
        return None
    so_far = historic_clv_by_customer(known.customers, margin)
    return so_far + predicted.set_index("customer_id")["clv"].reindex(so_far.index).fillna(0.0)


def headline(found: Costs, words: Words) -> str:
    """What a new customer costs, is worth, and when the money is back."""
    if not found.channels or found.channels[0].payback.cac is None:
        return words.say(
            "No marketing spend is known yet: a table of month, channel and amount brings it in."
        )
    whole = found.channels[0]
    cost = words.money(whole.payback.cac or 0)
    said = words.say("A new customer costs {cost}.", cost=cost)
    if whole.ratio is not None:
        said = words.say(
            "A new customer costs {cost} and is worth {times} times as much.",
            cost=cost,
            times=words.number(whole.ratio, 1),
        )
    return words.sentences([said, back(whole.payback, words)])


def back(found: Payback, words: Words) -> str:
    """When the money is back, in a sentence."""
    if found.cac is None:
        return ""
    if found.months == 0:
        return words.say("The money is back within the month of the first purchase.")
    if found.months is not None:
        return words.plural(
            "The money is back {n} month after the first purchase.",
            "The money is back {n} months after the first purchase.",
            found.months,
        )
    watched = int(found.curve["k"].max()) if len(found.curve) else 0
    return words.plural(
        "After {n} month the money is not back yet.", "After {n} months the money is not back yet.", watched
    )

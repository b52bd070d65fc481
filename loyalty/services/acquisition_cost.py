"""Acquisition costs of an open shop: CAC, CLV : CAC and payback, in total and by channel of the spend."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import pandas as pd

from loyalty.facts import events as act_facts
from loyalty.facts import first_orders
from loyalty.measure.acquisition_cost import (
    Acquisition,
    acquisition,
    cac_by_month_and_channel,
    customers_by_paid_channel,
    referred_by_month,
)
from loyalty.measure.clv import historic_clv_by_customer
from loyalty.measure.payback import Payback, clv_to_cac, payback, payback_by_cohort
from loyalty.services.figures import Facts, spend_until


@dataclass(frozen=True)
class ChannelCost:
    """What the new customers of one channel of the spend cost, and how long it takes to earn that back.

    Attributes:
        channel: None for all channels together.
        payback: Spend, CAC and months until the spend is earned back.
        value_so_far: Mean revenue (× margin) of one of these customers; None without new customers.
        expected_value: Mean predicted revenue (× margin) of one; None without new customers or without a prediction.
    """

    channel: str | None
    payback: Payback
    value_so_far: float | None
    expected_value: float | None

    @property
    def total_value(self) -> float | None:
        """Value so far and expected value of one new customer."""
        if self.value_so_far is None or self.expected_value is None:
            return None
        return self.value_so_far + self.expected_value

    @property
    def clv_to_cac(self) -> float | None:
        """CLV : CAC."""
        return clv_to_cac(self.total_value, self.payback.cac)


@dataclass(frozen=True)
class AcquisitionCosts:
    """What new customers cost and how they came.

    Attributes:
        channels: All channels together first, then each by name; empty without spend.
        months: By month and channel (see `cac_by_month_and_channel`).
        cohorts: Payback by month of first purchase.
        referred: Referred new customers by month; empty without referrals.
        acquisition: The figures of all time.
    """

    channels: list[ChannelCost]
    months: pd.DataFrame
    cohorts: pd.DataFrame
    referred: pd.DataFrame
    acquisition: Acquisition

    @property
    def cac_of_paid_channels(self) -> float | None:
        """All spend ÷ the new customers who are known to have come through a paid channel; None without any."""
        people = int(self.months["new_customers"].sum())
        return float(self.months["spend"].sum()) / people if people else None


def acquisition_costs(
    con: ibis.BaseBackend,
    shop_facts: Facts,
    predicted: pd.DataFrame | None = None,
    margin: float | None = None,
) -> AcquisitionCosts:
    """Work out what new customers cost.

    Args:
        con: Where facts are read from.
        shop_facts: Facts as of the day.
        predicted: customer_id, clv (expected in the coming months, × margin); empty or None without a prediction.
        margin: Share of revenue left after cost of goods; None counts revenue itself.
    """
    customers, referrals = shop_facts.customers, act_facts.referrals(con, shop_facts.as_of)
    spend, origins = spend_until(con, shop_facts.as_of), act_facts.origins(con)
    channel_customers = customers_by_paid_channel(customers, spend, origins)
    new_customers = customers[["customer_id"]].assign(
        month=customers["first_at"].dt.to_period("M").dt.to_timestamp()
    )
    revenue = first_orders.cohort_revenue(con, shop_facts.as_of)
    revenue_by_channel = first_orders.cohort_revenue(con, shop_facts.as_of, channel_customers)
    customer_values = _customer_values(shop_facts, predicted, margin)

    def cost(
        channel: str | None,
        channel_spend: pd.DataFrame,
        channel_new_customers: pd.DataFrame,
        channel_revenue: pd.DataFrame,
    ) -> ChannelCost:
        mean_values = customer_values.reindex(
            channel_new_customers.loc[
                channel_new_customers["month"].isin(channel_spend["month"]), "customer_id"
            ]
        ).mean()
        value_so_far, expected_value = (
            None if pd.isna(mean_values[name]) else float(mean_values[name]) for name in ("so_far", "to_come")
        )
        return ChannelCost(
            channel,
            payback(channel_spend, channel_new_customers, channel_revenue, shop_facts.as_of, margin),
            value_so_far,
            expected_value,
        )

    months = cac_by_month_and_channel(customers, spend, origins)
    paid_for = months[["month", "channel"]].assign(amount=months["spend"])
    channel_costs = [cost(None, spend, new_customers, revenue)] if len(spend) else []
    for channel, paid in paid_for.groupby("channel"):
        frames = (frame[frame["channel"] == channel] for frame in (channel_customers, revenue_by_channel))
        channel_costs.append(cost(str(channel), paid, *frames))
    return AcquisitionCosts(
        channel_costs,
        months,
        payback_by_cohort(spend, new_customers, revenue, shop_facts.as_of, margin),
        referred_by_month(customers.iloc[: None if len(referrals) else 0], referrals),
        acquisition(customers, referrals, spend),
    )


def _customer_values(shop_facts: Facts, predicted: pd.DataFrame | None, margin: float | None) -> pd.DataFrame:
    """Value so far and predicted value (NaN without a prediction) of each customer, indexed by customer_id."""
    so_far = historic_clv_by_customer(shop_facts.customers, margin)
    if predicted is None or predicted.empty:
        return pd.DataFrame({"so_far": so_far, "to_come": float("nan")})
    to_come = predicted.set_index("customer_id")["clv"].reindex(so_far.index).fillna(0.0)
    return pd.DataFrame({"so_far": so_far, "to_come": to_come})

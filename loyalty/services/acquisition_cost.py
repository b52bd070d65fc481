"""From an open shop to what its new customers cost: CAC, CLV : CAC and payback, in all and by channel of the spend."""

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
    """What the newcomers of one channel of the spend (None: all of them) cost, and when it is back.

    `value_so_far`, `expected_value`: what one of these newcomers has brought, and is expected to bring (× margin); None without
    newcomers, `expected_value` without a prediction too.
    """

    channel: str | None
    payback: Payback
    value_so_far: float | None
    expected_value: float | None

    @property
    def total_value(self) -> float | None:
        """What one brought so far and is expected to bring."""
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

    `channels`: all together first, then by name; empty without spend. `months`: by month and channel (see
    `cac_by_month_and_channel`). `cohorts`: payback by month of first purchases. `referred`: new customers whom others
    brought, by month; empty without recommendations. `acquisition`: the figures of all time.
    """

    channels: list[ChannelCost]
    months: pd.DataFrame
    cohorts: pd.DataFrame
    referred: pd.DataFrame
    acquisition: Acquisition

    @property
    def cac_of_paid_channels(self) -> float | None:
        """All spend ÷ the new customers of its channels; None where nobody is known to have come through one."""
        people = int(self.months["new_customers"].sum())
        return float(self.months["spend"].sum()) / people if people else None


def acquisition_costs(
    con: ibis.BaseBackend,
    shop_facts: Facts,
    predicted: pd.DataFrame | None = None,
    margin: float | None = None,
) -> AcquisitionCosts:
    """What new customers cost.

    `predicted`: customer_id, clv (what each is expected to bring in the coming months, × margin), empty or None where
    there is no prediction; `margin`: of the owner, None counts revenue itself.
    """
    customers, referrals = shop_facts.customers, act_facts.referrals(con, shop_facts.as_of)
    spend, origins = spend_until(con, shop_facts.as_of), act_facts.origins(con)
    channel_customers = customers_by_paid_channel(customers, spend, origins)
    new_customers = customers[["customer_id"]].assign(
        month=customers["first_at"].dt.to_period("M").dt.to_timestamp()
    )
    revenue = first_orders.cohort_revenue(con, shop_facts.as_of)
    revenue_by_channel = first_orders.cohort_revenue(con, shop_facts.as_of, channel_customers)
    customer_values = _brought(shop_facts, predicted, margin)

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
        own = (frame[frame["channel"] == channel] for frame in (channel_customers, revenue_by_channel))
        channel_costs.append(cost(str(channel), paid, *own))
    return AcquisitionCosts(
        channel_costs,
        months,
        payback_by_cohort(spend, new_customers, revenue, shop_facts.as_of, margin),
        referred_by_month(customers.iloc[: None if len(referrals) else 0], referrals),
        acquisition(customers, referrals, spend),
    )


def _brought(shop_facts: Facts, predicted: pd.DataFrame | None, margin: float | None) -> pd.DataFrame:
    """What each customer brought so far and is predicted to bring (NaN without a prediction), by customer_id."""
    so_far = historic_clv_by_customer(shop_facts.customers, margin)
    if predicted is None or predicted.empty:
        return pd.DataFrame({"so_far": so_far, "to_come": float("nan")})
    to_come = predicted.set_index("customer_id")["clv"].reindex(so_far.index).fillna(0.0)
    return pd.DataFrame({"so_far": so_far, "to_come": to_come})

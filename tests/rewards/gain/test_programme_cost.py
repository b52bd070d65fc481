"""A programme has one cost: the ledger's points, the replay of the tuner and the expected gain agree on one year."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from loyalty.rewards.gain.expected_gain import Terms, basis, gain
from loyalty.rewards.gain.tuner import replay, threshold_curve
from loyalty.rewards.points.history import PointsHistory, Version
from loyalty.rewards.points.ledger import replay as ledger_of
from loyalty.rewards.points.order_points import point_cost
from loyalty.rewards.programme.programme import Programme, Tier
from loyalty.rewards.programme.rules import Earning, Step
from tests.rewards import made_histories

AS_OF = dt.date(2025, 12, 31)
FLAT = (Tier("base", "Member", Decimal(0), Decimal("1.5")),)
SAME = (Tier("base", "Member", Decimal(0)), Tier("gold", "Gold", Decimal(300)))
RULES = Programme("Club", Decimal(4), Decimal("0.05"), FLAT)


def year(seed: int) -> PointsHistory:
    """Orders of 200 customers within the 365 days, in halves of a unit: with 4 points a unit none is rounded down."""
    rng = np.random.default_rng(seed)
    n = 900
    seconds = rng.integers(0, 365 * 86_400, n)
    return PointsHistory(
        pd.DataFrame(
            {
                "order": np.arange(n),
                "ref": [f"o{i}" for i in range(n)],
                "customer_id": [f"c{i:03d}" for i in rng.integers(0, 200, n)],
                "at": pd.Timestamp(AS_OF) - pd.Timedelta(days=364) + pd.to_timedelta(seconds, unit="s"),
                "gross": rng.integers(1, 400, n) / 2,
            }
        )
    )


def customers_of(history: PointsHistory) -> pd.DataFrame:
    """The same orders as the tuner reads them."""
    sums = history.sales.groupby("customer_id")["gross"].agg(["count", "sum"]).reset_index()
    sums.columns = pd.Index(["customer_id", "orders", "revenue"])
    return sums.assign(orders_365=sums["orders"], revenue_365=sums["revenue"])


@pytest.mark.parametrize("tiers", [FLAT, SAME])
@pytest.mark.parametrize("per_order", [0, 7])
@pytest.mark.parametrize("steps", [(), (Step(100, Decimal(4)), Step(500, Decimal(30)))])
def test_ledger_replay_and_gain_agree(
    tiers: tuple[Tier, ...], per_order: int, steps: tuple[Step, ...]
) -> None:
    rules = replace(RULES, tiers=tiers, earning=Earning(per_order=per_order), steps=steps)
    history = year(per_order)
    customers = customers_of(history)
    entries = ledger_of(history, [Version(1, dt.date.min, rules)], AS_OF).entries
    tuning = replay(customers, rules)
    assert tuning.points == pytest.approx(int(entries["points"].sum()), rel=1e-12)
    cost = int(entries["points"].sum()) * point_cost(rules)
    assert tuning.cost_per_year == pytest.approx(cost, rel=1e-12)
    assert gain(basis(customers, rules), rules, Terms(0.5)).cost == pytest.approx(cost, rel=1e-12)
    if len(tiers) > 1:
        curve = threshold_curve(customers, rules, "gold", [100.0, 300.0])
        assert curve["cost_per_year"].tolist() == pytest.approx([cost, cost], rel=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_replay_and_gain_agree_under_any_rules(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rules, customers = made_histories.programme(rng), customers_of(year(seed))
    costs = replay(customers, rules).cost_per_year, gain(basis(customers, rules), rules, Terms(0.5)).cost
    assert costs[0] == pytest.approx(costs[1], rel=1e-12)

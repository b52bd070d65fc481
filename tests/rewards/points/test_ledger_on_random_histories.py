"""The ledger on random histories: equal to the plain statement of the rules, and conserving points and cents."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from loyalty.rewards.points import ledger as module
from loyalty.rewards.points.accounts import irregular_customers
from loyalty.rewards.points.history import PointsHistory, Version
from loyalty.rewards.points.ledger import Ledger, replay
from loyalty.rewards.points.order_points import points_value
from loyalty.rewards.programme.programme import Programme, Tier
from tests.rewards import made_histories as made
from tests.rewards import plain_ledger as plain

PLAIN = Programme("Club", Decimal(1), Decimal("0.05"), (Tier("base", "Member", Decimal(0)),))
PLAIN_ONLY = [Version(1, dt.date.min, PLAIN)]


def customers_of(
    history: PointsHistory,
) -> dict[str, tuple[list[plain.Order], list[tuple[dt.datetime, int]]]]:
    """The same history, customer by customer, in exact decimals."""
    end = plain.start(made.AS_OF) + plain.ONE
    back: dict[int, list[tuple[dt.datetime, Decimal]]] = {}
    for row in history.returns.itertuples():
        back.setdefault(row.order, []).append((row.at.to_pydatetime(), Decimal(str(row.amount))))
    by_customer: dict[str, tuple[list[plain.Order], list[tuple[dt.datetime, int]]]] = {}
    for row in history.sales.itertuples():
        at = row.at.to_pydatetime()
        if at < end:
            returned = [(max(when, at), amount) for when, amount in back.get(row.order, []) if when < end]
            order = plain.Order(row.order, at, Decimal(str(row.gross)), returned)
            by_customer.setdefault(row.customer_id, ([], []))[0].append(order)
    for row in history.manual_entries.itertuples():
        if row.at < end and row.customer_id in by_customer:
            by_customer[row.customer_id][1].append((row.at.to_pydatetime(), row.points))
    return by_customer


@pytest.mark.parametrize("seed", range(10))
def test_equal_to_the_plain_statement_of_the_rules(seed: int) -> None:
    """100 random customers under random rules: balances, pending points, debts and tiers, each to the point."""
    rng = np.random.default_rng(seed)
    versions, history = made.versions(rng), made.history(rng, 100)
    ledger = replay(history, versions, made.AS_OF)
    accounts = ledger.accounts.set_index("customer_id")
    end = plain.start(made.AS_OF) + plain.ONE
    for who, (orders, uses) in customers_of(history).items():
        active = [order.at.date() for order in orders] + [at.date() for at, _ in uses]
        expected = plain.settle(plain.order_lots(orders, versions, active), uses, end)
        tier = plain.tier_at(orders, versions[-1].programme, end)
        row = accounts.loc[who]
        assert (row["points"], row["pending"], row["debt"], row["tier"]) == (
            expected.points,
            expected.pending,
            expected.debt,
            tier,
        ), who


def conserved(ledger: Ledger) -> None:
    """Nothing is created or lost, customer by customer and lot by lot."""
    lots, accounts = ledger.lots, ledger.accounts.set_index("customer_id")
    parts = lots["reversed"] + lots["used"] + lots["expired"] + lots["left"] + lots["pending"]
    assert (parts == lots["points"]).all()
    assert (lots[["points", "reversed", "used", "expired", "left", "pending"]] >= 0).all(axis=None)
    sums = (
        ledger.entries.groupby("customer_id", observed=False)[["points", "pending"]]
        .sum()
        .reindex(accounts.index)
    )
    assert (sums["points"] == accounts["points"] - accounts["debt"]).all()
    assert (sums["pending"] == accounts["pending"]).all()
    redeemed = -ledger.entries.loc[ledger.entries["kind"] == "redeemed", "points"].sum()
    assert redeemed == lots["used"].sum() + accounts["debt"].sum()
    value = ledger.versions[-1].programme.point_value
    money = [
        sum((points_value(int(n), ledger.versions[-1].programme) for n in accounts[c]), Decimal(0))
        for c in ("points", "debt")
    ]
    assert money[0] - money[1] == int(sums["points"].sum()) * value  # to the cent


@pytest.mark.parametrize("seed", range(100, 120))
def test_ten_thousand_random_histories_conserve_points_and_cents(seed: int) -> None:
    """500 histories a seed: buys, partial returns, expiries, changes of rules, uses; then pairs of customers merge."""
    rng = np.random.default_rng(seed)
    versions, history = made.versions(rng), made.history(rng, 500)
    ledger = replay(history, versions, made.AS_OF)
    conserved(ledger)
    whole = ledger.lots[ledger.lots["source"] == "order"].set_index("ref")
    gone = history.returns.groupby("order")["amount"].sum().reindex(history.sales["order"]).fillna(0.0)
    returned = history.sales.loc[(gone.to_numpy() >= history.sales["gross"] - 1e-9), "ref"]
    lots = whole.loc[whole.index.isin(returned)]
    late = history.returns.groupby("order")["at"].max().reindex([int(ref[1:]) for ref in lots.index])
    done = (late < pd.Timestamp(made.AS_OF) + pd.Timedelta(days=1)).to_numpy()
    assert (lots["reversed"] == lots["points"])[done].all()  # exactly what the order earned
    pairs = {f"c{n:05d}": f"c{n - n % 2:05d}" for n in range(500)}
    merged = replace(
        history,
        sales=history.sales.assign(customer_id=history.sales["customer_id"].map(pairs)),
        manual_entries=history.manual_entries.assign(
            customer_id=history.manual_entries["customer_id"].map(pairs)
        ),
    )
    conserved(replay(merged, versions, made.AS_OF))


def test_merging_two_customers_changes_no_sum_under_plain_rules() -> None:
    rng = np.random.default_rng(7)
    history = made.history(rng, 200)
    ledger = replay(history, PLAIN_ONLY, made.AS_OF)
    everyone = replace(
        history,
        sales=history.sales.assign(customer_id="one"),
        manual_entries=history.manual_entries.assign(customer_id="one"),
    )
    joined = replay(everyone, PLAIN_ONLY, made.AS_OF).accounts.iloc[0]
    apart = ledger.accounts[["points", "debt"]].sum()
    assert joined["points"] - joined["debt"] == apart["points"] - apart["debt"]


def test_random_histories_reach_both_ways_of_settling() -> None:
    seen = {False: 0, True: 0}
    settle_lots = module.settle_lots

    def watched(lots: Any, end: int) -> Any:
        for irregular in irregular_customers(lots):
            seen[bool(irregular)] += 1
        return settle_lots(lots, end)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "settle_lots", watched)
        for seed in range(5):
            rng = np.random.default_rng(seed)
            replay(made.history(rng, 100), made.versions(rng), made.AS_OF)
    assert min(seen.values()) > 20


def test_the_order_of_rows_does_not_matter() -> None:
    rng = np.random.default_rng(11)
    versions, history = made.versions(rng), made.history(rng, 60)
    shuffled = PointsHistory(
        history.sales.sample(frac=1, random_state=1),
        history.returns.sample(frac=1, random_state=2),
        manual_entries=history.manual_entries.sample(frac=1, random_state=3),
    )
    one, two = (replay(each, versions, made.AS_OF).accounts for each in (history, shuffled))
    pd.testing.assert_frame_equal(one, two)

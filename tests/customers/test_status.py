"""Where customers stand: worked by hand on small shops, sensible on monthly, yearly and one-time buyers."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.customers.status import (
    ACTIVE,
    COLUMNS,
    DUE,
    LAPSED,
    LESS_LIKELY,
    NEW,
    ONCE,
    OVERDUE,
    STATUSES,
    STILL_A_CUSTOMER,
    CustomerStatuses,
    came_back_by_status,
    customer_statuses,
)
from loyalty.purchase_model.histories import PurchaseDays, purchase_days

AS_OF = dt.date(2026, 6, 30)


def shop_of(ages: dict[str, list[int]]) -> PurchaseDays:
    """Customers by the ages of their purchase days, in days before AS_OF."""
    rows = [
        (name, AS_OF - dt.timedelta(days=age), 10.0)
        for name, ages_of_one in ages.items()
        for age in ages_of_one
    ]
    return purchase_days(pd.DataFrame(rows, columns=["customer_id", "day", "value"]))


def status_of(statuses: CustomerStatuses, customer_id: str) -> str:
    return str(statuses.customers.set_index("customer_id")["status"][customer_id])


def test_a_shop_without_any_gap_goes_by_ninety_days() -> None:
    statuses = customer_statuses(shop_of({"recent": [90], "old": [91]}), AS_OF)
    assert (status_of(statuses, "recent"), status_of(statuses, "old")) == (NEW, ONCE)
    assert statuses.usual_gap_days == 90
    assert statuses.fit is None
    assert statuses.note is not None


def test_few_orders_go_by_gaps_alone_worked_by_hand() -> None:
    # Everybody's gaps are 10 days, so all typical gaps are 10 and both multiples 1.
    shop = {f"steady{n}": [n, n + 10, n + 20] for n in (5, 10, 11, 30, 31)} | {"one": [10], "other": [11]}
    statuses = customer_statuses(shop_of(shop), AS_OF)
    assert statuses.usual_gap_days == 10
    assert [status_of(statuses, f"steady{n}") for n in (5, 10, 11, 30, 31)] == [
        ACTIVE,
        DUE,
        OVERDUE,
        OVERDUE,
        LAPSED,
    ]
    assert (status_of(statuses, "one"), status_of(statuses, "other")) == (NEW, ONCE)
    assert statuses.customers["p_alive"].isna().all()


def test_a_customers_gaps_are_shrunk_to_the_shops() -> None:
    # Own means 10 (one gap) and 30 (one gap): the shop's is their median, 20; typical (10 + 60) / 4 and (30 + 60) / 4.
    statuses = customer_statuses(shop_of({"a": [0, 10], "b": [0, 30]}), AS_OF).customers.set_index(
        "customer_id"
    )
    ratios = sorted([10 / 17.5, 30 / 22.5])
    assert statuses["usual_gap_days"].to_dict() == pytest.approx(
        {"a": 17.5 * ratios[1], "b": 22.5 * ratios[1]}
    )
    assert statuses["due_days"].to_dict() == pytest.approx({"a": 17.5 * ratios[0], "b": 22.5 * ratios[0]})


def test_frequent_buyers_do_not_determine_the_quantiles() -> None:
    weekly = {f"weekly{n}": list(range(1, 400, 7)) for n in range(30)}
    quarterly = {f"quarterly{n}": list(range(40, 400, 90)) for n in range(60)}
    statuses = customer_statuses(shop_of(weekly | quarterly), AS_OF)
    assert {status_of(statuses, name) for name in quarterly} == {ACTIVE}
    assert {status_of(statuses, name) for name in weekly} == {ACTIVE}


def regulars(gap: int, since: list[int], *, orders: int = 8) -> dict[str, list[int]]:
    """Customers who bought every `gap` days, the last time so many days ago."""
    return {f"{gap}-{days}-{n}": [days + gap * k for k in range(orders)] for n, days in enumerate(since)}


def leavers(gap: int, number: int) -> dict[str, list[int]]:
    """Customers who bought twice or three times and left long ago, so that a model learns that people leave."""
    return {
        f"left{n}": [400 + n, 400 + n + gap, *([400 + n + 2 * gap] if n % 2 else [])] for n in range(number)
    }


def test_monthly_buyers() -> None:
    rng = np.random.default_rng(1)
    usual = regulars(30, rng.integers(0, 30, 60).tolist())
    statuses = customer_statuses(
        shop_of(usual | leavers(30, 60) | {"late": [75 + 30 * k for k in range(8)]}), AS_OF
    )
    assert statuses.fit is not None
    assert 30 <= statuses.usual_gap_days <= 40
    assert Counter(status_of(statuses, name) for name in usual)[ACTIVE] >= 50
    assert status_of(statuses, "late") in (OVERDUE, LAPSED)
    assert {status_of(statuses, name) for name in leavers(30, 60)} == {LAPSED}


def test_yearly_buyers_are_not_overdue_after_half_a_year() -> None:
    usual = regulars(365, list(range(1, 330, 6)), orders=4)
    statuses = customer_statuses(shop_of(usual | {"new": [200]}), AS_OF)
    assert {status_of(statuses, name) for name in usual} == {ACTIVE}
    assert status_of(statuses, "new") == NEW
    assert 365 <= statuses.usual_gap_days <= 400


def test_a_shop_of_one_time_buyers_has_new_ones_and_those_who_bought_once() -> None:
    once = {f"c{n}": [n] for n in range(400)}
    repeats = {f"r{n}": [n, n + 60] for n in range(0, 200, 8)}
    statuses = customer_statuses(shop_of(once | repeats), AS_OF)
    assert {status_of(statuses, name) for name in once} == {NEW, ONCE}
    chance = statuses.customers.set_index("customer_id")["p_alive"]
    assert chance[list(once)].between(0, 1, inclusive="neither").all()  # one model, for them as well


@st.composite
def shops(draw: st.DrawFn) -> PurchaseDays:
    ages = draw(st.lists(st.lists(st.integers(0, 900), min_size=1, max_size=6), min_size=1, max_size=60))
    return shop_of({f"c{n:03d}": sorted(set(ages_of_one)) for n, ages_of_one in enumerate(ages)})


@settings(max_examples=40, deadline=None)
@given(shops())
def test_every_customer_has_exactly_one_status_by_the_rules(days: PurchaseDays) -> None:
    statuses = customer_statuses(days, AS_OF)
    frame = statuses.customers
    assert frame.columns.tolist() == COLUMNS
    assert frame["customer_id"].tolist() == sorted(days.names)
    assert set(frame["status"]) <= set(STATUSES)
    assert sum(statuses.counts.values()) == len(days.names)
    bought_once = frame["customer_id"].map(Counter(days.names[days.customer])) == 1
    late = frame["days_since"] > frame["usual_gap_days"]
    assert (frame["status"].isin([NEW, ONCE]) == bought_once).all()
    assert (frame["status"] == NEW).equals(bought_once & ~late)
    assert late[frame["status"] == OVERDUE].all()
    assert not late[frame["status"] == ACTIVE].any()
    if statuses.fit is not None:
        lapsed = ~bought_once & (frame["p_alive"] < STILL_A_CUSTOMER)
        assert (frame["status"] == LAPSED).equals(lapsed)


@settings(max_examples=20, deadline=None)
@given(shops())
def test_an_order_today_never_makes_a_customer_later(days: PurchaseDays) -> None:
    """Whoever orders today is new, active or due: never overdue, lapsed or bought once."""
    today = dt.date(1970, 1, 1).toordinal()
    rows = [(name, dt.date.fromordinal(today + int(days.day[place])), 1.0)
            for place, name in enumerate(days.names[days.customer])]  # fmt: skip
    again = purchase_days(
        pd.DataFrame([*rows, ("c000", AS_OF, 1.0)], columns=["customer_id", "day", "value"])
    )
    assert status_of(customer_statuses(again, AS_OF), "c000") in (NEW, ACTIVE, DUE, LAPSED)


def test_late_but_no_less_likely_is_due() -> None:
    """Overdue asks for both: later than usual, and clearly less likely to order than right after the last order."""
    rng = np.random.default_rng(7)
    ages: dict[str, list[int]] = {}
    for n in range(400):  # a steady rate each, nobody ever leaves
        gaps = np.maximum(1, rng.exponential(rng.gamma(6.0, 8.0), 40)).astype(int)
        ages[f"c{n}"] = sorted({int(900 - day) for day in np.cumsum(gaps) if day <= 900} | {900})
    statuses = customer_statuses(shop_of(ages), AS_OF)
    assert statuses.fit is not None
    frame, model, theta = statuses.customers, statuses.fit.model, statuses.fit.theta
    late = frame[(frame["days_since"] > frame["usual_gap_days"]) & frame["status"].isin([DUE, OVERDUE])]
    history = {
        name: (len(ages_of_one) - 1.0, (max(ages_of_one) - min(ages_of_one)) / 7, max(ages_of_one) / 7)
        for name, ages_of_one in ages.items()
    }
    x, t_x, T = (np.array([history[name][k] for name in late["customer_id"]]) for k in range(3))  # noqa: N806
    weeks = late["usual_gap_days"].to_numpy() / 7

    def p_order(at: np.ndarray) -> np.ndarray:
        return model.p_alive(theta, x, t_x, at) * (1 - model.p_none(theta, x, at, weeks))

    less = p_order(T) < LESS_LIKELY * p_order(t_x)
    assert ((late["status"] == OVERDUE).to_numpy() == less).all()
    assert {DUE, OVERDUE} == set(late["status"])


def test_came_back_is_counted_on_past_orders_alone() -> None:
    days = shop_of({"back": [300, 200, 50], "gone": [300, 200], "later": [80]})
    statuses = came_back_by_status(days, AS_OF).set_index("status")
    before = customer_statuses(days, AS_OF - dt.timedelta(days=90))
    assert statuses["customers"].to_dict() == before.counts
    assert statuses["customers"].sum() == 2  # "later" was no customer then
    assert statuses["came_back"].sum() == 1

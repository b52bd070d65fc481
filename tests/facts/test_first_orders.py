"""First orders, sources and what newcomers brought, against pandas on made-up shops."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from loyalty.facts import first_orders
from loyalty.facts.orders import months
from tests.facts.conftest import Case
from tests.facts.test_facts import AS_OF


def first_of_each(case: Case) -> pd.DataFrame:
    bought = case.orders[case.orders["purchase"] & case.orders["known"]]
    return bought.sort_values(["at", "order_id"]).drop_duplicates("customer_id")


def test_first_products(two_channels: Case) -> None:
    first, rows = first_of_each(two_channels), two_channels.rows
    real = rows[(rows["Qty"].astype(int) > 0) & (rows["Unit Price"].astype(float) > 0)]
    expected = first.merge(real, left_on=["channel", "order_id"], right_on=["channel", "Invoice No"])
    frame = first_orders.first_products(two_channels.con, AS_OF)
    assert set(frame.itertuples(index=False, name=None)) == set(
        zip(expected["customer_id"], expected["Product"], strict=True)
    )
    assert not frame.duplicated().any()


def test_sources(two_channels: Case) -> None:
    frame = first_orders.sources(two_channels.con)
    assert dict(zip(frame["customer_id"], frame["group"], strict=True)) == {
        "Ann": "friend",
        "Bob": "ads",
        "Zoe": "ads",
    }


def test_cohort_revenue(two_channels: Case) -> None:
    first = first_of_each(two_channels).set_index("customer_id")
    customer_orders = two_channels.orders[two_channels.orders["customer_id"].isin(first.index)]
    cohort = customer_orders["customer_id"].map(first["at"]).dt.to_period("M")
    k = (
        (customer_orders["at"].dt.year - cohort.dt.year) * 12
        + customer_orders["at"].dt.month
        - cohort.dt.month
    )
    expected = customer_orders.groupby(
        [cohort.dt.start_time, customer_orders["customer_id"].map(first["channel"]), k]
    )["net"].sum()
    frame = first_orders.cohort_revenue(two_channels.con, AS_OF).set_index(["cohort", "channel", "k"])[
        "revenue"
    ]
    pd.testing.assert_series_equal(frame, expected, check_names=False, check_index_type=False, rtol=1e-9)


def test_cohort_revenue_of_some_customers(two_channels: Case) -> None:
    con = two_channels.con
    by = pd.DataFrame({"customer_id": ["Ann", "Bob", "Zoe"], "channel": ["friend", "ads", "ads"]})
    frame = first_orders.cohort_revenue(con, AS_OF, by).groupby("channel")["revenue"].sum()
    net = two_channels.orders.groupby("customer_id")["net"].sum()
    assert frame.to_dict() == pytest.approx({"friend": net["Ann"], "ads": net["Bob"]})
    assert first_orders.cohort_revenue(con, AS_OF, by.iloc[:0]).empty


def test_cohort_revenue_adds_up_to_that_of_identified_customers(two_channels: Case) -> None:
    con = two_channels.con
    identified = two_channels.orders[two_channels.orders["known"]]
    customers = set(first_of_each(two_channels)["customer_id"])
    brought = identified.loc[identified["customer_id"].isin(customers), "net"].sum()
    assert first_orders.cohort_revenue(con, AS_OF)["revenue"].sum() == pytest.approx(brought)
    assert months(con, AS_OF)["revenue"].sum() == pytest.approx(two_channels.orders["net"].sum())


def test_before_the_first_sale(two_channels: Case) -> None:
    early = dt.date(2020, 1, 1)
    assert first_orders.first_products(two_channels.con, early).empty
    assert first_orders.cohort_revenue(two_channels.con, early).empty

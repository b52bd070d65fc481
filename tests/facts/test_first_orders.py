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
    found = first_orders.first_products(two_channels.con, AS_OF)
    assert set(found.itertuples(index=False, name=None)) == set(
        zip(expected["customer_id"], expected["Product"], strict=True)
    )
    assert not found.duplicated().any()


def test_sources(two_channels: Case) -> None:
    found = first_orders.sources(two_channels.con)
    assert dict(zip(found["customer_id"], found["group"], strict=True)) == {
        "Ann": "friend", "Bob": "ads", "Zoe": "ads"}  # fmt: skip


def test_what_newcomers_brought(two_channels: Case) -> None:
    first = first_of_each(two_channels).set_index("customer_id")
    own = two_channels.orders[two_channels.orders["customer_id"].isin(first.index)]
    cohort = own["customer_id"].map(first["at"]).dt.to_period("M")
    k = (own["at"].dt.year - cohort.dt.year) * 12 + own["at"].dt.month - cohort.dt.month
    expected = own.groupby([cohort.dt.start_time, own["customer_id"].map(first["channel"]), k])["net"].sum()
    found = first_orders.cohort_revenue(two_channels.con, AS_OF).set_index(["cohort", "channel", "k"])[
        "revenue"
    ]
    pd.testing.assert_series_equal(found, expected, check_names=False, check_index_type=False, rtol=1e-9)


def test_newcomers_that_are_named_alone(two_channels: Case) -> None:
    con = two_channels.con
    by = pd.DataFrame({"customer_id": ["Ann", "Bob", "Zoe"], "channel": ["friend", "ads", "ads"]})
    found = first_orders.cohort_revenue(con, AS_OF, by).groupby("channel")["revenue"].sum()
    net = two_channels.orders.groupby("customer_id")["net"].sum()
    assert found.to_dict() == pytest.approx({"friend": net["Ann"], "ads": net["Bob"]})
    assert first_orders.cohort_revenue(con, AS_OF, by.iloc[:0]).empty


def test_newcomers_bring_all_that_is_known_of(two_channels: Case) -> None:
    con = two_channels.con
    known = two_channels.orders[two_channels.orders["known"]]
    customers = set(first_of_each(two_channels)["customer_id"])
    brought = known.loc[known["customer_id"].isin(customers), "net"].sum()
    assert first_orders.cohort_revenue(con, AS_OF)["revenue"].sum() == pytest.approx(brought)
    assert months(con, AS_OF)["revenue"].sum() == pytest.approx(two_channels.orders["net"].sum())


def test_before_the_first_sale_there_is_nothing(two_channels: Case) -> None:
    early = dt.date(2020, 1, 1)
    assert first_orders.first_products(two_channels.con, early).empty
    assert first_orders.cohort_revenue(two_channels.con, early).empty

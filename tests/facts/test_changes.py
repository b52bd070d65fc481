"""Sales of two periods, against pandas, and that every breakdown adds up to the revenue of `totals`."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from loyalty.facts import changes
from loyalty.facts.orders import totals
from tests.facts.conftest import Case
from tests.facts.test_facts import AS_OF

PERIODS = [
    ((dt.date(2025, 1, 1), dt.date(2025, 3, 31)), (dt.date(2025, 4, 1), AS_OF)),
    ((dt.date(2024, 2, 1), dt.date(2024, 2, 29)), (dt.date(2025, 2, 1), dt.date(2025, 2, 28))),
    ((dt.date(2020, 1, 1), dt.date(2020, 1, 31)), (dt.date(2024, 5, 1), dt.date(2025, 5, 31))),
]
PAIR = tuple[changes.Period, changes.Period]


def by_hand(case: Case, period: changes.Period) -> pd.DataFrame:
    """The sales of a period with `who`."""
    orders = case.orders
    first = orders[orders["purchase"] & orders["known"]].groupby("customer_id")["at"].min()
    day = orders["at"].dt.date
    inside = orders[(day >= period[0]) & (day <= period[1])].copy()
    began = inside["customer_id"].map(first)
    inside["who"] = "returning"
    inside.loc[began >= pd.Timestamp(period[0]), "who"] = "new"
    inside.loc[~inside["known"], "who"] = "unknown"
    inside.loc[~inside["purchase"], "who"] = "refund"
    return inside.assign(year=began.dt.year)


@pytest.mark.parametrize("pair", PERIODS)
def test_volumes(two_channels: Case, pair: PAIR) -> None:
    result = changes.volumes(two_channels.con, AS_OF, *pair, by_channel=True)
    for after, period in zip((False, True), pair, strict=True):
        period_sales = by_hand(two_channels, period)
        rows = result[result["after"] == after].set_index(["channel", "who"])
        assert len(rows) == period_sales.groupby(["channel", "who"]).ngroups
        for key, part in period_sales.groupby(["channel", "who"]):
            bought = part[part["purchase"] & part["known"]]
            assert rows.loc[key, "customers"] == bought["customer_id"].nunique()
            assert rows.loc[key, "orders"] == part["purchase"].sum()
            assert rows.loc[key, "revenue"] == pytest.approx(part["net"].sum())


@pytest.mark.parametrize("pair", PERIODS)
def test_every_breakdown_adds_up(two_channels: Case, pair: PAIR) -> None:
    con = two_channels.con
    for frame in (
        changes.volumes(con, AS_OF, *pair),
        changes.volumes(con, AS_OF, *pair, by_channel=True),
        changes.by_cohort(con, AS_OF, *pair),
        changes.by_product(con, AS_OF, *pair),
    ):
        for after, period in zip((False, True), pair, strict=True):
            revenue = frame.loc[frame["after"] == after, "revenue"].sum()
            assert revenue == pytest.approx(totals(con, AS_OF, *period).revenue, abs=1e-9)
    whole = changes.volumes(con, AS_OF, *pair)
    identified = whole[whole["after"] & whole["who"].isin(["new", "returning"])]
    assert identified["customers"].sum() == totals(con, AS_OF, *pair[1]).customers


@pytest.mark.parametrize("pair", PERIODS)
def test_revenue_variance_is_the_sum_of_squared_revenue_by_buyer(two_channels: Case, pair: PAIR) -> None:
    expected = 0.0
    for period in pair:
        period_sales = by_hand(two_channels, period)
        buyer = period_sales["customer_id"].where(
            period_sales["known"], period_sales["channel"] + period_sales["order_id"]
        )
        expected += float((period_sales.groupby(buyer)["net"].sum() ** 2).sum())
    assert changes.revenue_variance(two_channels.con, AS_OF, *pair) == pytest.approx(expected)


def test_cohorts_are_years_of_first_purchases(two_channels: Case) -> None:
    pair = PERIODS[0]
    result = changes.by_cohort(two_channels.con, AS_OF, *pair)
    period_sales = by_hand(two_channels, pair[1])
    expected = period_sales.groupby(period_sales["year"].map("{:.0f}".format, na_action="ignore"))[
        "net"
    ].sum()
    revenue = result[result["after"] & result["group"].notna()].set_index("group")["revenue"]
    assert revenue.to_dict() == pytest.approx(expected.to_dict())


def test_an_order_is_shared_among_its_products_by_their_amounts(two_channels: Case) -> None:
    pair = PERIODS[0]
    result = changes.by_product(two_channels.con, AS_OF, *pair)
    period_sales, rows = by_hand(two_channels, pair[1]), two_channels.rows
    lines = rows.assign(amount=rows["Qty"].astype(float) * rows["Unit Price"].astype(float))
    lines = lines[lines["amount"] > 0].rename(columns={"Invoice No": "order_id"})
    lines["part"] = lines["amount"] / lines.groupby(["channel", "order_id"])["amount"].transform("sum")
    joined = period_sales[period_sales["purchase"]].merge(lines, on=["channel", "order_id"])
    expected = (joined["net"] * joined["part"]).groupby(joined["Product"]).sum()
    revenue = result[result["after"] & result["group"].notna()].set_index("group")["revenue"]
    assert revenue.to_dict() == pytest.approx(expected.to_dict())

"""Facts against the same figures worked out by pandas, row by row, on small random shops."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest

from loyalty.columns import Totals
from loyalty.facts import baskets as basket_facts
from loyalty.facts import customers as customer_facts
from loyalty.facts import orders as order_facts
from loyalty.services.figures import NoSales, last_day
from loyalty.shop.shop import Shop
from tests.intake.builders import GENERIC, bring, generic_row, save, text_of

AS_OF = dt.date(2025, 6, 15)
HEADER = [*GENERIC, "Discount"]
PERIODS = [
    (None, None),
    (dt.date(2025, 2, 1), None),
    (None, dt.date(2025, 3, 31)),
    (dt.date(2024, 12, 1), dt.date(2025, 5, 20)),
]


def make(seed: int) -> list[dict[str, str]]:
    """Orders of two years, some later than AS_OF, anonymous, cancelled, given back, for nothing, or refunds alone."""
    chance = random.Random(seed)
    rows = []
    for number in range(1, 121):
        at = dt.datetime(2023, 10, 1) + dt.timedelta(minutes=chance.randint(0, 900_000))
        group = {
            "Invoice No": str(number),
            "Date": f"{at:%Y-%m-%d %H:%M}",
            "Customer": chance.choice(["Ann", "Bob", "Cid", "Dan", "Eve", "", ""]),
            "Status": chance.choice(["paid"] * 8 + ["cancelled", "pending", "refunded"]),
            "Refunded": chance.choice(["", "", "", "2.00", "500"]),
        }
        for product in chance.sample(["Tea", "Mug", "Box", "Pen"], chance.randint(1, 3)):
            count, price = chance.choice(
                [("1", "4.50"), ("2", "3.25"), ("1", "0"), ("-1", "6.00"), ("3", "10.00")]
            )
            rows.append({**generic_row(1, "", product, count, price), **group})
    return rows


def by_hand(rows: list[dict[str, str]]) -> pd.DataFrame:
    """One row an order that counts by AS_OF: customer_id (or None), at, net, purchase."""
    frame = pd.DataFrame(rows)
    frame["amount"] = frame["Qty"].astype(float) * frame["Unit Price"].astype(float)
    orders = frame.groupby("Invoice No").agg(
        customer_id=("Customer", "first"),
        at=("Date", "first"),
        status=("Status", "first"),
        back=("Refunded", "first"),
        worth=("amount", "sum"),
    )
    orders["at"] = pd.to_datetime(orders["at"])
    back = pd.to_numeric(orders["back"]).fillna(0)
    net = np.where(orders["worth"] <= 0, orders["worth"], np.maximum(orders["worth"] - back, 0))
    orders["net"] = np.where(orders["status"] == "paid", net, 0.0)
    orders = orders[
        orders["status"].isin(["paid", "refunded"])
        & (orders["at"] < pd.Timestamp(AS_OF) + pd.Timedelta(days=1))
    ]
    return orders.assign(purchase=orders["net"] > 0, known=orders["customer_id"] != "").sort_values("at")


@pytest.fixture(scope="module", params=[1, 2, 3])
def case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ibis.BaseBackend, pd.DataFrame, list[dict[str, str]]]]:
    folder, rows = tmp_path_factory.mktemp("facts"), make(request.param)
    with Shop.open(folder / "shop") as shop:
        bring(shop, save(folder, "a.csv", text_of(GENERIC, rows)))
        yield shop.database.reader(), by_hand(rows), rows


Case = tuple[ibis.BaseBackend, pd.DataFrame, list[dict[str, str]]]


def test_the_sizes_of_a_year_s_orders(case: Case) -> None:
    con, orders, _ = case
    recent = orders["at"] >= pd.Timestamp(AS_OF) - pd.Timedelta(days=364)
    assert order_facts.order_sizes(con, AS_OF) == pytest.approx(
        sorted(orders.loc[recent & orders["purchase"], "net"])
    )


@pytest.mark.parametrize("period", PERIODS)
def test_totals(case: Case, period: tuple[dt.date | None, dt.date | None]) -> None:
    con, orders, _ = case
    since, until = period
    result = order_facts.totals(con, AS_OF, since, until)
    day = orders["at"].dt.date
    inside = orders[(day >= (since or dt.date.min)) & (day <= (until or dt.date.max))]
    bought = inside[inside["purchase"] & inside["known"]]
    before = orders[orders["purchase"] & orders["known"] & (day < (since or dt.date.min))]
    people = bought.groupby("customer_id").size()
    returning = people.index.isin(before["customer_id"]) if since else (people >= 2)
    assert result.orders == int(inside["purchase"].sum())
    assert result.revenue == pytest.approx(inside["net"].sum(), rel=1e-9)
    assert result.customers == len(people)
    assert result.repeat_customers == int((people >= 2).sum())
    assert result.returning_customers == int(returning.sum())
    assert result.anonymous_orders == int((inside["purchase"] & ~inside["known"]).sum())
    assert result.anonymous_revenue == pytest.approx(inside.loc[~inside["known"], "net"].sum(), rel=1e-9)


def test_customers(case: Case) -> None:
    con, orders, _ = case
    result = customer_facts.customers(con, AS_OF).set_index("customer_id")
    bought = orders[orders["purchase"] & orders["known"]]
    assert list(result.index) == sorted(bought["customer_id"].unique())
    year = pd.Timestamp(AS_OF) - pd.Timedelta(days=364)
    for who, group in bought.groupby("customer_id"):
        every = orders[orders["customer_id"] == who]
        row = result.loc[str(who)]
        assert (row["first_at"], row["last_at"]) == (group["at"].min(), group["at"].max())
        assert (row["orders"], row["days"]) == (len(group), group["at"].dt.date.nunique())
        assert row["revenue"] == pytest.approx(every["net"].sum(), rel=1e-9)
        assert row["orders_365"] == int((group["at"] >= year).sum())
        assert row["revenue_365"] == pytest.approx(every.loc[every["at"] >= year, "net"].sum(), rel=1e-9)
        assert row["channel"] == "shop"
        second = group["at"].sort_values().iloc[1] if len(group) > 1 else pd.NaT
        assert pd.Series([row["second_at"]]).equals(pd.Series([second]))


def test_gaps(case: Case) -> None:
    con, orders, _ = case
    bought = orders[orders["purchase"] & orders["known"]]
    expected = []
    for _, group in bought.groupby("customer_id"):
        days = sorted(group["at"].dt.normalize().unique())
        expected += [(b - a).days for a, b in itertools.pairwise(days)]
    assert sorted(customer_facts.gaps(con, AS_OF)) == sorted(expected)


def test_activity(case: Case) -> None:
    con, orders, _ = case
    bought = orders[orders["purchase"] & orders["known"]]
    last, prior = (pd.Timestamp(AS_OF) - pd.Timedelta(days=days) for days in (364, 729))
    for row in customer_facts.activity(con, AS_OF).itertuples():
        group = bought.loc[bought["customer_id"] == row.customer_id, "at"]
        assert row.bought_last_year == bool((group >= last).any())
        assert row.bought_prior_year == bool(((group >= prior) & (group < last)).any())


@pytest.mark.parametrize("by_channel", [False, True])
def test_months(case: Case, by_channel: bool) -> None:
    con, orders, _ = case
    result = order_facts.months(con, AS_OF, by_channel=by_channel).set_index("month")
    first = orders[orders["purchase"] & orders["known"]].groupby("customer_id")["at"].min().dt.to_period("M")
    groups = orders.groupby(orders["at"].dt.to_period("M"))
    assert [str(month) for month in groups.groups] == [f"{month:%Y-%m}" for month in result.index]
    for month, group in groups:
        assert isinstance(month, pd.Period)
        row, who = (
            result.loc[month.to_timestamp()],
            set(group.loc[group["purchase"] & group["known"], "customer_id"]),
        )
        assert row["orders"] == int(group["purchase"].sum())
        assert row["revenue"] == pytest.approx(group["net"].sum(), rel=1e-9)
        assert row["customers"] == len(who)
        assert row["new_customers"] == sum(first[name] == month for name in who)
        assert row["returning_customers"] == row["customers"] - row["new_customers"]


def test_cohorts(case: Case) -> None:
    """Every month from a cohort's own to that of `as_of` has a cell; who bought in it is counted once."""
    con, orders, _ = case
    bought = orders[orders["purchase"] & orders["known"]]
    month = bought["at"].dt.year * 12 + bought["at"].dt.month
    start = month.groupby(bought["customer_id"]).transform("min")
    end = AS_OF.year * 12 + AS_OF.month
    expected = {
        (int(cohort), k): bought.loc[(start == cohort) & (month - cohort == k), "customer_id"].nunique()
        for cohort in start.unique()
        for k in range(end - int(cohort) + 1)
    }
    result = order_facts.cohorts(con, AS_OF)
    got = {
        (int(c.year * 12 + c.month), int(k)): int(active)
        for c, k, active in zip(result["cohort"], result["k"], result["active"], strict=True)
    }
    assert got == expected
    assert (result.loc[result["k"] == 0, "active"] == result.loc[result["k"] == 0, "size"]).all()
    assert (result["active"] <= result["size"]).all()


def test_baskets_and_products(case: Case) -> None:
    """Products of purchases; what was given away or given back is in no basket."""
    con, orders, rows = case
    bought = set(orders.index[orders["purchase"]])
    real = [r for r in rows if r["Invoice No"] in bought and int(r["Qty"]) > 0 and float(r["Unit Price"]) > 0]
    result = basket_facts.baskets(con, AS_OF)
    together = result.groupby("basket")["product"].agg(frozenset)
    expected = pd.DataFrame(real).groupby("Invoice No")["Product"].agg(frozenset)
    assert sorted(map(sorted, together)) == sorted(map(sorted, expected))
    sold = basket_facts.products(con, AS_OF).set_index("product")
    for name, group in pd.DataFrame(real).groupby("Product"):
        row = sold.loc[str(name)]
        assert row["orders"] == group["Invoice No"].nunique()
        assert row["quantity"] == pytest.approx(group["Qty"].astype(float).sum())
        assert row["revenue"] == pytest.approx(
            (group["Qty"].astype(float) * group["Unit Price"].astype(float)).sum(), rel=1e-9
        )


def test_an_empty_shop(tmp_path: Path) -> None:
    with Shop.open(tmp_path) as shop:
        con = shop.database.reader()
        assert order_facts.span(con) is None
        assert order_facts.channels(con) == []
        assert order_facts.totals(con, AS_OF) == Totals(0, 0, 0, 0, 0.0, 0, 0.0)
        for frame in (
            order_facts.months(con, AS_OF),
            order_facts.cohorts(con, AS_OF),
            customer_facts.customers(con, AS_OF),
            customer_facts.activity(con, AS_OF),
            basket_facts.baskets(con, AS_OF),
            basket_facts.products(con, AS_OF),
            basket_facts.feedback(con, AS_OF),
            customer_facts.contacts(con),
        ):
            assert len(frame) == 0
        assert len(customer_facts.gaps(con, AS_OF)) == 0
        with pytest.raises(NoSales):
            last_day(con)


def test_orders_after_the_day_do_not_count(tmp_path: Path) -> None:
    rows = [generic_row(n, "Ann", "Tea", "1", "5.00") for n in (1, 2, 3)]
    with Shop.open(tmp_path / "shop") as shop:
        bring(shop, save(tmp_path, "a.csv", text_of(GENERIC, rows)))
        con = shop.database.reader()
        assert order_facts.totals(con, dt.date(2025, 3, 2)).orders == 2
        assert list(customer_facts.customers(con, dt.date(2025, 3, 2))["orders"]) == [2]
        assert order_facts.span(con) == (dt.date(2025, 3, 1), dt.date(2025, 3, 3))
        assert last_day(con) == dt.date(2025, 3, 3)


def test_a_free_line_is_no_sale(tmp_path: Path) -> None:
    rows = [
        generic_row(1, "Ann", "Gift", "1", "0.00"),
        generic_row(2, "Ann", "Tea", "1", "5.00"),
        generic_row(2, "Ann", "Gift", "1", "0.00"),
    ]
    with Shop.open(tmp_path / "shop") as shop:
        bring(shop, save(tmp_path, "a.csv", text_of(GENERIC, rows)))
        con = shop.database.reader()
        result = order_facts.totals(con, AS_OF)
        assert (result.orders, result.revenue, result.customers, result.repeat_customers) == (1, 5.0, 1, 0)
        assert list(basket_facts.baskets(con, AS_OF)["product"]) == ["Tea"]

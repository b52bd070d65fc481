"""Who bought, who answered, and about what, against pandas."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from loyalty.facts import satisfaction
from loyalty.facts.baskets import feedback
from loyalty.facts.orders import totals
from loyalty.measure.kpis import mean
from tests.facts.conftest import Case
from tests.facts.test_facts import AS_OF, PERIODS

DAYS = pd.Timedelta(days=satisfaction.ANSWER_DAYS)


def bought(case: Case) -> pd.DataFrame:
    return case.orders[case.orders["purchase"] & case.orders["known"]]


def counting(case: Case) -> pd.DataFrame:
    """Answers of known people by AS_OF."""
    told = case.answers
    return told[told["customer_id"].notna() & (told["at"] < pd.Timestamp(AS_OF) + pd.Timedelta(days=1))]


@pytest.mark.parametrize("period", PERIODS)
def test_buyers(two_channels: Case, period: tuple[dt.date | None, dt.date | None]) -> None:
    con, (since, until) = two_channels.con, period
    found = satisfaction.buyers(con, AS_OF, since, until).set_index("customer_id")
    every = bought(two_channels)
    inside = every[
        (every["at"].dt.date >= (since or dt.date.min)) & (every["at"].dt.date <= (until or AS_OF))
    ]
    assert list(found.index) == sorted(inside["customer_id"].unique())
    end = pd.Timestamp(until or AS_OF) + pd.Timedelta(days=1) + DAYS
    told = counting(two_channels)
    for who, own in inside.groupby("customer_id"):
        said = told[told["customer_id"] == who]
        in_time = (said["at"] >= own["at"].min().normalize()) & (said["at"] < end)
        assert found.loc[str(who), "orders"] == len(own)
        assert found.loc[str(who), "answered"] == in_time.any()
    # by customer, the rates of the period are means over these rows
    whole = totals(con, AS_OF, since, until)
    assert mean(found["returning"].astype(float)) == pytest.approx(
        whole.returning_customers / whole.customers
    )
    assert (found["orders"] >= 2).sum() == whole.repeat_customers


@pytest.mark.parametrize("period", PERIODS)
def test_who_bought_which_product(two_channels: Case, period: tuple[dt.date | None, dt.date | None]) -> None:
    con, rows, (since, until) = two_channels.con, two_channels.rows, period
    real = rows[(rows["Qty"].astype(int) > 0) & (rows["Unit Price"].astype(float) > 0)]
    products = real.groupby(["channel", "Invoice No"])["Product"].agg(set)
    every = bought(two_channels)
    day = every["at"].dt.date
    inside = every[(day >= (since or dt.date.min)) & (day <= min(until or AS_OF, AS_OF))]
    expected = {
        (o.customer_id, p) for o in inside.itertuples() for p in products.get((o.channel, o.order_id), set())
    }
    found = satisfaction.bought_products(con, AS_OF, since, until)
    pairs = list(zip(found["customer_id"], found["group"], strict=True))
    assert set(pairs) == expected
    assert len(pairs) == len(expected)


def test_answering_by_month(two_channels: Case) -> None:
    found = satisfaction.answered_by_month(two_channels.con, AS_OF)
    every, told = bought(two_channels), counting(two_channels)
    month = every["at"].dt.to_period("M")
    assert found["month"].tolist() == [m.start_time for m in sorted(month.unique())]
    for row in found.itertuples():
        own = every[month.dt.start_time == row.month]
        first = own.groupby("customer_id")["at"].min().dt.normalize()
        last = row.month + pd.DateOffset(months=1) + DAYS
        heard = {
            who for who, at in zip(told["customer_id"], told["at"], strict=True)
            if who in first.index and first[who] <= at < last
        }  # fmt: skip
        assert (row.customers, row.answered) == (len(first), len(heard))


def test_what_an_answer_is_about(two_channels: Case) -> None:
    """The product it names; else those of the last order up to its day; else nothing."""
    con, rows = two_channels.con, two_channels.rows
    real = rows[(rows["Qty"].astype(int) > 0) & (rows["Unit Price"].astype(float) > 0)]
    products = real.groupby(["channel", "Invoice No"])["Product"].agg(set)
    every = bought(two_channels)
    expected = []
    told = two_channels.answers[two_channels.answers["at"] < pd.Timestamp(AS_OF) + pd.Timedelta(days=1)]
    for row in told.itertuples():
        if row.product:
            expected.append((row.at, row.score, row.product))
            continue
        own = every[(every["customer_id"] == row.customer_id) & (every["at"].dt.date <= row.at.date())]
        if len(own):
            last = own[own["at"] == own["at"].max()]
            about = set().union(*(products.get((o.channel, o.order_id), set()) for o in last.itertuples()))
            expected += [(row.at, row.score, product) for product in about]
    found = satisfaction.feedback_by_product(con, AS_OF)
    assert sorted(zip(found["at"], found["score"], found["group"], strict=True)) == sorted(expected)
    assert found["answer"].nunique() <= len(told)
    assert (found["kind"] == "csat").all()


def test_nobody_answered(two_channels: Case) -> None:
    early = dt.date(2023, 10, 2)
    assert not satisfaction.buyers(two_channels.con, early)["answered"].any()
    assert satisfaction.answered_by_month(two_channels.con, early)["answered"].sum() == 0
    assert satisfaction.feedback_by_product(two_channels.con, dt.date(2022, 1, 1)).empty
    in_time = two_channels.answers["at"] < pd.Timestamp(AS_OF) + pd.Timedelta(days=1)
    assert len(feedback(two_channels.con, AS_OF)) == in_time.sum() < len(two_channels.answers)

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
    answers = case.answers
    return answers[
        answers["customer_id"].notna() & (answers["at"] < pd.Timestamp(AS_OF) + pd.Timedelta(days=1))
    ]


@pytest.mark.parametrize("period", PERIODS)
def test_buyers(two_channels: Case, period: tuple[dt.date | None, dt.date | None]) -> None:
    con, (since, until) = two_channels.con, period
    frame = satisfaction.buyers(con, AS_OF, since, until).set_index("customer_id")
    purchases = bought(two_channels)
    inside = purchases[
        (purchases["at"].dt.date >= (since or dt.date.min)) & (purchases["at"].dt.date <= (until or AS_OF))
    ]
    assert list(frame.index) == sorted(inside["customer_id"].unique())
    end = pd.Timestamp(until or AS_OF) + pd.Timedelta(days=1) + DAYS
    answers = counting(two_channels)
    for who, orders in inside.groupby("customer_id"):
        given = answers[answers["customer_id"] == who]
        in_time = (given["at"] >= orders["at"].min().normalize()) & (given["at"] < end)
        assert frame.loc[str(who), "orders"] == len(orders)
        assert frame.loc[str(who), "answered"] == in_time.any()
    # by customer, the rates of the period are means over these rows
    whole = totals(con, AS_OF, since, until)
    assert mean(frame["returning"].astype(float)) == pytest.approx(
        whole.returning_customers / whole.customers
    )
    assert (frame["orders"] >= 2).sum() == whole.repeat_customers


@pytest.mark.parametrize("period", PERIODS)
def test_bought_products(two_channels: Case, period: tuple[dt.date | None, dt.date | None]) -> None:
    con, rows, (since, until) = two_channels.con, two_channels.rows, period
    real = rows[(rows["Qty"].astype(int) > 0) & (rows["Unit Price"].astype(float) > 0)]
    products = real.groupby(["channel", "Invoice No"])["Product"].agg(set)
    purchases = bought(two_channels)
    day = purchases["at"].dt.date
    inside = purchases[(day >= (since or dt.date.min)) & (day <= min(until or AS_OF, AS_OF))]
    expected = {
        (o.customer_id, p) for o in inside.itertuples() for p in products.get((o.channel, o.order_id), set())
    }
    frame = satisfaction.bought_products(con, AS_OF, since, until)
    pairs = list(zip(frame["customer_id"], frame["group"], strict=True))
    assert set(pairs) == expected
    assert len(pairs) == len(expected)


def test_answered_by_month(two_channels: Case) -> None:
    frame = satisfaction.answered_by_month(two_channels.con, AS_OF)
    purchases, answers = bought(two_channels), counting(two_channels)
    month = purchases["at"].dt.to_period("M")
    assert frame["month"].tolist() == [m.start_time for m in sorted(month.unique())]
    for row in frame.itertuples():
        orders = purchases[month.dt.start_time == row.month]
        first = orders.groupby("customer_id")["at"].min().dt.normalize()
        last = row.month + pd.DateOffset(months=1) + DAYS
        respondents = {
            who
            for who, at in zip(answers["customer_id"], answers["at"], strict=True)
            if who in first.index and first[who] <= at < last
        }
        assert (row.customers, row.answered) == (len(first), len(respondents))


def test_feedback_by_product(two_channels: Case) -> None:
    """The product it names; else those of the last order up to its day; else nothing."""
    con, rows = two_channels.con, two_channels.rows
    real = rows[(rows["Qty"].astype(int) > 0) & (rows["Unit Price"].astype(float) > 0)]
    products = real.groupby(["channel", "Invoice No"])["Product"].agg(set)
    purchases = bought(two_channels)
    expected = []
    answers = two_channels.answers[two_channels.answers["at"] < pd.Timestamp(AS_OF) + pd.Timedelta(days=1)]
    for row in answers.itertuples():
        if row.product:
            expected.append((row.at, row.score, row.product))
            continue
        orders = purchases[
            (purchases["customer_id"] == row.customer_id) & (purchases["at"].dt.date <= row.at.date())
        ]
        if len(orders):
            last = orders[orders["at"] == orders["at"].max()]
            about = set().union(*(products.get((o.channel, o.order_id), set()) for o in last.itertuples()))
            expected += [(row.at, row.score, product) for product in about]
    frame = satisfaction.feedback_by_product(con, AS_OF)
    assert sorted(zip(frame["at"], frame["score"], frame["group"], strict=True)) == sorted(expected)
    assert frame["answer"].nunique() <= len(answers)
    assert (frame["kind"] == "csat").all()


def test_before_the_first_answer(two_channels: Case) -> None:
    early = dt.date(2023, 10, 2)
    assert not satisfaction.buyers(two_channels.con, early)["answered"].any()
    assert satisfaction.answered_by_month(two_channels.con, early)["answered"].sum() == 0
    assert satisfaction.feedback_by_product(two_channels.con, dt.date(2022, 1, 1)).empty
    in_time = two_channels.answers["at"] < pd.Timestamp(AS_OF) + pd.Timedelta(days=1)
    assert len(feedback(two_channels.con, AS_OF)) == in_time.sum() < len(two_channels.answers)

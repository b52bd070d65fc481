"""Returns as events: what is given back adds up to gross less net, and counts from the day it was known."""

from __future__ import annotations

import pandas as pd
import pytest

from loyalty.rewards.points.returns import lone_returns, order_returns

DAY = pd.Timestamp("2025-03-01 12:00")


def sale(order: int, gross: float, net: float, at: pd.Timestamp = DAY, who: str = "a") -> dict[str, object]:
    return {"order": order, "ref": f"shop|{order}", "customer_id": who, "at": at, "gross": gross, "net": net}


def reported(
    order: int, at: str, back: float, *, first: bool = False, whole: bool = False, rate: float = 1.0
) -> dict[str, object]:
    return {
        "ref": f"shop|{order}",
        "stated_at": pd.Timestamp(at),
        "back": back,
        "whole": whole,
        "rate": rate,
        "first": first,
    }


def test_what_the_first_file_shows_counts_from_the_orders_own_moment() -> None:
    returns = order_returns(
        pd.DataFrame([sale(0, 50, 30)]), pd.DataFrame([reported(0, "2025-06-30", 20, first=True)])
    )
    assert returns.to_numpy().tolist() == [[0, DAY, 20.0]]


def test_what_later_files_showed_comes_in_steps() -> None:
    rows = [
        reported(0, "2025-04-01", 10),
        reported(0, "2025-05-01", 10),
        reported(0, "2025-06-01", 50, whole=True),
    ]
    returns = order_returns(pd.DataFrame([sale(0, 50, 0)]), pd.DataFrame(rows))
    assert returns["amount"].tolist() == [10.0, 40.0]
    assert returns["at"].tolist() == [pd.Timestamp("2025-04-01"), pd.Timestamp("2025-06-01")]


def test_other_currencies_and_what_no_file_names() -> None:
    rows = [reported(0, "2025-04-01", 10, rate=2.0)]
    returns = order_returns(pd.DataFrame([sale(0, 100, 70), sale(1, 40, 15)]), pd.DataFrame(rows))
    assert returns.groupby("order")["amount"].sum().tolist() == [30.0, 25.0]  # always gross - net


def test_nothing_returned() -> None:
    sales = pd.DataFrame([sale(0, 50, 50)])
    assert order_returns(sales, pd.DataFrame([reported(0, "2025-04-01", 5)])).empty
    assert lone_returns(
        sales, order_returns(sales, pd.DataFrame([reported(0, "2025-04-01", 5)])), sales.iloc[:0]
    ).empty


def test_a_refund_that_names_no_order_takes_the_latest_before_it() -> None:
    early, late = DAY - pd.Timedelta(days=9), DAY + pd.Timedelta(days=9)
    sales = pd.DataFrame(
        [sale(0, 30, 30, early), sale(1, 20, 15), sale(2, 99, 99, late), sale(3, 9, 9, early, "b")]
    )
    named = order_returns(sales, pd.DataFrame([reported(1, "2025-03-01", 5, first=True)]))
    lone = pd.DataFrame(
        {"customer_id": ["a", "b"], "at": [DAY + pd.Timedelta(days=1)] * 2, "amount": [25.0, 40.0]}
    )
    returns = lone_returns(sales, named, lone)
    assert returns[["order", "amount"]].to_numpy().tolist() == [[1, 15.0], [0, 10.0], [3, 9.0]]
    assert returns["amount"].sum() == pytest.approx(25 + 9)

"""What somebody usually buys, by hand."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.measure.usual_products import median_gap_days, usual_products

AS_OF = dt.date(2026, 3, 1)


def items(*rows: tuple[str, str, str]) -> pd.DataFrame:
    result = pd.DataFrame(rows, columns=["order", "at", "product"])
    return result.assign(at=pd.to_datetime(result["at"]))


BOUGHT = items(
    ("1", "2026-01-01 09:00", "Tea"),
    ("1", "2026-01-01 09:00", "Mug"),
    ("2", "2026-01-01 18:00", "Tea"),
    ("3", "2026-01-11 09:00", "Tea"),
    ("3", "2026-01-11 09:00", "Tea"),
    ("4", "2026-02-10 09:00", "Tea"),
    ("5", "2026-02-20 09:00", "Jam"),
)


def test_shares_gaps_and_silence() -> None:
    tea, jam, mug = usual_products(BOUGHT, AS_OF)
    assert (tea.product, tea.orders, tea.share) == ("Tea", 4, 4 / 5)
    assert tea.gap_days == (10 + 30) / 2  # the median of two
    assert tea.silent_days == 28 - 10 + 1
    assert (jam.product, jam.orders, jam.gap_days, jam.silent_days) == ("Jam", 1, None, 9)
    assert (mug.product, mug.share, mug.silent_days) == ("Mug", 1 / 5, 30 + 28 + 1)


def test_one_gap_gives_no_median() -> None:
    assert median_gap_days(BOUGHT["at"].iloc[[0, 3]]) is None
    assert median_gap_days(BOUGHT["at"].iloc[:0]) is None
    assert usual_products(BOUGHT.iloc[:0], AS_OF) == []


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 50), st.sampled_from(["Tea", "Mug"])), min_size=1
    )
)
@settings(deadline=None, derandomize=True, max_examples=60)
def test_each_order_counts_once_and_the_order_of_rows_is_nothing(rows: list[tuple[str, int, str]]) -> None:
    days = {order: day for order, day, _ in rows}  # an order has one day
    start = pd.Timestamp(AS_OF)
    frame = pd.DataFrame(
        [(order, start - pd.Timedelta(days=days[order]), product) for order, _, product in rows],
        columns=["order", "at", "product"],
    )
    result = usual_products(frame, AS_OF)
    assert result == usual_products(frame.iloc[::-1], AS_OF)
    assert {habit.product for habit in result} == set(frame["product"])
    assert all(0 < habit.share <= 1 for habit in result)
    assert sum(habit.orders for habit in result) == len({(order, product) for order, _, product in rows})

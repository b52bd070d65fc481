"""Purchase days cut at a date: counts, ages and money by hand; order, repetition and gaps change nothing."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.purchase_model.histories import (
    day_number,
    histories,
    holdout,
    purchase_days,
    split,
    weeks_of,
)

CUTOFF = dt.date(2025, 3, 31)


def frame(*rows: tuple[str | None, str, float]) -> pd.DataFrame:
    columns = pd.DataFrame(rows, columns=["customer_id", "day", "value"])
    return columns.assign(day=pd.to_datetime(columns["day"], format="ISO8601"))


SALES = frame(
    ("b", "2025-01-06 09:00", 10.0),
    ("a", "2025-01-13 10:00", 5.0),
    ("b", "2025-01-06 18:30", 2.0),  # the same day: one purchase of 12
    ("b", "2025-02-03", 20.0),
    ("b", "2025-03-31 23:59", 30.0),  # the last day counts
    ("a", "2025-04-01", 7.0),
    ("c", "2025-04-02", 9.0),  # not yet a customer
    (None, "2025-01-01", 99.0),
    ("b", "2025-04-10", 1.0),
    ("b", "2025-04-20", 4.0),
    ("b", "2025-05-01", 8.0),
)


def test_history_of_each_customer() -> None:
    history = histories(purchase_days(SALES), CUTOFF)
    assert history.customer_id.tolist() == ["a", "b"]
    assert history.x.tolist() == [0, 2]
    assert history.t_x.tolist() == [0, (31 - 6 + 28 + 31) / 7]
    assert history.T.tolist() == [(31 - 13 + 28 + 31) / 7, (31 - 6 + 28 + 31) / 7]
    assert history.first_value.tolist() == [5, 12]
    assert history.repeat_value.tolist() == [0, 50]
    assert (len(history), history.repeaters) == (2, 1)


def test_holdout_of_the_same_customers() -> None:
    later = holdout(purchase_days(SALES), CUTOFF, dt.date(2025, 4, 20))
    assert later.weeks == 20 / 7
    assert later.purchases.tolist() == [1, 2]
    assert later.value.tolist() == [7, 1 + 4]
    assert later.first_after.tolist() == [1 / 7, 10 / 7]
    assert holdout(purchase_days(SALES), CUTOFF, CUTOFF).first_after.tolist() == [np.inf, np.inf]


def test_no_customers_and_before_all_purchases() -> None:
    for days in (purchase_days(SALES[:0]), purchase_days(SALES)):
        history, later = split(days, dt.date(2024, 1, 1), dt.date(2024, 2, 1))
        assert (len(history), history.repeaters, len(later.purchases), len(history.T)) == (0, 0, 0, 0)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.integers(0, 60), st.integers(1, 9999)), min_size=1, max_size=40
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rows_changes_nothing_and_parts_sum_to_the_whole(rows: list, random: object) -> None:
    start = pd.Timestamp("2025-01-01")
    sales = pd.DataFrame(
        [(who, start + pd.Timedelta(days=day), cents / 100) for who, day, cents in rows],
        columns=SALES.columns,
    )
    mixed = sales.sample(frac=1, random_state=random.randint(0, 99))  # type: ignore[attr-defined]
    cutoff, end = dt.date(2025, 1, 31), dt.date(2025, 3, 31)
    history, later = split(purchase_days(sales), cutoff, end)
    again, later_again = split(purchase_days(mixed), cutoff, end)
    for name in ("customer_id", "x", "t_x", "T", "first_value", "repeat_value"):
        assert getattr(history, name).tolist() == getattr(again, name).tolist()
    assert later.value.tolist() == later_again.value.tolist()
    everything = sales[sales["customer_id"].isin(history.customer_id)]
    parts = history.first_value.sum() + history.repeat_value.sum() + later.value.sum()
    assert parts == pytest.approx(everything["value"].sum())
    assert (1 + history.x + later.purchases).sum() == len(everything.drop_duplicates(["customer_id", "day"]))
    assert ((history.t_x >= 0) & (history.t_x <= history.T)).all()


def test_days_and_weeks() -> None:
    assert day_number(dt.date(1970, 1, 2)) == 1
    assert weeks_of(12) == 365 / 7
    assert weeks_of(1) == 30 / 7

"""What moved revenue: parts and factors that add up, by hand and for any numbers."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.measure.changes import Change, change, factors, log_mean, parts, share_among_factors

COUNT = st.integers(0, 10_000)
MONEY = st.floats(0.01, 1e6)
VOLUME = st.tuples(COUNT, st.integers(1, 9), MONEY)


def volumes(*rows: tuple[bool, str, int, int, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["after", "who", "customers", "orders", "revenue"])


def test_the_logarithmic_mean() -> None:
    assert log_mean(8.0, 8.0) == 8.0
    assert log_mean(math.e, 1.0) == pytest.approx(math.e - 1)
    assert log_mean(2.0, 1.0) == pytest.approx(1 / math.log(2))


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.floats(1e-3, 1e9), st.floats(1e-3, 1e9))
def test_it_lies_between_the_geometric_and_the_arithmetic_mean(a: float, b: float) -> None:
    assert math.sqrt(a * b) * (1 - 1e-9) <= log_mean(a, b) <= (a + b) / 2 * (1 + 1e-9)
    assert log_mean(a, b) == pytest.approx(log_mean(b, a), rel=1e-7)


def test_one_factor_alone_takes_the_whole_change() -> None:
    assert share_among_factors([10.0, 2.0, 5.0], [10.0, 2.0, 7.0]) == pytest.approx([0.0, 0.0, 40.0])


def test_two_factors_that_double_share_alike() -> None:
    """From 1 × 1 to 2 × 2: L(4, 1) = 3 / ln 4, each ln 2 of it: 1.5."""
    assert share_among_factors([1.0, 1.0], [2.0, 2.0]) == pytest.approx([1.5, 1.5])


def test_a_period_without_sales_gives_all_change_to_the_first_factor() -> None:
    assert share_among_factors([0.0, 0.0], [3.0, 4.0]) == [12.0, 0.0]
    assert share_among_factors([3.0, 4.0], [0.0, 0.0]) == [-12.0, 0.0]
    assert share_among_factors([0.0], [0.0]) == [0.0]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(VOLUME, min_size=6, max_size=6), st.tuples(st.floats(-1e5, 0), st.floats(-1e5, 0)))
def test_factors_add_up_for_any_two_periods(
    periods: list[tuple[int, int, float]], refunds: tuple[float, float]
) -> None:
    rows: list[tuple[bool, str, int, int, float]] = []
    for place, (customers, per, money) in enumerate(periods):
        orders = customers * per
        who = ("new", "returning", "unknown")[place // 2]
        if orders:
            rows.append((place % 2 == 1, who, 0 if who == "unknown" else customers, orders, money))
    rows += [(False, "refund", 0, 0, refunds[0]), (True, "refund", 0, 0, refunds[1])]
    frame = volumes(*rows)
    whole = change(frame, 0.0)
    size = max(frame["revenue"].abs().max(), 1.0)
    assert sum(factors(frame).values()) == pytest.approx(whole.change, abs=1e-9 * size)
    assert sum(p.change for p in parts(frame, ["who"])) == pytest.approx(whole.change, abs=1e-9 * size)
    shuffled = frame.sample(frac=1, random_state=1)
    assert list(factors(shuffled).values()) == pytest.approx(list(factors(frame).values()), abs=1e-9 * size)
    tenfold = factors(frame.assign(revenue=frame["revenue"] * 10))
    assert list(tenfold.values()) == pytest.approx([10 * v for v in factors(frame).values()], abs=1e-8 * size)


def test_a_shop_by_hand() -> None:
    """20 customers who buy once for 10 become 30 who buy once for 10; unknown buyers spend 5 more an order."""
    result = factors(
        volumes(
            (False, "new", 5, 5, 50.0),
            (False, "returning", 15, 15, 150.0),
            (False, "unknown", 0, 10, 100.0),
            (True, "returning", 30, 30, 300.0),
            (True, "unknown", 0, 10, 150.0),
            (True, "refund", 0, 0, -20.0),
        )
    )
    assert result == {
        "customers": pytest.approx(100.0),
        "frequency": pytest.approx(0.0),
        "aov": pytest.approx(0.0),
        "unknown_orders": pytest.approx(0.0),
        "unknown_aov": pytest.approx(50.0),
        "refunds": -20.0,
    }


def test_parts_come_the_largest_first_and_small_ones_together() -> None:
    frame = pd.DataFrame(
        [
            (False, "web", "new", 10.0),
            (True, "web", "new", 4.0),
            (True, "web", "returning", 100.0),
            (False, "stall", None, 50.0),
            (True, "stall", None, 49.5),
            (True, "fair", "new", 0.25),
        ],
        columns=["after", "channel", "who", "revenue"],
    )
    result = parts(frame, ["channel", "who"], least=1.0)
    assert [(p.key, p.change) for p in result] == [
        (("web", "returning"), 100.0),
        (("web", "new"), -6.0),
        ((None, None), -0.25),
    ]
    assert (result[-1].before, result[-1].after) == (50.0, 49.75)
    assert sum(p.change for p in result) == 4.0 + 100.0 + 49.5 + 0.25 - 60.0
    assert parts(frame.iloc[:0], ["channel"]) == []


def test_change_within_chance() -> None:
    """Two periods of 100 buyers who bring 10 each: variance 2 × 100 × 10² = 20,000, 1.96 sd = 277."""
    noise = change(volumes(), 2 * 100 * 10.0**2).noise
    assert noise == pytest.approx(1.959963984540054 * math.sqrt(20_000))
    assert not Change(1000.0, 1277.0, noise).exceeds_chance
    assert Change(1000.0, 722.0, noise).exceeds_chance
    assert Change(1000.0, 722.0, noise).share == pytest.approx(-0.278)
    assert Change(0.0, 722.0, noise).share is None

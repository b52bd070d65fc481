"""The figures of the front page on a shop small enough to count by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.columns import Totals
from loyalty.measure.kpis import (
    Gap,
    aov_by_customer,
    bought_again_by_customer,
    gap,
    gap_days_by_customer,
    kpis,
    purchase_frequency_by_customer,
    share,
)
from loyalty.measure.trend import monthly_trend

AS_OF = dt.date(2025, 6, 30)
NO_FEEDBACK = pd.DataFrame(
    {
        "at": pd.Series(dtype="datetime64[ns]"),
        "kind": pd.Series(dtype="object"),
        "score": pd.Series(dtype="float64"),
        "scale": pd.Series(dtype="int64"),
    }
)
CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["a", "b", "c", "d"],
        "first_at": pd.to_datetime(["2024-01-01", "2025-01-01", "2025-03-01", "2023-01-01"]),
        "second_at": pd.Series(["2024-01-11", "2025-02-20", None, None], dtype="datetime64[ns]"),
        "last_at": pd.to_datetime(["2025-06-01", "2025-02-20", "2025-03-01", "2023-01-01"]),
        "orders": [5, 2, 1, 1],
        "days": [4, 2, 1, 1],
        "revenue": [250.0, 60.0, 20.0, 10.0],
        "orders_365": [3, 2, 1, 0],
        "revenue_365": [150.0, 60.0, 20.0, 0.0],
    }
)
TOTALS = Totals(
    customers=3,
    returning_customers=1,
    repeat_customers=2,
    orders=8,
    revenue=280.0,
    anonymous_orders=2,
    anonymous_revenue=70.0,
)
NOTHING = Totals(0, 0, 0, 0, 0.0, 0, 0.0)


def test_each_figure_by_hand() -> None:
    result = kpis(TOTALS, CUSTOMERS, np.array([10.0, 20.0, 30.0, 50.0]), NO_FEEDBACK, AS_OF)
    assert (result.customers, result.orders, result.revenue, result.aov) == (3, 8, 280.0, 280 / 8)
    assert result.repurchase_rate == 2 / 4
    assert result.repurchase_rate_period == 2 / 3
    assert result.returning_rate == 1 / 3
    assert result.purchase_frequency == (3 + 2 + 1) / 3
    assert (result.anonymous_share, result.anonymous_revenue_share) == (2 / 8, 70 / 280)
    assert result.median_gap_days == (20 + 30) / 2
    assert result.gap == Gap(4, 25.0, 17.5, 35.0)
    assert result.repurchase_within[30].rate == pytest.approx(1 / 4)
    assert result.historic_clv == 340 / 4
    assert result.formula_clv is None


def test_nothing_to_divide_by_is_none_everywhere() -> None:
    result = kpis(NOTHING, CUSTOMERS.iloc[:0], np.array([]), NO_FEEDBACK, AS_OF)
    figures = dataclasses.asdict(result)
    for name in (
        "aov",
        "repurchase_rate",
        "repurchase_rate_period",
        "returning_rate",
        "purchase_frequency",
        "anonymous_share",
        "anonymous_revenue_share",
        "historic_clv",
    ):
        assert figures[name] is None, name
    assert result.gap == Gap(0, None, None, None)
    assert all(within.rate is None for within in result.repurchase_within.values())
    assert (result.csat.share, result.nps.score) == (None, None)


def test_activity_adds_the_formula() -> None:
    activity = pd.DataFrame(
        {"customer_id": list("abcd"), "bought_prior_year": [True] * 4, "bought_last_year": [True] * 4}
    )
    result = kpis(TOTALS, CUSTOMERS, np.array([]), NO_FEEDBACK, AS_OF, activity)
    assert result.formula_clv is not None
    assert result.formula_clv.aov == 230 / 6


def test_averages_by_customer() -> None:
    assert bought_again_by_customer(CUSTOMERS).to_dict() == {"a": 1.0, "b": 1.0, "c": 0.0, "d": 0.0}
    assert purchase_frequency_by_customer(CUSTOMERS).to_dict() == {"a": 3.0, "b": 2.0, "c": 1.0}
    assert aov_by_customer(CUSTOMERS).to_dict() == {"a": 50.0, "b": 30.0, "c": 20.0, "d": 10.0}
    # 517 days from 2024-01-01 to 2025-06-01 over 3 gaps; 50 days over 1
    assert gap_days_by_customer(CUSTOMERS).to_dict() == {"a": 517 / 3, "b": 50.0}


def test_shares_of_money_stay_shares() -> None:
    assert share(120.0, 100.0) == 1.0
    assert share(-5.0, 100.0) == 0.0
    assert share(5.0, -1.0) is None


def test_one_gap_is_its_own_quartiles() -> None:
    assert gap(np.array([7.0])) == Gap(1, 7.0, 7.0, 7.0)


def test_monthly_trend_leaves_holes_where_nothing_happened() -> None:
    months = pd.DataFrame(
        {
            "month": pd.to_datetime(["2025-01-01", "2025-02-01"]),
            "orders": [4, 0],
            "revenue": [100.0, 0.0],
            "customers": [3, 0],
            "new_customers": [2, 0],
            "returning_customers": [1, 0],
        }
    )
    trend = monthly_trend(months)
    shown = trend[["aov", "returning_share", "new_share"]].to_numpy()
    assert shown[0].tolist() == [25.0, 1 / 3, 2 / 3]
    assert np.isnan(shown[1]).all()
    assert "aov" not in months


#: A customer: orders, of them within a year, money, channel, days since the first and the last purchase.
PERSON = st.tuples(
    st.integers(1, 9),
    st.integers(0, 9),
    st.floats(0.01, 5_000),
    st.sampled_from(["web", "stall"]),
    st.integers(0, 900),
    st.integers(0, 900),
)
Person = tuple[int, int, float, str, int, int]
PEOPLE = st.lists(PERSON, min_size=1, max_size=30)
each_example = settings(deadline=None, derandomize=True, max_examples=25)


def people(rows: list[Person]) -> pd.DataFrame:
    """A CUSTOMERS frame of them."""
    made = pd.DataFrame(rows, columns=["orders", "orders_365", "revenue", "channel", "a", "b"])
    days = (
        pd.to_timedelta(made[["a", "b"]].max(axis=1), "D"),
        pd.to_timedelta(made[["a", "b"]].min(axis=1), "D"),
    )
    last = pd.Timestamp(AS_OF)
    recent = made[["orders", "orders_365"]].min(axis=1)
    return made.assign(
        customer_id=[f"c{n}" for n in range(len(made))],
        days=made["orders"],
        first_at=last - days[0],
        last_at=last - days[1],
        second_at=(last - days[1]).where(made["orders"] > 1),
        orders_365=recent,
        revenue_365=made["revenue"] * recent / made["orders"],
    )


def figures(of: pd.DataFrame) -> dict[str, float | None]:
    """The figures about customers, as numbers."""
    activity = of[["customer_id"]].assign(
        bought_prior_year=of["orders"] > 1, bought_last_year=of["orders_365"] > 0
    )
    result = kpis(TOTALS, of, np.array([]), NO_FEEDBACK, AS_OF, activity)
    names = ("repurchase_rate", "purchase_frequency", "historic_clv")
    clv = result.formula_clv
    return {name: getattr(result, name) for name in names} | {
        "formula_clv": clv.value if clv else None,
        **{str(days): within.rate for days, within in result.repurchase_within.items()},
    }


@given(PEOPLE, st.floats(0.01, 1_000))
@each_example
def test_scaling_money_scales_clv_and_no_share(rows: list[Person], factor: float) -> None:
    once, scaled = people(rows), people(rows)
    scaled[["revenue", "revenue_365"]] *= factor
    one, other = figures(once), figures(scaled)
    for name, value in one.items():
        grown = value * factor if name.endswith("clv") and value is not None else value
        assert other[name] == (None if grown is None else pytest.approx(grown))


@given(PEOPLE)
@each_example
def test_one_more_who_never_returns_lowers_the_repurchase_rate_as_computed(rows: list[Person]) -> None:
    n, repeat = len(rows), sum(orders >= 2 for orders, *_ in rows)
    more = figures(people([*rows, (1, 1, 5.0, "web", 3, 3)]))
    assert figures(people(rows))["repurchase_rate"] == pytest.approx(repeat / n)
    assert more["repurchase_rate"] == pytest.approx(repeat / (n + 1))


@given(PEOPLE, st.integers(0, 99))
@each_example
def test_the_order_of_rows_changes_nothing(rows: list[Person], seed: int) -> None:
    of = people(rows)
    turned = of.sample(frac=1, random_state=seed)
    one, other = figures(of), figures(turned)
    assert {k: None if v is None else pytest.approx(v) for k, v in one.items()} == other


@given(PEOPLE)
@each_example
def test_parts_sum_to_the_whole_and_shares_are_shares(rows: list[Person]) -> None:
    of = people(rows)
    parts = [(len(part), figures(part)) for _, part in of.groupby("channel")]
    whole = figures(of)
    for name in ("repurchase_rate", "historic_clv"):
        assert whole[name] == pytest.approx(sum(n * (part[name] or 0) for n, part in parts) / len(of))
    shares = [value for name, value in whole.items() if name == "repurchase_rate" or name.isdigit()]
    assert all(value is None or 0 <= value <= 1 for value in shares)

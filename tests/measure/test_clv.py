"""Customer value by arithmetic: every part worked by hand, and the sentence when a part is missing."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from loyalty.measure.clv import (
    BadLifespan,
    BadMargin,
    formula_clv,
    historic_clv,
    historic_clv_by_customer,
    history_days,
    yearly_dropout,
    yearly_revenue_by_customer,
)
from loyalty.measure.satisfaction import wilson

AS_OF = dt.date(2025, 6, 30)


def shop(first: str = "2023-01-01") -> pd.DataFrame:
    """Three customers, two of them active in the last year: 5 orders for 100."""
    return pd.DataFrame(
        {
            "customer_id": ["a", "b", "c"],
            "first_at": pd.Series([first, "2025-01-01", "2025-02-01"], dtype="datetime64[ns]"),
            "revenue": [300.0, 70.0, 50.0],
            "orders_365": [0, 3, 2],
            "revenue_365": [0.0, 70.0, 30.0],
        }
    )


def activity(kept: int, lost: int, new: int = 0) -> pd.DataFrame:
    """Customers of the year before the last who stayed, who left, and new ones."""
    rows = [(True, True)] * kept + [(True, False)] * lost + [(False, True)] * new
    frame = pd.DataFrame(rows, columns=["bought_prior_year", "bought_last_year"], dtype=bool)
    return frame.assign(customer_id=[str(i) for i in range(len(rows))])


def test_historic_value_is_net_revenue_times_margin() -> None:
    assert historic_clv_by_customer(shop()).to_dict() == {"a": 300.0, "b": 70.0, "c": 50.0}
    assert historic_clv(shop()) == 420 / 3
    assert historic_clv(shop(), margin=0.5) == 210 / 3
    assert historic_clv(shop().iloc[:0]) is None


def test_the_formula_and_all_its_parts() -> None:
    result = formula_clv(shop(), activity(kept=30, lost=10, new=7), AS_OF, margin=0.4)
    assert result.aov == 100 / 5
    assert result.frequency == 5 / 2
    assert result.dropout.rate == 10 / 40
    assert result.lifespan_years == 1 / (10 / 40)
    assert result.value == pytest.approx(20 * 2.5 * 4 * 0.4)
    low, high = wilson(10, 40)
    a_year = 20 * 2.5 * 0.4
    assert [result.low, result.high] == pytest.approx([a_year / high, a_year / low])
    assert (result.owner_lifespan, result.note) == (False, None)
    assert yearly_revenue_by_customer(shop()).mean() == result.aov * result.frequency


def test_the_owners_own_lifespan_goes_first() -> None:
    result = formula_clv(shop(), activity(0, 0), AS_OF, lifespan_years=3)
    assert result.value == 20 * 2.5 * 3
    assert (result.owner_lifespan, result.low, result.high, result.note) == (True, None, None, None)


@pytest.mark.parametrize(("first", "days"), [("2024-06-30 23:00", 366), ("2024-07-01", 365)])
def test_history_counts_both_ends(first: str, days: int) -> None:
    assert history_days(shop(first), AS_OF) == days


def test_too_short_a_history_says_how_much_is_enough() -> None:
    result = formula_clv(shop("2024-07-01"), activity(40, 10), AS_OF)
    assert (result.value, result.lifespan_years) == (None, None)
    assert result.note is not None
    assert result.note.params == {"enough": 366, "have": 365}
    assert formula_clv(shop("2024-06-30"), activity(40, 10), AS_OF).value is not None


def test_too_few_customers_say_how_many_are_enough() -> None:
    assert yearly_dropout(activity(20, 10), 366).rate == 10 / 30
    result = yearly_dropout(activity(20, 9), 366)
    assert (result.rate, result.customers, result.lost) == (None, 29, 9)
    assert result.note is not None
    assert result.note.params == {"enough": 30, "have": 29}


def test_nobody_lost_means_no_lifespan_yet() -> None:
    result = formula_clv(shop(), activity(50, 0), AS_OF)
    assert (result.dropout.rate, result.lifespan_years, result.value, result.high) == (0.0, None, None, None)
    assert result.low is not None  # the drop-out may be as high as Wilson's bound
    assert result.note is not None


def test_nobody_active_and_nobody_at_all() -> None:
    for customers in (shop().iloc[:1], shop().iloc[:0]):
        result = formula_clv(customers, activity(30, 10), AS_OF)
        assert (result.aov, result.frequency, result.value) == (None, None, None)
        assert result.note is not None


@pytest.mark.parametrize("years", [0, -1.5, float("nan")])
def test_a_lifespan_must_be_positive(years: float) -> None:
    with pytest.raises(BadLifespan):
        formula_clv(shop(), activity(30, 10), AS_OF, lifespan_years=years)


def test_a_margin_is_a_share() -> None:
    with pytest.raises(BadMargin, match="between 0 and 1"):
        historic_clv(shop(), margin=40)

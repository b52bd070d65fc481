"""Goals: what may be one, how far the shop is, and how many more would reach it, by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.columns import Totals
from loyalty.measure.goal_sentences import goal_sentence, metric_text
from loyalty.measure.goals import (
    METRICS,
    BadGoal,
    Reading,
    UnknownGoal,
    checked_goal,
    metric_name,
    progress,
    readings,
)
from loyalty.measure.kpis import Kpis, kpis
from loyalty.words import words_for

AS_OF = dt.date(2026, 6, 30)
EN, ZH = words_for("en"), words_for("zh_CN", "CNY")
MONTHS = pd.DataFrame(
    {"month": [pd.Timestamp("2026-06-01")], "revenue": [900.0], "orders": [45], "new_customers": [8]}
)


def people(n: int, back: int) -> pd.DataFrame:
    """CUSTOMERS: `n` customers who first bought 200 days ago, `back` of them again after ten days."""
    first = pd.Timestamp(AS_OF) - pd.Timedelta(days=200)
    orders = np.where(np.arange(n) < back, 2, 1)
    again = pd.Series(np.where(orders == 2, first + pd.Timedelta(days=10), np.datetime64("NaT")))
    return pd.DataFrame(
        {
            "customer_id": [str(i) for i in range(n)],
            "channel": "web",
            "first_at": first,
            "second_at": pd.to_datetime(again),
            "last_at": pd.to_datetime(again).fillna(first),
            "orders": orders,
            "days": orders,
            "revenue": 10.0 * orders,
            "orders_365": orders,
            "revenue_365": 10.0 * orders,
        }
    )


def shop(n: int, back: int) -> Kpis:
    """The figures of `people`."""
    feedback = pd.DataFrame(
        {"kind": [], "scale": [], "score": [], "at": pd.to_datetime([]), "customer_id": []}
    )
    totals = Totals(n, back, back, n + back, 10.0 * (n + back), 0, 0.0)
    return kpis(totals, people(n, back), np.array([10.0] * back), feedback, AS_OF)


def test_the_sentence_of_the_brief() -> None:
    """100 customers, 31 back: 35 % needs 35 of them, 4 more."""
    now = readings(shop(100, 31), shop(100, 31), MONTHS, people(100, 31), AS_OF)
    goal_progress = progress(
        checked_goal("repurchase_within_90", "at_least", 0.35), now["repurchase_within_90"]
    )
    assert (goal_progress.reached, goal_progress.missing, goal_progress.share_done) == (
        False,
        4,
        pytest.approx(0.31 / 0.35),
    )
    assert goal_sentence(goal_progress, EN) == "31% of 35%. About 4 more returning customers would reach it."
    assert "35%" in goal_sentence(goal_progress, ZH)
    assert EN.message(metric_name("repurchase_within_90")) == (
        "Come back within 90 days, new in the last 12 months"
    )


def test_among_the_same_people_or_beside_them() -> None:
    """Repurchase: 31 of 100, 40 % needs 9 more of the same 100. Returning buyers come on top: (31 + m) / (100 + m) >= .4
    from m = 15. Satisfied answers: (8 + m) / (10 + m) >= .9 from m = 10."""
    now = readings(shop(100, 31), shop(100, 31), MONTHS, people(100, 31), AS_OF)
    assert progress(checked_goal("repurchase_rate", "at_least", 0.4), now["repurchase_rate"]).missing == 9
    assert progress(checked_goal("returning_rate", "at_least", 0.4), now["returning_rate"]).missing == 15
    assert progress(checked_goal("csat", "at_least", 0.9), Reading(0.8, 8, 10)).missing == 10
    assert progress(checked_goal("csat", "at_least", 1), Reading(0.8, 8, 10)).missing is None


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.integers(1, 2_000), st.integers(0, 2_000), st.integers(1, 99))
def test_so_many_more_reach_it_and_one_less_does_not(n: int, k: int, percent: int) -> None:
    k, goal = min(k, n), percent / 100
    for metric, beside in (("repurchase_rate", False), ("returning_rate", True)):
        goal_progress = progress(checked_goal(metric, "at_least", goal), Reading(k / n, k, n))
        if goal_progress.missing is None:
            assert k / n >= goal - 1e-9
            continue
        for more, reached in ((goal_progress.missing, True), (goal_progress.missing - 1, False)):
            value = (k + more) / (n + (more if beside else 0))
            assert (value >= goal - 1e-9) == reached


def test_repurchase_is_of_the_latest_new_customers() -> None:
    """Those of a year ago and before are out at 90 days, and in at 365."""
    old = people(50, 50).assign(first_at=pd.Timestamp(AS_OF) - pd.Timedelta(days=365))
    both = pd.concat([old.assign(customer_id=old["customer_id"] + "x", second_at=pd.NaT), people(100, 31)])
    now = readings(shop(100, 31), shop(100, 31), MONTHS, both, AS_OF)
    assert (now["repurchase_within_90"].whole, now["repurchase_within_365"].whole) == (100, 150)
    assert now["repurchase_within_90"].value == pytest.approx(0.31)


def test_other_kinds() -> None:
    now = readings(shop(100, 31), shop(100, 31), MONTHS, people(100, 31), AS_OF)
    orders = progress(checked_goal("orders_month", "at_least", 50), now["orders_month"])
    assert (orders.missing, goal_sentence(orders, EN)) == (5, "45 of 50. 5 more orders would reach it.")
    money = progress(checked_goal("revenue_month", "at_least", 1000), now["revenue_month"])
    assert (money.missing, money.share_done, goal_sentence(money, EN)) == (None, 0.9, "$900.00 of $1,000.")
    gap = progress(checked_goal("gap", "at_most", 8), now["gap"])
    assert (gap.reached, gap.share_done, goal_sentence(gap, EN)) == (
        False,
        0.8,
        "10 days; the goal is 8 days at most.",
    )
    assert progress(checked_goal("gap", "at_most", 10), now["gap"]).reached


def test_reached_within_or_beyond_chance() -> None:
    assert (
        goal_sentence(progress(checked_goal("aov", "at_least", 10), Reading(10.0)), EN)
        == "$10.00 of $10.00. Reached."
    )
    close = progress(checked_goal("csat", "at_least", 0.9), Reading(0.91, 91, 100, 0.84, 0.95))
    assert goal_sentence(close, EN) == "91% of 90%. Reached, though so small a lead may be chance."
    sure = progress(checked_goal("csat", "at_least", 0.8), Reading(0.91, 91, 100, 0.84, 0.95))
    assert goal_sentence(sure, EN).endswith("Reached.")


def test_an_unknown_figure_has_its_sentence() -> None:
    now = readings(shop(0, 0), shop(0, 0), MONTHS.iloc[:0], people(0, 0), AS_OF)
    for metric, definition in METRICS.items():
        goal_progress = progress(checked_goal(metric, definition.usual, 0.5), now[metric])
        assert (goal_progress.reached, goal_progress.share_done, goal_progress.missing) == (None, 0.0, None)
        assert goal_sentence(goal_progress, EN).startswith("Not known yet; the goal is ")


@pytest.mark.parametrize("n", [0, 1, 30, 100])
def test_every_goal_has_a_reading_and_every_reading_a_sentence(n: int) -> None:
    now = readings(shop(n, n // 3), shop(n, n // 3), MONTHS, people(n, n // 3), AS_OF)
    assert set(now) == set(METRICS)
    for metric, definition in METRICS.items():
        for words in (EN, ZH):
            assert "nan" not in goal_sentence(
                progress(checked_goal(metric, definition.usual, 0.5), now[metric]), words
            )


@pytest.mark.parametrize(
    ("metric", "direction", "value", "expected"),
    [
        ("repurchase_rate", "at_least", 35, "it is a share between 0 and 100 %"),
        ("repurchase_rate", "at_least", -0.1, "it is a share between 0 and 100 %"),
        ("repurchase_rate", "above", 0.3, "it is at least or at most a value"),
        ("aov", "at_least", "much", "it is a number"),
        ("aov", "at_least", float("nan"), "it is a number"),
        ("aov", "at_least", True, "it is a number"),
        ("aov", "at_least", -1, "it is not below 0"),
        ("nps", "at_least", 101, "it lies between −100 and 100"),
    ],
)
def test_what_is_no_goal(metric: str, direction: str, value: object, expected: str) -> None:
    with pytest.raises(BadGoal) as caught:
        checked_goal(metric, direction, value)
    assert EN.message(caught.value.message).endswith(f": {expected}.")


def test_a_figure_without_goals() -> None:
    with pytest.raises(UnknownGoal, match=r"“luck”\. There can be for: repurchase_rate, "):
        checked_goal("luck", "at_least", 1)


def test_how_values_are_written() -> None:
    assert metric_text("repurchase_rate", 0.35, EN) == "35%"
    assert metric_text("repurchase_rate", 0.3512, EN) == "35.1%"
    assert metric_text("gap", 1, EN) == "1 day"
    assert metric_text("nps", -12.5, EN) == "-12.5"
    assert metric_text("revenue_month", 12345.6, ZH) == "¥12,346"
    assert metric_text("aov", None, EN) == "–"

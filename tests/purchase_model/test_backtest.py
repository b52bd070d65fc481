"""Back-tests: only the past is seen, the dates are right, and the range learns from misses."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from loyalty.purchase_model.backtest import (
    LEAST_DRIFT,
    USUAL_COUNTS,
    USUAL_DRIFT,
    USUAL_DRIFT_SD,
    Origin,
    backtest,
    backtest_sentence,
    learn_drift,
)
from loyalty.purchase_model.histories import purchase_days
from loyalty.purchase_model.prediction import Range
from loyalty.purchase_model.terms import Terms
from loyalty.words import Words
from tests.purchase_model.builders import AS_OF, days_of, shop


def test_origins_and_their_actual_figures() -> None:
    sales = shop(300, seed=3, weeks=156)
    tested = backtest(purchase_days(sales), AS_OF, Terms(12, 0.1, 0.4), np.random.default_rng(0))
    assert (tested.months, tested.note) == (12, None)
    last = tested.origins[-1]
    assert (last.as_of, last.until) == (AS_OF - dt.timedelta(days=365), AS_OF)
    first = sales.groupby("customer_id")["day"].min()
    history = first[first <= pd.Timestamp(last.as_of)].index
    later = sales[sales["customer_id"].isin(history) & (sales["day"] > pd.Timestamp(last.as_of))]
    assert last.customers == len(history)
    assert last.actual == pytest.approx(later["value"].sum())  # neither discounted nor times a margin
    assert last.purchases == len(later.drop_duplicates(["customer_id", "day"]))
    assert last.predicted.low < last.predicted.expected < last.predicted.high
    gaps = np.diff([origin.as_of.toordinal() for origin in tested.origins])
    assert ((gaps >= 91) & (gaps <= 92)).all()
    assert all((origin.until - origin.as_of).days == 365 for origin in tested.origins)
    assert sum(origin.within_range for origin in tested.origins) >= len(tested.origins) - 1
    assert last.predicted.expected == pytest.approx(last.actual, rel=0.3)


def test_later_sales_are_not_used() -> None:
    days = days_of(120, weeks=90)
    before = AS_OF - dt.timedelta(days=200)
    history = days.day <= (before - dt.date(1970, 1, 1)).days
    cut = dataclasses.replace(
        days, customer=days.customer[history], day=days.day[history], value=days.value[history]
    )
    ways = [backtest(of, before, Terms(4), np.random.default_rng(1)) for of in (days, cut)]
    assert ways[0] == ways[1]


def test_a_short_history_is_tested_less_far_ahead_or_not_at_all() -> None:
    for weeks, months in ((72, 12), (45, 6), (30, 3)):
        tested = backtest(days_of(300, weeks=weeks), AS_OF, Terms(12), np.random.default_rng(0))
        assert (tested.months, tested.note) == (months, None)
    for weeks, n in ((20, 800), (0, 0)):
        tested = backtest(days_of(n, weeks=weeks), AS_OF, Terms(12), np.random.default_rng(0))
        assert (tested.origins, tested.drift) == ((), USUAL_DRIFT)
        assert tested.note is not None
        assert tested.note.params["more"] > 0  # type: ignore[operator]
    tested = backtest(days_of(20, weeks=150), AS_OF, Terms(12), np.random.default_rng(0))
    assert tested.note is not None
    assert tested.note.params == {"enough": 20}


def origin(expected: float, actual: float, model_sd: float = 0.05, low: float = 0.0) -> Origin:
    day = dt.date(2024, 6, 30)
    predicted = Range(expected, low or expected * 0.8, expected * 1.2)
    return Origin(day, dt.date(2025, 6, 30), 100, predicted, actual, 50.0, 50, model_sd)


def test_drift_is_learned_from_errors() -> None:
    assert learn_drift([]) == USUAL_DRIFT
    # one back-test that missed by a factor e^0.5, of which 0.05 was allowed for
    drift = learn_drift([origin(100, 100 * np.exp(0.5))])
    variance = (USUAL_COUNTS * USUAL_DRIFT_SD**2 + 0.5**2 - 0.05**2) / (USUAL_COUNTS + 1)
    assert drift.sd == pytest.approx(np.sqrt(variance))
    assert drift.learned == 1
    # five that overlap count as two; half as far ahead, as one
    many = [origin(100, 100)] * 5
    assert (learn_drift(many).learned, learn_drift(many, 0.5).learned) == (2, 1)
    assert LEAST_DRIFT <= learn_drift(many).sd < USUAL_DRIFT_SD
    assert learn_drift([origin(100, 100)] * 4_000).sd == LEAST_DRIFT
    assert np.isfinite(learn_drift([origin(100, 0), origin(0, 100)]).sd)


def test_backtest_sentence() -> None:
    example = origin(46_000, 47_300.4, low=41_000)
    assert example.within_range
    assert not origin(46_000, 40_000, low=41_000).within_range
    assert backtest_sentence(example, Words("en", "USD")) == (
        "On 30 Jun 2024 it would have said $41,000 to $55,200 up to 30 Jun 2025; it became $47,300."
    )
    assert backtest_sentence(example, Words("zh_CN", "CNY")) == (
        "若在 2024年6月30日 预测，截至 2025年6月30日 的金额会是 ¥41,000 至 ¥55,200；实际为 ¥47,300。"
    )

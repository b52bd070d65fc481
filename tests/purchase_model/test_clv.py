"""Predicted CLV: parts sum to the whole, money scales it, order is nothing, and small shops are no trouble."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from loyalty.purchase_model.clv import COLUMNS, Clv, predict, predicted_clv
from loyalty.purchase_model.histories import histories, holdout, purchase_days
from loyalty.purchase_model.minimum_data import LEAST_REPEATERS
from loyalty.purchase_model.model import MODELS, Model
from loyalty.purchase_model.prediction import forecast
from loyalty.purchase_model.terms import Terms
from tests.purchase_model.builders import AS_OF, days_of, shop

FIGURES = ["p_alive", "p_purchase", "expected_purchases", "expected_value", "clv", "low", "high"]


def predicted(sales: pd.DataFrame, terms: Terms | None = None, seed: int = 0) -> Clv:
    history = histories(purchase_days(sales), AS_OF)
    return predict(history, AS_OF, terms or Terms(), np.random.default_rng(seed))


def assert_consistent(prediction: Clv) -> None:
    """What holds for every prediction that there is."""
    table = prediction.customers
    assert prediction.total is not None
    assert table.columns.tolist() == COLUMNS
    assert np.isfinite(table[FIGURES].to_numpy()).all()
    assert (table[FIGURES] >= 0).all(axis=None)
    assert table[["p_alive", "p_purchase"]].max(axis=None) <= 1
    assert (table["low"] <= table["high"]).all()
    assert table["clv"].sum() == pytest.approx(prediction.total.expected)
    assert 0 <= prediction.total.low < prediction.total.high
    days = table[["next_early", "next_median", "next_late"]]
    assert not days.isna().any(axis=None)
    assert (days["next_early"] > pd.Timestamp(AS_OF)).all()
    assert ((days["next_early"] <= days["next_median"]) & (days["next_median"] <= days["next_late"])).all()
    last = pd.Timestamp(AS_OF) + pd.Timedelta(weeks=prediction.terms.weeks)
    assert (days["next_late"] <= last).all()


def test_a_shop_of_six_hundred() -> None:
    prediction = predicted(shop(600))
    assert_consistent(prediction)
    assert prediction.missing is None
    assert prediction.customers["customer_id"].is_monotonic_increasing
    assert len(prediction.customers) == 600
    assert any("rank correlation" in note.template for note in prediction.notes)


def test_scaling_money_scales_clv_and_nothing_else() -> None:
    sales = shop(150)
    one, richer = predicted(sales), predicted(sales.assign(value=sales["value"] * 100))
    money = ["expected_value", "expected_value_repeats", "clv", "low", "high"]
    assert richer.customers[money].to_numpy() == pytest.approx(
        one.customers[money].to_numpy() * 100, rel=1e-5
    )
    rest = [column for column in COLUMNS if column not in money]
    pd.testing.assert_frame_equal(richer.customers[rest], one.customers[rest])
    assert one.total is not None
    assert richer.total is not None
    for end in ("expected", "low", "high"):
        assert getattr(richer.total, end) == pytest.approx(100 * getattr(one.total, end), rel=1e-5)


def test_margin_scales_and_discount_lowers() -> None:
    sales = shop(120)
    whole = predicted(sales, Terms(discount=0.0)).customers
    half = predicted(sales, Terms(discount=0.0, margin=0.5)).customers
    assert half["clv"].to_numpy() == pytest.approx(whole["clv"].to_numpy() / 2)
    today = predicted(sales, Terms(discount=0.21)).customers
    by_hand = whole["expected_purchases"] * whole["expected_value"]
    assert whole["clv"].to_numpy() == pytest.approx(by_hand.to_numpy())
    # money comes between now and a year on: between all of it and 1 / 1.21 of it
    assert ((today["clv"] < whole["clv"]) & (today["clv"] > whole["clv"] / 1.21)).all()


def test_the_order_of_rows_changes_nothing() -> None:
    sales = shop(120)
    one, other = predicted(sales), predicted(sales.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(one.customers, other.customers)
    assert one.total == other.total


def test_equal_seeds_give_equal_figures_and_others_nearly() -> None:
    sales = shop(120)
    one, same, other = (predicted(sales, seed=seed).total for seed in (1, 1, 2))
    assert one == same
    assert one is not None
    assert other is not None
    assert one.expected == other.expected
    assert one.low != other.low
    assert one.low == pytest.approx(other.low, rel=0.1)


def test_longer_is_worth_more() -> None:
    history = histories(days_of(300), AS_OF)
    worths = [forecast(history, Terms(months=months)).lifetime_value for months in (1, 6, 24)]
    assert (worths[0] < worths[1]).all()
    assert (worths[1] < worths[2]).all()


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
def test_every_model_gives_a_consistent_prediction(model: Model) -> None:
    history = histories(days_of(150), AS_OF)
    prediction = predict(history, AS_OF, Terms(), np.random.default_rng(0), model=model)
    assert_consistent(prediction)
    assert prediction.fit is not None
    assert prediction.fit.model is model


def test_a_whole_year_ahead_as_it_happens() -> None:
    """Cut the shop a year before its end: what was predicted is what came (there is no drift here)."""
    days = days_of(2_000, seed=5, weeks=156)
    then = AS_OF - dt.timedelta(days=365)
    history, later = histories(days, then), holdout(days, then, AS_OF)
    terms = Terms(12, discount=0.0)
    prediction = predict(history, then, terms, np.random.default_rng(0))
    assert prediction.total is not None
    assert prediction.total.low < later.value.sum() < prediction.total.high
    assert prediction.total.expected == pytest.approx(later.value.sum(), rel=0.15)
    assert prediction.customers["expected_purchases"].sum() == pytest.approx(later.purchases.sum(), rel=0.12)
    inside = (prediction.customers["low"] <= later.value) & (later.value <= prediction.customers["high"])
    assert 0.75 <= inside.mean() <= 0.97
    buys = prediction.customers["p_purchase"].to_numpy()
    for share in (buys < 0.25, buys > 0.6):  # those said to come seldom come seldom
        assert (later.purchases[share] > 0).mean() == pytest.approx(buys[share].mean(), abs=0.06)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("weeks", [2, 30, 150])
@pytest.mark.parametrize("n", [0, 1, 30, 100, 300])
def test_small_shops_get_figures_or_a_sentence(n: int, weeks: int) -> None:
    prediction, tested = predicted_clv(days_of(n, seed=n, weeks=weeks), AS_OF, Terms(), seed=1)
    if prediction.missing is None:
        assert_consistent(prediction)
        assert prediction.fit is not None
        assert prediction.spending is not None
    else:
        assert prediction.total is None
        assert prediction.customers.empty
        assert prediction.customers.columns.tolist() == COLUMNS
        assert prediction.missing.params["more"] > 0  # type: ignore[operator]
    assert (tested.note is None) == bool(tested.origins)


def test_one_more_customer_who_came_back_may_be_enough() -> None:
    day = [dt.date(2025, 1, 1), dt.date(2025, 4, 1)]
    rows = [(f"c{i}", when, 10.0 + i) for i in range(LEAST_REPEATERS) for when in day]
    sales = pd.DataFrame(rows, columns=["customer_id", "day", "value"])
    assert_consistent(predicted(sales))
    one_less = predicted(sales[:-1])
    assert one_less.missing is not None
    assert one_less.missing.params == {"enough": LEAST_REPEATERS, "more": 1}


@pytest.mark.filterwarnings("error")
def test_one_price_and_one_rhythm() -> None:
    rows = [
        (f"c{i:03}", dt.date(2025, 1, 1) + dt.timedelta(days=30 * k), 20.0)
        for i in range(40)
        for k in range(5)
    ]
    prediction = predicted(pd.DataFrame(rows, columns=["customer_id", "day", "value"]))
    assert_consistent(prediction)
    assert prediction.customers["expected_value"].to_numpy() == pytest.approx(np.full(40, 20.0), rel=0.02)


def test_notes_explain_the_width_of_the_range() -> None:
    prediction, tested = predicted_clv(days_of(150, weeks=130), AS_OF, Terms(), seed=1)
    notes = [note.english() for note in prediction.notes]
    assert tested.drift.learned > 0
    assert prediction.drift == tested.drift
    assert "The range is as wide as your own past predictions turned out to need." in notes
    assert not any("less than two years" in sentence for sentence in notes)
    young = predicted(shop(200, weeks=60))
    assert any("less than two years" in note.english() for note in young.notes)
    assert dataclasses.asdict(young)["missing"] is None

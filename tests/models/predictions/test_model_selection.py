"""Model selection: reproducible, without a look ahead, and hard to win by chance."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from loyalty.models.predictions.backtest import StatusOutcome, record, score_check
from loyalty.models.predictions.candidates import (
    BY_NAME,
    ENSEMBLE,
    PURCHASE_MODEL,
)
from loyalty.models.predictions.contact_choice import Costs
from loyalty.models.predictions.model_selection import ModelSelection, paired_gain, select_model
from loyalty.models.predictions.rolling_origins import Plan
from loyalty.models.predictions.sentences import (
    auc_sentence,
    choice_sentence,
    selection_sentence,
    status_sentence,
)
from loyalty.models.predictions.snapshot import Example, Outcome
from loyalty.models.predictions.training import Candidate
from loyalty.words import Words
from tests.models.predictions.builders import example_shop

SAY = Words("en", "EUR")
QUICK = tuple(
    BY_NAME[name]
    for name in ("recency", "last_period", PURCHASE_MODEL, "mbg_nbd", "logistic", "tree", ENSEMBLE, "stacked")
)
PlanAndExamples = tuple[Plan, dict[dt.date, Example]]


@pytest.fixture(scope="module")
def shop() -> PlanAndExamples:
    _, origin_plan, examples = example_shop(220, seed=4)
    return origin_plan, examples


@pytest.fixture(scope="module")
def selection(shop: PlanAndExamples) -> ModelSelection:
    return select_model(*shop, QUICK)


def test_every_method_has_all_figures(selection: ModelSelection) -> None:
    assert len(selection.trials) >= 3
    assert {result.method.name for result in selection.results} == {method.name for method in QUICK}
    for result in selection.results:
        figures = result.figures
        assert 0 < figures["log_loss"] < 1
        assert 0.4 < figures["auc"] <= 1
        assert 0 <= figures["top_decile_capture"] <= 1
        assert figures["mae_orders"] >= 0
        assert figures["total_spend_error"] >= 0
    bg_nbd, recency = selection.result(PURCHASE_MODEL), selection.result("recency")
    assert bg_nbd is not None
    assert recency is not None
    assert (
        bg_nbd.figures["log_loss"] < recency.figures["log_loss"]
    )  # the customers were made by that very model


def test_it_is_the_same_each_time(shop: PlanAndExamples, selection: ModelSelection) -> None:
    again = select_model(*shop, QUICK)
    assert [result.figures for result in again.results] == [result.figures for result in selection.results]
    assert again.drift == selection.drift


def test_the_default_candidate_and_the_gain_against_it(selection: ModelSelection) -> None:
    assert selection.default_candidate == ENSEMBLE
    result = selection.result(ENSEMBLE)
    assert result is not None
    assert (result.gain, result.gain_low, result.gain_high, result.wins) == (0, 0, 0, False)
    gain, error, _, people = paired_gain(selection.trials, PURCHASE_MODEL, ENSEMBLE)
    direct = np.mean(np.concatenate([
        -np.log(np.where(t.example.outcome.bought, t.p_buy[ENSEMBLE], 1 - t.p_buy[ENSEMBLE]))
        + np.log(np.where(t.example.outcome.bought, t.p_buy[PURCHASE_MODEL], 1 - t.p_buy[PURCHASE_MODEL])) for t in selection.trials
    ]))  # fmt: skip
    assert gain == pytest.approx(direct)
    customer_ids = np.concatenate([t.example.snapshot.history.customer_id for t in selection.trials]).astype(
        str
    )
    assert people == len(np.unique(customer_ids))
    differences = np.concatenate([
        np.log(np.where(t.example.outcome.bought, t.p_buy[PURCHASE_MODEL], 1 - t.p_buy[PURCHASE_MODEL]))
        - np.log(np.where(t.example.outcome.bought, t.p_buy[ENSEMBLE], 1 - t.p_buy[ENSEMBLE])) for t in selection.trials
    ])  # fmt: skip
    sums = (
        pd.Series(differences - differences.mean()).groupby(customer_ids).sum()
    )  # a customer is one draw, at however many origins
    assert error == pytest.approx(float(np.sqrt((sums**2).sum() * people / (people - 1))) / len(differences))


def test_an_oracle_wins_and_a_coin_does_not(shop: PlanAndExamples) -> None:
    origin_plan, examples = shop
    future = {day: example.outcome.bought for day, example in examples.items()}
    oracle = Candidate("seer", "Seer", "", lambda training: lambda at: np.where(future[at.cutoff], 0.9, 0.1))
    coin = Candidate("coin", "Coin", "", lambda training: lambda at: np.full(len(at), 0.5))
    selection = select_model(
        origin_plan, examples, (BY_NAME[PURCHASE_MODEL], BY_NAME[ENSEMBLE], oracle, coin)
    )
    assert selection.chosen == "seer"
    assert [result.method.name for result in selection.results if result.wins] == ["seer"]


def test_methods_use_nothing_after_the_origin(shop: PlanAndExamples) -> None:
    """Predictions from an origin do not depend on its outcome."""
    origin_plan, examples = shop
    last = origin_plan.origins[-1].cutoff
    actual = examples[last].outcome
    turned = Outcome(actual.purchases.max() - actual.purchases, actual.value + 1)
    other = examples | {last: dataclasses.replace(examples[last], outcome=turned)}
    before, after = (select_model(origin_plan, each, QUICK[2:5]).trials[-1] for each in (examples, other))
    for name, p_buy in before.p_buy.items():
        assert (p_buy == after.p_buy[name]).all()
    assert not (before.example.outcome.purchases == after.example.outcome.purchases).all()


def test_progress_is_reported_and_can_end_it(shop: PlanAndExamples) -> None:
    seen: list[tuple[int, int]] = []

    def progress(done: int, of: int) -> None:
        seen.append((done, of))
        if done == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        select_model(*shop, QUICK[:2], progress)
    assert seen == [(place, 2 * len(shop[0].origins)) for place in range(4)]


def test_the_record_adds_up(selection: ModelSelection) -> None:
    result = record(selection, ENSEMBLE, Costs(1.0, 30.0, 0.1))
    n = sum(len(trial.example.snapshot) for trial in selection.trials)
    back = sum(trial.example.snapshot.history.repeaters for trial in selection.trials)
    c = result.confusion
    assert result.reliability.n.sum() == n
    assert c.named + c.unnamed_stayed_away + c.unnamed_came == back
    for one, trial in zip(result.statuses, selection.trials, strict=True):
        status, bought = trial.statuses.customers["status"], trial.example.outcome.bought
        assert one.customers == len(trial.example.snapshot)
        assert one.customers_bought == bought.sum()
        assert (one.overdue, one.overdue_bought) == (
            (status == "overdue").sum(),
            bought[status == "overdue"].sum(),
        )
        assert (one.lapsed, one.lapsed_bought) == (
            (status == "lapsed").sum(),
            bought[status == "lapsed"].sum(),
        )
        assert (
            trial.statuses.customers["customer_id"].tolist()
            == trial.example.snapshot.history.customer_id.tolist()
        )

    assert (result.reached[0], result.reached[-1]) == (0, 1)
    assert (np.diff(result.reached) >= 0).all()
    check = score_check(selection)
    assert check is not None
    assert check.auc > 0.6  # the score against later retention
    assert check.came[-1] > check.came[0]
    for sentence in (
        selection_sentence(selection, SAY),
        auc_sentence(selection, SAY),
        choice_sentence(result, SAY),
        *(status_sentence(one, SAY) for one in result.statuses),
    ):
        assert sentence.endswith((".", ")."))
        assert "{" not in sentence
    assert "by more than chance" in selection_sentence(selection, SAY)


def test_status_sentence() -> None:
    day, until = dt.date(2026, 3, 31), dt.date(2026, 6, 29)
    assert status_sentence(StatusOutcome(day, until, 40, 9, 12, 1, 400, 80), SAY) == (
        "On 31 Mar 2026 40 customers were overdue; 9 of them (23%) bought by 29 Jun 2026. Of all 400 customers 20% did."
    )
    assert status_sentence(StatusOutcome(day, until, 0, 0, 0, 0, 4, 2), SAY) == (
        "On 31 Mar 2026 no customer was overdue."
    )

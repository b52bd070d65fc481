"""What became of recommendations, and the weight that each method earns by it."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from loyalty.measure.satisfaction import wilson
from loyalty.models.recommendations.outcomes import (
    PRIOR_STRENGTH,
    acceptance_rates,
    arm_posteriors,
    arm_shares,
    draw_arms,
    match_outcomes,
)

START = pd.Timestamp(2026, 3, 1)


def days(*numbers: float) -> list[pd.Timestamp]:
    return [START + pd.Timedelta(days=number) for number in numbers]


def recommendations(*rows: tuple[float, str, str, str, str]) -> pd.DataFrame:
    """day, customer, product, method, reason."""
    frame = pd.DataFrame(rows, columns=["day", "customer_id", "product", "method", "reason"])
    frame["at"] = days(*frame.pop("day"))
    mode = np.where(frame["method"] == "again", "again", "discover")
    return frame.assign(list_id=1, place=1, mode=mode)


def actions(*rows: tuple[float, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["day", "customer_id", "product"])
    return frame.assign(at=pd.Series(days(*frame["day"]), dtype="datetime64[ns]"))


def test_taken_is_bought_by_the_same_customer_within_thirty_days_after() -> None:
    recommended = recommendations(
        (0, "ann", "tea", "ease", "together"),
        (0, "ann", "jam", "ease", "alike"),
        (0, "bob", "tea", "ease", "alike"),
        (0, "cid", "tea", "ease", "alike"),
        (40, "dan", "tea", "ease", "alike"),
    )
    bought = actions((-1, "ann", "jam"), (5, "ann", "tea"), (31, "bob", "tea"), (30, "cid", "tea"))
    clicks = actions((2, "bob", "tea"))
    table = match_outcomes(recommended, bought, clicks, START + pd.Timedelta(days=50))
    assert table["taken"].tolist() == [True, False, False, True, False]
    assert table["clicked"].tolist() == [False, False, True, False, False]
    assert table["open"].tolist() == [False, False, False, False, True]


def test_the_same_again_while_it_is_open_counts_once() -> None:
    recommended = recommendations(*((day, "ann", "tea", "ease", "alike") for day in (0, 10, 29, 31, 70)))
    table = match_outcomes(
        recommended, actions((35, "ann", "tea")), actions(), START + pd.Timedelta(days=200)
    )
    assert [(at - START).days for at in table["at"]] == [0, 31, 70]
    assert table["taken"].tolist() == [False, True, False]


def test_by_method_with_wilsons_interval() -> None:
    recommended = recommendations(
        *((0, f"c{n}", "tea", "ease", "alike") for n in range(10)),
        *((0, f"c{n}", "milk", "again", "rhythm") for n in range(4)),
        (40, "late", "tea", "ease", "alike"),
    )
    bought = actions(*((3, f"c{n}", "tea") for n in range(3)), *((3, f"c{n}", "milk") for n in range(2)))
    table = acceptance_rates(match_outcomes(recommended, bought, actions(), START + pd.Timedelta(days=45)))
    ease = table.iloc[0]
    assert ease[["mode", "method", "recommended", "open", "decided", "taken"]].tolist() == [
        "discover",
        "ease",
        11,
        1,
        10,
        3,
    ]
    assert ease["share"] == 3 / 10
    assert (ease["low"], ease["high"]) == wilson(3, 10)
    again = table.iloc[1]
    assert again[["method", "decided", "taken", "share"]].tolist() == ["again", 4, 2, 0.5]
    by_reason = acceptance_rates(
        match_outcomes(recommended, bought, actions(), START + pd.Timedelta(days=45)), ("mode", "reason")
    )
    assert by_reason["reason"].tolist() == ["alike", "rhythm"]


def test_nothing_was_ever_recommended() -> None:
    none = recommendations()
    none["at"] = pd.to_datetime(none["at"])
    table = match_outcomes(none, actions((1, "ann", "tea")), actions(), START)
    assert len(table) == 0
    assert len(acceptance_rates(table)) == 0
    posteriors = arm_posteriors({"ease": 0.1, "popular_recent": 0.05}, acceptance_rates(table))
    assert posteriors["ease"] == (pytest.approx(0.1 * PRIOR_STRENGTH), pytest.approx(0.9 * PRIOR_STRENGTH))


def test_all_open_has_no_share() -> None:
    table = acceptance_rates(
        match_outcomes(recommendations((0, "ann", "tea", "ease", "alike")), actions(), actions(), START)
    )
    assert table["decided"].tolist() == [0]
    assert math.isnan(table["share"].iloc[0])
    assert table[["low", "high"]].to_numpy().tolist() == [[0, 1]]


def test_posteriors_add_what_was_decided() -> None:
    taken = pd.DataFrame({"method": ["ease", "new"], "taken": [7, 1], "decided": [20, 2]})
    posteriors = arm_posteriors({"ease": 0.1, "popular_recent": 0.0}, taken)
    assert posteriors["ease"] == (pytest.approx(5 + 7), pytest.approx(45 + 13))
    assert set(posteriors) == {"ease", "popular_recent"}
    assert posteriors["popular_recent"][0] > 0  # a rate of 0 in the hold-out is not the last word


def test_weights_follow_the_record() -> None:
    even = arm_shares({"a": (5.0, 45.0), "b": (5.0, 45.0)}, seed=1)
    assert even["a"] == pytest.approx(0.5, abs=0.02)
    assert sum(even.values()) == pytest.approx(1)
    clear = arm_shares({"a": (65.0, 185.0), "b": (15.0, 235.0)}, seed=1)
    assert clear["a"] > 0.99
    assert arm_shares({"only": (1.0, 9.0)}, seed=1) == {"only": 1.0}


def test_the_weight_is_the_chance_that_a_method_is_the_best() -> None:
    """Beta(1, 1) against Beta(2, 1): P(x > y) for x with density 2x on [0, 1] is the mean of x, 2/3."""
    assert arm_shares({"a": (2.0, 1.0), "b": (1.0, 1.0)}, seed=3)["a"] == pytest.approx(2 / 3, abs=0.015)


def test_draws_repeat_with_their_seed_and_are_as_many_as_customers() -> None:
    posteriors = {"a": (5.0, 45.0), "b": (5.0, 45.0)}
    one = draw_arms(posteriors, 50, seed=9)
    assert one.tolist() == draw_arms(posteriors, 50, seed=9).tolist()
    assert one.tolist() != draw_arms(posteriors, 50, seed=10).tolist()
    assert set(one) == {"a", "b"}
    assert len(draw_arms(posteriors, 0, seed=1)) == 0


def test_a_better_method_takes_over_in_time() -> None:
    """Ten rounds of a hundred lists: one method is bought from twice as often; its weight ends well above a half."""
    random = np.random.default_rng(7)
    truth, taken = (
        {"good": 0.2, "poor": 0.1},
        pd.DataFrame({"method": ["good", "poor"], "taken": [0, 0], "decided": [0, 0]}),
    )
    for turn in range(10):
        chosen = draw_arms(arm_posteriors({"good": 0.1, "poor": 0.1}, taken), 100, seed=turn)
        for place, name in enumerate(taken["method"]):
            n = int((chosen == name).sum())
            taken.loc[place, ["taken", "decided"]] += [random.binomial(n, truth[name]), n]
    assert arm_shares(arm_posteriors({"good": 0.1, "poor": 0.1}, taken), seed=1)["good"] > 0.9

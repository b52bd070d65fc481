"""The contest: a method speaks only where it beats what is popular by more than chance; few customers decide nothing."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from loyalty.models.recommendations.candidates import BY_NAME, CANDIDATES, RECENT
from loyalty.models.recommendations.holdout import split_by_last_basket
from loyalty.models.recommendations.interactions import encode_interactions
from loyalty.models.recommendations.model_selection import (
    MIN_CUSTOMERS,
    ModelSelection,
    compare_candidates,
    estimate,
    mean_and_error,
)
from loyalty.models.recommendations.sentences import holdout_sentence, summary
from loyalty.words import words_for
from tests.models.recommendations.builders import frame, noisy, shop

TRIBES = 6


def tribes(people: int) -> list[str]:
    """Whoever begins with the a of a tribe takes its b next: a pair that popularity cannot tell, planted 6 times over."""
    return [
        f"c{n:03d} {day} {kind}{n % TRIBES}"
        for n in range(people)
        for day, kind in ((n % 9, "a"), (20 + n % 9, "b"))
    ]


def select(data: object, *names: str) -> ModelSelection:
    return compare_candidates(split_by_last_basket(data), [BY_NAME[name] for name in (RECENT, *names)])  # type: ignore[arg-type]


def test_a_planted_pair_is_found_and_its_method_speaks() -> None:
    """Some of each tribe have bought both, so EASE knows that a leads to b; a hundred others are asked."""
    history = [f"d{n:03d} {n % 9} a{n % TRIBES} b{n % TRIBES}" for n in range(60)]
    fillers = [f"- {n % 30} z{n % 12}" for n in range(240)]
    selection = select(shop(*tribes(100), *history, *fillers), "ease", "user_based", "item_based")
    assert selection.discover in {"ease", "user_based", "item_based"}
    ease = selection.result_of("ease")
    assert ease is not None
    assert ease.figures["explore_recall5"].value == 1
    assert ease.wins
    recent = selection.result_of(RECENT)
    assert recent is not None
    assert not recent.wins
    assert (recent.gain, recent.gain_se) == (0, 0)
    best = selection.winners[0]
    shown = selection.winners[0].figures["explore_recall10"].value
    assert best.gain == pytest.approx(shown - recent.figures["explore_recall10"].value)
    sentence = words_for("en").message(summary(selection))
    assert sentence.startswith(
        "Of 100 products that were new to a customer in the next order, ten suggestions held 100"
    )


def test_noise_does_not_speak() -> None:
    """Products drawn from the same shares for everybody: nothing is to be known beyond popularity."""
    random = np.random.default_rng(4)
    weights = 1 / np.arange(1, 41)
    baskets = [
        f"c{n:03d} {day} "
        + " ".join(f"p{item:02d}" for item in random.choice(40, 2, replace=False, p=weights / weights.sum()))
        for n in range(150)
        for day in (n % 5, 30 + n % 5)
    ]
    selection = compare_candidates(split_by_last_basket(shop(*baskets)))
    assert selection.discover == RECENT
    assert selection.winners == ()
    assert "popular, and new to them" in words_for("en").message(summary(selection))


def test_a_handful_of_customers_decides_nothing() -> None:
    history = [f"d{n:03d} {n % 9} a{n % TRIBES} b{n % TRIBES}" for n in range(60)]
    selection = select(shop(*tribes(MIN_CUSTOMERS - 1), *history), "ease")
    ease = selection.result_of("ease")
    assert ease is not None
    assert ease.figures["explore_recall10"].n == MIN_CUSTOMERS - 1
    assert not ease.wins
    assert selection.discover == RECENT
    assert f"{MIN_CUSTOMERS - 1} so far, {MIN_CUSTOMERS} are needed" in words_for("en").message(
        summary(selection)
    )
    assert str(MIN_CUSTOMERS) in words_for("zh_CN").message(summary(selection))


def test_repeat_and_explore_are_apart() -> None:
    """Ann takes her tea again and jam anew; Bob takes milk anew."""
    selection = select(
        shop("ann 0 tea", "bob 1 tea", "- 2 milk", "- 3 jam", "ann 9 tea jam", "bob 9 milk"), "own_history"
    )
    figures = selection.results[1].figures
    assert {kind: figures[f"{kind}recall10"].n for kind in ("", "repeat_", "explore_")} == {
        "": 2, "repeat_": 1, "explore_": 2,
    }  # fmt: skip
    assert figures["repeat_recall10"].value == 1


def test_every_method_takes_part_where_the_data_suit_it() -> None:
    rows = noisy(20, 8, 4)
    dated = compare_candidates(split_by_last_basket(encode_interactions(rows)))
    assert [result.candidate.name for result in dated.results] == [
        method.name for method in CANDIDATES if method.name not in {"content_based"}
    ]  # names p01, p02 … say nothing
    named = encode_interactions(rows.assign(product="blend " + rows["product"]).drop(columns="at"))
    undated = {result.candidate.name for result in compare_candidates(split_by_last_basket(named)).results}
    assert undated == {method.name for method in CANDIDATES} - {"ease_season", "hybrid_season"}


def test_the_watcher_is_told_how_far_it_is() -> None:
    progress: list[tuple[int, int]] = []
    methods = [BY_NAME["popular"], BY_NAME[RECENT]]
    compare_candidates(
        split_by_last_basket(shop("ann 0 tea", "ann 1 tea")),
        methods,
        watch=lambda done, of: progress.append((done, of)),
    )
    assert progress == [(0, 2), (1, 2), (2, 2)]


@pytest.mark.parametrize("baskets", [(), ("ann 0 tea",), ("ann 0 tea", "bob 1 milk"), ("- 0 tea",)])
def test_nobody_to_ask_is_no_error(baskets: tuple[str, ...]) -> None:
    selection = compare_candidates(split_by_last_basket(shop(*baskets)))
    assert selection.customers == 0
    assert selection.discover == RECENT
    assert "0 so far" in words_for("en").message(summary(selection))
    assert "0 customers" in words_for("en").message(holdout_sentence(selection))


def test_thirty_customers_and_forty_products() -> None:
    selection = compare_candidates(split_by_last_basket(encode_interactions(noisy(30, 40, 3))))
    assert selection.customers == 30
    for result in selection.results:
        for figure in result.figures.values():
            assert math.isnan(figure.value) or 0 <= figure.low <= figure.value <= figure.high <= 1
        assert 0 <= result.coverage <= 1
        assert result.novelty >= 0
        assert -1e-9 <= result.diversity <= 1


def test_what_is_bought_in_one_channel_counts_all_the_same() -> None:
    rows = frame("ann 0 tea", "ann 5 tea").assign(channel="web")
    assert compare_candidates(split_by_last_basket(encode_interactions(rows))).customers == 1


def test_mean_and_error_by_hand() -> None:
    assert mean_and_error(np.array([1.0, 2.0, 3.0])) == (2, pytest.approx(1 / math.sqrt(3)))
    assert mean_and_error(np.array([0.5])) == (0.5, math.inf)
    assert all(math.isnan(value) for value in mean_and_error(np.array([])))
    selection = estimate(np.array([0.0, 1.0] * 50))
    half = 1.959963984540054 * math.sqrt(0.25 * 100 / 99 / 100)
    assert (selection.value, selection.low, selection.high, selection.n) == (
        0.5, pytest.approx(0.5 - half), pytest.approx(0.5 + half), 100,
    )  # fmt: skip


def test_names_are_unique_and_short_titles_are_there() -> None:
    assert len(BY_NAME) == len(CANDIDATES)
    assert all(len(method.title) <= 20 for method in CANDIDATES)
    assert pd.Series([method.task for method in CANDIDATES]).isin(["reference", "again", "discover"]).all()

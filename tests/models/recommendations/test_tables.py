"""Tables of methods and of outcomes: every figure stands where its heading says, in both languages."""

from __future__ import annotations

import pytest

from loyalty.models.recommendations.candidates import OWN_HISTORY, REPEAT_PURCHASE
from loyalty.models.recommendations.holdout import split_by_last_basket
from loyalty.models.recommendations.interactions import encode_interactions
from loyalty.models.recommendations.model_selection import ModelSelection, compare_candidates
from loyalty.models.recommendations.sentences import task_sentence
from loyalty.models.recommendations.tables import MEASURE_NAMES, TASK_NAMES, all_tasks_table, task_table
from loyalty.words import words_for
from tests.models.recommendations.builders import noisy, shop


@pytest.fixture(scope="module")
def tried() -> ModelSelection:
    return compare_candidates(split_by_last_basket(encode_interactions(noisy(60, 10, 3))))


@pytest.mark.parametrize("task", list(TASK_NAMES))
@pytest.mark.parametrize("k", [5, 10])
def test_each_task_shows_its_own_figures_with_their_ranges(tried: ModelSelection, task: str, k: int) -> None:
    words = words_for("en")
    table = task_table(tried, task, k, words)
    for at, result in enumerate(tried.results):
        row = table.iloc[at]
        assert row["Method"] == words.say(result.candidate.title)
        for measure, name in MEASURE_NAMES.items():
            estimate = result.figures[f"{task}{measure}{k}"]
            assert (row[name], row[f"{name}, from"], row[f"{name}, to"]) == (
                estimate.value,
                estimate.low,
                estimate.high,
            )
            assert estimate.low <= estimate.value <= estimate.high
        assert row["Surprise (bits)"] == result.novelty


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_file_holds_all_tasks_at_both_lengths(tried: ModelSelection, language: str) -> None:
    words = words_for(language)
    table = all_tasks_table(tried, words)
    assert len(table) == len(tried.results) * len(TASK_NAMES) * 2
    assert set(table[words.say("To be found")]) == {words.say(name) for name in TASK_NAMES.values()}
    assert set(table[words.say("Within the first")]) == {5, 10}


def test_a_finding_says_what_the_speaking_method_found_beside_the_one_to_beat(tried: ModelSelection) -> None:
    again, own = tried.result_of(REPEAT_PURCHASE), tried.result_of(OWN_HISTORY)
    assert again is not None
    assert own is not None
    sentence = words_for("en").message(task_sentence(tried, "repeat_", 5))
    shares = [round(100 * result.figures["repeat_recall5"].value) for result in (again, own)]
    assert sentence == (
        f"Of 100 products that were bought again, 5 suggestions held {shares[0]} (Buy again); "
        f"by own history alone {shares[1]}"
    )


def test_nobody_to_ask() -> None:
    nobody = compare_candidates(split_by_last_basket(shop("ann 1 tea")))
    assert words_for("en").message(task_sentence(nobody, "", 10)) == "Nobody could be asked about this so far"

"""Tables of methods and of outcomes: every figure stands where its heading says, in both languages."""

from __future__ import annotations

import pytest

from loyalty.models.recommendations.candidates import AGAIN, OWN
from loyalty.models.recommendations.holdout import by_last_basket
from loyalty.models.recommendations.interactions import interactions
from loyalty.models.recommendations.model_selection import Contest, contest
from loyalty.models.recommendations.sentences import finding
from loyalty.models.recommendations.tables import MEASURE_NAMES, TASK_NAMES, every_task, task_table
from loyalty.words import words_for
from tests.models.recommendations.builders import noisy, shop


@pytest.fixture(scope="module")
def tried() -> Contest:
    return contest(by_last_basket(interactions(noisy(60, 10, 3))))


@pytest.mark.parametrize("task", list(TASK_NAMES))
@pytest.mark.parametrize("k", [5, 10])
def test_each_task_shows_its_own_figures_with_their_ranges(tried: Contest, task: str, k: int) -> None:
    words = words_for("en")
    table = task_table(tried, task, k, words)
    for at, result in enumerate(tried.results):
        row = table.iloc[at]
        assert row["Method"] == words.say(result.method.title)
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
def test_the_file_holds_all_tasks_at_both_lengths(tried: Contest, language: str) -> None:
    words = words_for(language)
    table = every_task(tried, words)
    assert len(table) == len(tried.results) * len(TASK_NAMES) * 2
    assert set(table[words.say("To be found")]) == {words.say(name) for name in TASK_NAMES.values()}
    assert set(table[words.say("Within the first")]) == {5, 10}


def test_a_finding_says_what_the_speaking_method_found_beside_the_one_to_beat(tried: Contest) -> None:
    again, own = tried.of(AGAIN), tried.of(OWN)
    assert again is not None
    assert own is not None
    said = words_for("en").message(finding(tried, "repeat_", 5))
    shares = [round(100 * result.figures["repeat_recall5"].value) for result in (again, own)]
    assert said == (
        f"Of 100 products that were bought again, 5 suggestions held {shares[0]} (Buy again); "
        f"by own history alone {shares[1]}"
    )


def test_nobody_to_ask() -> None:
    nobody = contest(by_last_basket(shop("ann 1 tea")))
    assert words_for("en").message(finding(nobody, "", 10)) == "Nobody could be asked about this so far"

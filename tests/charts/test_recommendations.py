"""The chart of methods: each with its interval, the chosen one in the accent colour, the bar to beat as a line."""

from __future__ import annotations

import pytest

from loyalty.charts.recommendations import method_marks
from loyalty.charts.style import ACCENT, GREY
from loyalty.models.recommendations.candidates import OWN_HISTORY, RECENT, REPEAT_PURCHASE
from loyalty.models.recommendations.holdout import split_by_last_basket
from loyalty.models.recommendations.interactions import encode_interactions
from loyalty.models.recommendations.model_selection import compare_candidates
from loyalty.words import words_for
from tests.models.recommendations.builders import noisy


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_marks(language: str) -> None:
    found = compare_candidates(split_by_last_basket(encode_interactions(noisy(60, 10, 3))))
    words = words_for(language)
    drawn = method_marks(found, words)
    wanted = {
        r.candidate.name: r
        for r in found.results
        if r.candidate.task == "discover" or r.candidate.name == RECENT
    }
    by_title = {trace.y[0]: trace for trace in drawn.data}
    assert set(by_title) == {words.say(result.candidate.title) for result in wanted.values()}
    for name, result in wanted.items():
        trace, estimate = by_title[words.say(result.candidate.title)], result.figures["explore_recall10"]
        assert trace.x[0] == estimate.value
        assert trace.x[0] + trace.error_x.array[0] == pytest.approx(estimate.high)
        assert trace.x[0] - trace.error_x.arrayminus[0] == pytest.approx(estimate.low)
        assert trace.marker.color == (ACCENT if name == found.discover else GREY)
    assert drawn.layout.shapes[0].x0 == wanted[RECENT].figures["explore_recall10"].value
    shares = [trace.x[0] for trace in drawn.data]
    assert shares == sorted(shares)


@pytest.mark.parametrize("task", ["repeat_", ""])
def test_marks_of_other_tasks_hold_every_method_and_own_history_is_to_be_beaten(task: str) -> None:
    found = compare_candidates(split_by_last_basket(encode_interactions(noisy(60, 10, 3))))
    drawn = method_marks(found, words_for("en"), task, 5)
    assert len(drawn.data) == len(found.results)
    by_title = {trace.y[0]: trace for trace in drawn.data}
    for result in found.results:
        trace = by_title[words_for("en").say(result.candidate.title)]
        assert trace.x[0] == result.figures[f"{task}recall5"].value
        assert trace.marker.color == (ACCENT if result.candidate.name == REPEAT_PURCHASE else GREY)
    own = found.result_of(OWN_HISTORY)
    assert own is not None
    assert drawn.layout.shapes[0].x0 == own.figures[f"{task}recall5"].value

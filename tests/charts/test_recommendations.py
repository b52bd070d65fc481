"""The chart of methods: each with its interval, the chosen one in the accent colour, the bar to beat as a line."""

from __future__ import annotations

import pytest

from loyalty.charts.recommendations import method_marks
from loyalty.charts.style import ACCENT, GREY
from loyalty.models.recommendations.candidates import RECENT
from loyalty.words import words_for
from tests.models.recommendations.builders import noisy


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_marks(language: str) -> None:
    selection = contest(by_last_basket(interactions(noisy(60, 10, 3))))
    words = words_for(language)
    chart = method_marks(selection, words)
    wanted = {
        r.method.name: r for r in selection.results if r.method.task == "discover" or r.method.name == RECENT
    }
    by_title = {trace.y[0]: trace for trace in chart.data}
    assert set(by_title) == {words.say(result.method.title) for result in wanted.values()}
    for name, result in wanted.items():
        trace, estimate = by_title[words.say(result.candidate.title)], result.figures["explore_recall10"]
        assert trace.x[0] == estimate.value
        assert trace.x[0] + trace.error_x.array[0] == pytest.approx(estimate.high)
        assert trace.x[0] - trace.error_x.arrayminus[0] == pytest.approx(estimate.low)
        assert trace.marker.color == (ACCENT if name == selection.discover else GREY)
    assert chart.layout.shapes[0].x0 == wanted[RECENT].figures["explore_recall10"].value
    shares = [trace.x[0] for trace in chart.data]
    assert shares == sorted(shares)


@pytest.mark.parametrize("task", ["repeat_", ""])
def test_marks_of_other_tasks_show_every_method_and_the_baseline(task: str) -> None:
    selection = contest(by_last_basket(interactions(noisy(60, 10, 3))))
    chart = method_marks(selection, words_for("en"), task, 5)
    assert len(chart.data) == len(selection.results)
    by_title = {trace.y[0]: trace for trace in chart.data}
    for result in selection.results:
        trace = by_title[words_for("en").say(result.method.title)]
        assert trace.x[0] == result.figures[f"{task}recall5"].value
        assert trace.marker.color == (ACCENT if result.method.name == AGAIN else GREY)
    baseline = selection.of(OWN)
    assert baseline is not None
    assert chart.layout.shapes[0].x0 == baseline.figures[f"{task}recall5"].value

"""Charts of recommendations: recall of each method compared with the baseline."""

from __future__ import annotations

import plotly.graph_objects as go

from loyalty.charts.style import ACCENT, GREY, apply_style
from loyalty.models.recommendations.candidates import RECENT
from loyalty.models.recommendations.model_selection import Estimate, ModelSelection, Result
from loyalty.models.recommendations.sentences import compared_methods
from loyalty.words import Words


def method_marks(selection: ModelSelection, words: Words, task: str = "explore_", k: int = 10) -> go.Figure:
    """Recall of each method's first `k` for a task with its 95 % interval; the selected one in the accent colour.

    `task`: a key of `tables.TASK_NAMES`; for new products only methods that can suggest them are shown. The dotted line
    is the baseline.
    """
    figure, name = go.Figure(), f"{task}recall{k}"
    selected, baseline_name = compared_methods(selection, task)
    for result in _drawn(selection, task, name):
        colour = ACCENT if result.candidate.name == selected else GREY
        figure.add_trace(_mark(result.figures[name], words.say(result.candidate.title), colour, words))
    baseline = selection.result_of(baseline_name)
    if baseline is not None:
        figure.add_vline(x=baseline.figures[name].value, line={"color": GREY, "dash": "dot", "width": 1})
    figure.update_xaxes(tickformat=".0%", rangemode="tozero", title=words.say("of it found in {k}", k=k))
    return apply_style(figure, height=max(220, 34 * len(figure.data) + 70))


def _drawn(selection: ModelSelection, task: str, name: str) -> list[Result]:
    """The methods of a task, the lowest figure first."""
    shown = [
        r
        for r in selection.results
        if task != "explore_" or r.candidate.task == "discover" or r.candidate.name == RECENT
    ]
    return sorted(shown, key=lambda result: result.figures[name].value)


def _mark(estimate: Estimate, title: str, colour: str, words: Words) -> go.Scatter:
    """A point with its interval."""
    return go.Scatter(
        x=[estimate.value],
        y=[title],
        mode="markers",
        marker={"size": 11, "color": colour},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [estimate.high - estimate.value],
            "arrayminus": [estimate.value - estimate.low],
            "color": colour,
            "thickness": 1.5,
        },
        hovertemplate=f"{words.percent(estimate.value, 1)} ({words.percent(estimate.low, 1)} – "
        f"{words.percent(estimate.high, 1)})<extra></extra>",
    )

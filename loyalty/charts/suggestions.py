"""Charts of recommendations: how the methods for what is new did against what is popular of late."""

from __future__ import annotations

import plotly.graph_objects as go

from loyalty.charts.style import ACCENT, GREY, quiet
from loyalty.models.recommend.contest import Contest
from loyalty.models.recommend.methods import RECENT
from loyalty.words import Words


def method_marks(found: Contest, words: Words) -> go.Figure:
    """Explore recall@10 of each method for what is new with its 95 % interval; the chosen one in the accent colour.

    The dotted line is what was popular of late.
    """
    shown = [r for r in found.results if r.method.task == "discover" or r.method.name == RECENT]
    shown.sort(key=lambda result: result.figures["explore_recall10"].value)
    figure = go.Figure()
    for result in shown:
        estimate, chosen = result.figures["explore_recall10"], result.method.name == found.discover
        figure.add_scatter(
            x=[estimate.value],
            y=[words.say(result.method.title)],
            mode="markers",
            marker={"size": 11, "color": ACCENT if chosen else GREY},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [estimate.high - estimate.value],
                "arrayminus": [estimate.value - estimate.low],
                "color": ACCENT if chosen else GREY,
                "thickness": 1.5,
            },
            hovertemplate=f"{words.percent(estimate.value, 1)} ({words.percent(estimate.low, 1)} – "
            f"{words.percent(estimate.high, 1)})<extra></extra>",
        )
    recent = found.of(RECENT)
    if recent is not None:
        figure.add_vline(
            x=recent.figures["explore_recall10"].value, line={"color": GREY, "dash": "dot", "width": 1}
        )
    figure.update_xaxes(
        tickformat=".0%",
        rangemode="tozero",
        title=words.say("of what was new to them, found in ten"),
    )
    return quiet(figure, height=max(220, 34 * len(shown) + 70))

"""Charts of campaigns: what each outcome gained with its range, a ranking's curve, weeks before and after."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from loyalty.campaigns.before_after import InterruptedSeries
from loyalty.campaigns.lift import Lift
from loyalty.campaigns.uplift import Qini
from loyalty.charts.style import ACCENT, BAND, GREY, apply_style
from loyalty.words import Words


def money_ranges(rows: Sequence[tuple[str, Lift]], words: Words) -> go.Figure:
    """Totals with their ranges, one line each; the accent colour where nothing is ruled out. Rows without a range are left
    out."""
    figure = go.Figure()
    figure.add_vline(x=0, line={"color": GREY, "dash": "dot", "width": 1})
    for name, lift in rows:
        if lift.total_low is None or lift.total_high is None:
            continue
        colour = ACCENT if lift.significant else GREY
        said = [words.money(value, cents=False) for value in (lift.total, lift.total_low, lift.total_high)]
        figure.add_scatter(
            x=[lift.total], y=[name], mode="markers", marker={"size": 11, "color": colour},
            error_x={"type": "data", "symmetric": False, "array": [lift.total_high - lift.total],
                     "arrayminus": [lift.total - lift.total_low], "color": colour, "thickness": 2, "width": 0},
            hovertemplate=f"%{{y}}: {said[0]} ({said[1]} – {said[2]})<extra></extra>",
        )  # fmt: skip
    figure.update_yaxes(type="category", autorange="reversed")
    return apply_style(figure, height=max(150, 46 * len(rows) + 60))


def qini_curve(found: Qini, words: Words) -> go.Figure:
    """Extra buyers by share of the list written to, best first, beside a random order."""
    figure = go.Figure()
    figure.add_scatter(
        x=[0.0, 1.0], y=[0.0, float(found.gain[-1])], mode="lines", line={"color": GREY, "dash": "dot"},
        name=words.say("in random order"),
    )  # fmt: skip
    figure.add_scatter(
        x=found.share, y=found.gain, mode="lines", line={"color": ACCENT, "width": 2.5},
        name=words.say("most moved first"),
    )  # fmt: skip
    apply_style(figure, height=280, legend=True)
    figure.update_xaxes(tickformat=".0%", title=words.say("Share of the list written to"))
    figure.update_yaxes(title=words.say("Extra buyers per 100 written to"))
    return figure


def weeks_before_after(found: InterruptedSeries, words: Words) -> go.Figure:
    """Net revenue by week, and what the weeks before foretold for those after."""
    table = found.weeks
    after = table["after"].to_numpy(dtype=bool)
    figure = go.Figure()
    figure.add_scatter(
        x=table["week"],
        y=table["revenue"],
        mode="lines",
        line={"color": GREY, "width": 1.5},
        name=words.say("net revenue a week"),
    )
    figure.add_scatter(
        x=table["week"][after], y=table["without"][after], mode="lines", line={"color": ACCENT, "width": 2.5, "dash": "dash"},
        name=words.say("as foretold by the weeks before"),
    )  # fmt: skip
    first = table["week"][after].iloc[0]
    figure.add_vrect(x0=first, x1=table["week"].iloc[-1], fillcolor=BAND, line_width=0, layer="below")
    apply_style(figure, height=280, legend=True)
    figure.update_yaxes(rangemode="tozero" if np.all(table["without"] >= 0) else "normal")
    return figure

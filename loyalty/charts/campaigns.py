"""Charts of campaigns: gains with their ranges, the Qini curve of a ranking, weeks before and after."""

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
    """Totals with their ranges, one line each; significant ones in the accent colour. Rows without a range are left
    out."""
    figure = go.Figure()
    figure.add_vline(x=0, line={"color": GREY, "dash": "dot", "width": 1})
    for name, lift in rows:
        if lift.total_low is None or lift.total_high is None:
            continue
        colour = ACCENT if lift.significant else GREY
        amounts = [words.money(value, cents=False) for value in (lift.total, lift.total_low, lift.total_high)]
        figure.add_scatter(
            x=[lift.total],
            y=[name],
            mode="markers",
            marker={"size": 11, "color": colour},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [lift.total_high - lift.total],
                "arrayminus": [lift.total - lift.total_low],
                "color": colour,
                "thickness": 2,
                "width": 0,
            },
            hovertemplate=f"%{{y}}: {amounts[0]} ({amounts[1]} – {amounts[2]})<extra></extra>",
        )
    figure.update_yaxes(type="category", autorange="reversed")
    return apply_style(figure, height=max(150, 46 * len(rows) + 60))


def qini_chart(qini: Qini, words: Words) -> go.Figure:
    """Extra buyers by share of the list contacted, best first, compared with a random order."""
    figure = go.Figure()
    figure.add_scatter(
        x=[0.0, 1.0],
        y=[0.0, float(qini.gain[-1])],
        mode="lines",
        line={"color": GREY, "dash": "dot"},
        name=words.say("in random order"),
    )
    figure.add_scatter(
        x=qini.share,
        y=qini.gain,
        mode="lines",
        line={"color": ACCENT, "width": 2.5},
        name=words.say("most moved first"),
    )
    apply_style(figure, height=280, legend=True)
    figure.update_xaxes(tickformat=".0%", title=words.say("Share of the list written to"))
    figure.update_yaxes(title=words.say("Extra buyers per 100 written to"))
    return figure


def weeks_before_after(series: InterruptedSeries, words: Words) -> go.Figure:
    """Net revenue by week, and the trend of the weeks before extended to those after."""
    table = series.weeks
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
        x=table["week"][after],
        y=table["without"][after],
        mode="lines",
        line={"color": ACCENT, "width": 2.5, "dash": "dash"},
        name=words.say("as foretold by the weeks before"),
    )
    first = table["week"][after].iloc[0]
    figure.add_vrect(x0=first, x1=table["week"].iloc[-1], fillcolor=BAND, line_width=0, layer="below")
    apply_style(figure, height=280, legend=True)
    figure.update_yaxes(rangemode="tozero" if np.all(table["without"] >= 0) else "normal")
    return figure

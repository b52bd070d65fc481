"""The style of all charts: one accent, grey for the rest, quiet axes, no toolbar."""

from __future__ import annotations

import plotly.graph_objects as go

ACCENT = "#C2602F"
BAND = "rgba(194, 96, 47, 0.16)"
GREY = "#8C8F96"
PALE = "rgba(140, 143, 150, 0.25)"
SERIES = (
    ACCENT,
    "#8C8F96",
    "#4F789F",
    "#7F9A6B",
    "#B79B57",
    "#8675B3",
    "#C58AA0",
    "#5E8F8C",
    "#A7A39A",
    "#6F6B64",
)
CONFIG = {"displayModeBar": False, "displaylogo": False, "scrollZoom": False}
HEIGHT = 320
MAX_POINTS = 2000


def apply_style(
    figure: go.Figure, *, height: int = HEIGHT, percent: bool = False, legend: bool = False
) -> go.Figure:
    """Apply the common layout to a figure."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
        showlegend=legend,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "title": None},
        hovermode="closest",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,
    )
    figure.update_xaxes(showgrid=False, zeroline=False, automargin=True, fixedrange=True)
    figure.update_yaxes(gridcolor=PALE, zeroline=False, automargin=True, fixedrange=True)
    if percent:
        figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    return figure

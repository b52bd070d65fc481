"""Charts of shares with their ranges: by group, and over time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from loyalty.charts.style import ACCENT, BAND, GREY, apply_style
from loyalty.words import Words

MOST_GROUPS = 16


def share_groups(rows: pd.DataFrame, words: Words, overall: float | None = None) -> go.Figure:
    """A dot a group with its 95 % range, the highest on top; significant ones in the accent colour.

    `rows`: name, share, low, high, people, stands_out (bool); at most 16 are shown, the largest by `people` among them.
    `overall`: a dotted line at the share of all.
    """
    with_share = rows.dropna(subset="share")
    largest = with_share.sort_values(["stands_out", "people"], ascending=False, kind="stable").head(
        MOST_GROUPS
    )
    shown = largest.sort_values("share", kind="stable")
    figure = go.Figure()
    if overall is not None:
        figure.add_vline(x=overall, line={"color": GREY, "dash": "dot", "width": 1})
    for stands_out, colour in ((False, GREY), (True, ACCENT)):
        part = shown[shown["stands_out"] == stands_out]
        figure.add_scatter(
            x=part["share"],
            y=part["name"],
            mode="markers",
            marker={"size": 10, "color": colour},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": part["high"] - part["share"],
                "arrayminus": part["share"] - part["low"],
                "color": colour,
                "thickness": 1.5,
                "width": 0,
            },
            customdata=_labels(part, words),
            hovertemplate="%{y}: %{customdata[0]} (%{customdata[1]}–%{customdata[2]}), n = %{customdata[3]}<extra></extra>",
        )
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=list(shown["name"]))
    apply_style(figure, height=max(180, 30 * len(shown) + 60))
    figure.update_xaxes(tickformat=".0%", range=_range(shown))
    return figure


def _labels(rows: pd.DataFrame, words: Words) -> list[list[str]]:
    """Share, range and people of each row, in the reader's format."""
    values = rows[["share", "low", "high", "people"]].to_numpy(dtype=np.float64)
    return [[*(words.percent(share) for share in row[:3]), words.number(row[3])] for row in values.tolist()]


def _range(rows: pd.DataFrame) -> list[float]:
    """The part of the axis that holds all ranges, to the next ten per cent."""
    if rows.empty:
        return [0.0, 1.0]
    low, high = float(rows["low"].min()), float(rows["high"].max())
    return [max(0.0, np.floor(10 * low) / 10 - 0.02), min(1.0, np.ceil(10 * high) / 10) + 0.02]


def share_over_time(
    points: pd.DataFrame, labels: Sequence[str], words: Words, named: str, height: int = 300
) -> go.Figure:
    """A share with its 95 % band over equal steps of time; `points`: share, low, high (NaN: no value yet), people."""
    figure = go.Figure()
    places = list(range(len(points)))
    observed = points[points["share"].notna()]
    at = [place for place, share in zip(places, points["share"], strict=True) if pd.notna(share)]
    figure.add_scatter(
        x=[*at, *at[::-1]],
        y=[*observed["high"], *observed["low"][::-1]],
        fill="toself",
        fillcolor=BAND,
        mode="lines",
        line={"width": 0},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=at,
        y=observed["share"],
        mode="lines+markers",
        line={"color": ACCENT, "width": 2.5},
        name=named,
        customdata=[[labels[place], *row] for place, row in zip(at, _labels(observed, words), strict=True)],
        hovertemplate="%{customdata[0]}: %{customdata[1]} (%{customdata[2]}–%{customdata[3]}), n = %{customdata[4]}<extra></extra>",
    )
    step = -(-len(labels) // 8) if labels else 1
    figure.update_xaxes(
        tickvals=places[::step], ticktext=list(labels)[::step], range=[-0.5, len(labels) - 0.5]
    )
    return apply_style(figure, height=height, percent=True)

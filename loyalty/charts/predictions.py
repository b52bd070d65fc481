"""Charts of predictions: calibration, cumulative gain, score check, months against their expected band."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from loyalty.charts.style import ACCENT, BAND, GREY, apply_style
from loyalty.models.predictions.backtest import Record, ScoreCheck
from loyalty.models.predictions.monitor import Month
from loyalty.words import Words


def reliability_curve(of: Record, words: Words) -> go.Figure:
    """Tenths of customers: predicted and actual share who came; equal on the dotted line."""
    curve = of.reliability
    top = float(max(curve.predicted.max(initial=0.1), curve.observed.max(initial=0.1)))
    figure = go.Figure()
    figure.add_scatter(
        x=[0, top],
        y=[0, top],
        mode="lines",
        line={"color": GREY, "dash": "dot", "width": 1},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=curve.predicted,
        y=curve.observed,
        mode="lines+markers",
        line={"color": ACCENT, "width": 2},
        marker={"size": 9},
        customdata=[
            [words.percent(said), words.percent(came), words.number(n)]
            for said, came, n in zip(
                curve.predicted.tolist(), curve.observed.tolist(), curve.n.tolist(), strict=True
            )
        ],
        hovertemplate="%{customdata[0]} → %{customdata[1]}, n = %{customdata[2]}<extra></extra>",
    )
    apply_style(figure, height=280, percent=True)
    figure.update_xaxes(tickformat=".0%", rangemode="tozero", title=words.say("said to come"))
    figure.update_yaxes(title=words.say("came"))
    return figure


def gain_chart(of: Record, words: Words) -> go.Figure:
    """Cumulative gain: of those who came, the share reached by going down the list; the dotted line is a random order."""
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": GREY, "dash": "dot", "width": 1}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=of.shares,
        y=of.reached,
        mode="lines",
        line={"color": ACCENT, "width": 2.5},
        customdata=[
            [words.percent(share), words.percent(reached)]
            for share, reached in zip(of.shares.tolist(), of.reached.tolist(), strict=True)
        ],
        hovertemplate="%{customdata[0]} → %{customdata[1]}<extra></extra>",
    )
    apply_style(figure, height=280, percent=True)
    figure.update_xaxes(tickformat=".0%", title=words.say("of all customers, the likeliest first"))
    figure.update_yaxes(title=words.say("of those who came"))
    return figure


def score_bars(of: ScoreCheck, words: Words) -> go.Figure:
    """Share who came, by fifths of the loyalty score; the highest in the accent colour."""
    labels = [words.number(round(score)) for score in of.score.tolist()]
    colours = [GREY] * (len(labels) - 1) + [ACCENT]
    figure = go.Figure(
        go.Bar(
            x=[f"{place + 1} ({label})" for place, label in enumerate(labels)],
            y=of.came,
            marker={"color": colours},
            text=[words.percent(came) for came in of.came.tolist()],
            hovertemplate="%{x}: %{text}<extra></extra>",
        )
    )
    apply_style(figure, height=260, percent=True)
    figure.update_xaxes(type="category", title=words.say("fifth of customers (mean score)"))
    return figure


def months_in_band(months: Sequence[Month], words: Words) -> go.Figure:
    """Customers who came each 30 days, and the expected band; months outside it in the accent colour."""
    banded = [month for month in months if np.isfinite(month.low)]
    days = [words.date(month.as_of) for month in banded]
    figure = go.Figure(
        go.Bar(
            x=days,
            y=[month.high - max(0.0, month.low) for month in banded],
            base=[max(0.0, month.low) for month in banded],
            marker={"color": BAND},
            customdata=[
                [words.number(max(0, round(month.low))), words.number(round(month.high))] for month in banded
            ],
            hovertemplate="%{x}: %{customdata[0]}–%{customdata[1]}<extra></extra>",
        )
    )
    figure.add_scatter(
        x=days,
        y=[month.came for month in banded],
        mode="markers",
        marker={"size": 10, "color": [ACCENT if month.outside else GREY for month in banded]},
        customdata=[words.number(month.came) for month in banded],
        hovertemplate="%{x}: %{customdata}<extra></extra>",
    )
    apply_style(figure, height=260)
    figure.update_xaxes(type="category")
    figure.update_yaxes(rangemode="tozero")
    return figure

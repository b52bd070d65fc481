"""Charts of rewards: expected gain by threshold, and points by month of issue."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from loyalty.charts.retention import month_ticks
from loyalty.charts.style import ACCENT, BAND, GREY, PALE, apply_style
from loyalty.words import Words


def gain_chart(curve: pd.DataFrame, now: float, title: str, words: Words, *, money: bool = True) -> go.Figure:
    """Expected gain a year by threshold with its 80 % range; a dotted line at the current threshold.

    `curve`: threshold, expected, low, high, as of `loyalty.rewards.gain.expected_gain.gain_curve`; `title`: what the thresholds are;
    `money`: whether they are amounts.
    """
    shown = [
        [
            words.money(t, cents=False) if money else words.number(t),
            *(words.money(v, cents=False) for v in values),
        ]
        for t, values in zip(
            curve["threshold"].tolist(), curve[["expected", "low", "high"]].to_numpy().tolist(), strict=True
        )
    ]
    figure = go.Figure()
    figure.add_scatter(
        x=curve["threshold"], y=curve["high"], mode="lines", line={"width": 0}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=curve["threshold"],
        y=curve["low"],
        mode="lines",
        line={"width": 0},
        fill="tonexty",
        fillcolor=BAND,
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=curve["threshold"],
        y=curve["expected"],
        mode="lines",
        line={"color": ACCENT, "width": 2.5},
        customdata=shown,
        hovertemplate="%{customdata[0]}: %{customdata[1]} (%{customdata[2]}–%{customdata[3]})<extra></extra>",
    )
    figure.add_vline(x=now, line={"color": GREY, "dash": "dot", "width": 1})
    figure.add_hline(y=0, line={"color": GREY, "width": 1})
    figure.update_xaxes(title=title)
    figure.update_yaxes(title=words.say("expected gain a year"))
    return apply_style(figure, height=300)


def cohort_chart(cohorts: pd.DataFrame, words: Words) -> go.Figure:
    """Points by month of issue: used, still there, expired. `cohorts`: as `redemption_by_cohort`."""
    figure = go.Figure()
    parts = (
        ("used", words.say("used"), ACCENT),
        ("outstanding", words.say("still there"), PALE),
        ("expired", words.say("expired"), GREY),
    )
    months = [words.month(month.date()) for month in cohorts["month"]]
    for name, label, colour in parts:
        figure.add_bar(
            x=cohorts["month"],
            y=cohorts[name],
            name=label,
            marker={"color": colour},
            customdata=[
                [month, words.number(int(n))] for month, n in zip(months, cohorts[name].tolist(), strict=True)
            ],
            hovertemplate="%{customdata[0]}: %{customdata[1]}<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(barmode="stack")
    apply_style(figure, height=280, legend=True)
    figure.update_xaxes(**month_ticks(cohorts["month"], words))
    return figure

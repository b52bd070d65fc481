"""Charts of revenue: changes between periods, forecasts and payback."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from loyalty.charts.retention import month_ticks, revenue_months
from loyalty.charts.style import ACCENT, GREY, PALE, apply_style
from loyalty.measure.payback import Payback
from loyalty.words import Words

MOST_PARTS = 7


def change_bars(parts: Sequence[tuple[str, float]], rest: str, words: Words) -> go.Figure:
    """Change of each part, a bar each, the largest on top and in the accent colour; the small ones as `rest`.

    `parts`: name and change, the largest first. The bars add up to the whole change.
    """
    moved = [part for part in parts if part[1]]
    shown = moved if len(moved) <= MOST_PARTS else moved[: MOST_PARTS - 1]
    left = sum(change for _, change in moved[len(shown) :])
    bars = [*shown, (rest, left)] if len(shown) < len(moved) else shown
    labels = [f"{name}<br><b>{_signed(change, words)}</b>" for name, change in bars]
    figure = go.Figure(
        go.Bar(
            y=labels,
            x=[change for _, change in bars],
            orientation="h",
            marker={"color": [ACCENT, *[GREY] * (len(bars) - 1)][: len(bars)]},
            hovertemplate="%{y}<extra></extra>",
        )
    )
    apply_style(figure, height=max(160, 44 * len(bars) + 30))
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    figure.update_xaxes(showticklabels=False, zeroline=True, zerolinecolor=PALE)
    return figure


def _signed(change: float, words: Words) -> str:
    return f"{'+' if change >= 0 else '−'}{words.money(abs(change))}"


def revenue_forecast(months: pd.DataFrame, forecast: pd.DataFrame, words: Words) -> go.Figure:
    """Net revenue by month and channel, then the forecast months as pale bars with their 80 % range.

    `months`: month, channel, revenue; `forecast`: month, expected, low, high. For the current month the bar shows what is
    still expected beyond its sales so far.
    """
    figure = revenue_months(months, words)
    if forecast.empty:
        return figure
    so_far = forecast["month"].map(months.groupby("month")["revenue"].sum()).fillna(0.0)
    figure.add_bar(
        x=forecast["month"],
        y=(forecast["expected"] - so_far).clip(lower=0.0),
        name=words.say("expected"),
        marker={"color": "rgba(194, 96, 47, 0.18)", "line": {"color": ACCENT, "width": 1}},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": forecast["high"] - forecast["expected"],
            "arrayminus": forecast["expected"] - forecast["low"],
            "color": ACCENT,
            "thickness": 1.2,
            "width": 3,
        },
        customdata=[
            [words.month(month), *(words.money(value) for value in values)]
            for month, values in zip(
                forecast["month"], forecast[["expected", "low", "high"]].to_numpy().tolist(), strict=True
            )
        ],
        hovertemplate="%{customdata[0]}: %{customdata[1]} (%{customdata[2]}–%{customdata[3]})<extra>%{fullData.name}</extra>",
    )
    figure.update_xaxes(**month_ticks(pd.concat([months["month"], forecast["month"]]), words))
    figure.update_layout(showlegend=True)
    return figure


def predicted_and_actual(predictions: pd.DataFrame, words: Words) -> go.Figure:
    """Past predictions (a bar from low to high) and actual values (a dot), the oldest first.

    `predictions`: as_of (date), low, expected, high, actual.
    """
    days = [words.date(day) for day in predictions["as_of"]]
    shown = [
        [words.money(value, cents=False) for value in row]
        for row in predictions[["low", "high", "actual"]].to_numpy().tolist()
    ]
    figure = go.Figure(
        go.Bar(
            x=days,
            y=predictions["high"] - predictions["low"],
            base=predictions["low"],
            name=words.say("would have said"),
            marker={"color": PALE},
            customdata=shown,
            hovertemplate="%{x}: %{customdata[0]}–%{customdata[1]}<extra>%{fullData.name}</extra>",
        )
    )
    figure.add_scatter(
        x=days,
        y=predictions["actual"],
        mode="markers",
        name=words.say("it became"),
        marker={"color": ACCENT, "size": 11},
        customdata=shown,
        hovertemplate="%{x}: %{customdata[2]}<extra>%{fullData.name}</extra>",
    )
    apply_style(figure, height=260)
    top = max(float(predictions["high"].max()), float(predictions["actual"].max()))
    figure.update_xaxes(type="category")
    figure.update_yaxes(range=[0, 1.15 * top])
    figure.update_layout(showlegend=True)
    return figure


def payback_curve(payback: Payback, words: Words) -> go.Figure:
    """Cumulated margin of a new customer by month, and a line at the acquisition cost."""
    curve = payback.curve
    figure = go.Figure()
    figure.add_scatter(
        x=curve["k"],
        y=curve["margin"],
        mode="lines",
        line={"color": ACCENT, "width": 2.5, "shape": "hv"},
        customdata=[words.money(value) for value in curve["margin"]],
        hovertemplate="%{x}: %{customdata}<extra></extra>",
    )
    if payback.cac is not None:
        figure.add_hline(
            y=payback.cac,
            line={"color": GREY, "dash": "dot", "width": 1.5},
            annotation={
                "text": words.say("cost of one"),
                "font": {"color": GREY},
                "xanchor": "right",
                "yshift": 8,
            },
        )
    figure.update_xaxes(title=words.say("months after the first purchase"))
    figure.update_yaxes(tickformat=",", rangemode="tozero", title=words.say("brought by one, on average"))
    return apply_style(figure, height=280)

"""Charts over time: return curves, months, cohorts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from loyalty.charts.style import ACCENT, BAND, GREY, SERIES, apply_style
from loyalty.words import Words


def return_curves(curves: Sequence[tuple[str, pd.DataFrame]], words: Words) -> go.Figure:
    """Share who bought again by days since the first purchase; the first curve in the accent colour with its band.

    Each curve: its label and a frame days, share, low, high.
    """
    figure = go.Figure()
    for place, (label, curve) in enumerate(curves):
        if curve.empty:
            continue
        if place == 0:
            days = [*curve["days"], *curve["days"][::-1]]
            band = [*curve["high"], *curve["low"][::-1]]
            figure.add_scatter(
                x=days, y=band, fill="toself", fillcolor=BAND, line={"width": 0}, hoverinfo="skip"
            )
        colour = ACCENT if place == 0 else GREY
        figure.add_scatter(
            x=curve["days"], y=curve["share"], mode="lines", line={"color": colour, "width": 2.5}, name=label
        )
        figure.add_annotation(
            x=curve["days"].iloc[-1],
            y=curve["share"].iloc[-1],
            text=label,
            showarrow=False,
            xanchor="right",
            yshift=14 if place == 0 else -14,
            font={"color": colour},
        )
    figure.update_xaxes(title=words.say("days since the first purchase"))
    return apply_style(figure, percent=True)


def revenue_months(months: pd.DataFrame, words: Words) -> go.Figure:
    """Net revenue by month, a bar a channel stacked; `months`: month, channel, revenue."""
    figure = go.Figure()
    for place, (channel, rows) in enumerate(months.groupby("channel", sort=True)):
        figure.add_bar(
            x=rows["month"],
            y=rows["revenue"],
            name=str(channel),
            marker={"color": SERIES[place % len(SERIES)]},
            customdata=[
                [words.month(month), words.money(value)]
                for month, value in zip(rows["month"], rows["revenue"], strict=True)
            ],
            hovertemplate="%{customdata[0]}: %{customdata[1]}<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(barmode="relative", bargap=0.25)
    figure.update_yaxes(tickformat=",")
    figure.update_xaxes(**month_ticks(months["month"], words))
    return apply_style(figure, legend=len(set(months["channel"])) > 1)


def customers_months(months: pd.DataFrame, words: Words) -> go.Figure:
    """New and returning customers by month; `months`: month, new_customers, returning_customers."""
    figure = go.Figure()
    for column, label, colour in (
        ("returning_customers", words.say("bought before"), ACCENT),
        ("new_customers", words.say("new"), GREY),
    ):
        figure.add_bar(x=months["month"], y=months[column], name=label, marker={"color": colour})
    figure.update_layout(barmode="stack", bargap=0.25)
    figure.update_xaxes(**month_ticks(months["month"], words))
    return apply_style(figure, legend=True)


def month_ticks(months: pd.Series, words: Words) -> dict[str, object]:
    """At most eight month labels in the reader's language."""
    distinct = sorted(months.unique())
    step = -(-len(distinct) // 8) if distinct else 1
    shown = [pd.Timestamp(month) for month in distinct[::step]]
    return {"tickvals": shown, "ticktext": [words.month(month) for month in shown]}


def cohort_heat(cells: pd.DataFrame, words: Words, months: int = 12) -> go.Figure:
    """Retention by month of first purchase; `cells`: cohort, k, size, active. The newest cohort is on top."""
    shown = cells[(cells["k"] >= 1) & (cells["k"] <= months)].assign(share=lambda t: t["active"] / t["size"])
    latest = sorted(shown["cohort"].unique())[-18:]
    grid = shown[shown["cohort"].isin(latest)].pivot_table(index="cohort", columns="k", values="share")
    labels = [words.month(pd.Timestamp(cohort)) for cohort in grid.index]
    text = [["" if pd.isna(v) else words.percent(v) for v in row] for row in grid.to_numpy()]
    figure = go.Figure(
        go.Heatmap(
            z=grid.to_numpy(),
            x=[str(k) for k in grid.columns],
            y=labels,
            text=text,
            texttemplate="%{text}",
            colorscale=[[0, "rgba(194, 96, 47, 0.04)"], [1, "rgba(194, 96, 47, 0.85)"]],
            showscale=False,
            hovertemplate=words.say(
                "first bought {cohort}, month {k} after: {share}", cohort="%{y}", k="%{x}", share="%{text}"
            )
            + "<extra></extra>",
            xgap=2,
            ygap=2,
        )
    )
    figure.update_xaxes(title=words.say("months after the first purchase"), type="category")
    figure.update_yaxes(type="category")
    return apply_style(figure, height=max(220, 26 * len(labels) + 70))

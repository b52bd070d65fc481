"""Charts of products bought together: a network of products, and a heat map of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from loyalty.charts.network_layout import Edge, node_positions
from loyalty.charts.style import ACCENT, GREY, PALE, apply_style
from loyalty.models.cross_sell.rules import Rule
from loyalty.words import Words

LINKS = 30  # best rules shown
CELL = 160  # pixels for each row of the network
SHORT = 22  # letters of a product's name on an axis
LINE = 14  # letters of each of two lines of a name in the network


def wide(text: str) -> int:
    """The width of a text in half-width letters: a Chinese one counts as two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def short(name: str, most: int = SHORT) -> str:
    """A name cut to the width of `most` letters."""
    while wide(name) > most:
        name = name.rstrip("…")[:-1].rstrip() + "…"
    return name


def wrapped(name: str, most: int = LINE) -> str:
    """A name on two lines of `most` letters, broken at a space where there is one; what is too long is cut."""
    if wide(name) <= most:
        return name
    fits = max(at for at in range(1, len(name) + 1) if wide(name[:at]) <= most)
    space = name[: fits + 1].rfind(" ")
    at = space if space > 0 else fits
    return f"{name[:at]}<br>{short(name[at:].strip(), most)}"


def network(rules: Sequence[Rule], words: Words, *, directed: bool = False, columns: int = 2) -> go.Figure:
    """Products as points, the best LINKS rules as lines between them: the thicker, the more often together.

    `rules`: best first, each pair once. `directed`: lines end in arrow heads (bought first, bought then).
    """
    shown = list(rules)[:LINKS]
    names = list(dict.fromkeys(name for rule in shown for name in (*rule.antecedent, rule.consequent)))
    number = {name: at for at, name in enumerate(names)}
    links = {
        (number[side], number[rule.consequent]): rule for rule in reversed(shown) for side in rule.antecedent
    }
    place, rows = node_positions(len(names), list(links), columns)
    figure = go.Figure()
    for (left, right), rule in links.items():
        _link(figure, place[[left, right]], rule, words, directed=directed)
    _points(figure, place, names, list(links))
    figure.update_xaxes(visible=False, range=[0, columns])
    figure.update_yaxes(visible=False, range=[rows, 0])
    return apply_style(figure, height=CELL * max(rows, 1) + 30)


def _link(figure: go.Figure, ends: np.ndarray, rule: Rule, words: Words, *, directed: bool) -> None:
    """One rule as a line, with its sentence at the middle."""
    strong = rule.shrunk_lift >= 3
    width = 1 + 3 * min(np.log2(max(rule.shrunk_lift, 1)) / 3, 1)
    colour = ACCENT if strong else GREY
    figure.add_scatter(
        x=[ends[0, 0], ends.mean(axis=0)[0], ends[1, 0]],
        y=[ends[0, 1], ends.mean(axis=0)[1], ends[1, 1]],
        mode="lines",
        line={"color": colour, "width": width},
        opacity=0.75,
        hoverinfo="text",
        text=words.say("{times} times as often as by chance", times=words.number(rule.shrunk_lift, 1)),
    )
    if directed:
        figure.add_annotation(
            x=ends[1, 0],
            y=ends[1, 1],
            ax=ends[0, 0],
            ay=ends[0, 1],
            xref="x",
            yref="y",
            axref="x",
            ayref="y",
            showarrow=True,
            arrowhead=2,
            arrowsize=1.2,
            arrowwidth=max(width * 0.8, 1),
            arrowcolor=colour,
            standoff=9,
            text="",
        )


def _points(figure: go.Figure, place: np.ndarray, names: list[str], links: list[Edge]) -> None:
    """The products, larger where more lines meet; a name is placed on the side with fewer lines."""
    ends = np.array(links, dtype=np.int64)
    degree = np.bincount(ends.ravel(), minlength=len(names))
    lean = np.zeros(len(names))
    np.add.at(lean, ends[:, 0], place[ends[:, 1], 1] - place[ends[:, 0], 1])
    np.add.at(lean, ends[:, 1], place[ends[:, 0], 1] - place[ends[:, 1], 1])
    figure.add_scatter(
        x=place[:, 0],
        y=place[:, 1],
        mode="markers+text",
        text=[wrapped(name) for name in names],
        textposition=np.where(lean > 0, "top center", "bottom center"),
        textfont={"size": 11},
        hovertext=names,
        hoverinfo="text",
        marker={
            "size": 11 + 2 * np.minimum(degree, 8),
            "color": ACCENT,
            "line": {"color": "white", "width": 1.5},
        },
        cliponaxis=False,
    )


def heat_map(lifts: pd.DataFrame, words: Words) -> go.Figure:
    """Pairs of products as cells, darker the more often they are bought together; `lifts`: see `loyalty.models.cross_sell.pairs.lift_table`."""
    names = [short(str(name)) for name in lifts.columns]
    places = list(range(len(names)))  # two names may be cut to the same letters
    seen = lifts.to_numpy(dtype=np.float64)
    top = max(2.0, float(np.nanmax(seen)) if np.isfinite(seen).any() else 2.0)
    texts = [
        [
            ""
            if np.isnan(value)
            else f"{left} + {right}: "
            + words.say("{times} times as often as by chance", times=words.number(float(value), 1))
            for right, value in zip(lifts.columns, row, strict=True)
        ]
        for left, row in zip(lifts.index, seen, strict=True)
    ]
    figure = go.Figure(
        go.Heatmap(
            x=places,
            y=places,
            z=seen,
            zmin=1,
            zmax=top,
            xgap=2,
            ygap=2,
            hoverongaps=False,
            colorscale=[[0, PALE], [1, ACCENT]],
            text=texts,
            hovertemplate="%{text}<extra></extra>",
            colorbar={
                "thickness": 10,
                "outlinewidth": 0,
                "orientation": "h",
                "len": 0.5,
                "x": 1,
                "xanchor": "right",
                "y": 1,
                "yanchor": "bottom",
            },
        )
    )
    figure.update_xaxes(tickangle=-90, tickvals=places, ticktext=names)
    figure.update_yaxes(autorange="reversed", showgrid=False, tickvals=places, ticktext=names)
    return apply_style(figure, height=200 + 30 * len(names))

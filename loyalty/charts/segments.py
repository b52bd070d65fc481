"""Charts of segments: scatter of customers, profiles against the shop, movements, thresholds of tiers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from loyalty.charts.style import ACCENT, GREY, MAX_POINTS, PALE, SERIES, apply_style
from loyalty.models.segments.movement import Movement
from loyalty.models.segments.segmentation import Segmentation
from loyalty.words import Words

RELATED = 0.1  # smaller rank correlations are reported as none
BAND_DARK = "rgba(194, 96, 47, 0.5)"


def axis_names(words: Words) -> dict[str, str]:
    """Names of the scatter's possible axes by column of the members."""
    return {
        "recency_days": words.say("days since the last purchase"),
        "frequency": words.say("number of orders"),
        "monetary": words.say("net revenue so far"),
        "order_value": words.say("average order"),
        "tenure_days": words.say("days since the first purchase"),
        "gap_days": words.say("days between purchases"),
    }


def segment_scatter(
    segmentation: Segmentation, names: Mapping[str, str], x: str, y: str, words: Words
) -> go.Figure:
    """Customers on two axes (logarithmic), a colour for each segment; at most 2,000 of them, evenly sampled.

    Those without a value on an axis (one purchase has no gap) are left out.
    """
    members = plotted_members(segmentation, x, y)
    figure = go.Figure()
    for place, key in enumerate(names):
        part = members[members["segment"] == key]
        figure.add_scatter(
            x=scatter_values(part[x], x),
            y=scatter_values(part[y], y),
            mode="markers",
            name=names[key],
            marker={"size": 7, "opacity": 0.65, "color": SERIES[place % len(SERIES)]},
            hovertemplate="%{x:.4~g} · %{y:.4~g}<extra>" + names[key] + "</extra>",
        )
    titles = axis_names(words)
    figure.update_xaxes(type="log", title=titles[x], dtick=1)
    figure.update_yaxes(type="log", title=titles[y], dtick=1)
    return apply_style(figure, height=430, legend=True)


def plotted_members(segmentation: Segmentation, x: str, y: str) -> pd.DataFrame:
    """The members with a value on both axes; of more than 2,000 an even sample."""
    with_values = np.flatnonzero(segmentation.members[[x, y]].notna().all(axis=1))
    if len(with_values) > MAX_POINTS:
        with_values = with_values[np.linspace(0, len(with_values) - 1, MAX_POINTS).astype(int)]
    return segmentation.members.iloc[with_values]


def correlation_sentence(segmentation: Segmentation, x: str, y: str, words: Words) -> str:
    """Relation of the scatter's two axes, by the rank correlation (Spearman 1904) of the customers shown."""
    members, axes = plotted_members(segmentation, x, y), axis_names(words)
    if x == y:
        return words.say("Two different axes show more")
    rho = float(members[x].rank().corr(members[y].rank())) if len(members) > 1 else float("nan")
    if not abs(rho) >= RELATED:
        return words.say("“{x}” and “{y}” have little to do with each other", x=axes[x], y=axes[y])
    values = {"x": axes[x], "y": axes[y], "rho": words.number(rho, 2)}
    if rho > 0:
        return words.say("The higher “{x}”, the higher “{y}” (rank correlation {rho})", **values)
    return words.say("The higher “{x}”, the lower “{y}” (rank correlation {rho})", **values)


def scatter_values(values: pd.Series, name: str) -> np.ndarray:
    """Values fit for a logarithmic axis; whole numbers are spread a little, so that equal ones do not hide each other."""
    numbers = values.to_numpy(dtype=np.float64)
    money = name in ("monetary", "order_value")
    floor = np.asarray(np.maximum(numbers, 0.01 if money else 1.0))
    if money:
        return floor
    golden = np.modf(np.arange(len(floor)) * 0.6180339887)[0] - 0.5
    return np.asarray(floor * (1 + 0.16 * golden))


def segment_profile(segmentation: Segmentation, names: Mapping[str, str], words: Words) -> go.Figure:
    """Each segment's orders, spend and silence as multiples of the shop's mean (1 is the mean)."""
    members, figure = segmentation.members, go.Figure()
    by_group = members.groupby("segment")[["frequency", "monetary", "recency_days"]].mean()
    for column, label, colour in (
        ("frequency", words.say("orders"), ACCENT),
        ("monetary", words.say("spend"), "#4F789F"),
        ("recency_days", words.say("days silent"), GREY),
    ):
        overall = float(members[column].mean()) or 1.0
        means = (by_group.loc[list(names), column].to_numpy(dtype=np.float64) / overall).tolist()
        figure.add_bar(y=list(names.values()), x=means, name=label, orientation="h", marker={"color": colour})
    figure.add_vline(x=1, line={"color": GREY, "dash": "dot", "width": 1})
    figure.update_layout(barmode="group", bargap=0.3)
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(title=words.say("times the shop's mean"))
    return apply_style(figure, height=max(240, 74 * len(names) + 90), legend=True)


def segment_flows(
    movement: Movement, names: Mapping[str, str], before: str, now: str, words: Words
) -> go.Figure:
    """A Sankey: the groups of an earlier day on the left, today's on the right; movements in colour.

    `names`: of all keys; `before`, `now`: headings of the two sides.
    """
    keys = list(movement.order)
    place = {key: at for at, key in enumerate(keys)}
    flows = movement.flows
    left, right = flows["before"].map(place).to_numpy(), flows["now"].map(place).to_numpy()
    shade = np.where(left > right, "rgba(127, 154, 107, 0.55)", np.where(left < right, BAND_DARK, PALE))
    label = [names[key] for key in keys]
    labels = [
        words.say("{n} from {before} to {now}", n=words.number(int(n)), before=names[a], now=names[b])
        for a, b, n in zip(flows["before"], flows["now"], flows["customers"], strict=True)
    ]
    figure = go.Figure(
        go.Sankey(
            arrangement="fixed",
            node={
                "label": label * 2,
                "color": GREY,
                "pad": 14,
                "thickness": 10,
                "line": {"width": 0},
                "x": [0.001] * len(keys) + [0.999] * len(keys),
                "hovertemplate": "%{label}: %{value}<extra></extra>",
                "y": _heights(flows.groupby("before")["customers"].sum(), keys)
                + _heights(flows.groupby("now")["customers"].sum(), keys),
            },
            link={
                "source": left,
                "target": right + len(keys),
                "value": flows["customers"],
                "color": shade,
                "customdata": labels,
                "hovertemplate": "%{customdata}<extra></extra>",
            },
        )
    )
    for x, text, anchor in ((0, before, "left"), (1, now, "right")):
        figure.add_annotation(
            x=x,
            y=1.06,
            xref="paper",
            yref="paper",
            text=text,
            showarrow=False,
            xanchor=anchor,
            font={"color": GREY},
        )
    apply_style(figure, height=130 + 46 * len(keys))
    return figure.update_layout(margin={"t": 40})


def _heights(sizes: pd.Series, keys: list[str]) -> list[float]:
    """The middle of each node from the top, in the order of `keys`."""
    shares = np.array([float(sizes.get(key, 0)) for key in keys]) + 1e-3 * max(float(sizes.sum()), 1)
    shares = shares / shares.sum()
    middles = np.cumsum(shares) - shares / 2
    return [float(value) for value in np.clip(middles, 0.001, 0.999)]


def tier_curve(curve: pd.DataFrame, chosen: float, words: Words) -> go.Figure:
    """Customers who hold a tier, and the programme's yearly cost, by the tier's threshold; the chosen one is marked.

    `curve`: threshold, customers, cost_per_year.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=curve["threshold"],
        y=curve["customers"],
        name=words.say("customers who reach it"),
        line={"color": ACCENT, "width": 2.5},
        customdata=[words.money(cost) for cost in curve["cost_per_year"]],
        hovertemplate=words.say(
            "from {threshold}: {customers} customers, all rewards cost {cost} a year",
            threshold="%{x}",
            customers="%{y}",
            cost="%{customdata}",
        )
        + "<extra></extra>",
    )
    figure.add_vline(x=chosen, line={"color": GREY, "dash": "dot"})
    figure.update_xaxes(title=words.say("spend within 365 days that the tier asks for"))
    figure.update_yaxes(rangemode="tozero", title=words.say("customers"))
    return apply_style(figure, height=280)

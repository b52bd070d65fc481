"""The network's layout and labels, the heat map, the flows between groups: what is drawn, in numbers."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.charts.cross_sell import LINKS, heat_map, network, short, wide, wrapped
from loyalty.charts.network_layout import node_positions
from loyalty.charts.segments import axis_names, correlation_sentence, segment_flows, segment_scatter
from loyalty.charts.style import MAX_POINTS
from loyalty.models.cross_sell.rules import Rule
from loyalty.models.segments.movement import track_movement
from loyalty.models.segments.segmentation import segment
from loyalty.words import Words, words_for
from tests.models.segments.test_segmentation import AS_OF, random_shop

EDGES = st.lists(
    st.tuples(st.integers(0, 14), st.integers(0, 14)).filter(lambda edge: edge[0] != edge[1]), max_size=30
)


def rule(*products: str, lift: float = 2.0) -> Rule:
    return Rule(products[:-1], products[-1], 0.1, 0.5, lift, 20, 2.0, 0.001, lift, 20)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(EDGES)
def test_points_stay_in_their_rows_and_apart(edges: list[tuple[int, int]]) -> None:
    place, rows = node_positions(15, edges)
    assert np.isfinite(place).all()
    assert (place >= 0).all()
    assert (place[:, 0] <= 2).all()
    assert (place[:, 1] <= rows).all()
    gaps = [np.linalg.norm(place[a] - place[b]) for a, b in itertools.combinations(range(15), 2)]
    assert min(gaps) > 0.01
    again, _ = node_positions(15, edges)
    assert (place == again).all()


def test_neighbours_are_closer_than_unconnected_nodes() -> None:
    ring = [(n, (n + 1) % 5) for n in range(5)]
    place, rows = node_positions(8, [*ring, (5, 6), (6, 7)])
    assert rows == 1
    joined = [np.linalg.norm(place[a] - place[b]) for a, b in ring]
    across = [np.linalg.norm(place[a] - place[(a + 2) % 5]) for a in range(5)]
    assert max(joined) < max(across)
    assert place[:5, 0].max() < 1 < place[5:, 0].min()  # two parts, side by side
    assert node_positions(0, [])[1] == 0


def test_the_network_shows_the_best_rules_once() -> None:
    rules = [rule(f"a{n}", f"b{n}", lift=9 - n / 10) for n in range(LINKS + 5)]
    chart = network(rules, Words())
    lines = [trace for trace in chart.data if trace.mode == "lines"]
    points = chart.data[-1]
    assert len(lines) == LINKS
    assert len(points.x) == 2 * LINKS
    assert sum(len(trace.x) for trace in chart.data) < MAX_POINTS
    widths = [trace.line.width for trace in lines]
    assert widths[-1] == max(widths)  # the strongest is drawn last, on top
    assert lines[-1].text == "9.0 times as often as by chance"
    assert not chart.layout.annotations
    assert len(network(rules, Words(), directed=True).layout.annotations) == LINKS


def test_a_rule_of_three_is_two_lines() -> None:
    chart = network([rule("a", "b", "c")], Words())
    assert sum(trace.mode == "lines" for trace in chart.data) == 2
    assert sorted(chart.data[-1].hovertext) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Mug", "Mug"),
        ("Ceramic Dripper", "Ceramic<br>Dripper"),
        ("JUMBO BAG VINTAGE CHRISTMAS", "JUMBO BAG<br>VINTAGE CHRIS…"),
        ("手冲咖啡滤纸一百张", "手冲咖啡滤纸一<br>百张"),
    ],
)
def test_names_fit_two_lines(name: str, expected: str) -> None:
    assert wrapped(name) == expected


@given(st.text(st.characters(categories=["L", "N", "Zs"]), max_size=60), st.integers(4, 30))
def test_short_names_are_short(name: str, most: int) -> None:
    assert wide(short(name, most)) <= most
    if wide(name) <= most:
        assert short(name, most) == name


def test_the_heat_map_says_each_pair() -> None:
    lifts = pd.DataFrame([[np.nan, 3.2], [3.2, np.nan]], index=["tea", "honey"], columns=["tea", "honey"])
    cells = heat_map(lifts, Words()).data[0]
    assert cells.text[0][1] == "tea + honey: 3.2 times as often as by chance"
    assert cells.text[0][0] == ""
    assert (cells.zmin, cells.zmax) == (1, 3.2)
    assert heat_map(lifts * np.nan, Words()).data[0].zmax == 2


def test_the_scatter_leaves_out_who_has_no_value_and_stays_small() -> None:
    customers = random_shop(2_500)
    segmentation = segment(customers, AS_OF)
    names = {group.key: group.key for group in segmentation.segments}
    chart = segment_scatter(segmentation, names, "recency_days", "order_value", Words())
    assert sum(len(trace.x) for trace in chart.data) == MAX_POINTS
    some = segmentation.members.assign(gap_days=np.where(np.arange(2_500) < 40, 7.0, np.nan))
    part = type(segmentation)(
        segmentation.method, segmentation.k, None, None, None, segmentation.segments, some
    )
    chart = segment_scatter(part, names, "recency_days", "gap_days", Words())
    assert sum(len(trace.x) for trace in chart.data) == 40
    assert set(axis_names(Words())) >= {"recency_days", "frequency", "monetary", "order_value", "gap_days"}


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_flows_include_every_earlier_customer(language: str) -> None:
    now, then = (
        segment(random_shop(400, 1), AS_OF),
        segment(random_shop(350, 2), AS_OF - dt.timedelta(days=90)),
    )
    moved = track_movement(now, then, AS_OF - dt.timedelta(days=90))
    words = words_for(language)
    names = {key: words.message(name) for key, name in moved.names.items()}
    chart = segment_flows(moved, names, "then", "now", words).data[0]
    assert sum(chart.link.value) == 350
    assert len(chart.node.label) == 2 * len(moved.order)
    assert min(chart.link.target) >= len(moved.order) > max(chart.link.source)
    assert list(chart.node.y[: len(moved.order)]) == sorted(chart.node.y[: len(moved.order)])


def test_the_title_of_the_map_says_how_its_axes_go_together() -> None:
    segmentation = segment(random_shop(60, 3), AS_OF, "rfm")
    rising = segmentation.members.assign(
        frequency=range(60), monetary=[2.0 * n for n in range(60)], recency_days=range(60, 0, -1)
    )
    shown = replace(segmentation, members=rising)
    english, chinese = Words(), words_for("zh_CN")
    assert correlation_sentence(shown, "frequency", "monetary", english) == (
        "The higher “number of orders”, the higher “net revenue so far” (rank correlation 1.00)"
    )
    assert "the lower" in correlation_sentence(shown, "recency_days", "monetary", english)
    mixed = replace(segmentation, members=rising.assign(monetary=[float(n % 2) for n in range(60)]))
    assert "little to do" in correlation_sentence(mixed, "frequency", "monetary", english)
    assert correlation_sentence(shown, "frequency", "frequency", english) == "Two different axes show more"
    assert "higher" not in correlation_sentence(shown, "frequency", "monetary", chinese)

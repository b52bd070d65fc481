"""The explorer of segments: controls, each group in words, the map, profiles, who moved, who is in which."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from loyalty.charts.segments import (
    axis_names,
    correlation_sentence,
    segment_flows,
    segment_profile,
    segment_scatter,
)
from loyalty.models.segments.features import TRAITS
from loyalty.models.segments.names import MOVE_NAMES
from loyalty.models.segments.segmentation import WITH_K, Segment, Segmentation, firmness_label
from loyalty.words import Words
from ui.audience import audience_button
from ui.cache import cache_rule, cached
from ui.shop_figures import ShopFigures
from ui.show import card, chart, definition, downloads, percent, plain, shown_table

MONTHS_BACK = (1, 3, 6, 12)
DAYS_A_MONTH = 30.4375
SHOWN = 1000  # rows of a table on the page


@dataclass(frozen=True)
class SegmentationSettings:
    """How customers are grouped; empty values mean what suits the shop."""

    method: str | None = None
    k: int | None = None
    names: tuple[str, ...] = ()


def controls(say: Words) -> SegmentationSettings:
    """Method, number of groups, and what they are made of."""
    methods = {
        "": say.say("Chosen for you"),
        "kmeans": "K-means",
        "rfm": say.say("Fixed bands (RFM)"),
        "mixture": say.say("Mixture"),
        "density": say.say("By density (HDBSCAN)"),
        "dbscan": say.say("By density (DBSCAN)"),
    }
    traits = dict(
        zip(
            TRAITS,
            (
                say.say("time since the first purchase"),
                say.say("days between purchases"),
                say.say("what they buy"),
                say.say("satisfaction"),
            ),
            strict=True,
        )
    )
    with st.expander(say.say("How to group"), key="segment-how"):
        left, right = st.columns([3, 2])
        method = left.selectbox(
            say.say("Method"),
            list(methods),
            format_func=methods.__getitem__,
            key="segment-method",
            help=say.say(
                "K-means finds groups of about equal width. Fixed bands cut recency, frequency and money into fifths. "
                "Mixture and density are for the curious: they find groups of other shapes, and change more easily."
            ),
        )
        automatic = say.say("automatic")
        k = automatic
        if method in WITH_K:
            k = right.select_slider(say.say("Number of groups"), [automatic, *range(2, 9)], key="segment-k")
        names: list[str] = []
        if method != "rfm":
            names = st.multiselect(
                say.say("Besides how lately, how often and for how much, group by"),
                TRAITS,
                format_func=traits.__getitem__,
                key="segment-traits",
                placeholder=say.say("nothing more"),
            )
    return SegmentationSettings(method or None, None if k == automatic else int(k), tuple(names))


def describe(segment: Segment, result: Segmentation, say: Words) -> None:
    """The card of a segment, with buttons for a campaign and coupons."""
    name = say.message(segment.name)
    count = say.plural("{n} customer", "{n} customers", segment.customers)
    st.markdown(f"**{plain(name)}** · {count}")
    st.markdown(plain(say.sentences([say.message(text) for text in (segment.description, *segment.traits)])))
    summary = say.say(
        "{share} of revenue · {orders} orders each · {spent} spent each · last here {days} days ago",
        share=percent(segment.share_of_revenue, say),
        orders=say.number(segment.frequency, 1),
        spent=say.money(segment.monetary),
        days=say.number(segment.recency_days),
    )
    st.caption(plain(summary))
    if segment.firmness is not None:
        st.caption(
            say.say(
                "Found again in other samples: {share} ({word})",
                share=say.percent(segment.firmness),
                word=say.message(firmness_label(segment.firmness)),
            )
        )
    audience_button(
        segment.key, name, segment.customers, lambda: ids_of(result, [segment.key]), say, segment.key
    )


def ids_of(result: Segmentation, keys: list[str]) -> pd.Series:
    """The customers of some segments."""
    return result.members.loc[result.members["segment"].isin(keys), "customer_id"]


@st.fragment
def segment_map(result: Segmentation, names: dict[str, str], say: Words) -> None:
    """The scatter, on axes of the owner's choice."""
    axes = {key: name for key, name in axis_names(say).items() if key in result.members.columns}
    left, right = st.columns(2)
    x = left.selectbox(say.say("Across"), list(axes), index=0, format_func=axes.__getitem__, key="segment-x")
    y = right.selectbox(
        say.say("Upwards"), list(axes), index=2, format_func=axes.__getitem__, key="segment-y"
    )
    with card(correlation_sentence(result, x, y, say)):
        chart(
            segment_scatter(result, names, x, y, say),
            say.say("Every customer as a point, coloured by group"),
            "segment-scatter",
        )
        st.caption(
            say.say(
                "Both axes grow tenfold from mark to mark. Of more than 2,000 customers an even part is drawn."
            )
        )


def profiles(
    figures: ShopFigures,
    settings: SegmentationSettings,
    result: Segmentation,
    names: dict[str, str],
    say: Words,
) -> None:
    """Bars against the shop's mean."""
    first = result.segments[0]
    mean = sum(segment.monetary * segment.customers for segment in result.segments) / len(result.members)
    title = say.say("Each group beside the shop's mean")
    if mean > 0:
        title = say.say(
            "{name} spend {times} times as much as the shop's mean",
            name=names[first.key],
            times=say.number(first.monetary / mean, 1),
        )
    with card(title):
        chart(
            cached(profile_chart, figures, settings, say),
            say.say("Each group beside the shop's mean"),
            "segment-profile",
        )


@cache_rule(sales_only=True)
def profile_chart(figures: ShopFigures, settings: SegmentationSettings, say: Words) -> go.Figure:
    """The bars."""
    result = figures.segmentation(settings.method, settings.k, settings.names)
    return segment_profile(result, names_in(result, say), say)


def names_in(result: Segmentation, say: Words) -> dict[str, str]:
    """What segments are called, by key."""
    return {segment.key: say.message(segment.name) for segment in result.segments}


@st.fragment
def who_moved(figures: ShopFigures, settings: SegmentationSettings, say: Words) -> None:
    """A Sankey between an earlier day and today, and who moved up, who slipped."""
    months = [
        number
        for number in MONTHS_BACK
        if months_before(figures.as_of, number) > figures.facts().customers["first_at"].min().date()
    ]
    if not months:
        st.info(say.say("Who moves from group to group shows once your sales reach back more than a month."))
        return
    labels = {number: say.plural("{n} month ago", "{n} months ago", number) for number in months}
    number = st.segmented_control(
        say.say("Compared with"),
        months,
        default=months[min(1, len(months) - 1)],
        format_func=labels.__getitem__,
        key="segment-since",
        required=True,
    )
    since = months_before(figures.as_of, number or months[0])
    with st.spinner(say.say("Grouping the customers of then…"), show_time=True):
        moved = figures.movement(since, settings.method, settings.k, settings.names)
    names = {key: say.message(name) for key, name in moved.names.items()}
    counts = moved.counts()
    title = say.say(
        "{up} moved up, {down} slipped, {same} stayed, {new} are new",
        **{change: say.number(count) for change, count in counts.items()},
    )
    with card(title):
        drawn = segment_flows(moved, names, say.date(since), say.date(figures.as_of), say)
        chart(drawn, say.say("Who moved from group to group"), "segment-flows")
        st.caption(
            say.sentences([say.say("Green moved up, red slipped, grey stayed."), definition("movement", say)])
        )
    moved_table(figures, settings, since, say)


def months_before(day: dt.date, months: int) -> dt.date:
    """The day about `months` months earlier."""
    return day - dt.timedelta(days=round(months * DAYS_A_MONTH))


def moved_table(figures: ShopFigures, settings: SegmentationSettings, since: dt.date, say: Words) -> None:
    """Who moved down or up, with buttons for a campaign and coupons, and the download."""
    views = {"down": say.say("Slipped"), "up": say.say("Moved up"), "new": say.say("New")}
    view = st.segmented_control(
        say.say("Show"),
        list(views),
        default="down",
        format_func=views.__getitem__,
        key="segment-moved",
        label_visibility="collapsed",
        required=True,
    )
    table = cached(moved_rows, figures, settings, since, view, say)
    if view != "new":
        key = "slipped" if view == "down" else "moved_up"
        audience_button(
            key, say.say(MOVE_NAMES[key]), len(table), lambda: table[say.say("Customer number")], say, "moved"
        )
    first_rows(table, say.say("Who moved from group to group"), "segment-moved-table", say)
    downloads(table, "moved", say, {say.say("Spent"): 2})


def first_rows(table: pd.DataFrame, alt: str, key: str, say: Words) -> None:
    """The first rows of a long table, with a note that its file holds all."""
    money = {say.say("Spent"): st.column_config.NumberColumn(format="%.2f")}
    shown_table(table.head(SHOWN), alt, key, column_config=money)
    if len(table) > SHOWN:
        st.caption(say.say("The table shows the first {n}; the download holds all.", n=say.number(SHOWN)))


@cache_rule(sales_only=True, entries=8)
def moved_rows(
    figures: ShopFigures, settings: SegmentationSettings, since: dt.date, way: str, say: Words
) -> pd.DataFrame:
    """Who went which way, the highest spend first, under headings in the reader's language."""
    moved = figures.movement(since, settings.method, settings.k, settings.names)
    names = {key: say.message(name) for key, name in moved.names.items()}
    part = moved.transitions[moved.transitions["change"] == way].merge(
        figures.addresses(), how="left", on="customer_id"
    )
    spent = figures.facts().customers.set_index("customer_id")["revenue"]
    part = part.assign(spent=part["customer_id"].map(spent)).sort_values("spent", ascending=False)
    headings = {
        "name": say.say("Name"),
        "email": say.say("E-mail"),
        "before": say.say("Was in"),
        "now": say.say("Is in"),
        "spent": say.say("Spent"),
        "customer_id": say.say("Customer number"),
    }
    table = part.assign(before=part["before"].map(names), now=part["now"].map(names))
    return table[list(headings)].rename(columns=headings)


@st.fragment
def member_list(
    figures: ShopFigures,
    settings: SegmentationSettings,
    result: Segmentation,
    names: dict[str, str],
    say: Words,
) -> None:
    """The members, by group."""
    only = st.multiselect(
        say.say("Groups"),
        list(names),
        format_func=names.__getitem__,
        key="segment-only",
        placeholder=say.say("all groups"),
    )
    table = cached(members_table, figures, settings, tuple(sorted(only)), say)
    if only:
        label = say.listing([names[key] for key in only])
        audience_button(only[0], label, len(table), lambda: ids_of(result, only), say, "members")
    first_rows(table, say.say("Who is in which group"), "segment-members", say)
    downloads(table, "segments", say, {say.say("Spent"): 2})


@cache_rule(sales_only=True, entries=8)
def members_table(
    figures: ShopFigures, settings: SegmentationSettings, only: tuple[str, ...], say: Words
) -> pd.DataFrame:
    """Who is in which segment, the highest spend of each first; `only`: keys of segments, all if empty."""
    result = figures.segmentation(settings.method, settings.k, settings.names)
    members = result.members[result.members["segment"].isin(only)] if only else result.members
    members = members.merge(figures.addresses(), how="left", on="customer_id")
    members["segment"] = members["segment"].map(names_in(result, say))
    members = members.sort_values(["segment", "monetary"], ascending=[True, False], ignore_index=True)
    headings = {
        "segment": say.say("Segment"),
        "name": say.say("Name"),
        "email": say.say("E-mail"),
        "recency_days": say.say("Days since"),
        "frequency": say.say("Orders"),
        "monetary": say.say("Spent"),
        "customer_id": say.say("Customer number"),
    }
    return members[list(headings)].rename(columns=headings)

"""Segments: the customers in a handful of named groups, to explore and to download."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from loyalty.charts.groups import axis_names, segment_profile, segment_scatter
from loyalty.models.segments import Segment, Segmentation, how_firm
from loyalty.words import Words
from ui.cached import desk
from ui.figure_cards import percent
from ui.session import words
from ui.show import answer, card, chart, downloads, nothing_yet, plain, shown_table

say = words()


def describe(segment: Segment, say: Words) -> None:
    """A segment in words."""
    st.markdown(
        f"**{plain(say.message(segment.name))}** · {say.plural('{n} customer', '{n} customers', segment.customers)}"
    )
    st.markdown(say.message(segment.description))
    st.caption(
        plain(
            say.say(
                "{share} of revenue · {orders} orders each · {spent} spent each · last here {days} days ago",
                share=percent(segment.share_of_revenue, say),
                orders=say.number(segment.frequency, 1),
                spent=say.money(segment.monetary),
                days=say.number(segment.recency_days),
            )
        )
    )


def controls(say: Words) -> tuple[str | None, int | None]:
    """Method and number of groups; nothing chosen means what suits the shop."""
    methods = {
        "": say.say("Chosen for you"),
        "kmeans": "K-means",
        "rfm": say.say("Fixed bands (RFM)"),
        "density": say.say("By density"),
    }
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    method = left.segmented_control(
        say.say("How to group"),
        list(methods),
        default="",
        format_func=methods.__getitem__,
        key="segment-method",
        required=True,
    )
    if method != "kmeans":
        return method or None, None
    automatic = say.say("automatic")
    k = right.select_slider(say.say("Number of groups"), [automatic, *range(2, 9)], key="segment-k")
    return method, None if k == automatic else int(k)


def members_table(
    found: Segmentation, names: dict[str, str], contacts: pd.DataFrame, say: Words
) -> pd.DataFrame:
    """Who is in which segment."""
    members = found.members.merge(contacts, how="left", on="customer_id")
    members["segment"] = members["segment"].map(names)
    members = members.sort_values(["segment", "monetary"], ascending=[True, False], ignore_index=True)
    return members[
        ["segment", "name", "email", "recency_days", "frequency", "monetary", "customer_id"]
    ].rename(
        columns={
            "segment": say.say("Segment"),
            "name": say.say("Name"),
            "email": say.say("E-mail"),
            "recency_days": say.say("Days since"),
            "frequency": say.say("Orders"),
            "monetary": say.say("Spent"),
            "customer_id": say.say("Customer number"),
        }
    )


at = desk()
if at is None:
    nothing_yet(
        say.say(
            "Here your customers will fall into a handful of groups, each named and described: who they are, what they bring, who is in them."
        ),
        say,
    )
    st.stop()
assert at is not None
slot = st.container()
method, k = controls(say)
found = at.segmentation(method, k)
names = {segment.key: say.message(segment.name) for segment in found.segments}
if not found.segments:
    st.info(say.message(found.note) if found.note else "")
    st.stop()
first = found.segments[0]
with slot:
    answer(
        say.say(
            "{share} of revenue comes from {n} customers: {name}.",
            share=percent(first.share_of_revenue, say),
            n=say.number(first.customers),
            name=names[first.key],
        ),
        say.sentences(
            [
                say.plural(
                    "Your customers fall into {n} group.", "Your customers fall into {n} groups.", found.k
                ),
                say.message(how_firm(found.stability)) if found.stability is not None else "",
            ]
        ),
    )
if found.note:
    st.info(say.message(found.note))
grid = st.columns(2)
for place, segment in enumerate(found.segments):
    with grid[place % 2], st.container(border=True, height="stretch"):
        describe(segment, say)
tabs = st.tabs([say.say("Everyone on a map"), say.say("How groups differ"), say.say("Who is in which group")])
with tabs[0]:
    axes = axis_names(say)
    left, right = st.columns(2)
    x = left.selectbox(say.say("Across"), list(axes), index=0, format_func=axes.__getitem__, key="segment-x")
    y = right.selectbox(
        say.say("Upwards"), list(axes), index=2, format_func=axes.__getitem__, key="segment-y"
    )
    chart(
        segment_scatter(found, names, x, y, say),
        say.say("Every customer as a point, coloured by group"),
        "segment-scatter",
    )
with tabs[1], card(say.say("Each group beside the shop's mean")):
    chart(segment_profile(found, names, say), say.say("Each group beside the shop's mean"), "segment-profile")
with tabs[2]:
    table = members_table(found, names, at.contacts(), say)
    only = st.multiselect(
        say.say("Groups"), list(names.values()), key="segment-only", placeholder=say.say("all groups")
    )
    if only:
        table = table[table[say.say("Segment")].isin(only)]
    shown_table(
        table,
        say.say("Who is in which group"),
        "segment-members",
        column_config={say.say("Spent"): st.column_config.NumberColumn(format="%.2f")},
    )
    downloads(table, "segments", say, {say.say("Spent"): 2})

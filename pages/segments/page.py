"""Segments: the customers in a handful of named groups, to explore, to follow over time, and to send coupons to."""

from __future__ import annotations

from functools import partial

import streamlit as st

from loyalty.models.segments.segmentation import stability_sentence
from pages.segments.explorer import (
    controls,
    describe,
    member_list,
    names_in,
    profiles,
    segment_map,
    who_moved,
)
from ui.session import words
from ui.shop_figures import require_sales
from ui.show import answer, definition, in_pairs, in_tabs, percent

say = words()
figures = require_sales(
    say.say(
        "Here your customers will fall into a handful of groups, each named and described: who they are, what they bring, who is in them."
    ),
    say,
)
slot = st.container()
settings = controls(say)
with st.spinner(say.say("Grouping your customers…"), show_time=True):
    result = figures.segmentation(settings.method, settings.k, settings.names)
names = names_in(result, say)
if not result.segments:
    st.info(say.message(result.note) if result.note else "")
    st.stop()
first = result.segments[0]
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
                    "Your customers fall into {n} group.", "Your customers fall into {n} groups.", result.k
                ),
                say.message(stability_sentence(result.stability)) if result.stability is not None else "",
            ]
        ),
    )
if result.note:
    st.info(say.message(result.note))
for box, segment in in_pairs(result.segments):
    with box:
        describe(segment, result, say)
if result.stability is not None:
    st.caption(definition("stability", say))
in_tabs(
    {
        say.say("Everyone on a map"): partial(segment_map, result, names, say),
        say.say("How groups differ"): partial(profiles, figures, settings, result, names, say),
        say.say("Who moved"): partial(who_moved, figures, settings, say),
        say.say("Who is in which group"): partial(member_list, figures, settings, result, names, say),
    },
    "segments-tabs",
)

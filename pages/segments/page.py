"""Segments: the customers in a handful of named groups, to explore, to follow over time, and to send coupons to."""

from __future__ import annotations

from functools import partial

import streamlit as st

from loyalty.models.segments.segmentation import stability_sentence
from pages.segments.explorer import controls, describe, names_in, on_a_map, profiles, who_is_where, who_moved
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
asked = controls(say)
with st.spinner(say.say("Grouping your customers…"), show_time=True):
    found = figures.segmentation(asked.method, asked.k, asked.names)
names = names_in(found, say)
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
                say.message(stability_sentence(found.stability)) if found.stability is not None else "",
            ]
        ),
    )
if found.note:
    st.info(say.message(found.note))
for box, segment in in_pairs(found.segments):
    with box:
        describe(segment, found, say)
if found.stability is not None:
    st.caption(definition("stability", say))
in_tabs(
    {
        say.say("Everyone on a map"): partial(on_a_map, found, names, say),
        say.say("How groups differ"): partial(profiles, figures, asked, found, names, say),
        say.say("Who moved"): partial(who_moved, figures, asked, say),
        say.say("Who is in which group"): partial(who_is_where, figures, asked, found, names, say),
    },
    "segments-tabs",
)

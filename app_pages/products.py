"""Products: what goes together, what to sell as one, and what sells."""

from __future__ import annotations

import streamlit as st

from loyalty.models.readings import reading
from ui.cached import desk
from ui.cross_sell import bundle_list, sellers, together
from ui.session import words
from ui.show import answer, nothing_yet
from ui.suggestions import for_whom, how_good

say = words()
at = desk()
if at is None:
    nothing_yet(
        say.say(
            "Here you will see what sells and what is bought together: what to put side by side, what to offer with what."
        ),
        say,
    )
    st.stop()
assert at is not None
if at.products().empty:
    answer(
        say.say("Your exports name no products"),
        say.say("Bring in an export that lists the products of each order."),
    )
    st.stop()
best = at.best_rule()
if best is None:
    answer(
        say.say("No two products go together beyond chance yet"),
        say.say("The number of orders looked at is {n}.", n=say.number(at.baskets()["basket"].nunique())),
    )
else:
    answer(
        say.say(
            "Offer {product} with {with_what}",
            product=best.consequent,
            with_what=say.listing(list(best.antecedent)),
        ),
        reading(best, say),
    )
tabs = st.tabs(
    [
        say.say("Bought together"),
        say.say("Bundles"),
        say.say("All products"),
        say.say("For whom what"),
        say.say("How good the suggestions are"),
    ],
    on_change="rerun",  # what the last two show takes work, and is worked out when they are opened
    key="products-tabs",
)
with tabs[0]:
    together(at, say)
with tabs[1]:
    bundle_list(at, say)
with tabs[2]:
    sellers(at, say)
for tab, section in ((tabs[3], for_whom), (tabs[4], how_good)):
    if tab.open:
        with tab:
            section(at, say)

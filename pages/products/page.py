"""Products: what goes together, what to sell as one, and what sells."""

from __future__ import annotations

from functools import partial

import streamlit as st

from loyalty.models.cross_sell.sentences import rule_sentence
from pages.products.cross_sell import bought_together, bundle_list, product_table
from pages.products.recommendations import suggestion_quality, suggestions_per_customer
from ui.session import words
from ui.shop_figures import require_sales
from ui.show import answer, in_tabs

say = words()
figures = require_sales(
    say.say(
        "Here you will see what sells and what is bought together: what to put side by side, what to offer with what."
    ),
    say,
)
if figures.products().empty:
    answer(
        say.say("Your exports name no products"),
        say.say("Bring in an export that lists the products of each order."),
    )
    st.stop()
best = figures.best_rule()
if best is None:
    answer(
        say.say("No two products go together beyond chance yet"),
        say.say(
            "The number of orders looked at is {n}.", n=say.number(figures.baskets()["basket"].nunique())
        ),
    )
else:
    answer(
        say.say(
            "Offer {product} with {with_what}",
            product=best.consequent,
            with_what=say.listing(list(best.antecedent)),
        ),
        rule_sentence(best, say),
    )
in_tabs(
    {
        say.say("Bought together"): partial(bought_together, figures, say),
        say.say("Bundles"): partial(bundle_list, figures, say),
        say.say("All products"): partial(product_table, figures, say),
        say.say("For whom what"): partial(suggestions_per_customer, figures, say),
        say.say("How good the suggestions are"): partial(suggestion_quality, figures, say),
    },
    "products-tabs",
)

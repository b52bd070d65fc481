"""Customers: the table, one customer's story, duplicates, predictions, and the figures about customers in tabs."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from loyalty.words import Words
from pages.customers.acquisition_cost import acquisition_cost
from pages.customers.identities import identity_card, merged_customers, show_confirmation
from pages.customers.lifetime_value import lifetime_value_section
from pages.customers.predictions import predictions
from pages.customers.repurchase import repurchase
from pages.customers.satisfaction import satisfaction
from pages.customers.story import recommendation_cards, show_story
from pages.customers.table import all_rows, choose_customer
from ui.cache import cached
from ui.session import words
from ui.shop_figures import ShopFigures, require_sales
from ui.show import answer, card, in_tabs, percent

say = words()


def customer_card(customer_id: str, figures: ShopFigures, people: pd.DataFrame, say: Words) -> None:
    """A customer's story, ids and product suggestions."""
    row = people[people["customer_id"] == customer_id].iloc[0]
    name = row["name"] if isinstance(row["name"], str) else customer_id
    with card(say.plural("{name}: {n} order", "{name}: {n} orders", int(row["orders"]), name=name)):
        show_story(figures, customer_id, say)
        identity_card(figures, customer_id, people, say)
    recommendation_cards(figures, customer_id, say)


@st.fragment
def everyone() -> None:
    """The table and the story of the chosen customer, rerun apart from the rest of the page."""
    chosen = choose_customer(figures, say)
    if chosen is not None:
        customer_card(chosen, figures, cached(all_rows, figures), say)


figures = require_sales(
    say.say(
        "Here you will see everyone who buys from you: what they spent, when they were last here, what they earned."
    ),
    say,
)
people = cached(all_rows, figures)
key_figures = figures.key_figures()
repeat = int((people["orders"] >= 2).sum())
answer(
    say.say(
        "{repeat} of {all} customers have bought more than once.",
        repeat=say.number(repeat),
        all=say.number(len(people)),
    ),
    say.say(
        "{share} of all orders come from buyers who left no name; they are not in this list.",
        share=percent(key_figures.anonymous_share, say),
    ),
)
show_confirmation()
everyone()
merged_customers(figures, say)
predictions(figures, say)
in_tabs(
    {
        say.say("Who comes back"): partial(repurchase, figures, say),
        say.say("What they will bring"): partial(lifetime_value_section, figures, say),
        say.say("What they cost"): partial(acquisition_cost, figures, say),
        say.say("How content they are"): partial(satisfaction, figures, say),
    },
    "customers-tabs",
)

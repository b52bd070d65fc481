"""What to do this week: the actions that may bring most, a part of Home."""

from __future__ import annotations

import streamlit as st

from loyalty.models.next_actions import Action
from loyalty.services.next_actions import SHOWN, action_sentences, footnote
from loyalty.words import Words
from ui.next_actions import VIEW, actions_of
from ui.shop_figures import ShopFigures
from ui.show import card, definition, plain

NAMED = 3


def next_actions_card(figures: ShopFigures, say: Words) -> None:
    """Up to three things to do, each with what it may bring and the page that does it."""
    actions = actions_of(figures)[:SHOWN]
    with card(say.say("Do these things this week")):
        if not actions:
            st.markdown(
                say.say(
                    "Nothing stands out this week: nobody is overdue, and no pair of products is firm yet."
                )
            )
            return
        for place, action in enumerate(actions, 1):
            _action_line(figures, place, action, say)
        st.caption(
            plain(
                footnote(
                    say,
                    margin=bool(figures.shop.settings.margin),
                    measured=any(action.sources for action in actions),
                )
            ),
            help=definition("action_worth", say),
        )


def _action_line(figures: ShopFigures, place: int, action: Action, say: Words) -> None:
    sentences = action_sentences(action, say)
    text, worth = st.columns([5, 3])
    names = "" if action.key == "pair" else f"  \n:gray[{plain(names_in(figures, action, say))}]"
    text.markdown(f"**{place} · {plain(sentences.what)}** {plain(sentences.why)}{names}")
    worth.markdown(f"**{plain(sentences.worth)}**  \n:gray[{plain(sentences.beside)}]")
    pair = action.key == "pair"
    if worth.button(
        say.say("See pairs") if pair else say.say("See who"), key=f"do-{action.key}", width="stretch"
    ):
        if pair:
            st.switch_page("pages/products/page.py")
        st.session_state[VIEW] = action.key
        st.switch_page("pages/customers/page.py")


def names_in(figures: ShopFigures, action: Action, say: Words) -> str:
    """The first few people that an action is about, those worth most, and how many more."""
    first = action.customer_ids[:NAMED]
    contacts = figures.contacts()
    contacts_first = contacts[contacts["customer_id"].isin(first) & contacts["name"].notna()]
    named = dict(zip(contacts_first["customer_id"], contacts_first["name"], strict=True))
    shown = say.listing([str(named.get(name, name)) for name in first])
    more = len(action.customer_ids) - len(first)
    return say.plural("{names} and {n} more", "{names} and {n} more", more, names=shown) if more else shown

"""What to do next, on screen: the three actions worth most on Home, and the lists of people behind them on Customers."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from loyalty.models.cross_sell.search import Search
from loyalty.models.next_actions import ANSWERS, Action, next_actions
from loyalty.services.campaign_learning import current_response_rates
from loyalty.services.campaigns import reachable_now
from loyalty.services.next_actions import SHOWN, action_inputs, action_sentences, footnote
from loyalty.words import N_, Words
from ui.cache import cached
from ui.campaign_lists import held_back
from ui.lifetime_value import customer_states_of
from ui.session import now
from ui.shop_figures import ShopFigures
from ui.show import card, definition, plain

NAMED = 3
VIEW = "customer-view"
#: The list on Customers that each kind of action opens; a pair is shown on Products.
VIEWS = {
    "overdue": N_("Overdue"),
    "once": N_("Bought once"),
    "near_tier": N_("Close to a tier"),
    "unhappy": N_("Unhappy"),
    "birthday": N_("Birthday within 14 days"),
}


def actions_of(figures: ShopFigures) -> list[Action]:
    """All that is worth doing now."""
    return cached(actions_on, figures, now().date())


def actions_on(figures: ShopFigures, today: dt.date) -> list[Action]:
    """All that is worth doing; `today` says who was contacted recently."""
    rewards, saved = figures.programme()
    rules = list(figures.rules(Search(max_len=2)))
    with figures.shop.database.reading() as con:
        found = action_inputs(
            con,
            figures.facts(),
            figures.lookups(),
            customer_states_of(figures),
            rules,
            rewards if saved else None,
            figures.settings.margin,
            cached(held_back, figures),
            reachable_now(figures.shop.database, con, today),
        )
    answers = current_response_rates(figures.shop.database, ANSWERS)
    one_in = {key: answer.one_in for key, answer in answers.items()}
    return next_actions(found, one_in, {key: answer.sources for key, answer in answers.items()})


def to_do(figures: ShopFigures, say: Words) -> None:
    """Up to three things to do, each with what it may bring and the page that does it."""
    found = actions_of(figures)[:SHOWN]
    with card(say.say("Do these things this week")):
        if not found:
            st.markdown(
                say.say(
                    "Nothing stands out this week: nobody is overdue, and no pair of products is firm yet."
                )
            )
            return
        for place, action in enumerate(found, 1):
            _line(figures, place, action, say)
        st.caption(
            plain(
                footnote(
                    say,
                    margin=bool(figures.shop.settings.margin),
                    measured=any(action.sources for action in found),
                )
            ),
            help=definition("action_worth", say),
        )


def _line(figures: ShopFigures, place: int, action: Action, say: Words) -> None:
    told = action_sentences(action, say)
    text, worth = st.columns([5, 3])
    who = "" if action.key == "pair" else f"  \n:gray[{plain(names_in(figures, action, say))}]"
    text.markdown(f"**{place} · {plain(told.what)}** {plain(told.why)}{who}")
    worth.markdown(f"**{plain(told.worth)}**  \n:gray[{plain(told.beside)}]")
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
    known = contacts[contacts["customer_id"].isin(first) & contacts["name"].notna()]
    named = dict(zip(known["customer_id"], known["name"], strict=True))
    shown = say.listing([str(named.get(name, name)) for name in first])
    more = len(action.customer_ids) - len(first)
    return say.plural("{names} and {n} more", "{names} and {n} more", more, names=shown) if more else shown


def why_in_list(action: Action, say: Words) -> str:
    """What a list on Customers holds, and what writing to it may bring."""
    told = action_sentences(action, say)
    return say.say(
        "{why} Worth {amount} {assumption}.", why=told.why, amount=told.worth, assumption=told.beside
    )

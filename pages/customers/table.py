"""The table of all customers: searched and filtered without recalculating anything."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from loyalty.exports.customer_table import HEADINGS, customer_table, digits
from loyalty.models.next_actions import Action
from loyalty.services.figures import all_customers
from loyalty.services.next_actions import action_sentences
from loyalty.words import Words
from pages.customers.identities import table_key
from ui.cache import cache_rule, cached
from ui.customer_search import contains, searchable
from ui.next_actions import VIEW, VIEWS, actions_of
from ui.shop_figures import ShopFigures
from ui.show import definition, downloads, plain, shown_table

ALL = "all"


@cache_rule(entries=4)
def all_rows(figures: ShopFigures) -> pd.DataFrame:
    """The frame of `loyalty.services.figures.all_customers`."""
    return all_customers(
        figures.facts(),
        figures.contacts(),
        figures.segmentation(),
        figures.balances(),
        figures.customer_states().customers,
    )


@cache_rule(entries=4)
def table_of(figures: ShopFigures, say: Words) -> pd.DataFrame:
    """Everyone under the reader's headings, row by row as `everybody`."""
    segments = {segment.key: say.message(segment.name) for segment in figures.segmentation().segments}
    tiers = {tier.key: say.say(tier.name) for tier in figures.programme()[0].tiers}
    people, predicted = cached(all_rows, figures), figures.customer_states().missing is None
    return customer_table(people, segments, tiers, say, predicted=predicted)


@cache_rule(entries=4)
def search_texts(figures: ShopFigures) -> pd.Series:
    """What is searched of each, row by row as `everybody`."""
    return searchable(cached(all_rows, figures))


def choose_customer(figures: ShopFigures, say: Words) -> str | None:
    """The search, the lists, the table and its files; returns the customer of the chosen row."""
    people, table = cached(all_rows, figures), cached(table_of, figures, say)
    search, view = _controls(figures, say)
    matches = np.ones(len(people), dtype=bool)
    if view is not None:
        matches &= people["customer_id"].isin(view.customer_ids).to_numpy()
        st.caption(plain(why_in_list(view, say)))
    if search.strip():
        matches &= contains(cached(search_texts, figures), search).to_numpy()
    shown = table if matches.all() else table[matches]
    event = shown_table(
        shown,
        say.say("All customers with what they spent, when they were last here and what they will bring"),
        table_key(),
        on_select="rerun",
        selection_mode="single-row",
        column_config=_columns(say),
    )
    st.caption(
        say.plural(
            "{n} customer. Choose a row to see the story.",
            "{n} customers. Choose a row to see the story.",
            len(shown),
        )
    )
    _about_columns(figures, say)
    downloads(shown, "customers", say, digits(say))
    rows = [row for row in event.selection.rows if row < len(shown)]
    return str(people.loc[matches, "customer_id"].iloc[rows[0]]) if rows else None


def _controls(figures: ShopFigures, say: Words) -> tuple[str, Action | None]:
    """What is searched for, and the list that is shown (None: everyone)."""
    search = st.text_input(say.say("Search by name, e-mail, phone or number"), key="customer-search")
    lists = {action.key: action for action in actions_of(figures) if action.key in VIEWS}
    if st.session_state.get(VIEW) not in (ALL, *lists):
        st.session_state[VIEW] = ALL
    names: Mapping[str, str] = {
        ALL: say.say("Everyone"),
        **{key: say.say(VIEWS[key]) for key in VIEWS if key in lists},
    }
    chosen = st.pills(
        say.say("Show"),
        list(names),
        format_func=lambda key: names.get(key, key),
        key=VIEW,
        label_visibility="collapsed",
        required=True,
    )
    return search, lists.get(chosen or ALL)


def _columns(say: Words) -> dict[str, object]:
    """Number and date formats of the columns."""
    money = st.column_config.NumberColumn(format="%.2f")
    kinds: dict[str, object] = {
        "name": st.column_config.TextColumn(pinned=True),
        "revenue": money,
        "clv": money,
        "p_alive": st.column_config.NumberColumn(format="percent", help=definition("p_alive", say)),
        "content": st.column_config.NumberColumn(format="%.1f", help=definition("content", say)),
        "last_at": st.column_config.DateColumn(),
        **{
            name: st.column_config.DateColumn(help=definition("next_order", say))
            for name in ("next_early", "next_late")
        },
    }
    return {say.say(HEADINGS[name]): kind for name, kind in kinds.items()}


def _about_columns(figures: ShopFigures, say: Words) -> None:
    """How to read the columns, or why some are missing."""
    missing = figures.customer_states().missing
    content = say.say("Content: the mean of a customer's answers, each brought to a scale of 1 to 5.")
    if missing is not None:
        why = say.say("Whether they are still customers, and their next order, cannot be told yet.")
        st.caption(plain(say.sentences([why, say.message(missing), content])))
        return
    explanation = say.say(
        "Half of all next orders fall between the two dates; they are left out for customers who have probably left."
    )
    st.caption(plain(say.sentences([explanation, content])))


def why_in_list(action: Action, say: Words) -> str:
    """Why these customers are in the list, and what contacting them may bring."""
    sentences = action_sentences(action, say)
    return say.say(
        "{why} Worth {amount} {assumption}.",
        why=sentences.why,
        amount=sentences.worth,
        assumption=sentences.beside,
    )

"""Duplicate customers: the ids of one customer, joining and splitting, and what was merged automatically."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from loyalty.errors import OwnerError
from loyalty.exports.identities import key_name, key_sentence, merge_table, shared_table
from loyalty.store import identities
from loyalty.store.connected_ids import Choice
from loyalty.store.merges import merges, shared_keys
from loyalty.store.person import Person, PersonKey, person
from loyalty.words import Words
from ui.cache import cache_rule, cached
from ui.customer_search import matching
from ui.session import now
from ui.shop_figures import ShopFigures
from ui.show import downloads, plain, shown_table

_TURN, _CONFIRMATION = "customers-turn", "customers-said"
MOST_HITS = 20
MOST_SHOWN = 1000  # rows; the downloads hold all


def table_key() -> str:
    """The widget key of the customer table: a new one after each join or split, so that no row stays selected."""
    return f"customers-{st.session_state.get(_TURN, 0)}"


def show_confirmation() -> None:
    """Confirm the last join or split, once."""
    if sentence := st.session_state.pop(_CONFIRMATION, None):
        st.success(plain(sentence))


def _apply(work: Callable[[], Choice], confirmation: str, say: Words) -> None:
    """Carry out a join, split or undo, and rerun the page."""
    try:
        work()
    except OwnerError as problem:
        st.error(say.message(problem.message))
        return
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.session_state[_CONFIRMATION] = confirmation
    st.rerun()


def addresses(customer: Person, say: Words) -> None:
    """All names, e-mails and phones of a customer, the newest first."""
    parts = [
        (say.say("Also called"), customer.names[1:]),
        (say.say("E-mails"), customer.emails),
        (say.say("Phones"), customer.phones),
    ]
    for label, values in parts:
        if values:
            st.text(f"{label}: {say.listing(list(values))}")


def identity_card(figures: ShopFigures, customer_id: str, everybody: pd.DataFrame, say: Words) -> None:
    """A customer's contact details, their ids with the reason for each, and a form to join another customer."""
    customer = person(figures.shop.database, customer_id)
    addresses(customer, say)
    if len(customer.keys) > 1:
        n = len(customer.keys)
        st.markdown(
            f"**{say.plural('{n} address or number is this person', '{n} addresses and numbers are this person', n)}**"
        )
        for key in customer.keys:
            _key_line(figures, key, say)
    with st.expander(say.say("The same person as another customer?")):
        _join(figures, customer, everybody, say)


def _text(key: PersonKey, say: Words) -> str:
    """A key as people write it; an account without a readable name by its platform."""
    return (
        key.text
        if key.text != key.alias or key.kind == "number" or ":" in key.text
        else key_name(key.kind, say)
    )


def _key_line(figures: ShopFigures, key: PersonKey, say: Words) -> None:
    """One id: what it is, why it belongs to the customer, its orders, and the button that splits it off."""
    details = [
        key_sentence(key, say),
        *([say.plural("{n} order", "{n} orders", key.orders)] if key.orders else []),
    ]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="content"):
            st.text(_text(key, say))
            st.caption(plain(" · ".join(details)))
        if st.button(
            say.say("Split off"),
            key=f"split-{key.alias}",
            icon=":material/call_split:",
            help=say.say(
                "It becomes a customer of its own and stays one, whatever later files show. You can take that back."
            ),
        ):
            confirmation = say.say(
                "{id} is a customer of its own now. Under “Who is one person” you can take that back.",
                id=_text(key, say),
            )
            _apply(lambda: identities.split(figures.shop.database, key.alias, now()), confirmation, say)


def _join(figures: ShopFigures, customer: Person, everybody: pd.DataFrame, say: Words) -> None:
    """Search for the other customer, choose, join."""
    search = st.text_input(say.say("Search by name, e-mail, phone or number"), key="join-search")
    if not search:
        return
    hits = matching(everybody[everybody["customer_id"] != customer.customer_id], search).head(MOST_HITS)
    if hits.empty:
        st.caption(say.say("Nobody found."))
        return
    names = {str(row["customer_id"]): _contact_line(row) for _, row in hits.iterrows()}
    other = st.selectbox(
        say.say("The other customer"),
        list(names),
        format_func=lambda key: names.get(key, key),
        key="join-other",
    )
    if st.button(say.say("Join"), key="join", type="primary", icon=":material/call_merge:"):
        confirmation = say.say("They are one customer now. Under “Who is one person” you can take that back.")
        _apply(
            lambda: identities.join(figures.shop.database, customer.customer_id, other, now()),
            confirmation,
            say,
        )


def _contact_line(row: pd.Series) -> str:
    parts = [row[name] for name in ("name", "email", "phone") if isinstance(row[name], str) and row[name]]
    return " · ".join(parts or [str(row["customer_id"])])


def merged_customers(figures: ShopFigures, say: Words) -> None:
    """Customers merged automatically, keys that were not used, and the owner's choices."""
    joined, doubtful = cached(joined_table, figures, say), cached(doubtful_table, figures, say)
    title = [say.say("Who is one person"), say.plural("{n} joined", "{n} joined", len(joined))]
    if len(doubtful):
        title.append(say.plural("{n} doubtful", "{n} doubtful", len(doubtful)))
    with st.expander(" · ".join(title)):
        st.markdown(
            say.say(
                "Whoever comes in with the same e-mail address, phone number or account counts as one customer. A name alone never joins anybody."
            )
        )
        if len(joined):
            shown_table(
                joined.head(MOST_SHOWN),
                say.say("Customers who came in under several addresses or numbers"),
                "merges",
            )
            downloads(joined, "joined-customers", say)
        if len(doubtful):
            _doubtful(doubtful, say)
        for choice, names in cached(choices_of, figures, say):
            _choice(figures, choice, names, say)


def _doubtful(table: pd.DataFrame, say: Words) -> None:
    """Keys that several people seem to share."""
    st.markdown(f"**{say.say('Not used, because several people seem to share them')}**")
    st.caption(
        say.say(
            "Are some of them one person all the same? Choose one of them in the table above and join the other."
        )
    )
    shown_table(table.head(MOST_SHOWN), say.say("Numbers and addresses that joined nobody"), "shared-keys")
    downloads(table, "shared-numbers", say)


@cache_rule(sales_only=True)
def joined_table(figures: ShopFigures, say: Words) -> pd.DataFrame:
    """Customers merged automatically, with the reason."""
    return merge_table(merges(figures.shop.database), say)


@cache_rule(sales_only=True)
def doubtful_table(figures: ShopFigures, say: Words) -> pd.DataFrame:
    """Which numbers and addresses were not used."""
    return shared_table(shared_keys(figures.shop.database), say)


@cache_rule(sales_only=True)
def choices_of(figures: ShopFigures, say: Words) -> list[tuple[Choice, list[str]]]:
    """The owner's last choices, the newest first, with their ids as people know them."""
    latest = identities.choices(figures.shop.database.cursor())[::-1][:MOST_HITS]
    return [
        (c, [_text_of_alias(figures, alias, say) for alias in (c.alias, c.other) if alias]) for c in latest
    ]


def _choice(figures: ShopFigures, choice: Choice, names: list[str], say: Words) -> None:
    """One join or split of the owner's, and the way back."""
    day = say.date(choice.chosen_at.date())
    if choice.other:
        text = say.say("{day}: you joined {one} and {other}", day=day, one=names[0], other=names[1])
    else:
        text = say.say("{day}: you split {one} off", day=day, one=names[0])
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.text(text if choice.undone_at is None else say.say("{choice} (taken back)", choice=text))
        if choice.undone_at is None and st.button(
            say.say("Take back"), key=f"choice-{choice.choice_id}", icon=":material/undo:"
        ):
            confirmation = say.say("Taken back.")
            _apply(
                lambda: identities.undo_choice(figures.shop.database, choice.choice_id, now()),
                confirmation,
                say,
            )


def _text_of_alias(figures: ShopFigures, alias: str, say: Words) -> str:
    """An id as people know it."""
    customer = person(figures.shop.database, alias)
    return next((_text(key, say) for key in customer.keys if key.alias == alias), alias)

"""The tabs on what to offer to whom: a product's companions and takers, the lists of everyone, how good they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from loyalty.charts.suggestions import method_marks
from loyalty.models.recommend.companions import table_of
from loyalty.models.recommend.methods import RECENT
from loyalty.models.recommend.stages import FIRST_TIMER, REGULAR, SLIPPING
from loyalty.models.recommend.tables import (
    MODE_NAMES,
    STAGE_NAMES,
    method_table,
    note_of_shares,
    outcome_table,
    suggestion_table,
)
from loyalty.models.recommend.verdicts import held_back, verdict
from loyalty.store.recommended import not_offered, save_not_offered, save_recommended
from loyalty.words import Words
from ui.cached import Desk
from ui.recommend import Offers, offers_of, reason_of
from ui.session import now
from ui.show import card, chart, downloads, plain, shown_table

SHOWN = 200


def for_whom(at: Desk, say: Words) -> None:
    """The tab "For whom what": one product's companions and takers, the lists of everyone, what is never offered."""
    found = offers_of(at, say)
    if found is None:
        st.info(say.say("Suggestions need sales that name both the customer and the products."))
        return
    st.markdown(plain(say.message(verdict(found.known.contest))))
    _one_product(at, found, say)
    _all_lists(at, found, say)
    _never(at, found, say)


def _one_product(at: Desk, found: Offers, say: Words) -> None:
    """What goes with a product, and who has it on their list."""
    data = found.given.data
    on_lists = found.lists["product"].value_counts()
    names = [*on_lists.index, *sorted(set(data.products[found.given.allowed]) - set(on_lists.index))]
    if not names:
        return
    paired = set(data.products[found.given.pairs.left])
    first = next((place for place, name in enumerate(names) if name in paired), 0)
    product = st.selectbox(say.say("Product"), names, first, key="offer-product")
    left, right = st.columns([2, 3])
    with left, card(say.say("Goes with {product}", product=product)):
        _companions(found, str(product), say)
    takers = _likeliest_first(found.lists[found.lists["product"] == product])
    title = say.plural(
        "{n} customer has {product} on their list", "{n} customers have {product} on their list", len(takers), product=product
    )
    with right, card(title):
        if takers.empty:
            st.caption(say.say("Others suit them better."))
        else:
            shown_table(_takers(at, takers.head(SHOWN), say), title, "offer-takers", height=330)
            if len(takers) > SHOWN:
                st.caption(say.say("The table shows the first {n}; the download holds all.", n=say.number(SHOWN)))
            downloads(lambda: _takers(at, takers, say), "takers", say)


def _companions(found: Offers, product: str, say: Words) -> None:
    """Sentences on what lies in the same orders."""
    data = found.given.data
    pairs = table_of(found.given.pairs, int(np.flatnonzero(data.products == product)[0]))
    if pairs.empty:
        st.caption(say.say("Nothing goes with it beyond chance so far."))
    for right, confidence in zip(pairs["right"].head(5), pairs["confidence"], strict=False):
        st.markdown(
            plain(
                say.say(
                    "Of 100 orders with it, {share} also hold {product}.",
                    share=say.number(100 * confidence),
                    product=data.products[right],
                )
            )
        )


def _likeliest_first(takers: pd.DataFrame) -> pd.DataFrame:
    """Regulars before first-timers before those slipping away; again before new; by place and score."""
    rank = {REGULAR: 0, FIRST_TIMER: 1, SLIPPING: 2}
    keyed = takers.assign(rank=takers["stage"].map(rank))
    order = ["rank", "mode", "place", "score", "customer_id"]
    return keyed.sort_values(order, ascending=[True, True, True, False, True], ignore_index=True)


def _takers(at: Desk, takers: pd.DataFrame, say: Words) -> pd.DataFrame:
    """Who has a product on their list and why."""
    named = takers.merge(at.contacts()[["customer_id", "name"]], how="left", on="customer_id")
    return pd.DataFrame(
        {
            say.say("Name"): named["name"].fillna(named["customer_id"]),
            say.say("Why"): [reason_of(row, say) for row in named.to_dict("records")],
            say.say("List"): [say.say(MODE_NAMES[mode]) for mode in named["mode"]],
            say.say("Customer is"): [say.say(STAGE_NAMES[stage]) for stage in named["stage"]],
        }
    )


def _all_lists(at: Desk, found: Offers, say: Words) -> None:
    """The lists of everyone as a file, and the word that they were handed out."""
    people = int(found.lists["customer_id"].nunique())
    with card(say.plural("A list for {n} customer", "Lists for all {n} customers", people)):
        st.markdown(
            say.say(
                "Up to five products that each of them will buy again and five that are new to them, each with its "
                "reason. First-timers see what brought others back; whoever is slipping away, what is new since."
            )
        )
        downloads(lambda: _file(at, found.lists, say), "suggestions", say)
        if st.button(
            say.say("I have sent these out"),
            key="offers-sent",
            help=say.say(
                "Keeps what was recommended to whom, so that later purchases show which suggestions were good."
            ),
        ):
            kept = save_recommended(at.shop.database, found.lists, now())
            st.success(
                say.say("Kept. In 30 days you will see what became of them.")
                if kept
                else say.say("These were kept today already.")
            )


def _file(at: Desk, lists: pd.DataFrame, say: Words) -> pd.DataFrame:
    """All lists with names and addresses in front."""
    shown = suggestion_table(lists, say)
    contacts = lists[["customer_id"]].merge(at.contacts(), how="left", on="customer_id")
    shown.insert(1, say.say("Name"), contacts["name"].to_numpy())
    shown.insert(2, say.say("E-mail"), contacts["email"].to_numpy())
    return shown


def _never(at: Desk, found: Offers, say: Words) -> None:
    """Products that are never to be recommended."""
    hidden = sorted(not_offered(at.shop.database))
    products = sorted({*map(str, found.given.data.products), *hidden})
    chosen = st.multiselect(
        say.say("Never suggest these (out of stock, or not for sale)"),
        products,
        default=hidden,
        key="offers-never",
        placeholder=say.say("None"),
    )
    if sorted(chosen) != hidden:
        save_not_offered(at.shop.database, chosen, now())
        st.rerun()


def how_good(at: Desk, say: Words) -> None:
    """The tab on how the methods did on the shop's own past, and what became of what was recommended."""
    found = offers_of(at, say)
    if found is None:
        st.info(say.say("Suggestions need sales that name both the customer and the products."))
        return
    tried = found.known.contest
    with card(say.message(verdict(tried))):
        recent = tried.of(RECENT)
        if recent is not None and recent.figures["explore_recall10"].n:
            chart(
                method_marks(tried, say),
                say.say("How much of what was new to customers each method found, with its range"),
                "offer-methods",
            )
        st.caption(
            say.sentences(
                [
                    say.message(held_back(tried)),
                    say.say(
                        "A method is shown only where it beats “popular of late” (the dotted line) by more than two "
                        "standard errors."
                    ),
                ]
            )
        )
    table = method_table(tried, say).round(3)
    places = dict.fromkeys([name for name in table.columns if table[name].dtype.kind == "f"], 4)
    surprise = say.say("Surprise (bits)")
    formats = {name: "%.2f" if name == surprise else "percent" for name in places}
    shown_table(
        table,
        say.say("Every method with its figures"),
        "offer-table",
        column_config={name: st.column_config.NumberColumn(format=kind) for name, kind in formats.items()},
    )
    downloads(table, "methods", say, places)
    _outcomes(found, say)


def _outcomes(found: Offers, say: Words) -> None:
    """What became of recommendations, and who speaks how often because of it."""
    shares = note_of_shares(dict(found.heard.shares), say)
    with card(say.say("What became of earlier suggestions")):
        if shares is not None:
            st.markdown(plain(say.message(shares)))
            st.caption(
                say.say(
                    "Each customer's list is drawn: a method that was bought from more often is drawn more often, and "
                    "one that is hardly known now and then, so that it can show what it can do."
                )
            )
        if found.heard.outcomes.empty:
            st.caption(
                say.say("Nothing yet. Say on the tab before this one when lists were sent out, and look here after 30 days.")
            )
            return
        percents = [say.say("Share bought"), say.say("From"), say.say("To")]
        for name, frame in (("method", found.heard.by_method), ("reason", found.heard.by_reason)):
            shown_table(
                outcome_table(frame, say),
                say.say("What became of suggestions"),
                f"outcomes-{name}",
                column_config={head: st.column_config.NumberColumn(format="percent") for head in percents},
            )

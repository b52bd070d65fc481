"""Product suggestions: companions and takers of a product, the lists of all customers, and their quality."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from loyalty.charts.recommendations import method_marks
from loyalty.customers.status import STATUSES
from loyalty.models.recommendations.bought_together import pairs_of_product
from loyalty.models.recommendations.model_selection import LENGTHS
from loyalty.models.recommendations.sentences import (
    compared_methods,
    holdout_sentence,
    summary,
    task_sentence,
)
from loyalty.models.recommendations.tables import (
    MODE_NAMES,
    TASK_NAMES,
    all_tasks_table,
    arm_shares_sentence,
    outcome_table,
    suggestion_table,
    task_table,
)
from loyalty.services.recommendations import customers_for_product
from loyalty.store.recommendations import not_offered, save_not_offered, save_recommendations
from loyalty.words import Words
from ui.cache import cache_rule, cached
from ui.recommendations import Offers, offers_of, reason_of
from ui.session import now
from ui.shop_figures import ShopFigures
from ui.show import card, chart, downloads, plain, shown_table

SHOWN = 200


def suggestions_per_customer(figures: ShopFigures, say: Words) -> None:
    """The tab "For whom what": one product's companions and takers, the lists of everyone, what is never offered."""
    offers = offers_of(figures, say)
    if offers is None:
        st.info(say.say("Suggestions need sales that name both the customer and the products."))
        return
    st.markdown(plain(say.message(summary(offers.inputs.model_selection))))
    _one_product(figures, offers, say)
    _all_lists(figures, offers, say)
    _not_offered(figures, offers, say)


def _one_product(figures: ShopFigures, offers: Offers, say: Words) -> None:
    """What goes with a product, and who has it on their list."""
    data = offers.recommender.data
    names = offers.offered
    if not names:
        return
    paired = set(data.products[offers.recommender.pairs.left])
    first = next((place for place, name in enumerate(names) if name in paired), 0)
    product = st.selectbox(say.say("Product"), names, first, key="offer-product")
    left, right = st.columns([2, 3])
    with left, card(say.say("Goes with {product}", product=product)):
        _companions(offers, str(product), say)
    people = customers_for_product(offers.of_product(str(product)), str(product))
    title = say.plural(
        "{n} customer has {product} on their list",
        "{n} customers have {product} on their list",
        len(people),
        product=product,
    )
    with right, card(title):
        if people.empty:
            st.caption(say.say("Others suit them better."))
        else:
            shown_table(_taker_table(figures, people.head(SHOWN), say), title, "offer-takers", height=330)
            if len(people) > SHOWN:
                st.caption(
                    say.say("The table shows the first {n}; the download holds all.", n=say.number(SHOWN))
                )
            downloads(lambda: _taker_table(figures, people, say), "takers", say)


def _companions(offers: Offers, product: str, say: Words) -> None:
    """Sentences on products in the same orders."""
    data = offers.recommender.data
    pairs = pairs_of_product(offers.recommender.pairs, int(np.flatnonzero(data.products == product)[0]))
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


def _taker_table(figures: ShopFigures, people: pd.DataFrame, say: Words) -> pd.DataFrame:
    """Who has a product on their list and why."""
    named = people.assign(name=cached(names_by_customer, figures).reindex(people["customer_id"]).to_numpy())
    return pd.DataFrame(
        {
            say.say("Name"): named["name"].fillna(named["customer_id"]),
            say.say("Why"): [reason_of(row, say) for row in named.to_dict("records")],
            say.say("List"): [say.say(MODE_NAMES[mode]) for mode in named["mode"]],
            say.say("Status"): [say.say(STATUSES[status]) for status in named["status"]],
        }
    )


@cache_rule(sales_only=True, entries=4)
def names_by_customer(figures: ShopFigures) -> pd.Series:
    """Names by customer id."""
    names: pd.Series = figures.contacts().set_index("customer_id")["name"]
    return names


def _all_lists(figures: ShopFigures, offers: Offers, say: Words) -> None:
    """The lists of all customers as a file, and a button that records that they were sent."""
    with card(say.plural("A list for {n} customer", "Lists for all {n} customers", offers.people)):
        st.markdown(
            say.say(
                "Up to five products that each of them will buy again and five that are new to them, each with its "
                "reason. New customers see what brought others back; overdue and lapsed ones, what is new since."
            )
        )
        if offers.left_out:
            st.caption(
                say.plural(
                    "{n} more customer does not want to be written to, and is left out.",
                    "{n} more customers do not want to be written to, and are left out.",
                    offers.left_out,
                )
            )
        downloads(lambda: _file(figures, offers.lists, say), "suggestions", say)
        if st.button(
            say.say("I have sent these out"),
            key="offers-sent",
            help=say.say(
                "Keeps what was recommended to whom, so that later purchases show which suggestions were good."
            ),
        ):
            saved = save_recommendations(figures.shop.database, offers.lists, now())
            st.success(
                say.say("Kept. In 30 days you will see what became of them.")
                if saved
                else say.say("These were kept today already.")
            )


def _file(figures: ShopFigures, lists: pd.DataFrame, say: Words) -> pd.DataFrame:
    """All lists with names and addresses in front."""
    shown = suggestion_table(lists, say)
    contacts = lists[["customer_id"]].merge(figures.addresses(), how="left", on="customer_id")
    shown.insert(1, say.say("Name"), contacts["name"].to_numpy())
    shown.insert(2, say.say("E-mail"), contacts["email"].to_numpy())
    return shown


def _not_offered(figures: ShopFigures, offers: Offers, say: Words) -> None:
    """A control for products that are never suggested."""
    hidden = sorted(not_offered(figures.shop.database))
    gone = [name for name in hidden if name not in offers.products]
    products = [*gone, *offers.products]
    chosen = st.multiselect(
        say.say("Never suggest these (out of stock, or not for sale)"),
        products,
        default=hidden,
        key="offers-never",
        placeholder=say.say("None"),
    )
    if sorted(chosen) != hidden:
        save_not_offered(figures.shop.database, chosen, now())
        st.rerun()


def suggestion_quality(figures: ShopFigures, say: Words) -> None:
    """The back-test of the methods on the shop's own past, and the outcome of earlier suggestions."""
    offers = offers_of(figures, say)
    if offers is None:
        st.info(say.say("Suggestions need sales that name both the customer and the products."))
        return
    selection = offers.inputs.model_selection
    task, k = _task_and_length(say)
    decisive = (task, k) == ("explore_", 10)  # what decides which method speaks for what is new
    with card(say.message(summary(selection) if decisive else task_sentence(selection, task, k))):
        speaks = selection.result_of(compared_methods(selection, task)[0])
        if speaks is not None and speaks.figures[f"{task}recall{k}"].n:
            chart(
                method_marks(selection, say, task, k),
                say.say("How much of it each method found, with its range"),
                "offer-methods",
            )
        st.caption(
            say.sentences(
                [
                    say.message(holdout_sentence(selection)),
                    say.say(
                        "The dotted line is what is to be beaten. A method speaks for what is new only where it beats "
                        "“popular of late” by more than two standard errors; the ranges hold 95 of 100."
                    ),
                ]
            )
        )
    table = task_table(selection, task, k, say)
    shares = [name for name in table.columns if table[name].dtype.kind == "f"]
    surprise = shares.pop()
    formats = dict.fromkeys(shares, "%.1f%%") | {surprise: "%.1f"}
    shown_table(
        table.assign(**{name: 100 * table[name] for name in shares}),
        say.say("Every method with its figures"),
        "offer-table",
        column_config={name: st.column_config.NumberColumn(format=kind) for name, kind in formats.items()},
    )
    downloads(lambda: all_tasks_table(selection, say), "methods", say, dict.fromkeys([*shares, surprise], 4))
    _outcomes(offers, say)


def _task_and_length(say: Words) -> tuple[str, int]:
    """Controls: what the methods are to find (a key of TASK_NAMES), and within how many suggestions."""
    left, right = st.columns([3, 2])
    task = left.segmented_control(
        say.say("To be found"),
        list(TASK_NAMES),
        default="explore_",
        key="offer-task",
        required=True,
        format_func=lambda name: say.say(TASK_NAMES[name]),
    )
    k = right.segmented_control(
        say.say("Within the first"), LENGTHS, default=LENGTHS[-1], key="offer-length", required=True
    )
    return str(task or ""), int(k or LENGTHS[-1])


def _outcomes(offers: Offers, say: Words) -> None:
    """The outcome of earlier suggestions, and how often each method is used because of it."""
    shares = arm_shares_sentence(dict(offers.outcomes.shares), say)
    with card(say.say("What became of earlier suggestions")):
        if shares is not None:
            st.markdown(plain(say.message(shares)))
            st.caption(
                say.say(
                    "Each customer's list is drawn: a method that was bought from more often is drawn more often, and "
                    "one that is hardly known now and then, so that it can show what it can do."
                )
            )
        if offers.outcomes.outcomes.empty:
            st.caption(
                say.say(
                    "Nothing yet. Say on the tab before this one when lists were sent out, and look here after 30 days."
                )
            )
            return
        percents = [say.say("Share bought"), say.say("From"), say.say("To")]
        for name, frame in (("method", offers.outcomes.by_method), ("reason", offers.outcomes.by_reason)):
            shown_table(
                outcome_table(frame, say),
                say.say("What became of suggestions"),
                f"outcomes-{name}",
                column_config={head: st.column_config.NumberColumn(format="percent") for head in percents},
            )

"""Product suggestions for the screens: of all customers, by customer and by product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import streamlit as st

from loyalty.columns import Ints
from loyalty.facts import recommendations
from loyalty.models.recommendations.reasons import reason_sentence
from loyalty.models.recommendations.recommender import Recommender
from loyalty.services.recommendations import (
    NoProductPurchases,
    RecommendationInputs,
    RecommendationOutcomes,
    build_recommender,
    evaluate_outcomes,
    load_inputs,
    suggest_for_all,
)
from loyalty.store.recommendations import not_offered, recommended_state
from loyalty.words import Words
from ui.cache import cache_rule, cached
from ui.session import words
from ui.shop_figures import ShopFigures

SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")
NOBODY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Offers:
    """All suggestions: training data, outcomes of earlier ones, the fitted recommender, and the lists of all customers.

    Attributes:
        lists: SUGGESTIONS in order of customer_id.
        rows_by_product: rows of `lists` by product, the product on most lists first.
        products: all products ever sold, in alphabetical order.
        offered: products on lists, then the others on sale.
        opted_out: customers who do not want messages.
        people: how many customers have a list.
        left_out: how many of `opted_out` would have one.
    """

    inputs: RecommendationInputs
    outcomes: RecommendationOutcomes
    recommender: Recommender
    lists: pd.DataFrame
    rows_by_product: Mapping[str, Ints]
    products: tuple[str, ...]
    offered: tuple[str, ...]
    opted_out: frozenset[str]
    people: int
    left_out: int

    def of_customer(self, customer_id: str) -> pd.DataFrame:
        """The rows of one customer."""
        return self.lists.iloc[
            slice(*(self.lists["customer_id"].searchsorted(customer_id, side) for side in SIDES))
        ]

    def of_product(self, product: str) -> pd.DataFrame:
        """The rows of one product."""
        return self.lists.iloc[self.rows_by_product.get(product, NOBODY)]


def offers_of(figures: ShopFigures, say: Words) -> Offers | None:
    """The shop's suggestions; None where sales name no products or no customers."""
    try:
        cached(inputs_of, figures)
    except NoProductPurchases:
        return None
    with st.spinner(say.say("Making everyone's list…"), show_time=True):
        return current_offers(figures)


def current_offers(figures: ShopFigures) -> Offers:
    """The shop's recommendations as of what was recommended so far. Raises NothingBought."""
    database = figures.shop.database
    return cached(offers_after, figures, recommended_state(database), not_offered(database))


@cache_rule(sales_only=True, entries=4)
def inputs_of(figures: ShopFigures) -> RecommendationInputs:
    """Back-test the methods, with a progress bar; leaving the page ends it."""
    say = words()
    bar = st.progress(0.0, say.say("Trying the methods on your own past…"))

    def show_progress(done: int, of: int) -> None:
        bar.progress(done / of, say.say("Trying method {n} of {of}…", n=min(done + 1, of), of=of))

    with figures.shop.database.reading() as con:
        inputs = load_inputs(con, figures.as_of, show_progress)
    bar.empty()
    return inputs


@cache_rule(sales_only=True, entries=4)
def learning_after(figures: ShopFigures, recommended: str) -> RecommendationOutcomes:
    """Outcomes of the suggestions so far; `recommended` identifies them."""
    with figures.shop.database.reading() as con:
        return evaluate_outcomes(con, cached(inputs_of, figures))


@cache_rule(sales_only=True, entries=4)
def offers_after(figures: ShopFigures, recommended: str, hidden: frozenset[str]) -> Offers:
    """All of it after what was recommended so far, without products that are never offered."""
    inputs, outcomes = cached(inputs_of, figures), cached(learning_after, figures, recommended)
    with figures.shop.database.reading() as con:
        opted_out = recommendations.opted_out(con)
    recommender = build_recommender(inputs, outcomes, hidden)
    lists = suggest_for_all(recommender, outcomes, figures.as_of, leave_out=opted_out)
    rows = lists.groupby("product", sort=False).indices
    rows_by_product = {
        str(name): np.asarray(rows[name], dtype=np.int64) for name in lists["product"].value_counts().index
    }
    left_out = int(np.isin(recommender.data.customers.astype(str), sorted(opted_out)).sum())
    on_sale = {str(name) for name in recommender.data.products[recommender.allowed]}
    return Offers(
        inputs=inputs,
        outcomes=outcomes,
        recommender=recommender,
        lists=lists,
        rows_by_product=rows_by_product,
        products=tuple(sorted(map(str, recommender.data.products))),
        offered=(*rows_by_product, *sorted(on_sale - rows_by_product.keys())),
        opted_out=opted_out,
        people=int(lists["customer_id"].nunique()),
        left_out=left_out,
    )


def reason_of(row: dict[object, object], say: Words) -> str:
    """Why a product is on a list, as a sentence; `row`: of SUGGESTIONS."""
    return say.message(reason_sentence({str(name): value for name, value in row.items()}))

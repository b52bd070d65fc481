"""Recommendations of a shop: model selection, outcomes so far, and lists of products for its customers.

Pages cache these by data version; the command line calls them directly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd

from loyalty.customers.status import ACTIVE, DUE, LAPSED, NEW, ONCE, OVERDUE, customer_statuses
from loyalty.errors import OwnerError
from loyalty.facts import customers as customer_facts
from loyalty.facts import recommendations
from loyalty.models.recommendations.candidates import RECENT
from loyalty.models.recommendations.holdout import choose_holdout
from loyalty.models.recommendations.interactions import Interactions, encode_interactions
from loyalty.models.recommendations.lists import LENGTH, MODES, make_suggestions
from loyalty.models.recommendations.model_selection import ModelSelection, compare_candidates
from loyalty.models.recommendations.outcomes import (
    acceptance_rates,
    arm_posteriors,
    arm_shares,
    draw_arms,
    match_outcomes,
)
from loyalty.models.recommendations.recommender import Recommender, fit_recommender
from loyalty.purchase_model.histories import purchase_days
from loyalty.services.figures import NoSuchCustomer
from loyalty.words import N_

MOST_ARMS = 2


class NoProductPurchases(OwnerError):
    """The shop's sales have no products, or no customers."""

    template = N_(
        "Recommendations need sales that name both the customer and the products. Bring in an export that lists the "
        "products of each order."
    )


class ContactRefused(OwnerError):
    """A list was asked for a customer who refused contact through every medium."""

    template = N_("“{customer_id}” does not want to be written to, so no list is made of what to offer them.")


class UnknownProduct(OwnerError):
    """A product that was never sold."""

    template = N_("No product is called “{product}”. Names must be written as in your exports.")


@dataclass(frozen=True)
class RecommendationInputs:
    """Inputs of recommendations as of a day: purchases, model selection, and customer statuses by id."""

    as_of: dt.date
    frame: pd.DataFrame
    data: Interactions
    model_selection: ModelSelection
    statuses: Mapping[str, str]


def load_inputs(
    con: ibis.BaseBackend, as_of: dt.date, watch: Callable[[int, int], None] = lambda done, of: None
) -> RecommendationInputs:
    """Load purchases and statuses and compare the candidates.

    `watch` is called with the number of candidates that are done, and of all. Raises NoProductPurchases.
    """
    frame = recommendations.interactions(con, as_of)
    if frame.empty or frame["customer_id"].isna().all():
        raise NoProductPurchases
    data = encode_interactions(frame, pd.Timestamp(as_of) + pd.Timedelta(days=1))
    customers = customer_statuses(purchase_days(customer_facts.purchase_days(con, as_of)), as_of).customers
    statuses = dict(zip(customers["customer_id"], customers["status"], strict=True))
    return RecommendationInputs(
        as_of, frame, data, compare_candidates(choose_holdout(data), watch=watch), statuses
    )


@dataclass(frozen=True)
class RecommendationOutcomes:
    """Outcomes of earlier recommendations, acceptance by method and by reason, and the arms for new products.

    `posteriors`: Beta posterior of each arm's rate; `shares`: share of customers that each arm gets, summing to 1.
    """

    outcomes: pd.DataFrame
    by_method: pd.DataFrame
    by_reason: pd.DataFrame
    posteriors: Mapping[str, tuple[float, float]]
    shares: Mapping[str, float]


def evaluate_outcomes(con: ibis.BaseBackend, inputs: RecommendationInputs) -> RecommendationOutcomes:
    """Match the saved recommendations with later purchases and clicks, and update the arms."""
    now = pd.Timestamp(inputs.as_of) + pd.Timedelta(days=1)
    outcomes = match_outcomes(
        recommendations.recommended(con, inputs.as_of),
        inputs.frame,
        recommendations.clicks(con, inputs.as_of),
        now,
    )
    by_method = acceptance_rates(outcomes)
    new_by_method = by_method[by_method["mode"] == "discover"]
    posteriors = arm_posteriors(eligible_arms(inputs.model_selection), new_by_method)
    return RecommendationOutcomes(
        outcomes=outcomes,
        by_method=by_method,
        by_reason=acceptance_rates(outcomes, ("mode", "reason")),
        posteriors=posteriors,
        shares=arm_shares(posteriors, seed=inputs.as_of.toordinal()),
    )


def eligible_arms(selection: ModelSelection) -> dict[str, float]:
    """The arms for new products: the best winners and RECENT, each with its precision in the hold-out."""
    names = [result.candidate.name for result in selection.winners[:MOST_ARMS]]
    results = [selection.result_of(name) for name in [*names, RECENT]]
    return {result.candidate.name: result.precision for result in results if result is not None}


def build_recommender(
    inputs: RecommendationInputs, outcomes: RecommendationOutcomes, without: Collection[str] = ()
) -> Recommender:
    """Fit the recommender on all purchases; `without`: products never to be shown."""
    content_result = inputs.model_selection.result_of("content_based")
    return fit_recommender(
        inputs.data,
        list(outcomes.posteriors),
        content=content_result is not None and content_result.wins,
        without=without,
        statuses=inputs.statuses,
    )


def suggest_for_all(
    recommender: Recommender,
    outcomes: RecommendationOutcomes,
    as_of: dt.date,
    modes: Collection[str] = MODES,
    leave_out: Collection[str] = (),
) -> pd.DataFrame:
    """SUGGESTIONS of all customers but those in `leave_out`."""
    arms = draw_arms(outcomes.posteriors, len(recommender.data.customers), seed=as_of.toordinal())
    rows = recommender.rows[~np.isin(recommender.data.customers.astype(str), sorted(leave_out))]
    return make_suggestions(recommender, rows, LENGTH, modes, arms[rows])


def suggest_for_customer(
    recommender: Recommender,
    outcomes: RecommendationOutcomes,
    as_of: dt.date,
    customer_id: str,
    modes: Collection[str] = MODES,
    leave_out: Collection[str] = (),
) -> pd.DataFrame:
    """SUGGESTIONS of one customer, the same as among those of everyone; raises NoSuchCustomer, ContactRefused."""
    if customer_id in leave_out:
        raise ContactRefused(customer_id=customer_id)
    row = np.flatnonzero(recommender.data.customers == customer_id)
    if not len(row):
        raise NoSuchCustomer(customer_id=customer_id)
    arms = draw_arms(outcomes.posteriors, len(recommender.data.customers), seed=as_of.toordinal())
    return make_suggestions(recommender, row, LENGTH, modes, arms[row])


def customers_for_product(lists: pd.DataFrame, product: str) -> pd.DataFrame:
    """The SUGGESTIONS of a product, the likeliest customers first.

    Active and due customers first, then new ones and those who bought once, then overdue and lapsed ones; again before
    new; by place and score.
    """
    on_lists = lists[lists["product"] == product]
    keyed = on_lists.assign(
        rank=on_lists["status"].map({ACTIVE: 0, DUE: 0, NEW: 1, ONCE: 1, OVERDUE: 2, LAPSED: 2})
    )
    order = ["rank", "mode", "place", "score", "customer_id"]
    ranked = keyed.sort_values(order, ascending=[True, True, True, False, True], ignore_index=True)
    return ranked.drop(columns="rank")

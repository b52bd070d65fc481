"""From an open shop to lists of products for its customers: the contest, what was learnt since, and the lists.

Pages keep these by data version; the command line calls them as they are.
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
from loyalty.models.recommendations.holdout import holdout
from loyalty.models.recommendations.interactions import Interactions, interactions
from loyalty.models.recommendations.lists import LENGTH, MODES, suggestions
from loyalty.models.recommendations.model_selection import Contest, contest
from loyalty.models.recommendations.outcomes import acceptance, outcomes, posteriors, speakers, weights
from loyalty.models.recommendations.recommender import Advisor, advisor
from loyalty.purchase_model.histories import purchase_days
from loyalty.services.figures import NoSuchCustomer
from loyalty.words import N_

MOST_ARMS = 2


class NothingBought(OwnerError):
    """Recommendations were asked of a shop whose sales name no products, or no customers."""

    template = N_(
        "Recommendations need sales that name both the customer and the products. Bring in an export that lists the "
        "products of each order."
    )


class AskedNotTo(OwnerError):
    """A list for someone who said no to every medium they were asked about."""

    template = N_("“{customer_id}” does not want to be written to, so no list is made of what to offer them.")


class UnknownProduct(OwnerError):
    """A product that was never sold."""

    template = N_("No product is called “{product}”. Names must be written as in your exports.")


@dataclass(frozen=True)
class Grounds:
    """Who bought what, as of a day, how the methods did on the shop's own later sales, and where customers stand, by id."""

    as_of: dt.date
    frame: pd.DataFrame
    data: Interactions
    contest: Contest
    statuses: Mapping[str, str]


def _unwatched(done: int, of: int) -> None:
    """No one watches."""


def grounds(con: ibis.BaseBackend, as_of: dt.date, watch: Callable[[int, int], None] = _unwatched) -> Grounds:
    """Ask the facts and hold the contest; raises NothingBought. `watch` is told how many methods are done, of how many."""
    frame = recommendations.interactions(con, as_of)
    if frame.empty or frame["customer_id"].isna().all():
        raise NothingBought
    data = interactions(frame, pd.Timestamp(as_of) + pd.Timedelta(days=1))
    standing = customer_statuses(purchase_days(customer_facts.purchase_days(con, as_of)), as_of).customers
    statuses = dict(zip(standing["customer_id"], standing["status"], strict=True))
    return Grounds(as_of, frame, data, contest(holdout(data), watch=watch), statuses)


@dataclass(frozen=True)
class Learnt:
    """What came of earlier recommendations: each with its outcome, by method and reason, and who speaks how often.

    `beliefs`: Beta posterior of each method for what is new; `shares`: how often each speaks, summing to 1.
    """

    outcomes: pd.DataFrame
    by_method: pd.DataFrame
    by_reason: pd.DataFrame
    beliefs: Mapping[str, tuple[float, float]]
    shares: Mapping[str, float]


def learnt(con: ibis.BaseBackend, known: Grounds) -> Learnt:
    """Close the loop: recommendations kept so far, against later purchases and clicks."""
    now = pd.Timestamp(known.as_of) + pd.Timedelta(days=1)
    found = outcomes(
        recommendations.recommended(con, known.as_of),
        known.frame,
        recommendations.clicks(con, known.as_of),
        now,
    )
    by_method = acceptance(found)
    new = by_method[by_method["mode"] == "discover"]
    beliefs = posteriors(arms(known.contest), new)
    return Learnt(
        outcomes=found,
        by_method=by_method,
        by_reason=acceptance(found, ("mode", "reason")),
        beliefs=beliefs,
        shares=weights(beliefs, seed=known.as_of.toordinal()),
    )


def arms(found: Contest) -> dict[str, float]:
    """Methods that may speak for what is new, with the share of their suggestions bought in the hold-out."""
    names = [result.method.name for result in found.winners[:MOST_ARMS]]
    results = [found.of(name) for name in [*names, RECENT]]
    return {result.method.name: result.precision for result in results if result is not None}


def advise(known: Grounds, heard: Learnt, without: Collection[str] = ()) -> Advisor:
    """Fit what lists need on all that is known; `without`: products never to be shown."""
    names = known.contest.of("content_based")
    return advisor(
        known.data,
        list(heard.beliefs),
        content=names is not None and names.wins,
        without=without,
        statuses=known.statuses,
    )


def for_everyone(
    given: Advisor,
    heard: Learnt,
    as_of: dt.date,
    modes: Collection[str] = MODES,
    leave_out: Collection[str] = (),
) -> pd.DataFrame:
    """SUGGESTIONS of all customers but those to be left out."""
    speaking = speakers(heard.beliefs, len(given.data.customers), seed=as_of.toordinal())
    rows = given.rows[~np.isin(given.data.customers.astype(str), sorted(leave_out))]
    return suggestions(given, rows, LENGTH, modes, speaking[rows])


def for_customer(
    given: Advisor,
    heard: Learnt,
    as_of: dt.date,
    customer_id: str,
    modes: Collection[str] = MODES,
    leave_out: Collection[str] = (),
) -> pd.DataFrame:
    """SUGGESTIONS of one customer, the same as among those of everyone; raises NoSuchCustomer, AskedNotTo."""
    if customer_id in leave_out:
        raise AskedNotTo(customer_id=customer_id)
    row = np.flatnonzero(given.data.customers == customer_id)
    if not len(row):
        raise NoSuchCustomer(customer_id=customer_id)
    speaking = speakers(heard.beliefs, len(given.data.customers), seed=as_of.toordinal())
    return suggestions(given, row, LENGTH, modes, speaking[row])


def takers(lists: pd.DataFrame, product: str) -> pd.DataFrame:
    """Whose list holds a product, the likeliest first; the columns of SUGGESTIONS.

    Active and due customers first, then new ones and those who bought once, then overdue and lapsed ones; again before
    new; by place and score.
    """
    found = lists[lists["product"] == product]
    keyed = found.assign(
        rank=found["status"].map({ACTIVE: 0, DUE: 0, NEW: 1, ONCE: 1, OVERDUE: 2, LAPSED: 2})
    )
    order = ["rank", "mode", "place", "score", "customer_id"]
    ranked = keyed.sort_values(order, ascending=[True, True, True, False, True], ignore_index=True)
    return ranked.drop(columns="rank")

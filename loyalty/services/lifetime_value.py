"""From an open shop to what its customers will bring: the prediction, its back-tests, and a forecaster made of both.

As in `loyalty.services.figures`: pages cache these by data version; the command line calls them as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from loyalty.customers.status import customer_statuses
from loyalty.purchase_model.backtest import BackTest, backtest_sentence
from loyalty.purchase_model.clv import Clv, predicted_clv
from loyalty.purchase_model.customer_state import CustomerState, customer_state
from loyalty.purchase_model.terms import Terms
from loyalty.services.purchase_model import SnapshotModels
from loyalty.shop.settings import Settings
from loyalty.words import Words

SEED = 0
SHOWN = ["customer_id", "p_alive", "expected_purchases", "expected_value", "clv", "low", "high", "next_early", "next_median", "next_late"]  # fmt: skip


@dataclass(frozen=True)
class LifetimeValue:
    """A prediction and what it would have said before."""

    predicted: Clv
    tested: BackTest

    @property
    def customers(self) -> pd.DataFrame:
        """The columns SHOWN, one row a customer (see `loyalty.purchase_model.clv.Clv`)."""
        return self.predicted.customers[SHOWN]


def terms_of(
    settings: Settings, months: int = 12, discount: float = 0.1, margin: float | None = None
) -> Terms:
    """What to predict: `margin`, else the owner's own, else revenue itself. Raises what `Terms` raises."""
    return Terms(months, discount, margin if margin is not None else settings.margin or 1.0)


def predict_lifetime_value(of: SnapshotModels, terms: Terms) -> LifetimeValue:
    """What the customers of a shop will bring, as of the end of a day."""
    predicted, tested = predicted_clv(of.days, of.as_of, terms, seed=SEED, history=of.history)
    chance = customer_statuses(of.days, of.as_of, history=of.history).customers.set_index("customer_id")[
        "p_alive"
    ]
    customers = predicted.customers
    p_alive = chance.reindex(customers["customer_id"]).to_numpy()
    return LifetimeValue(replace(predicted, customers=customers.assign(p_alive=p_alive)), tested)


def customer_states(of: SnapshotModels, terms: Terms) -> CustomerState:
    """The same prediction without ranges and back-tests: quick enough for a table of everyone."""
    return customer_state(of.history, of.as_of, terms)


def sentences(ahead: LifetimeValue, words: Words) -> list[str]:
    """What the customers will bring, the newest back-test beside it, and what a reader should know of both."""
    said = ahead.predicted
    if said.missing is not None or said.total is None:
        return [words.message(said.missing)] if said.missing else []
    told = words.plural(
        "In the next {n} month your present customers will bring {low} to {high}, most likely about {expected}.",
        "In the next {n} months your present customers will bring {low} to {high}, most likely about {expected}.",
        said.terms.months,
        low=words.money(said.total.low, cents=False),
        high=words.money(said.total.high, cents=False),
        expected=words.money(said.total.expected, cents=False),
    )
    tested = ahead.tested
    past = (
        backtest_sentence(tested.origins[-1], words)
        if tested.origins
        else words.message(tested.note)
        if tested.note
        else ""
    )
    return [told, *([past] if past else []), *(words.message(note) for note in said.notes)]

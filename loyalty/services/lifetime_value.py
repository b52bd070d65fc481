"""Customer lifetime value of an open shop: the prediction, its back-tests, and both in sentences.

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
SHOWN = [
    "customer_id",
    "p_alive",
    "expected_purchases",
    "expected_value",
    "clv",
    "low",
    "high",
    "next_early",
    "next_median",
    "next_late",
]


@dataclass(frozen=True)
class LifetimeValue:
    """A prediction of lifetime value and its back-tests."""

    predicted: Clv
    backtest: BackTest

    @property
    def customers(self) -> pd.DataFrame:
        """The columns SHOWN, one row a customer (see `loyalty.purchase_model.clv.Clv`)."""
        return self.predicted.customers[SHOWN]


def terms_of(
    settings: Settings, months: int = 12, discount: float = 0.1, margin: float | None = None
) -> Terms:
    """The terms of a prediction, with the owner's margin by default (1 without one). Raises what `Terms` raises."""
    return Terms(months, discount, margin if margin is not None else settings.margin or 1.0)


def predict_lifetime_value(models: SnapshotModels, terms: Terms) -> LifetimeValue:
    """Predict the lifetime value of all customers; `p_alive` is that of their status."""
    predicted, backtest = predicted_clv(models.days, models.as_of, terms, seed=SEED, history=models.history)
    statuses = customer_statuses(models.days, models.as_of, history=models.history).customers
    customers = predicted.customers
    p_alive = statuses.set_index("customer_id")["p_alive"].reindex(customers["customer_id"]).to_numpy()
    return LifetimeValue(replace(predicted, customers=customers.assign(p_alive=p_alive)), backtest)


def customer_states(models: SnapshotModels, terms: Terms) -> CustomerState:
    """The same prediction without ranges and back-tests: quick enough for a table of everyone."""
    return customer_state(models.history, models.as_of, terms)


def sentences(lifetime_value: LifetimeValue, words: Words) -> list[str]:
    """The prediction, the newest back-test, and notes on both."""
    predicted = lifetime_value.predicted
    if predicted.missing is not None or predicted.total is None:
        return [words.message(predicted.missing)] if predicted.missing else []
    total = words.plural(
        "In the next {n} month your present customers will bring {low} to {high}, most likely about {expected}.",
        "In the next {n} months your present customers will bring {low} to {high}, most likely about {expected}.",
        predicted.terms.months,
        low=words.money(predicted.total.low, cents=False),
        high=words.money(predicted.total.high, cents=False),
        expected=words.money(predicted.total.expected, cents=False),
    )
    backtest = lifetime_value.backtest
    past = (
        backtest_sentence(backtest.origins[-1], words)
        if backtest.origins
        else words.message(backtest.note)
        if backtest.note
        else ""
    )
    return [total, *([past] if past else []), *(words.message(note) for note in predicted.notes)]

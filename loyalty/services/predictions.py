"""Predictions of an open shop: their inputs, model selection, and the predictions themselves.

As in `loyalty.services.lifetime_value`: pages cache these by data version; the command line calls them as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

import ibis
import numpy as np
import pandas as pd

from loyalty.customers.status import CustomerStatuses, customer_statuses
from loyalty.errors import OwnerError
from loyalty.facts.predictions import features_at, order_days
from loyalty.facts.recommendations import opted_out
from loyalty.models.predictions.candidates import (
    BY_NAME,
    CANDIDATES,
    PURCHASE_MODEL,
    candidate_named,
    default_candidate,
)
from loyalty.models.predictions.contact_choice import USUAL_EFFECT, Costs
from loyalty.models.predictions.model_selection import (
    ModelSelection,
    ProgressCallback,
    select_model,
    training_data,
)
from loyalty.models.predictions.monitor import Month, monitor
from loyalty.models.predictions.predictions import Predictions, predict, worth_contacting
from loyalty.models.predictions.reasons import Reasons, explain, order_rhythm
from loyalty.models.predictions.rolling_origins import Plan, plan
from loyalty.models.predictions.snapshot import (
    HORIZONS,
    Example,
    PurchaseLog,
    Snapshot,
    outcome,
    purchase_log,
    snapshot,
)
from loyalty.models.predictions.training import Scorer
from loyalty.purchase_model.backtest import USUAL_DRIFT, Drift
from loyalty.services.audiences import MISSED, WORTH_CONTACTING, PreparedAudience
from loyalty.shop.settings import Settings
from loyalty.store.selected_models import SelectedModel
from loyalty.words import N_, Message

USUAL_HORIZON = 90
LEAST_DAYS = 30
TWO_YEARS_DAYS = 730
MIN_REPEATERS = 20  # customers who came back
MESSAGE_SHARE = 0.05  # of the median spend of a purchase day

ONE_YEAR = N_(
    "Your sales go back less than two years, so seasons are unknown: before a feast or a quiet month these figures may be "
    "off by more than their range."
)
BORROWED = N_(
    "Only {have} customers have come back so far. Until there are {enough}, the figures lean on what is usual in other shops."
)
MODEL_ALONE = N_("There is no past to learn from yet, so the buying habits alone speak.")


class BadHorizon(OwnerError):
    """A horizon that is not one of HORIZONS."""

    template: ClassVar[str] = N_("One can look {known} days ahead; {days} was asked for.")


class NothingToPredict(OwnerError):
    """No customer has an order that counts, or the sales go back too short a time."""

    template: ClassVar[str] = N_(
        "There is nothing to predict from yet: it takes {enough} days of sales to customers who are known, of which "
        "something still counts after refunds."
    )


@dataclass(frozen=True)
class PredictionInputs:
    """The inputs of predictions as of the end of `as_of`.

    `plan`: the origins and windows; `now`: the snapshot to predict from; `examples`: earlier snapshots with their outcomes, by
    cutoff; `opted_out`: customers who said no to every medium, for whom nothing is predicted.
    """

    as_of: dt.date
    horizon_days: int
    purchase_log: PurchaseLog
    plan: Plan
    now: Snapshot
    examples: Mapping[dt.date, Example]
    opted_out: frozenset[str]

    @property
    def customers(self) -> frozenset[str]:
        """Customers with revenue left after refunds."""
        days = self.purchase_log.counted
        return frozenset(days.names[np.unique(days.customer[days.value > 0])])

    @cached_property
    def statuses(self) -> CustomerStatuses:
        """The statuses as of the same day, equal to those on all pages."""
        return customer_statuses(self.purchase_log.counted, self.as_of)


@dataclass(frozen=True)
class ShopPredictions:
    """Predictions for the customers of a shop, by `method`.

    `predictions.customers`: the customers with revenue who have not opted out of messages; `rows`: their positions in the
    snapshot; `counted`: how many have revenue, with those who opted out: the total includes them. `notes`: what a reader
    should know.
    """

    method: str
    predictions: Predictions
    rows: np.ndarray
    counted: int
    explanation: Reasons
    drift: Drift
    notes: tuple[Message, ...]

    def reasons(self, place: int) -> list[Message]:
        """The order rhythm and the strongest reasons of the customer at a position in `predictions.customers`."""
        row = int(self.rows[place])
        return [order_rhythm(self.predictions.snapshot, row), *self.explanation.strongest(row)]


def checked_horizon(days: int) -> int:
    """Check that a horizon is one of HORIZONS and return it. Raises BadHorizon."""
    if days not in HORIZONS:
        raise BadHorizon(known=", ".join(map(str, HORIZONS)), days=days)
    return days


def prediction_inputs(
    con: ibis.BaseBackend, as_of: dt.date, horizon_days: int = USUAL_HORIZON, *, origins: bool = False
) -> PredictionInputs:
    """Read the inputs of predictions from the database.

    Args:
        con: a connection to the shop's data.
        as_of: the last day that is looked at.
        horizon_days: one of HORIZONS.
        origins: whether to read the origins of model selection too.

    Raises:
        BadHorizon, NothingToPredict.
    """
    checked_horizon(horizon_days)
    days = order_days(con, as_of)
    if not days["kept"].any() or (pd.Timestamp(as_of) - days["day"].min()).days < LEAST_DAYS:
        raise NothingToPredict(enough=LEAST_DAYS)
    log = purchase_log(days)
    origin_plan = plan(days["day"].min().date(), as_of, horizon_days)
    cutoffs = origin_plan.days if origins else (*origin_plan.now.windows, as_of)
    features = features_at(con, sorted(set(cutoffs)), horizon_days)
    snapshots = {day: snapshot(log, features[day], day, horizon_days) for day in cutoffs}
    examples = {day: Example(at, outcome(log, at)) for day, at in snapshots.items() if day != as_of}
    return PredictionInputs(as_of, horizon_days, log, origin_plan, snapshots[as_of], examples, opted_out(con))


def usual_costs(inputs: PredictionInputs, settings: Settings) -> Costs:
    """The default costs, until the owner enters others.

    A message costs a twentieth of the median spend of a purchase day (10 % off, redeemed by every second); a customer who is
    kept is worth the mean spend of a buyer within the horizon, times the margin.
    """
    value = inputs.purchase_log.counted.value
    day_spend = float(np.median(value[value > 0])) if (value > 0).any() else 1.0
    newest = next(iter(inputs.examples.values()), None)
    spends = newest.outcome.value[newest.outcome.bought] if newest is not None else np.zeros(0)
    horizon_spend = float(spends.mean()) if len(spends) else day_spend
    return Costs(
        MESSAGE_SHARE * day_spend, max(horizon_spend, day_spend) * (settings.margin or 1.0), USUAL_EFFECT
    )


def selected_model_record(selection: ModelSelection, as_of: dt.date) -> SelectedModel | None:
    """The record of a model selection that is stored; None where it had no origins."""
    if not selection.results:
        return None
    return SelectedModel(
        selection.horizon_days, as_of, selection.chosen, selection.drift.sd, selection.drift.learned
    )


def predict_by_selected_model(
    inputs: PredictionInputs, costs: Costs, selected: SelectedModel | None, seed: int = 0
) -> ShopPredictions:
    """Predict by the selected model; by the default one where none is selected, or its library is not installed any more."""
    if selected is None:
        return predict_customers(inputs, costs, seed=seed)
    candidate = BY_NAME.get(selected.model)
    method = candidate.name if candidate is not None and candidate.installed() else None
    return predict_customers(inputs, costs, method, Drift(selected.drift_sd, selected.drift_learned), seed)


def predict_customers(
    inputs: PredictionInputs,
    costs: Costs,
    method: str | None = None,
    drift: Drift = USUAL_DRIFT,
    seed: int = 0,
) -> ShopPredictions:
    """Predict by a method, or the default one, for customers with revenue who have not opted out.

    Raises:
        UnknownCandidate, NoTorch.
    """
    training = training_data(inputs.plan.now, inputs.examples, seed)
    asked = candidate_named(method) if method else candidate_named(default_candidate(training))
    chosen = asked if asked.ready(training) else candidate_named(PURCHASE_MODEL)
    scorer: Scorer = chosen.learn(training)
    everyone = predict(inputs.now, inputs.statuses, scorer, drift, costs, seed)
    counted = everyone.customers["customer_id"].isin(inputs.customers)
    rows = np.flatnonzero(counted & ~everyone.customers["customer_id"].isin(inputs.opted_out))
    total = replace(everyone.total, buyers=float(everyone.customers.loc[counted, "p_buy"].sum()))
    listed = everyone.customers.iloc[rows].reset_index(drop=True)
    predictions = Predictions(everyone.snapshot, listed, total, everyone.purchase_model)
    return ShopPredictions(
        chosen.name,
        predictions,
        rows,
        int(counted.sum()),
        explain(scorer, inputs.now),
        drift,
        notes(inputs, learned=training.has_both_outcomes),
    )


def worth_contacting_audience(predictions: ShopPredictions) -> PreparedAudience:
    """The audience of overdue and lapsed customers to whom a message is expected to pay."""
    people = frozenset(worth_contacting(predictions.predictions)["customer_id"])
    return PreparedAudience(
        WORTH_CONTACTING, Message(N_("Overdue or lapsed, and worth contacting")), Message(MISSED), people
    )


def notes(inputs: PredictionInputs, *, learned: bool) -> tuple[Message, ...]:
    """What a reader should know of these predictions. `learned`: whether there was training data."""
    messages = []
    repeaters = inputs.now.history.repeaters
    if repeaters < MIN_REPEATERS:
        messages.append(Message(BORROWED, {"have": repeaters, "enough": MIN_REPEATERS}))
    if not learned:
        messages.append(Message(MODEL_ALONE))
    if (inputs.as_of - dt.date(1970, 1, 1)).days - inputs.purchase_log.first < TWO_YEARS_DAYS:
        messages.append(Message(ONE_YEAR))
    return tuple(messages)


def backtest_candidates(
    inputs: PredictionInputs,
    progress: ProgressCallback = lambda done, of: None,
    without: Collection[str] = (),
    seed: int = 0,
) -> ModelSelection:
    """Run model selection on the shop's own past.

    Args:
        inputs: read with `origins`.
        progress: see `select_model`.
        without: names of candidates to leave out.
        seed: of the random draws.
    """
    methods = [method for method in CANDIDATES if method.name not in without]
    return select_model(inputs.plan, inputs.examples, methods, progress, seed)


def monitored_months(inputs: PredictionInputs) -> tuple[Month, ...]:
    """Monitor predictions month by month."""
    return monitor(inputs.purchase_log, inputs.as_of)

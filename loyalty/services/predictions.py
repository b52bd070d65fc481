"""From an open shop to predictions: what was known, what may be learned, the contest of methods, and what is said now.

As in `loyalty.services.lifetime_value`: pages keep these by data version; the command line calls them as they are.
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
from loyalty.models.predictions.candidates import BY_NAME, CANDIDATES, candidate_named, usual
from loyalty.models.predictions.contact_choice import USUAL_EFFECT, Costs
from loyalty.models.predictions.model_selection import ModelSelection, Watch, select_model, training
from loyalty.models.predictions.monitor import Month, monitor
from loyalty.models.predictions.predictions import Predictions, forecasts, worth_contacting
from loyalty.models.predictions.reasons import Why, order_rhythm, why
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
FEW = 20  # customers who came back
MESSAGE_SHARE = 0.05  # of a usual day's spend

ONE_YEAR = N_(
    "Your sales go back less than two years, so seasons are unknown: before a feast or a quiet month these figures may be "
    "off by more than their range."
)
BORROWED = N_(
    "Only {have} customers have come back so far. Until there are {enough}, the figures lean on what is usual in other shops."
)
MODEL_ALONE = N_("There is no past to learn from yet, so the buying habits alone speak.")


class BadHorizon(OwnerError):
    """A horizon that is not among those that can be looked ahead."""

    template: ClassVar[str] = N_("One can look {known} days ahead; {days} was asked for.")


class NothingToPredict(OwnerError):
    """There are no customers whose orders count, or too short a past."""

    template: ClassVar[str] = N_(
        "There is nothing to predict from yet: it takes {enough} days of sales to customers who are known, of which "
        "something still counts after refunds."
    )


@dataclass(frozen=True)
class PredictionInputs:
    """All that predictions as of a day stand on: the days of orders, the plan, the snapshot of now, and earlier ones with
    what became of them, by cutoff; `silent`: who said no to every medium, of whom nothing is predicted."""

    as_of: dt.date
    horizon_days: int
    purchase_log: PurchaseLog
    plan: Plan
    now: Snapshot
    examples: Mapping[dt.date, Example]
    silent: frozenset[str]

    @property
    def customers(self) -> frozenset[str]:
        """Those of whose orders something still counts after refunds."""
        kept = self.purchase_log.kept
        return frozenset(kept.names[np.unique(kept.customer[kept.value > 0])])

    @cached_property
    def statuses(self) -> CustomerStatuses:
        """Where they stand now, the same as everywhere else."""
        return customer_statuses(self.purchase_log.kept, self.as_of)


@dataclass(frozen=True)
class ShopPredictions:
    """What is said now: of each customer who counts, by which method, why; and what a reader should know.

    `predictions.customers` has the customers who still count and did not say no to messages; `rows`: their places in the
    snapshot; `counted`: how many still count, with those who said no: the total is theirs as well.
    """

    method: str
    predictions: Predictions
    rows: np.ndarray
    counted: int
    why: Why
    drift: Drift
    notes: tuple[Message, ...]

    def reasons(self, place: int) -> list[Message]:
        """Why, of the customer at a place of the table: the habit, then what speaks for or against."""
        row = int(self.rows[place])
        return [order_rhythm(self.predictions.at, row), *self.why.of(row)]


def checked_horizon(days: int) -> int:
    """`days` if one can look that far ahead. Raises BadHorizon."""
    if days not in HORIZONS:
        raise BadHorizon(known=", ".join(map(str, HORIZONS)), days=days)
    return days


def prediction_inputs(
    con: ibis.BaseBackend, as_of: dt.date, horizon_days: int = USUAL_HORIZON, *, origins: bool = False
) -> PredictionInputs:
    """Ask the facts; with `origins` also those of the contest. Raises BadHorizon, NothingToPredict."""
    checked_horizon(horizon_days)
    days = order_days(con, as_of)
    if not days["kept"].any() or (pd.Timestamp(as_of) - days["day"].min()).days < LEAST_DAYS:
        raise NothingToPredict(enough=LEAST_DAYS)
    found = purchase_log(days)
    wanted = plan(days["day"].min().date(), as_of, horizon_days)
    needed = wanted.days if origins else (*wanted.now.windows, as_of)
    known = features_at(con, sorted(set(needed)), horizon_days)
    shots = {day: snapshot(found, known[day], day, horizon_days) for day in needed}
    examples = {day: Example(at, outcome(found, at)) for day, at in shots.items() if day != as_of}
    return PredictionInputs(as_of, horizon_days, found, wanted, shots[as_of], examples, opted_out(con))


def usual_costs(of: PredictionInputs, settings: Settings) -> Costs:
    """What a message costs and a customer kept is worth, unless the owner says otherwise: a twentieth of a usual day's
    spend (10 % off, taken by every second), and what one who comes back spends within the horizon, times the margin."""
    value = of.purchase_log.kept.value
    day = float(np.median(value[value > 0])) if (value > 0).any() else 1.0
    newest = next(iter(of.examples.values()), None)
    came = newest.became.value[newest.became.bought] if newest is not None else np.zeros(0)
    worth = float(came.mean()) if len(came) else day
    return Costs(MESSAGE_SHARE * day, max(worth, day) * (settings.margin or 1.0), USUAL_EFFECT)


def selected_model_record(held: ModelSelection, as_of: dt.date) -> SelectedModel | None:
    """What is kept of a contest as of a day; None where there was nothing to try methods on."""
    if not held.results:
        return None
    return SelectedModel(held.horizon_days, as_of, held.chosen, held.drift.sd, held.drift.learned)


def predict_by_selected_model(
    of: PredictionInputs, costs: Costs, verdict: SelectedModel | None, seed: int = 0
) -> ShopPredictions:
    """Predict by the method that won the last contest; by the usual one where there was none, or where what the winner
    needs is not installed any more."""
    if verdict is None:
        return predict_customers(of, costs, seed=seed)
    known = BY_NAME.get(verdict.model)
    method = known.name if known is not None and known.there() else None
    return predict_customers(of, costs, method, Drift(verdict.drift_sd, verdict.drift_learned), seed)


def predict_customers(
    of: PredictionInputs, costs: Costs, method: str | None = None, drift: Drift = USUAL_DRIFT, seed: int = 0
) -> ShopPredictions:
    """Predict with a method, or the usual one, for all who count and did not say no. Raises UnknownContestant, NoTorch."""
    past = training(of.plan.now, of.examples, seed)
    asked = candidate_named(method) if method else candidate_named(usual(past))
    chosen = asked if asked.ready(past) else candidate_named("bg_nbd")
    scorer: Scorer = chosen.learn(past)
    said = forecasts(of.now, of.statuses, scorer, drift, costs, seed)
    counted = said.customers["customer_id"].isin(of.customers)
    rows = np.flatnonzero(counted & ~said.customers["customer_id"].isin(of.silent))
    total = replace(said.total, buyers=float(said.customers.loc[counted, "p_buy"].sum()))
    shown = said.customers.iloc[rows].reset_index(drop=True)
    kept = Predictions(said.at, shown, total, said.purchase_model)
    return ShopPredictions(
        chosen.name, kept, rows, int(counted.sum()), why(scorer, of.now), drift, notes(of, learned=past.tells)
    )


def worth_contacting_audience(said: ShopPredictions) -> PreparedAudience:
    """Those who are overdue or lapsed and to whom a message is expected to pay, as an audience."""
    people = frozenset(worth_contacting(said.predictions)["customer_id"])
    return PreparedAudience(
        WORTH_CONTACTING, Message(N_("Overdue or lapsed, and worth contacting")), Message(MISSED), people
    )


def notes(of: PredictionInputs, *, learned: bool) -> tuple[Message, ...]:
    """What a reader should know of any prediction here."""
    found = []
    back = of.now.known.repeaters
    if back < FEW:
        found.append(Message(BORROWED, {"have": back, "enough": FEW}))
    if not learned:
        found.append(Message(MODEL_ALONE))
    if (of.as_of - dt.date(1970, 1, 1)).days - of.purchase_log.first < TWO_YEARS_DAYS:
        found.append(Message(ONE_YEAR))
    return tuple(found)


def backtest_candidates(
    of: PredictionInputs, watch: Watch = lambda done, of: None, without: Collection[str] = (), seed: int = 0
) -> ModelSelection:
    """The contest on the shop's own past; `of` must have been asked with its origins. `without`: methods left out."""
    methods = [method for method in CANDIDATES if method.name not in without]
    return select_model(of.plan, of.examples, methods, watch, seed)


def monitored_months(of: PredictionInputs) -> tuple[Month, ...]:
    """Whether predictions still hold, month by month."""
    return monitor(of.purchase_log, of.as_of)

"""Model selection: comparing the candidates on the shop's own past, from several earlier days (rolling origins).

Each candidate learns only from windows that ended by the day it predicts from. One replaces the default candidate only if
its log loss is lower by more than chance: a paired interval over customers, all their origins together (Student's t, as a
shop may have few), at a level corrected for the number of candidates (Bonferroni), and lower at most of the origins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from loyalty.columns import Flags, Floats
from loyalty.customers.status import CustomerStatuses, customer_statuses
from loyalty.models.predictions import metrics
from loyalty.models.predictions.candidates import CANDIDATES, PURCHASE_MODEL, default_candidate
from loyalty.models.predictions.purchase_model import purchase_model_scores
from loyalty.models.predictions.rolling_origins import Plan, Start
from loyalty.models.predictions.snapshot import Example
from loyalty.models.predictions.spend import model_spread, spend_forecast, total_range
from loyalty.models.predictions.training import Candidate, TrainingData
from loyalty.purchase_model.backtest import Drift, learn_drift
from loyalty.purchase_model.backtest import Origin as Total

LEVEL = 0.05
MEASURES: Mapping[str, Callable[[Flags, Floats], float]] = {
    "auc": metrics.auc,
    "log_loss": metrics.log_loss,
    "brier": metrics.brier,
    "calibration_slope": metrics.calibration_slope,
    "ece": metrics.calibration_error,
    "pr_auc": metrics.average_precision,
    "top_decile_capture": metrics.top_capture,
}
ProgressCallback = Callable[[int, int], None]


@dataclass(frozen=True)
class Trial:
    """The predictions of all candidates from one origin, for its n customers.

    `p_buy`, `orders`: P(buys) and expected purchase days by candidate, shape (n,) each; `value`, shape (n,): expected spend a
    purchase day; `total`: predicted and actual net revenue of all customers together; `default_candidate`: the one that
    would have been used by default.
    """

    cutoff: dt.date
    example: Example
    p_buy: Mapping[str, Floats]
    statuses: CustomerStatuses
    orders: Mapping[str, Floats]
    value: Floats
    total: Total
    default_candidate: str


@dataclass(frozen=True)
class Result:
    """The result of one candidate: means over the origins that it took part in.

    `figures`: MEASURES, and mae_orders, mae_spend (per customer), total_orders_error, total_spend_error (absolute error of
    the sum, as a share of the actual sum). `gain`, `gain_low`, `gain_high`: log loss of the default candidate less its own,
    per customer, with the interval.
    """

    method: Candidate
    figures: Mapping[str, float]
    origins: int
    gain: float
    gain_low: float
    gain_high: float
    wins: bool


@dataclass(frozen=True)
class ModelSelection:
    """The outcome of model selection: its trials, the results in the order of CANDIDATES, and the candidate `chosen`."""

    horizon_days: int
    trials: tuple[Trial, ...]
    results: tuple[Result, ...]
    default_candidate: str
    chosen: str
    drift: Drift

    def result(self, name: str) -> Result | None:
        """The result of a candidate; None where it took no part."""
        return next((result for result in self.results if result.method.name == name), None)


def training_data(start: Start, examples: Mapping[dt.date, Example], seed: int = 0) -> TrainingData:
    """The training data of a start."""
    return TrainingData(tuple(examples[day] for day in start.windows), seed)


def select_model(
    plan: Plan,
    examples: Mapping[dt.date, Example],
    methods: Sequence[Candidate] = CANDIDATES,
    progress: ProgressCallback = lambda done, of: None,
    seed: int = 0,
) -> ModelSelection:
    """Compare the candidates from all origins and choose one.

    Args:
        plan: the origins and their windows.
        examples: those of the origins and their windows, by cutoff.
        methods: the candidates to compare.
        progress: called with the number of fits done and their total; may raise to end the comparison.
        seed: of the random draws; equal seeds give equal figures.
    """
    trials: list[Trial] = []
    steps = len(plan.origins) * len(methods)
    for place, start in enumerate(plan.origins):
        done = place * len(methods)
        trials.append(_trial(start, examples, methods, lambda n, done=done: progress(done + n, steps), seed))  # type: ignore[misc]
    progress(steps, steps)
    base = default_candidate(training_data(plan.now, examples, seed))
    if base not in {trial.default_candidate for trial in trials}:
        base = PURCHASE_MODEL
    results = _results(trials, methods, base)
    return ModelSelection(
        plan.horizon_days,
        tuple(trials),
        results,
        base,
        _choose(results, base),
        learn_drift([trial.total for trial in trials]),
    )


def _trial(
    start: Start,
    examples: Mapping[dt.date, Example],
    methods: Sequence[Candidate],
    progress: Callable[[int], None],
    seed: int,
) -> Trial:
    """Fit all candidates at one origin and predict. `progress` is called with the number of fits done."""
    example, training = examples[start.cutoff], training_data(start, examples, seed)
    scores = purchase_model_scores(example.snapshot)
    p_buy: dict[str, Floats] = {}
    for place, method in enumerate(methods):
        progress(place)
        if method.ready(training):
            p_buy[method.name] = metrics.clipped(method.learn(training)(example.snapshot))
    orders = {name: p * scores.orders_if_any for name, p in p_buy.items()} | {PURCHASE_MODEL: scores.orders}
    value, total = _total(start, example, scores.orders, seed)
    return Trial(
        start.cutoff,
        example,
        p_buy,
        customer_statuses(example.snapshot.days, start.cutoff),
        orders,
        value,
        total,
        default_candidate(training),
    )


def _total(start: Start, example: Example, orders: Floats, seed: int) -> tuple[Floats, Total]:
    """Expected spend a purchase day of each customer, and the predicted and actual total."""
    forecast = spend_forecast(example.snapshot.history, example.snapshot.horizon_days)
    until = start.cutoff + dt.timedelta(days=example.snapshot.horizon_days)
    total = Total(
        as_of=start.cutoff,
        until=until,
        customers=len(example.snapshot),
        predicted=total_range(forecast, Drift(0.0, 0.0), seed),
        actual=float(example.outcome.value.sum()),
        purchases_expected=float(orders.sum()),
        purchases=int(example.outcome.purchases.sum()),
        model_sd=model_spread(forecast, seed),
    )
    return forecast.value, total


def figures(trial: Trial, name: str) -> dict[str, float]:
    """All measures of one candidate at one origin (see `Result.figures`)."""
    outcome, p, orders = trial.example.outcome, trial.p_buy[name], trial.orders[name]
    spend = orders * trial.value
    values = {key: measure(outcome.bought, p) for key, measure in MEASURES.items()}
    for key, expected, actual in (("orders", orders, outcome.purchases), ("spend", spend, outcome.value)):
        values[f"mae_{key}"] = float(np.abs(expected - actual).mean()) if len(actual) else float("nan")
        total = float(actual.sum())
        values[f"total_{key}_error"] = abs(float(expected.sum()) / total - 1) if total > 0 else float("nan")
    return values


def _results(trials: Sequence[Trial], methods: Sequence[Candidate], base: str) -> tuple[Result, ...]:
    """The results of all candidates that took part."""
    present = [method for method in methods if any(method.name in trial.p_buy for trial in trials)]
    corrected_level = LEVEL / 2 / max(len(present) - 1, 1)
    results = []
    for method in present:
        own_trials = [trial for trial in trials if method.name in trial.p_buy]
        each = [figures(trial, method.name) for trial in own_trials]
        gain, error, better, customers = paired_gain(own_trials, method.name, base)
        z = float(student.isf(corrected_level, max(customers - 1, 1)))
        wins = (
            method.name != base
            and gain - z * error > 0
            and better > len(own_trials) / 2
            and len(own_trials) > 1
        )
        mean = {key: _mean([row[key] for row in each]) for key in each[0]}
        results.append(Result(method, mean, len(own_trials), gain, gain - z * error, gain + z * error, wins))
    return tuple(results)


def _mean(values: Sequence[float]) -> float:
    """Mean of the finite values; NaN without any."""
    finite = [value for value in values if np.isfinite(value)]
    return float(np.mean(finite)) if finite else float("nan")


class PairedGain(NamedTuple):
    """`mean` log loss of one candidate less that of another over customers and origins, with its standard `error`.

    All origins of a customer count as one draw. `better`: origins with a mean above 0; `customers`: distinct ones.
    """

    mean: float
    error: float
    better: int
    customers: int


def paired_gain(trials: Sequence[Trial], name: str, base: str) -> PairedGain:
    """The log loss of candidate `base` less that of candidate `name`."""
    differences: list[Floats] = []
    customer_ids: list[npt.NDArray[np.str_]] = []
    for trial in trials:
        bought, base_p = trial.example.outcome.bought, trial.p_buy.get(base)
        if base_p is not None:
            differences.append(
                metrics.log_losses(bought, base_p) - metrics.log_losses(bought, trial.p_buy[name])
            )
            customer_ids.append(trial.example.snapshot.history.customer_id.astype(str))
    if not differences:
        return PairedGain(0.0, float("inf"), 0, 0)
    values = np.concatenate(differences)
    _, place = np.unique(np.concatenate(customer_ids), return_inverse=True)
    mean = float(values.mean())
    sums = np.bincount(place, weights=values - mean)
    error = float(np.sqrt((sums**2).sum() * len(sums) / max(len(sums) - 1, 1)) / len(values))
    return PairedGain(mean, error, sum(float(part.mean()) > 0 for part in differences), len(sums))


def _choose(results: Sequence[Result], base: str) -> str:
    """The winner with the lowest log loss, else the default candidate `base`."""
    winners = [result for result in results if result.wins]
    return min(winners, key=lambda result: result.figures["log_loss"]).method.name if winners else base

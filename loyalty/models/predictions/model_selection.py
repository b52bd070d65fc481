"""The methods against each other on the shop's own past, from several earlier days (rolling origins).

Each learns only from what was over by the day it predicts from. A challenger takes the usual method's place only where
its log loss is lower by more than chance: a paired interval over customers, all their origins together (Student's t, as a
shop may have few), at a level that allows for the number of challengers (Bonferroni), and lower at most of the origins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from loyalty.columns import Flags, Floats
from loyalty.customers.status import CustomerStatuses, customer_statuses
from loyalty.models.predictions import metrics
from loyalty.models.predictions.candidates import CANDIDATES, PURCHASE_MODEL, usual
from loyalty.models.predictions.purchase_model import purchase_model_scores
from loyalty.models.predictions.rolling_origins import Plan, Start
from loyalty.models.predictions.snapshot import Example
from loyalty.models.predictions.spend import own_spread, spend_forecast, total_range
from loyalty.models.predictions.training import Candidate, Training
from loyalty.purchase_model.backtest import Drift
from loyalty.purchase_model.backtest import Origin as Total
from loyalty.purchase_model.backtest import learned as learned_drift

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
Watch = Callable[[int, int], None]


@dataclass(frozen=True)
class Trial:
    """One origin: its customers (n) as an example, P(buys) by method, where they stood, expected purchase days by method, and money.

    `usual`: the method that was used by default from there; `value`, shape (n,): expected spend a purchase day;
    `total`: predicted and actual net revenue of all customers together.
    """

    cutoff: dt.date
    example: Example
    p_buy: Mapping[str, Floats]
    statuses: CustomerStatuses
    orders: Mapping[str, Floats]
    value: Floats
    total: Total
    usual: str


@dataclass(frozen=True)
class Result:
    """How one method did: means over the origins it took part in. `figures`: MEASURES, and mae_orders, mae_spend (per
    customer), total_orders_error, total_spend_error (of the sum, absolute, as a share of what came).

    `gain`, `gain_low`, `gain_high`: log loss of the usual method less its own, per customer, with the interval.
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
    """All results in the order of CONTESTANTS, the origins behind them, which method was usual and which is `chosen`."""

    horizon_days: int
    trials: tuple[Trial, ...]
    results: tuple[Result, ...]
    usual: str
    chosen: str
    drift: Drift

    def of(self, name: str) -> Result | None:
        """The result of a method, None where it took no part."""
        return next((result for result in self.results if result.method.name == name), None)


def training(start: Start, examples: Mapping[dt.date, Example], seed: int = 0) -> Training:
    """What may be learned from, as of the start."""
    return Training(tuple(examples[day] for day in start.windows), seed)


def select_model(
    plan: Plan,
    examples: Mapping[dt.date, Example],
    methods: Sequence[Candidate] = CANDIDATES,
    watch: Watch = lambda done, of: None,
    seed: int = 0,
) -> ModelSelection:
    """Hold it. `examples`: by cutoff, those of the origins and their windows; `watch` is told how many fits are done."""
    trials: list[Trial] = []
    steps = len(plan.origins) * len(methods)
    for place, start in enumerate(plan.origins):
        done = place * len(methods)
        trials.append(_trial(start, examples, methods, lambda n, done=done: watch(done + n, steps), seed))  # type: ignore[misc]
    watch(steps, steps)
    base = usual(training(plan.now, examples, seed))
    present = {trial.usual for trial in trials}
    base = base if base in present else PURCHASE_MODEL
    results = _results(trials, methods, base)
    return ModelSelection(
        plan.horizon_days, tuple(trials), results, base, _chosen(results, base), _drift(trials)
    )


def _trial(
    start: Start,
    examples: Mapping[dt.date, Example],
    methods: Sequence[Candidate],
    watch: Callable[[int], None],
    seed: int,
) -> Trial:
    """All methods from one origin."""
    example, known = examples[start.cutoff], training(start, examples, seed)
    own = purchase_model_scores(example.at)
    said: dict[str, Floats] = {}
    for place, method in enumerate(methods):
        watch(place)
        if method.ready(known):
            said[method.name] = metrics.clipped(method.learn(known)(example.at))
    orders = {name: p * own.orders_if_any for name, p in said.items()} | {PURCHASE_MODEL: own.orders}
    value, total = _total(start, example, own.orders, seed)
    return Trial(
        start.cutoff,
        example,
        said,
        customer_statuses(example.at.days, start.cutoff),
        orders,
        value,
        total,
        usual(known),
    )


def _total(start: Start, example: Example, orders: Floats, seed: int) -> tuple[Floats, Total]:
    """Expected spend a purchase day, and the total beside what came of it."""
    ahead = spend_forecast(example.at.known, example.at.horizon_days)
    until = start.cutoff + dt.timedelta(days=example.at.horizon_days)
    total = Total(
        as_of=start.cutoff,
        until=until,
        customers=len(example.at),
        predicted=total_range(ahead, Drift(0.0, 0.0), seed),
        actual=float(example.became.value.sum()),
        purchases_expected=float(orders.sum()),
        purchases=int(example.became.purchases.sum()),
        model_sd=own_spread(ahead, seed),
    )
    return ahead.value, total


def _drift(trials: Sequence[Trial]) -> Drift:
    """How far totals missed, beyond chance, mixed with what is usual."""
    return learned_drift([trial.total for trial in trials])


def figures(trial: Trial, name: str) -> dict[str, float]:
    """All measures of one method at one origin."""
    became, p, orders = trial.example.became, trial.p_buy[name], trial.orders[name]
    spend = orders * trial.value
    found = {key: measure(became.bought, p) for key, measure in MEASURES.items()}
    for key, said, came in (("orders", orders, became.purchases), ("spend", spend, became.value)):
        found[f"mae_{key}"] = float(np.abs(said - came).mean()) if len(came) else float("nan")
        total = float(came.sum())
        found[f"total_{key}_error"] = abs(float(said.sum()) / total - 1) if total > 0 else float("nan")
    return found


def _results(trials: Sequence[Trial], methods: Sequence[Candidate], base: str) -> tuple[Result, ...]:
    """Every method that took part."""
    present = [method for method in methods if any(method.name in trial.p_buy for trial in trials)]
    each_level = LEVEL / 2 / max(len(present) - 1, 1)
    found = []
    for method in present:
        own = [trial for trial in trials if method.name in trial.p_buy]
        each = [figures(trial, method.name) for trial in own]
        gain, error, better, people = paired_gain(own, method.name, base)
        z = float(student.isf(each_level, max(people - 1, 1)))
        wins = method.name != base and gain - z * error > 0 and better > len(own) / 2 and len(own) > 1
        mean = {key: _mean([row[key] for row in each]) for key in each[0]}
        found.append(Result(method, mean, len(own), gain, gain - z * error, gain + z * error, wins))
    return tuple(found)


def _mean(values: Sequence[float]) -> float:
    """Mean of those that are known."""
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else float("nan")


def paired_gain(trials: Sequence[Trial], name: str, base: str) -> tuple[float, float, int, int]:
    """Log loss of `base` less that of `name`, mean over customers and origins, its standard error with all origins of
    a customer as one draw, at how many origins it is above 0, and of how many customers."""
    differences: list[Floats] = []
    people: list[npt.NDArray[np.str_]] = []
    for trial in trials:
        bought, before = trial.example.became.bought, trial.p_buy.get(base)
        if before is not None:
            differences.append(
                metrics.log_losses(bought, before) - metrics.log_losses(bought, trial.p_buy[name])
            )
            people.append(trial.example.at.known.customer_id.astype(str))
    if not differences:
        return 0.0, float("inf"), 0, 0
    all_of, who = np.concatenate(differences), np.concatenate(people)
    _, place = np.unique(who, return_inverse=True)
    mean = float(all_of.mean())
    sums = np.bincount(place, weights=all_of - mean)
    error = float(np.sqrt((sums**2).sum() * len(sums) / max(len(sums) - 1, 1)) / len(all_of))
    return mean, error, sum(float(part.mean()) > 0 for part in differences), len(sums)


def _chosen(results: Sequence[Result], base: str) -> str:
    """The winner with the lowest log loss, else the usual method."""
    winners = [result for result in results if result.wins]
    return min(winners, key=lambda result: result.figures["log_loss"]).method.name if winners else base

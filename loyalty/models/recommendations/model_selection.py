"""The methods against each other on the shop's own later sales, and which of them may speak.

A method for what is new to a customer is shown only where its explore recall@10 beats that of what was popular in the
last 30 days by more than two standard errors of the paired difference; otherwise the list is "popular, and new to them".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from loyalty.columns import Floats, Ints
from loyalty.measure.significance import Z95
from loyalty.models.recommendations import metrics
from loyalty.models.recommendations.candidates import CANDIDATES, RECENT, Candidate
from loyalty.models.recommendations.ensembles import adjust_for_season
from loyalty.models.recommendations.holdout import Holdout
from loyalty.models.recommendations.interactions import Interactions, binary_matrix
from loyalty.models.recommendations.popularity import fit_recent
from loyalty.models.recommendations.ranking import Lists, Ranker, top_lists

STANDARD_ERRORS = 2.0
MIN_CUSTOMERS = 30  # customers with something new in their next basket; fewer decide nothing
LENGTHS = (5, 10)


@dataclass(frozen=True)
class Estimate:
    """A mean over customers with its 95 % interval (normal, within [0, 1]); `n`: customers; NaN where n is 0."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Result:
    """How one method did.

    `figures`: recall, ndcg, hit at 5 and 10 of its best products ("recall10", …), of the customer's own products for
    what was bought again ("repeat_…"), of new products for what was bought anew ("explore_…").
    `gain`, `gain_se`: mean of its explore recall@10 less that of what was popular of late, and its standard error.
    `precision`: share of its first 5 new products that were bought.
    """

    candidate: Candidate
    figures: Mapping[str, Estimate]
    coverage: float
    novelty: float
    diversity: float
    gain: float
    gain_se: float
    precision: float

    @property
    def wins(self) -> bool:
        """Whether the gain is more than two standard errors above 0."""
        return (
            self.figures["explore_recall10"].n >= MIN_CUSTOMERS and self.gain > STANDARD_ERRORS * self.gain_se
        )


@dataclass(frozen=True)
class ModelSelection:
    """All results, in the order of CANDIDATES, and what they rest on: customers, products and days kept back."""

    results: tuple[Result, ...]
    customers: int
    products: int
    days: float | None

    @property
    def winners(self) -> tuple[Result, ...]:
        """Methods for what is new that may be shown, the best explore recall@10 first."""
        results = [result for result in self.results if result.candidate.task == "discover" and result.wins]
        return tuple(sorted(results, key=lambda result: -result.figures["explore_recall10"].value))

    @property
    def discover(self) -> str:
        """The method for what is new to a customer: the best winner, else what is popular of late."""
        return next((result.candidate.name for result in self.winners), RECENT)

    def result_of(self, name: str) -> Result | None:
        """The result of a method, None where it took no part."""
        return next((result for result in self.results if result.candidate.name == name), None)


def compare_candidates(
    holdout: Holdout,
    candidates: Sequence[Candidate] = CANDIDATES,
    watch: Callable[[int, int], None] = lambda number, of: None,
) -> ModelSelection:
    """Fit each method on what was known and score it on what came next; `watch` is told how many are done."""
    before = binary_matrix(holdout.history)[holdout.rows]
    new_truth, repeat_truth = _split_by_history(holdout.truth, before)
    applicable = [candidate for candidate in candidates if candidate.fits(holdout.history)]
    recent = _explore_recall(
        top_lists(fit_recent(holdout.history), holdout.history, holdout.rows, 10), new_truth
    )
    rankers: dict[str, Ranker] = {}
    results = []
    for number, candidate in enumerate(applicable):
        watch(number, len(applicable))
        rankers[candidate.name] = _fit(candidate, holdout.history, rankers)
        lists = top_lists(rankers[candidate.name], holdout.history, holdout.rows, 10)
        rankers = {
            name: ranker
            for name, ranker in rankers.items()
            if name in {later.base for later in applicable[number:]}
        }
        results.append(_result(candidate, lists, holdout, (repeat_truth, new_truth), recent))
    watch(len(applicable), len(applicable))
    return ModelSelection(
        tuple(results), len(holdout.rows), metrics.count_sold(holdout.history), holdout.days
    )


def _fit(candidate: Candidate, history: Interactions, fitted: Mapping[str, Ranker]) -> Ranker:
    """The method's ranker; of one in season, on what is fitted already."""
    return (
        adjust_for_season(fitted[candidate.base], history)
        if candidate.base in fitted
        else candidate.fit(history)
    )


def _split_by_history(
    truth: sparse.csr_matrix, before: sparse.csr_matrix
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """What was bought anew, and what was bought again."""
    repeat = truth.multiply(before).tocsr()
    new = (truth - repeat).tocsr()
    for matrix in (repeat, new):
        matrix.eliminate_zeros()
    return new, repeat


def _explore_recall(lists: Lists, new: sparse.csr_matrix) -> Floats:
    """Recall@10 of new products of those who bought any."""
    bought_new = metrics.basket_sizes(new) > 0
    return metrics.recall(lists.new[bought_new], new[bought_new])


def _result(
    candidate: Candidate,
    lists: Lists,
    holdout: Holdout,
    truth_parts: tuple[sparse.csr_matrix, sparse.csr_matrix],
    recent: Floats,
) -> Result:
    """All figures of one method."""
    repeat_truth, new_truth = truth_parts
    figures = {
        **_figures("", lists.every, holdout.truth),
        **_figures("repeat_", lists.own, repeat_truth),
        **_figures("explore_", lists.new, new_truth),
    }
    gain, gain_se = mean_and_error(_explore_recall(lists, new_truth) - recent)
    shown = lists.every if candidate.task != "discover" else lists.new
    first = metrics.hits(lists.new[:, :5], new_truth)
    return Result(
        candidate=candidate,
        figures=figures,
        coverage=metrics.coverage(shown, metrics.count_sold(holdout.history)),
        novelty=metrics.novelty(shown, holdout.history),
        diversity=metrics.diversity(shown, holdout.history),
        gain=gain,
        gain_se=gain_se,
        precision=float(first.sum() / max((lists.new[:, :5] >= 0).sum(), 1)),
    )


def _figures(kind: str, lists: Ints, truth: sparse.csr_matrix) -> dict[str, Estimate]:
    """Recall, NDCG and hit at 5 and 10 over the rows that have something to find."""
    has_truth = metrics.basket_sizes(truth) > 0
    lists, truth = lists[has_truth], truth[has_truth]
    return {
        f"{kind}{name}{k}": estimate(measure(lists[:, :k], truth))
        for name, measure in (("recall", metrics.recall), ("ndcg", metrics.ndcg), ("hit", metrics.hit))
        for k in LENGTHS
    }


def estimate(values: Floats) -> Estimate:
    """Mean with its interval."""
    mean, error = mean_and_error(values)
    return Estimate(mean, max(mean - Z95 * error, 0.0), min(mean + Z95 * error, 1.0), len(values))


def mean_and_error(values: Floats) -> tuple[float, float]:
    """Mean and its standard error; NaN for nothing, an error of infinity for a single value."""
    if not len(values):
        return float("nan"), float("nan")
    if len(values) == 1:
        return float(values[0]), float("inf")
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))

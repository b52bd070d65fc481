"""Model selection: the candidate methods compared on the shop's later sales, and the methods that are eligible.

A method for new products is eligible only if its explore recall@10 is higher than that of the last 30 days'
best-sellers by more than two standard errors of the paired difference; otherwise these best-sellers are shown.
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
MIN_CUSTOMERS = 30  # least customers with a new product in their next basket for a method to win
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
    """The figures of one candidate.

    `figures`: recall, ndcg, hit at 5 and 10: of all products on the next basket ("recall10", …), of products bought
    before on repeat purchases ("repeat_…"), of new products on first purchases ("explore_…").
    `gain`, `gain_se`: mean of its explore recall@10 less that of the recent best-sellers, and its standard error.
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
    """The results of all candidates, with the number of customers and products and the days held out."""

    results: tuple[Result, ...]
    customers: int
    products: int
    days: float | None

    @property
    def winners(self) -> tuple[Result, ...]:
        """The eligible methods for new products, the best explore recall@10 first."""
        results = [result for result in self.results if result.candidate.task == "discover" and result.wins]
        return tuple(sorted(results, key=lambda result: -result.figures["explore_recall10"].value))

    @property
    def discover(self) -> str:
        """The selected method for new products: the best winner, else the recent best-sellers."""
        return next((result.candidate.name for result in self.winners), RECENT)

    def result_of(self, name: str) -> Result | None:
        """The result of a method, None if it was not applicable."""
        return next((result for result in self.results if result.candidate.name == name), None)


def compare_candidates(
    holdout: Holdout,
    candidates: Sequence[Candidate] = CANDIDATES,
    watch: Callable[[int, int], None] = lambda number, of: None,
) -> ModelSelection:
    """Fit each applicable candidate on the history and score it on the hold-out.

    `watch` is called with the number of candidates that are done, and of all.
    """
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
    """Fit a candidate; a seasonal one adjusts its base if that is fitted already."""
    return (
        adjust_for_season(fitted[candidate.base], history)
        if candidate.base in fitted
        else candidate.fit(history)
    )


def _split_by_history(
    truth: sparse.csr_matrix, before: sparse.csr_matrix
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Split `truth` into (new products, products bought before)."""
    repeat = truth.multiply(before).tocsr()
    new = (truth - repeat).tocsr()
    for matrix in (repeat, new):
        matrix.eliminate_zeros()
    return new, repeat


def _explore_recall(lists: Lists, new: sparse.csr_matrix) -> Floats:
    """Recall@10 of new products, for the customers who bought any."""
    bought_new = metrics.basket_sizes(new) > 0
    return metrics.recall(lists.new[bought_new], new[bought_new])


def _result(
    candidate: Candidate,
    lists: Lists,
    holdout: Holdout,
    truth_parts: tuple[sparse.csr_matrix, sparse.csr_matrix],
    recent: Floats,
) -> Result:
    """Calculate all figures of one candidate; `truth_parts`: repeat and new; `recent`: recall of best-sellers."""
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
    """Recall, NDCG and hit at 5 and 10 over the rows with a purchase in `truth`."""
    has_truth = metrics.basket_sizes(truth) > 0
    lists, truth = lists[has_truth], truth[has_truth]
    return {
        f"{kind}{name}{k}": estimate(measure(lists[:, :k], truth))
        for name, measure in (("recall", metrics.recall), ("ndcg", metrics.ndcg), ("hit", metrics.hit))
        for k in LENGTHS
    }


def estimate(values: Floats) -> Estimate:
    """Mean with its 95 % interval."""
    mean, error = mean_and_error(values)
    return Estimate(mean, max(mean - Z95 * error, 0.0), min(mean + Z95 * error, 1.0), len(values))


def mean_and_error(values: Floats) -> tuple[float, float]:
    """Mean and its standard error; NaN without values, an infinite error for a single one."""
    if not len(values):
        return float("nan"), float("nan")
    if len(values) == 1:
        return float(values[0]), float("inf")
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))

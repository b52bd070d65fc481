"""Fitting the Gamma-Gamma model of spend, and checking that frequency and spend are independent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from loyalty.columns import Floats
from loyalty.purchase_model.fit import LEAST_WITHOUT_PRIOR
from loyalty.purchase_model.gamma_gamma import (
    TYPICAL,
    Spend,
    SpendRows,
    expected_value,
    log_likelihood,
    spend,
    spend_rows,
)
from loyalty.purchase_model.histories import Histories
from loyalty.purchase_model.maximum_likelihood import Objective, Optimum, maximise
from loyalty.words import N_, Message

PRIOR_SD = 1.0  # of ln (p, q - 1, v) around ln TYPICAL, money in units of the mean
LEAST_TO_COMPARE = 10  # customers who came back
DEPENDENT = 0.3  # rank correlation of frequency and value from which the two are not independent

NO_SPEND = N_("No order has a value above 0, so nothing is known about what customers spend.")
FEW_SPENDERS = N_(
    "Up to {enough} customers who came back, how much spending differs between customers leans a little on "
    "what is usual in other shops; so far the number is {have}."
)
TOO_ALIKE = N_(
    "What your customers spend is too alike for the estimate to settle by itself, so it leans a little on "
    "what is usual in other shops."
)
UNRELATED = N_(
    "How often customers buy and how much they spend on a day are about independent (rank correlation "
    "{correlation}), as the prediction assumes."
)
MORE_SPENT = N_(
    "Customers who buy more often also spend more on a day (rank correlation {correlation}). The prediction "
    "takes the two as independent, so it is somewhat too low for your best customers."
)
LESS_SPENT = N_(
    "Customers who buy more often spend less on a day (rank correlation {correlation}). The prediction takes "
    "the two as independent, so it is somewhat too high for your best customers."
)
UNCOMPARED = N_(
    "Whether those who buy more often also spend more cannot be told yet: {enough} customers who came back "
    "are needed, and so far the number is {have}."
)


@dataclass(frozen=True)
class SpendFit:
    """A fitted Gamma-Gamma model: p, q, and v in money.

    `covariance`, shape (3, 3): that of ln (p, q - 1, v); 0 where all customers spend the same, so that p has no
    end and the search did not converge. `customers`: how many it is fitted to. `method`, `reason`, `converged`,
    `log_likelihood`: see `fit.Fit`; v is 0 and `method` "typical" where no customer spent anything.
    """

    p: float
    q: float
    v: float
    log_likelihood: float
    covariance: Floats
    converged: bool
    method: str
    customers: int
    reason: Message | None

    @property
    def mean_spend(self) -> float:
        """Expected spend a purchase day of a new customer."""
        return self.p * self.v / (self.q - 1)

    def expected(self, spent: Spend) -> Floats:
        """Expected spend a purchase day of each customer."""
        return expected_value(self.p, self.q, self.v, spent)


def fit_spend(history: Histories, *, first: bool = False, prior: bool | None = None) -> SpendFit:
    """Fit the Gamma-Gamma model to repeat purchase days, as the paper does, or with the `first` purchase day too.

    Without any repeat purchase the first one is used. `prior`: see `fit.fit`. Fitted once for the
    same customers.
    """
    use_prior = history.repeaters < LEAST_WITHOUT_PRIOR if prior is None else prior
    return history.once(("spend", first, use_prior), lambda: _fit(history, first=first, use_prior=use_prior))


def _fit(history: Histories, *, first: bool, use_prior: bool) -> SpendFit:
    rows = spend_rows(spend(history, first=first)) or spend_rows(spend(history, first=True))
    if rows is None:
        p, above_1, _ = TYPICAL
        return SpendFit(p, above_1 + 1, 0.0, 0.0, np.zeros((3, 3)), False, "typical", 0, Message(NO_SPEND))
    if not use_prior:
        optimum = _maximise(rows, None)
        if optimum.covariance is not None:
            return _result(rows, optimum, "likelihood", None)
        reason = Message(TOO_ALIKE)
    else:
        reason = Message(FEW_SPENDERS, {"enough": LEAST_WITHOUT_PRIOR, "have": history.repeaters})
    optimum = _maximise(rows, PRIOR_SD)
    return _result(rows, optimum, "prior", Message(TOO_ALIKE) if optimum.covariance is None else reason)


def _maximise(rows: SpendRows, prior_sd: float | None) -> Optimum:
    return maximise(Objective(lambda theta: log_likelihood(theta, rows), np.array(TYPICAL), prior_sd))


def _result(rows: SpendRows, optimum: Optimum, method: str, reason: Message | None) -> SpendFit:
    p, above_1, v = optimum.theta.tolist()
    converged = optimum.covariance is not None
    return SpendFit(
        p=p,
        q=above_1 + 1,
        v=v * rows.unit,
        log_likelihood=optimum.log_likelihood,
        covariance=np.zeros((3, 3)) if optimum.covariance is None else optimum.covariance,
        converged=converged,
        method=method,
        customers=int(rows.n.sum()),
        reason=reason,
    )


def frequency_and_value(history: Histories) -> tuple[float | None, Message]:
    """Spearman's correlation of repeat purchase days and their mean value, and what it means.

    None, with what is missing, below `LEAST_TO_COMPARE` customers or where all are alike.
    """
    repeats = spend(history, first=False)
    has_repeats = repeats.count > 0
    if has_repeats.sum() < LEAST_TO_COMPARE:
        return None, Message(UNCOMPARED, {"enough": LEAST_TO_COMPARE, "have": int(has_repeats.sum())})
    ranks = rankdata(repeats.count[has_repeats]), rankdata(repeats.mean[has_repeats])
    if min(np.ptp(rank) for rank in ranks) == 0:
        return 0.0, Message(UNRELATED, {"correlation": "0.00"})
    correlation = float(np.corrcoef(*ranks)[0, 1])
    template = UNRELATED if abs(correlation) < DEPENDENT else MORE_SPENT if correlation > 0 else LESS_SPENT
    return correlation, Message(template, {"correlation": f"{correlation:.2f}"})

"""Fitting a purchase model to a shop's customers, and the reason where a prior is used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loyalty.columns import Floats
from loyalty.purchase_model.histories import Histories
from loyalty.purchase_model.maximum_likelihood import Objective, Optimum, maximise
from loyalty.purchase_model.model import BG_NBD, Model
from loyalty.purchase_model.unique_histories import Rows, distinct_rows
from loyalty.words import N_, Message

PRIOR_SD = 1.5  # of ln theta around ln `Model.typical`: a factor of 4.5 either way
LEAST_WITHOUT_PRIOR = 500  # customers who came back, from which no prior is used

NOBODY = N_("There are no customers yet, so these are the habits of an ordinary shop.")
NO_REPEATS = N_(
    "Nobody has come back on a later day yet, so how often people return is mostly borrowed from ordinary shops."
)
FEW_REPEATS = N_(
    "Up to {enough} customers who came back, the estimate leans a little on what is usual in other shops; so "
    "far the number is {have}."
)
NO_MAXIMUM = N_(
    "Your customers are too alike, or too few of them have left, for the estimate to settle by itself, so it "
    "leans a little on what is usual in other shops."
)
NO_END = N_("The estimate did not settle, so take these figures as rough.")


@dataclass(frozen=True)
class Fit:
    """A fitted purchase model.

    `method`: "likelihood" (the shop's history alone), "prior" (with a weak prior) or "typical" (an ordinary
    shop's parameters, as there are no customers); `reason`: why it is not the first, None where it is.
    `log_likelihood` is that of the data, without any prior. `converged`: the search ended at a maximum.
    `covariance`, shape (4, 4): that of ln theta, by Laplace's approximation; of the prior itself where the
    search did not converge.
    """

    model: Model
    theta: Floats
    log_likelihood: float
    covariance: Floats
    converged: bool
    method: str
    reason: Message | None

    @property
    def params(self) -> dict[str, float]:
        """The parameters by name."""
        return dict(zip(self.model.parameters, self.theta.tolist(), strict=True))


def fit(history: Histories, model: Model = BG_NBD, *, prior: bool | None = None) -> Fit:
    """Fit a purchase model by maximum likelihood. `prior`: whether to use one; by default below `LEAST_WITHOUT_PRIOR`.

    Always returns a fit: where the likelihood has no maximum it has a `reason`. Fitted once for the same customers.
    """
    use_prior = history.repeaters < LEAST_WITHOUT_PRIOR if prior is None else prior
    return history.once((model.name, use_prior), lambda: fit_rows(rows_of(history), model, prior=use_prior))


def rows_of(history: Histories) -> Rows:
    """The distinct histories of customers; `Rows.customer_row` has the row of each customer."""
    return history.once("rows", lambda: distinct_rows(history.x, history.t_x, history.T))


def fit_rows(rows: Rows, model: Model = BG_NBD, *, prior: bool | None = None) -> Fit:
    """`fit` on distinct histories with weights. Raises ValueError unless 0 <= t_x <= T, 0 <= x."""
    _check(rows)
    repeaters = float(rows.weight[rows.x > 0].sum())
    alone = repeaters >= LEAST_WITHOUT_PRIOR if prior is None else not prior
    if not rows.customers:
        theta = np.array(model.typical)
        return Fit(model, theta, 0.0, np.eye(4) * PRIOR_SD**2, False, "typical", Message(NOBODY))
    if alone and repeaters:
        optimum = _maximise(model, rows, None)
        if optimum.covariance is not None:
            return Fit(
                model, optimum.theta, optimum.log_likelihood, optimum.covariance, True, "likelihood", None
            )
    optimum = _maximise(model, rows, PRIOR_SD)
    if optimum.covariance is None:
        spread = np.eye(4) * PRIOR_SD**2
        return Fit(model, optimum.theta, optimum.log_likelihood, spread, False, "prior", Message(NO_END))
    reason = _prior_reason(repeaters, alone=alone)
    return Fit(model, optimum.theta, optimum.log_likelihood, optimum.covariance, True, "prior", reason)


def _maximise(model: Model, rows: Rows, prior_sd: float | None) -> Optimum:
    return maximise(
        Objective(lambda theta: model.log_likelihood(theta, rows), np.array(model.typical), prior_sd)
    )


def _prior_reason(repeaters: float, *, alone: bool) -> Message:
    """The sentence on why a prior was used."""
    if not repeaters:
        return Message(NO_REPEATS)
    if alone:
        return Message(NO_MAXIMUM)
    return Message(FEW_REPEATS, {"enough": LEAST_WITHOUT_PRIOR, "have": round(repeaters)})


def _check(rows: Rows) -> None:
    valid = (rows.x >= 0) & (rows.t_x >= 0) & (rows.t_x <= rows.T) & np.isfinite(rows.T) & (rows.weight > 0)
    if not valid.all():
        raise ValueError("a history needs x >= 0, 0 <= t_x <= T, a finite T and a weight above 0")

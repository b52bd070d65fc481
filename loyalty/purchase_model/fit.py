"""Fitting a purchase model to a shop's customers, with the reason where the figures lean on other shops."""

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
LEAST_WITHOUT_PRIOR = 500  # customers who came back, from which a shop's own history speaks alone

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
        """Parameters by name."""
        return dict(zip(self.model.parameters, self.theta.tolist(), strict=True))


def fit(known: Histories, model: Model = BG_NBD, *, prior: bool | None = None) -> Fit:
    """The most likely parameters. `prior`: lean on ordinary shops; by default below `LEAST_WITHOUT_PRIOR`.

    Never fails to return: what cannot be settled has a `reason`. Fitted once for the same customers.
    """
    leans = known.repeaters < LEAST_WITHOUT_PRIOR if prior is None else prior
    return known.once((model.name, leans), lambda: fit_rows(rows_of(known), model, prior=leans))


def rows_of(known: Histories) -> Rows:
    """The distinct histories of customers; `Rows.of` leads from customers to rows."""
    return known.once("rows", lambda: distinct_rows(known.x, known.t_x, known.T))


def fit_rows(rows: Rows, model: Model = BG_NBD, *, prior: bool | None = None) -> Fit:
    """`fit` on distinct histories that are counted already. Raises ValueError unless 0 <= t_x <= T, 0 <= x."""
    _check(rows)
    repeaters = float(rows.weight[rows.x > 0].sum())
    alone = repeaters >= LEAST_WITHOUT_PRIOR if prior is None else not prior
    if not rows.customers:
        theta = np.array(model.typical)
        return Fit(model, theta, 0.0, np.eye(4) * PRIOR_SD**2, False, "typical", Message(NOBODY))
    if alone and repeaters:
        found = _maximise(model, rows, None)
        if found.covariance is not None:
            return Fit(model, found.theta, found.log_likelihood, found.covariance, True, "likelihood", None)
    found = _maximise(model, rows, PRIOR_SD)
    if found.covariance is None:
        spread = np.eye(4) * PRIOR_SD**2
        return Fit(model, found.theta, found.log_likelihood, spread, False, "prior", Message(NO_END))
    reason = _why(repeaters, alone=alone)
    return Fit(model, found.theta, found.log_likelihood, found.covariance, True, "prior", reason)


def _maximise(model: Model, rows: Rows, prior_sd: float | None) -> Optimum:
    return maximise(
        Objective(lambda theta: model.log_likelihood(theta, rows), np.array(model.typical), prior_sd)
    )


def _why(repeaters: float, *, alone: bool) -> Message:
    """Why a prior was used."""
    if not repeaters:
        return Message(NO_REPEATS)
    if alone:
        return Message(NO_MAXIMUM)
    return Message(FEW_REPEATS, {"enough": LEAST_WITHOUT_PRIOR, "have": round(repeaters)})


def _check(rows: Rows) -> None:
    fine = (rows.x >= 0) & (rows.t_x >= 0) & (rows.t_x <= rows.T) & np.isfinite(rows.T) & (rows.weight > 0)
    if not fine.all():
        raise ValueError("a history needs x >= 0, 0 <= t_x <= T, a finite T and a weight above 0")

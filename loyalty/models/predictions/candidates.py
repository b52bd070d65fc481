"""All methods that take part, and the one that is used until another proves better."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from loyalty.errors import OwnerError
from loyalty.models.predictions import recurrent_network
from loyalty.models.predictions.baseline_rules import fit_last_period, fit_recency
from loyalty.models.predictions.ensembles import fit_mean_ensemble, fit_stacked_ensemble
from loyalty.models.predictions.logistic_regression import fit_logistic
from loyalty.models.predictions.neural_networks import fit_mlp, fit_svm
from loyalty.models.predictions.purchase_model import purchase_model_scores
from loyalty.models.predictions.training import Candidate, Training
from loyalty.models.predictions.trees import fit_boosted, fit_forest, fit_tree
from loyalty.purchase_model.model import MBG_NBD, PARETO_NBD
from loyalty.words import N_

PURCHASE_MODEL, ENSEMBLE = "bg_nbd", "average"
LEAST_CUSTOMERS = 60  # in the newest window; fewer, and the habit speaks alone


class UnknownCandidate(OwnerError):
    """A method was asked for by a name that is none."""

    template: ClassVar[str] = N_("There is no method “{name}”; choose one of {known}.")


CANDIDATES: tuple[Candidate, ...] = (
    Candidate("recency", N_("Recency rule"), N_("how lately somebody came"), "rule", fit_recency),
    Candidate("last_period", N_("Last-period rule"), N_("whether they came in the last period"), "rule", fit_last_period),
    Candidate(PURCHASE_MODEL, "BG/NBD", N_("how often and how lately they buy"), "habit", lambda on: lambda at: purchase_model_scores(at).p_buy, False),
    Candidate("mbg_nbd", "MBG/NBD", N_("the same, where a first purchase may be the last"), "habit",
               lambda on: lambda at: purchase_model_scores(at, MBG_NBD).p_buy, False),
    Candidate("pareto_nbd", "Pareto/NBD", N_("the same, where anybody may leave at any time"), "habit",
               lambda on: lambda at: purchase_model_scores(at, PARETO_NBD).p_buy, False),
    Candidate("logistic", N_("Logistic regression"), N_("a weighted sum of all that is known"), "learned", fit_logistic,
               most=100_000),
    Candidate("tree", N_("Decision tree"), N_("a few yes-or-no questions"), "learned", fit_tree),
    Candidate("forest", N_("Random forest"), N_("a hundred trees that vote"), "learned", fit_forest, most=6_000),
    Candidate("svm", N_("Support vector machine"), N_("the widest gap between comers and stayers-away"), "learned", fit_svm,
               most=1_500),
    Candidate("boosted", N_("Boosted trees"), N_("small trees, each mending the last"), "learned", fit_boosted),
    Candidate("mlp", N_("Neural network"), N_("three layers of 128 units"), "learned", fit_mlp, most=4_000),
    Candidate("gru", N_("Recurrent network"), N_("reads purchases one after the other"), "learned", recurrent_network.fit_gru,
               most=4_000, there=recurrent_network.is_installed),
    Candidate(ENSEMBLE, N_("Habit and regression"), N_("the mean of BG/NBD and the regressions"), "blend", fit_mean_ensemble,
               most=100_000),
    Candidate("stacked", N_("Stacked"), N_("a regression that knows what BG/NBD says"), "blend", fit_stacked_ensemble, most=100_000),
)  # fmt: skip
BY_NAME: Mapping[str, Candidate] = {one.name: one for one in CANDIDATES}


def candidate_named(name: str) -> Candidate:
    """The method of that name. Raises UnknownContestant; NoTorch where its library is missing."""
    if name not in BY_NAME:
        raise UnknownCandidate(name=name, known=", ".join(BY_NAME))
    if name == "gru":
        recurrent_network.needed()
    return BY_NAME[name]


def usual(on: Training) -> str:
    """The method to use unless another proved better on the shop's own past: the mean, where there is a past to learn from."""
    enough = bool(on.windows) and len(on.windows[0].at) >= LEAST_CUSTOMERS and on.tells
    return ENSEMBLE if enough else PURCHASE_MODEL

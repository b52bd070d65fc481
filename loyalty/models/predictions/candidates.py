"""The candidate methods of model selection, and the default one."""

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
from loyalty.models.predictions.training import Candidate, TrainingData
from loyalty.models.predictions.trees import fit_boosted, fit_forest, fit_tree
from loyalty.purchase_model.model import MBG_NBD, PARETO_NBD
from loyalty.words import N_

PURCHASE_MODEL, ENSEMBLE = "bg_nbd", "average"
LEAST_CUSTOMERS = 60  # in the newest window; with fewer, the purchase model is used alone


class UnknownCandidate(OwnerError):
    """No candidate has the name that was asked for."""

    template: ClassVar[str] = N_("There is no method “{name}”; choose one of {known}.")


CANDIDATES: tuple[Candidate, ...] = (
    Candidate("recency", N_("Recency rule"), N_("how lately somebody came"), fit_recency),
    Candidate(
        "last_period", N_("Last-period rule"), N_("whether they came in the last period"), fit_last_period
    ),
    Candidate(
        PURCHASE_MODEL,
        "BG/NBD",
        N_("how often and how lately they buy"),
        lambda training: lambda at: purchase_model_scores(at).p_buy,
        False,
    ),
    Candidate(
        "mbg_nbd",
        "MBG/NBD",
        N_("the same, where a first purchase may be the last"),
        lambda training: lambda at: purchase_model_scores(at, MBG_NBD).p_buy,
        False,
    ),
    Candidate(
        "pareto_nbd",
        "Pareto/NBD",
        N_("the same, where anybody may leave at any time"),
        lambda training: lambda at: purchase_model_scores(at, PARETO_NBD).p_buy,
        False,
    ),
    Candidate(
        "logistic",
        N_("Logistic regression"),
        N_("a weighted sum of all that is known"),
        fit_logistic,
        max_rows=100_000,
    ),
    Candidate("tree", N_("Decision tree"), N_("a few yes-or-no questions"), fit_tree),
    Candidate("forest", N_("Random forest"), N_("a hundred trees that vote"), fit_forest, max_rows=6_000),
    Candidate(
        "svm",
        N_("Support vector machine"),
        N_("the widest gap between comers and stayers-away"),
        fit_svm,
        max_rows=1_500,
    ),
    Candidate("boosted", N_("Boosted trees"), N_("small trees, each mending the last"), fit_boosted),
    Candidate("mlp", N_("Neural network"), N_("three layers of 128 units"), fit_mlp, max_rows=4_000),
    Candidate(
        "gru",
        N_("Recurrent network"),
        N_("reads purchases one after the other"),
        recurrent_network.fit_gru,
        max_rows=4_000,
        installed=recurrent_network.is_installed,
    ),
    Candidate(
        ENSEMBLE,
        N_("Habit and regression"),
        N_("the mean of BG/NBD and the regressions"),
        fit_mean_ensemble,
        max_rows=100_000,
    ),
    Candidate(
        "stacked",
        N_("Stacked"),
        N_("a regression that knows what BG/NBD says"),
        fit_stacked_ensemble,
        max_rows=100_000,
    ),
)
BY_NAME: Mapping[str, Candidate] = {candidate.name: candidate for candidate in CANDIDATES}


def candidate_named(name: str) -> Candidate:
    """The candidate of that name. Raises UnknownCandidate; NoTorch where its library is missing."""
    if name not in BY_NAME:
        raise UnknownCandidate(name=name, known=", ".join(BY_NAME))
    if name == "gru":
        recurrent_network.require_torch()
    return BY_NAME[name]


def default_candidate(training: TrainingData) -> str:
    """The name of the default method: the mean ensemble where there is enough training data, else the purchase model."""
    newest = training.windows[0].snapshot if training.windows else ()
    learnable = len(newest) >= LEAST_CUSTOMERS and training.has_both_outcomes
    return ENSEMBLE if learnable else PURCHASE_MODEL

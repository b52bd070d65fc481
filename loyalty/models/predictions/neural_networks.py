"""Methods that need their columns on one scale: a support vector machine and a network of three layers of 128 units."""

from __future__ import annotations

import warnings

from sklearn.calibration import CalibratedClassifierCV
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from loyalty.models.predictions.training import Scorer, Training
from loyalty.models.predictions.trees import Classifier, searched

SOFTNESS = (0.3, 0.03)  # C of the support vector machine
DECAY = (1.0, 10.0)  # squared weights of the network
LAYERS = (128, 128, 128)
ROUNDS = 40
FOLDS = 3


def fit_svm(on: Training) -> Scorer:
    """Gaussian kernel; its distances become probabilities by Platt's sigmoid on folds (Platt 1999)."""

    def make(softness: float, seed: int) -> Classifier:
        machine = make_pipeline(StandardScaler(), SVC(C=softness, gamma="scale", random_state=seed))
        found: Classifier = CalibratedClassifierCV(machine, method="sigmoid", cv=FOLDS)
        return found

    rarer = min(int(on.bought.sum()), int((~on.bought).sum()))
    return searched(SOFTNESS if rarer >= 20 * FOLDS else SOFTNESS[:1], make, on)


def fit_mlp(on: Training) -> Scorer:
    """3 × 128 rectified linear units, its decay searched, stopped early where that helps customers kept back."""

    def make(decay: float, seed: int) -> Classifier:
        net = MLPClassifier(
            LAYERS, activation="relu", alpha=decay, max_iter=ROUNDS, early_stopping=True, n_iter_no_change=6,
            random_state=seed,
        )  # fmt: skip
        found: Classifier = make_pipeline(StandardScaler(), net)
        return found

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return searched(DECAY, make, on)

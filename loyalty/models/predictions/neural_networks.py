"""Methods on standardised columns: a support vector machine and a neural network of three layers of 128 units."""

from __future__ import annotations

import warnings

from sklearn.calibration import CalibratedClassifierCV
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from loyalty.models.predictions.training import Scorer, TrainingData
from loyalty.models.predictions.trees import Classifier, search_and_fit

C_VALUES = (0.3, 0.03)  # of the support vector machine
DECAY = (1.0, 10.0)  # penalty on the squared weights of the network
LAYERS = (128, 128, 128)
MAX_EPOCHS = 40
FOLDS = 3


def fit_svm(training: TrainingData) -> Scorer:
    """Fit a support vector machine with a Gaussian kernel, calibrated by a sigmoid on folds (Platt 1999)."""

    def make(c: float, seed: int) -> Classifier:
        machine = make_pipeline(StandardScaler(), SVC(C=c, gamma="scale", random_state=seed))
        classifier: Classifier = CalibratedClassifierCV(machine, method="sigmoid", cv=FOLDS)
        return classifier

    fewer = min(int(training.bought.sum()), int((~training.bought).sum()))
    return search_and_fit(C_VALUES if fewer >= 20 * FOLDS else C_VALUES[:1], make, training)


def fit_mlp(training: TrainingData) -> Scorer:
    """Fit 3 × 128 rectified linear units, its weight decay searched, with early stopping on validation customers."""

    def make(decay: float, seed: int) -> Classifier:
        net = MLPClassifier(
            LAYERS,
            activation="relu",
            alpha=decay,
            max_iter=MAX_EPOCHS,
            early_stopping=True,
            n_iter_no_change=6,
            random_state=seed,
        )
        classifier: Classifier = make_pipeline(StandardScaler(), net)
        return classifier

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return search_and_fit(DECAY, make, training)

"""clv: what a customer is worth, by formula and by prediction, with the back-test of the prediction."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from loyalty.services.lifetime_value import LifetimeValue
from loyalty.words import Words


def lifetime_value_document(ahead: LifetimeValue, words: Words) -> dict[str, Any]:
    """`model`, `total`, `backtest`, `notes` and `missing` of a prediction; None where there is not enough to predict from."""
    said, tested = ahead.predicted, ahead.backtest
    return {
        "model": _model(prediction),
        "total": asdict(predicted.total) if predicted.total else None,
        "months": predicted.terms.months,
        "backtest": [
            {
                "as_of": origin.as_of,
                "until": origin.until,
                **asdict(origin.predicted),
                "actual": origin.actual,
                "held": origin.within_range,
            }
            for origin in backtest.origins
        ],
        "notes": [words.message(note) for note in predicted.notes],
        "missing": words.message(predicted.missing) if predicted.missing else None,
    }


def _model(prediction: LifetimeValue) -> dict[str, Any] | None:
    """Parameters of both models under the names of their papers."""
    fit, spending = prediction.predicted.fit, prediction.predicted.spending
    if fit is None or spending is None:
        return None
    return {
        "name": fit.model.name,
        **fit.params,
        "log_likelihood": fit.log_likelihood,
        "p": spending.p,
        "q": spending.q,
        "v": spending.v,
        "spend_log_likelihood": spending.log_likelihood,
    }

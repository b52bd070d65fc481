"""A prediction of what customers will bring, as part of a JSON document."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from loyalty.services.lifetime_value import LifetimeValue
from loyalty.words import Words


def lifetime_value_document(ahead: LifetimeValue, words: Words) -> dict[str, Any]:
    """`model`, `total`, `backtest`, `notes` and `missing` of a prediction; None where there is not enough to predict from."""
    said, tested = ahead.predicted, ahead.backtest
    return {
        "model": _model(ahead),
        "total": asdict(said.total) if said.total else None,
        "months": said.terms.months,
        "backtest": [
            {
                "as_of": o.as_of,
                "until": o.until,
                **asdict(o.predicted),
                "actual": o.actual,
                "held": o.within_range,
            }
            for o in tested.origins
        ],
        "notes": [words.message(note) for note in said.notes],
        "missing": words.message(said.missing) if said.missing else None,
    }


def _model(ahead: LifetimeValue) -> dict[str, Any] | None:
    """Parameters of both models under the names of their papers."""
    fit, spending = ahead.predicted.fit, ahead.predicted.spending
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

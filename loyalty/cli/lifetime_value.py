"""clv: what a customer is worth, by formula and by prediction, with the back-test of the prediction."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from loyalty.cli.output import Outcome, amount
from loyalty.cli.session import Session
from loyalty.measure.clv import formula_clv, historic_clv
from loyalty.services.lifetime_value import LifetimeValue, predict_lifetime_value, sentences, terms_of
from loyalty.words import Words


def clv(session: Session, options: argparse.Namespace) -> Outcome:
    """Show historic, formula and predicted CLV, with every part of the formula, the fitted model and its back-tests."""
    _, shop_facts = session.facts()
    settings, words = session.shop.settings, session.words
    margin = options.margin if options.margin is not None else settings.margin or None
    lifespan = options.lifespan if options.lifespan is not None else settings.lifespan_years or None
    formula = formula_clv(
        shop_facts.customers, shop_facts.activity, shop_facts.as_of, lifespan_years=lifespan, margin=margin
    )
    prediction = predict_lifetime_value(
        shop_facts.models, terms_of(settings, options.months, options.discount, margin)
    )
    if formula.value is None and formula.note:
        by_formula = words.message(formula.note)
    else:
        by_formula = amount(formula.value, words)
    document: dict[str, Any] = {
        "formula_clv": formula.value,
        "formula_interval": [formula.low, formula.high],
        "historic_clv": historic_clv(shop_facts.customers, margin),
        "parts": {
            "aov": formula.aov,
            "purchase_frequency": formula.frequency,
            "lifespan_years": formula.lifespan_years,
            "yearly_dropout": formula.dropout.rate,
            "margin": margin,
        },
        "note": words.message(formula.note) if formula.note else None,
        "as_of": shop_facts.as_of,
        **_prediction_document(prediction, words),
    }
    named = shop_facts.customers[["customer_id", "revenue"]].rename(columns={"revenue": "historic_clv"})
    customers = named.merge(prediction.predicted.customers, how="outer", on="customer_id")
    document["customers"] = customers.fillna({"historic_clv": 0.0}).to_dict("records")
    return Outcome(
        document,
        [f"{words.say('A customer is worth, by formula')}: {by_formula}", *sentences(prediction, words)],
    )


def _prediction_document(prediction: LifetimeValue, words: Words) -> dict[str, Any]:
    """`model`, `total`, `backtest`, `notes` and `missing` of a prediction; None where there is too little to predict from."""
    predicted, backtest = prediction.predicted, prediction.backtest
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

"""Predictions for the screens: by the method that the last model selection chose."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from loyalty.customers.status import LAPSED, OVERDUE
from loyalty.errors import OwnerError
from loyalty.models.predictions.contact_choice import Costs
from loyalty.models.predictions.model_selection import ModelSelection
from loyalty.services.predictions import (
    USUAL_HORIZON,
    PredictionInputs,
    ShopPredictions,
    predict_by_selected_model,
    prediction_inputs,
    selected_model_record,
    usual_costs,
)
from loyalty.store.selected_models import SelectedModel, selected_model
from loyalty.words import Words
from ui.background import jobs
from ui.cache import cache_rule, cached
from ui.shop_figures import ShopFigures

MESSAGE, SAVED, EFFECT = "predict-message", "predict-saved", "predict-effect"


@dataclass(frozen=True)
class PredictionRequest:
    """What predictions are asked for: so many days ahead, at the owner's costs, by the method that the last model selection `selected`."""

    horizon: int
    costs: Costs
    selected: SelectedModel | None


@dataclass(frozen=True)
class PredictionView:
    """Settings, training data, the model selection if one ran since the app started, and the forecast."""

    request: PredictionRequest
    inputs: PredictionInputs
    selection: ModelSelection | None
    shop_predictions: ShopPredictions


@cache_rule(sales_only=True, entries=8)
def prediction_inputs_of(figures: ShopFigures, horizon: int) -> PredictionInputs | OwnerError:
    """Training data of predictions, or the error that prevents them."""
    try:
        with figures.shop.database.reading() as con:
            return prediction_inputs(con, figures.as_of, horizon)
    except OwnerError as problem:
        return problem


@cache_rule(sales_only=True, entries=8)
def shop_predictions_of(figures: ShopFigures, request: PredictionRequest) -> ShopPredictions:
    """The forecast, where there are training data."""
    inputs = cached(prediction_inputs_of, figures, request.horizon)
    if isinstance(inputs, OwnerError):
        raise inputs
    return predict_by_selected_model(inputs, request.costs, request.selected)


def selection_key(figures: ShopFigures, horizon: int) -> tuple[object, ...]:
    """The key of a model selection: also by folder, as its result is saved there."""
    return ("contest", str(figures.shop.folder), figures.key(sales_only=True), horizon)


def finished_selection(figures: ShopFigures, horizon: int) -> ModelSelection | None:
    """The model selection of this data version, if it has finished."""
    job = jobs().get(selection_key(figures, horizon))
    return job.result if job is not None and isinstance(job.result, ModelSelection) else None


def costs_in_session(usual: Costs) -> Costs:
    """The owner's costs as chosen in this session, else the usual ones."""
    session = st.session_state
    return Costs(
        float(session.get(MESSAGE) or usual.message),
        float(session.get(SAVED) or usual.saved),
        float(session.get(EFFECT) or 100 * usual.effect) / 100,
    )


def prediction_view(
    figures: ShopFigures, say: Words, horizon: int = USUAL_HORIZON
) -> PredictionView | OwnerError:
    """Predictions for a horizon."""
    with st.spinner(say.say("Working out who will come…")):
        inputs = cached(prediction_inputs_of, figures, horizon)
        if isinstance(inputs, OwnerError):
            return inputs
        costs = costs_in_session(usual_costs(inputs, figures.settings))
        selection = finished_selection(figures, horizon)
        last = (
            selected_model_record(selection, figures.as_of)
            if selection
            else selected_model(figures.shop.database, horizon, figures.as_of)
        )
        request = PredictionRequest(horizon, costs, last)
        return PredictionView(request, inputs, selection, cached(shop_predictions_of, figures, request))


def predictions_headline(figures: ShopFigures, view: PredictionView, say: Words) -> str:
    """How many will buy, how many are overdue, and how many have lapsed."""
    total = view.shop_predictions.predictions.total
    first = say.say(
        "Of your {all} customers about {buyers} will buy within {n} days, most likely for {low} to {high} in all.",
        all=say.number(view.shop_predictions.counted),
        n=view.inputs.horizon_days,
        buyers=say.number(round(total.buyers)),
        low=say.money(total.spend.low, cents=False),
        high=say.money(total.spend.high, cents=False),
    )
    counts = figures.facts().statuses.counts
    second = say.say(
        "{overdue} are overdue, {lapsed} have lapsed.",
        overdue=say.number(counts[OVERDUE]),
        lapsed=say.number(counts[LAPSED]),
    )
    return say.sentences([first, second])

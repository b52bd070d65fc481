"""Predictions as screens need them: by the method that won if a contest was held."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from loyalty.errors import OwnerError
from loyalty.models.predictions.contact_choice import Costs
from loyalty.models.predictions.model_selection import Contest
from loyalty.services.predictions import (
    USUAL_HORIZON,
    Foresight,
    Grounds,
    foresee_by,
    grounds,
    usual_costs,
    verdict_of,
)
from loyalty.store.selected_models import SelectedModel, selected_model
from loyalty.words import Words
from ui.background import jobs
from ui.cache import cache_rule, cached
from ui.shop_figures import ShopFigures

MESSAGE, SAVED, EFFECT = "predict-message", "predict-saved", "predict-effect"


@dataclass(frozen=True)
class Asked:
    """What predictions are asked for: so many days ahead, at the owner's costs, by the method that won the `last` contest."""

    horizon: int
    costs: Costs
    last: SelectedModel | None


@dataclass(frozen=True)
class Ahead:
    """What these screens show: what was asked, the grounds, the contest if it was held since the app began, and what is
    said."""

    asked: Asked
    known: Grounds
    contest: Contest | None
    said: Foresight


@cache_rule(sales_only=True, entries=8)
def grounds_of(figures: ShopFigures, horizon: int) -> Grounds | OwnerError:
    """What predictions stand on; or why there are none."""
    try:
        with figures.shop.database.reading() as con:
            return grounds(con, figures.as_of, horizon)
    except OwnerError as problem:
        return problem


@cache_rule(sales_only=True, entries=8)
def foresight_of(figures: ShopFigures, asked: Asked) -> Foresight:
    """What is said, where there are grounds."""
    known = cached(grounds_of, figures, asked.horizon)
    if isinstance(known, OwnerError):
        raise known
    return foresee_by(known, asked.costs, asked.last)


def contest_key(at: ShopFigures, horizon: int) -> tuple[object, ...]:
    """What a contest hangs on; also the folder, as what it came to is kept there."""
    return ("contest", str(at.shop.folder), at.key(sales_only=True), horizon)


def held_contest(at: ShopFigures, horizon: int) -> Contest | None:
    """The contest of this data version, if it was held."""
    job = jobs().get(contest_key(at, horizon))
    return job.result if job is not None and isinstance(job.result, Contest) else None


def owners_costs(usual: Costs) -> Costs:
    """The owner's costs as chosen in this session, else the usual ones."""
    kept = st.session_state
    return Costs(
        float(kept.get(MESSAGE) or usual.message),
        float(kept.get(SAVED) or usual.saved),
        float(kept.get(EFFECT) or 100 * usual.effect) / 100,
    )


def ahead(at: ShopFigures, say: Words, horizon: int = USUAL_HORIZON) -> Ahead | OwnerError:
    """Predictions for a horizon."""
    with st.spinner(say.say("Working out who will come…")):
        known = cached(grounds_of, at, horizon)
        if isinstance(known, OwnerError):
            return known
        costs = owners_costs(usual_costs(known, at.settings))
        held = held_contest(at, horizon)
        last = verdict_of(held, at.as_of) if held else selected_model(at.shop.database, horizon, at.as_of)
        asked = Asked(horizon, costs, last)
        return Ahead(asked, known, held, cached(foresight_of, at, asked))

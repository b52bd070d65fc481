"""Predictions as screens need them: worked out once a data version, by the method that won if a contest was held."""

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
from ui.cache import Desk

MESSAGE, SAVED, EFFECT = "predict-message", "predict-saved", "predict-effect"


@st.cache_resource(show_spinner=False, max_entries=8)
def _grounds(key: object, horizon: int, _at: Desk) -> Grounds | OwnerError:
    """What predictions stand on, once a data version; or why there are none."""
    try:
        with _at.shop.database.reading() as con:
            return grounds(con, _at.as_of, horizon)
    except OwnerError as problem:
        return problem


@st.cache_resource(show_spinner=False, max_entries=8)
def _foresight(
    key: object, horizon: int, costs: Costs, last: SelectedModel | None, _of: Grounds
) -> Foresight:
    return foresee_by(_of, costs, last)


@dataclass(frozen=True)
class Ahead:
    """What these screens show: the grounds, the owner's costs, the contest if it was held since the app began, what the
    last one came to (in an earlier run, perhaps), and what is said."""

    known: Grounds
    costs: Costs
    contest: Contest | None
    last: SelectedModel | None
    said: Foresight

    @property
    def key(self) -> str:
        """What these predictions hang on besides the data."""
        return f"{self.known.horizon_days}-{self.costs}-{self.said.method}-{self.said.drift.sd}"


def contest_key(at: Desk, horizon: int) -> tuple[object, ...]:
    """What a contest hangs on."""
    return ("contest", at.key, horizon)


def held_contest(at: Desk, horizon: int) -> Contest | None:
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


def ahead(at: Desk, say: Words, horizon: int = USUAL_HORIZON) -> Ahead | OwnerError:
    """Predictions for a horizon, worked out once a data version."""
    with st.spinner(say.say("Working out who will come…")):
        known = _grounds(at.key, horizon, at)
        if isinstance(known, OwnerError):
            return known
        costs = owners_costs(usual_costs(known, at.shop.settings))
        held = held_contest(at, horizon)
        last = verdict_of(held, at.as_of) if held else selected_model(at.shop.database, horizon, at.as_of)
        return Ahead(known, costs, held, last, _foresight(at.key, horizon, costs, last, known))

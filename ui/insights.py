"""The insights of a desk, each worked out once a data version; as in `ui.cache`, keys first, the shop behind an underscore."""

from __future__ import annotations

import streamlit as st

from loyalty.facts.changes import Period
from loyalty.measure.forecast_statsmodels import EXTRA_METHODS
from loyalty.measure.forecasts import Forecast
from loyalty.measure.goals import Progress, Target
from loyalty.measure.repurchase import CohortReturn, GroupReturn, Unit, by_cohort
from loyalty.measure.weeks import Weeks
from loyalty.services import forecasts as forecast_service
from loyalty.services import insights
from loyalty.services.insights import By, Movement, Satisfaction
from loyalty.shop.settings import Settings
from loyalty.shop.shop import Shop
from ui.cache import Desk, Key

_keep = st.cache_resource(show_spinner=False, max_entries=24)
MONTHS_AHEAD = 6


@_keep
def _week(key: Key, _shop: Shop) -> Weeks:
    with _shop.database.reading() as con:
        return insights.this_week(con, key.as_of)


@_keep
def _movement(key: Key, before: Period, after: Period, _shop: Shop) -> Movement:
    with _shop.database.reading() as con:
        return insights.movement(con, key.as_of, before, after)


@_keep
def _cohorts(key: Key, unit: Unit, _desk: Desk) -> list[CohortReturn]:
    return by_cohort(_desk.facts().customers, key.as_of, unit)


@_keep
def _returns(key: Key, by: By, horizon: int, _desk: Desk) -> list[GroupReturn]:
    with _desk.shop.database.reading() as con:
        return insights.returns(con, _desk.facts(), by, horizon)


@_keep
def _satisfaction(key: Key, _desk: Desk) -> Satisfaction:
    members = _desk.segmentation().members
    segment = dict(zip(members["customer_id"], members["segment"], strict=True))
    with _desk.shop.database.reading() as con:
        return insights.satisfaction(con, _desk.facts(), segment)


@_keep
def _forecasts(key: Key, more: bool, _desk: Desk) -> dict[str, Forecast]:
    months, extra = _desk.months(), EXTRA_METHODS if more else ()
    with _desk.shop.database.reading() as con:
        return forecast_service.forecasts(con, key.as_of, MONTHS_AHEAD, extra, months)


@_keep
def _progress(key: Key, settings: Settings, goals: tuple[Target, ...], _desk: Desk) -> list[Progress]:
    with _desk.shop.database.reading() as con:
        return insights.target_progress(con, _desk.facts(), settings, goals)


def week(at: Desk) -> Weeks:
    """The last seven days beside others."""
    return _week(at.key, at.shop)


def movement(at: Desk, before: Period, after: Period) -> Movement:
    """What moved net revenue between two periods."""
    return _movement(at.key, before, after, at.shop)


def cohorts(at: Desk, unit: Unit) -> list[CohortReturn]:
    """Who comes back, by month or quarter of the first purchase."""
    return _cohorts(at.key, unit, at)


def returns(at: Desk, by: By, horizon: int) -> list[GroupReturn]:
    """Who comes back, by how they came."""
    return _returns(at.key, by, horizon, at)


def satisfaction(at: Desk) -> Satisfaction:
    """Who answered, and how content products' buyers and segments are."""
    return _satisfaction(at.key, at)


def forecasts(at: Desk, *, more: bool = False) -> dict[str, Forecast]:
    """The coming months of net revenue, orders and customers; `more`: ETS and ARIMA take part (see `EXTRA_METHODS`)."""
    return _forecasts(at.key, more, at)


def progress(at: Desk, goals: list[Target]) -> list[Progress]:
    """How far each goal is."""
    return _progress(at.key, at.shop.settings, tuple(goals), at)

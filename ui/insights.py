"""What moves the shop's figures, as screens ask for it; each worked out once for a version of the data."""

from __future__ import annotations

from loyalty.facts.changes import Period
from loyalty.measure.forecast_statsmodels import EXTRA_METHODS
from loyalty.measure.forecasts import Forecast
from loyalty.measure.goals import Goal, Progress
from loyalty.measure.repurchase import CohortRepurchase, GroupRepurchase, Unit, repurchase_by_cohort
from loyalty.measure.weeks import Weeks
from loyalty.services import forecasts as forecast_service
from loyalty.services import insights
from loyalty.services.insights import Grouping, Movement, Satisfaction
from loyalty.shop.settings import Settings
from ui.cache import cache_rule
from ui.shop_figures import ShopFigures

MONTHS_AHEAD = 6


@cache_rule(sales_only=True)
def week(figures: ShopFigures) -> Weeks:
    """The last seven days beside others."""
    with figures.shop.database.reading() as con:
        return insights.this_week(con, figures.as_of)


@cache_rule(sales_only=True)
def movement(figures: ShopFigures, before: Period, after: Period) -> Movement:
    """What moved net revenue between two periods."""
    with figures.shop.database.reading() as con:
        return insights.movement(con, figures.as_of, before, after)


@cache_rule(sales_only=True)
def cohorts(figures: ShopFigures, unit: Unit) -> list[CohortRepurchase]:
    """Who comes back, by month or quarter of the first purchase."""
    return repurchase_by_cohort(figures.facts().customers, figures.as_of, unit)


@cache_rule(sales_only=True)
def returns(figures: ShopFigures, by: Grouping, horizon: int) -> list[GroupRepurchase]:
    """Who comes back, by how they came."""
    with figures.shop.database.reading() as con:
        return insights.repurchase_by_group(con, figures.facts(), by, horizon)


@cache_rule(sales_only=True)
def satisfaction(figures: ShopFigures) -> Satisfaction:
    """Who answered, and how content products' buyers and segments are."""
    members = figures.segmentation().members
    segment = dict(zip(members["customer_id"], members["segment"], strict=True))
    with figures.shop.database.reading() as con:
        return insights.satisfaction(con, figures.facts(), segment)


@cache_rule(sales_only=True)
def forecasts(figures: ShopFigures, more: bool) -> dict[str, Forecast]:
    """The coming months of net revenue, orders and customers; `more`: ETS and ARIMA take part (see `extra_methods`)."""
    months, extra = figures.months(), EXTRA_METHODS if more else ()
    with figures.shop.database.reading() as con:
        return forecast_service.forecasts(con, figures.as_of, MONTHS_AHEAD, extra, months)


@cache_rule(sales_only=True)
def progress(figures: ShopFigures, settings: Settings, goals: tuple[Goal, ...]) -> list[Progress]:
    """How far each goal is."""
    with figures.shop.database.reading() as con:
        return insights.goal_progress(con, figures.facts(), settings, goals)

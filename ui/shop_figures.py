"""The figures of the shop that a session looks at, as of the last day of its data; all of them kept by `ui.cache`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from loyalty.facts import baskets as basket_facts
from loyalty.facts import customers as customer_facts
from loyalty.facts import orders as order_facts
from loyalty.facts.customer_story import Lookups, lookups
from loyalty.facts.recommendations import allowed_contacts
from loyalty.measure.kpis import Kpis
from loyalty.models.cross_sell.rule_survival import RuleSurvival
from loyalty.models.cross_sell.rules import Rule, RuleSet
from loyalty.models.cross_sell.search import Search, check_survival, default_count, find_rules
from loyalty.models.customer_advice import ControlGroupMembership
from loyalty.models.segments.features import Extras
from loyalty.models.segments.movement import Movement
from loyalty.models.segments.names import name_from_key
from loyalty.models.segments.segmentation import Segmentation
from loyalty.purchase_model.customer_state import CustomerState
from loyalty.purchase_model.terms import Terms
from loyalty.rewards.points.ledger import Ledger
from loyalty.rewards.programme.programme import Programme
from loyalty.services import points as point_service
from loyalty.services.campaigns import current_control_groups
from loyalty.services.figures import (
    Facts,
    facts,
    key_figures,
    movement_since,
    programme,
    segment_extras,
    segmentation,
)
from loyalty.services.lifetime_value import customer_states, terms_of
from loyalty.services.purchase_model import SnapshotModels
from loyalty.shop.settings import Settings
from loyalty.store import points as point_store
from loyalty.words import Words
from ui.cache import cache_rule, cached
from ui.session import ShopNow, shop_now, span_of
from ui.show import empty_page


@dataclass(frozen=True)
class ShopFigures(ShopNow):
    """The figures of a shop with sales, from the `first` day to the last, `as_of`."""

    first: dt.date
    as_of: dt.date

    def facts(self) -> Facts:
        """Customers, gaps, activity and feedback."""
        return cached(_facts, self)

    def key_figures(self, since: dt.date | None = None, until: dt.date | None = None) -> Kpis:
        """The key figures of a period."""
        return cached(_key_figures, self, self.settings, since, until)

    def months(self, *, by_channel: bool = False) -> pd.DataFrame:
        """Figures by month."""
        return cached(_months, self, by_channel)

    def cohorts(self) -> pd.DataFrame:
        """Cells of the retention matrix."""
        return cached(_cohorts, self)

    def segmentation(
        self, method: str | None = None, k: int | None = None, names: tuple[str, ...] = ()
    ) -> Segmentation:
        """Segments by the method asked for, of the traits `names` besides recency, frequency and money."""
        return cached(_segmentation, self, method, k, names)

    def movement(
        self, since: dt.date, method: str | None = None, k: int | None = None, names: tuple[str, ...] = ()
    ) -> Movement:
        """Who moved between the same segments since a day."""
        return cached(_movement, self, since, method, k, names)

    def products(self) -> pd.DataFrame:
        """Products by number of orders."""
        return cached(_products, self)

    def baskets(self, kind: str = "order", level: str = "product") -> pd.DataFrame:
        """What was bought together: orders or customer-days, of products or categories."""
        return cached(_baskets, self, kind, level)

    def prices(self) -> pd.DataFrame:
        """What a piece of each product cost in the last 12 months."""
        return cached(_prices, self)

    def rules(self, search: Search) -> RuleSet:
        """Association rules of a search."""
        return cached(_rules, self, search)

    def survival(self, search: Search) -> RuleSurvival:
        """How the rules that this search gave three months ago have held since."""
        return cached(_survival, self, search)

    def default_count(self, search: Search) -> int:
        """How many baskets a rule rests on unless the owner says otherwise."""
        return cached(_default_count, self, search)

    def best_rule(self) -> Rule | None:
        """The strongest pair."""
        return next(iter(self.rules(Search(max_len=2))), None)

    def contacts(self) -> pd.DataFrame:
        """Names and addresses."""
        return cached(_contacts, self)

    def addresses(self) -> pd.DataFrame:
        """The same without addresses whose medium was refused: for lists that leave the shop."""
        return cached(_addresses, self)

    def lookups(self) -> Lookups:
        """What single customers' stories look things up in."""
        return cached(_lookups, self)

    def purchase_models(self) -> SnapshotModels:
        """The purchase models, each fitted once."""
        return self.facts().models

    def customer_states(self) -> CustomerState:
        """The customer states (chance to be active, expected purchases), for the current margin."""
        return cached(_customer_states, self, terms_of(self.settings))

    def control_groups(self) -> dict[str, ControlGroupMembership]:
        """Who is in the control group of a campaign that still runs."""
        return cached(_control_groups, self)

    def segment_names(self, keys: list[str], say: Words) -> dict[str, str]:
        """Shown names of segments by key; of segments that are no more, too."""
        names = {segment.key: segment.name for segment in self.segmentation().segments}
        return {key: say.message(names.get(key) or name_from_key(key)) for key in keys}

    def programme(self) -> tuple[Programme, bool]:
        """The rewards in force, and whether the owner has saved them."""
        return cached(_programme, self)

    def points_state(self) -> str:
        """A text that changes whenever rules or points are entered: fields that are filled from them then begin anew."""
        return point_store.state(self.shop.database)

    def ledger(self) -> Ledger:
        """The points ledger, up to the last sale or the last entry of the owner's."""
        return cached(_ledger, self)

    def balances(self) -> pd.DataFrame:
        """What is on each customer's account (`loyalty.services.points.balances`)."""
        return cached(_balances, self)


def current_figures() -> ShopFigures | None:
    """The figures of this session's shop, or None while it has no sales."""
    now = shop_now()
    span = cached(span_of, now)
    return ShopFigures(now.shop, now.version, *span) if span else None


def require_sales(what: str, say: Words) -> ShopFigures:
    """The figures of this session's shop; without sales the page ends here, and says `what` it will show."""
    figures = current_figures()
    if figures is None:
        empty_page(what, say)
        st.stop()
    return figures


# What the methods above are kept from. Frames of one row a customer, product or order are few: of the present version,
# hardly more.


@cache_rule(sales_only=True, entries=4)
def _facts(figures: ShopFigures) -> Facts:
    with figures.shop.database.reading() as con:
        return facts(con, figures.as_of)


@cache_rule(sales_only=True)
def _key_figures(
    figures: ShopFigures, settings: Settings, since: dt.date | None, until: dt.date | None
) -> Kpis:
    all_facts = figures.facts()
    with figures.shop.database.reading() as con:
        return key_figures(con, all_facts, settings, since, until)


@cache_rule(sales_only=True)
def _months(figures: ShopFigures, by_channel: bool) -> pd.DataFrame:
    return order_facts.months(figures.shop.database.reader(), figures.as_of, by_channel=by_channel)


@cache_rule(sales_only=True, entries=4)
def _cohorts(figures: ShopFigures) -> pd.DataFrame:
    return order_facts.cohorts(figures.shop.database.reader(), figures.as_of)


@cache_rule(sales_only=True, entries=4)
def _traits(figures: ShopFigures, names: tuple[str, ...]) -> Extras:
    return segment_extras(figures.shop.database.reader(), figures.as_of, names)


@cache_rule(sales_only=True)
def _segmentation(
    figures: ShopFigures, method: str | None, k: int | None, names: tuple[str, ...]
) -> Segmentation:
    return segmentation(figures.facts(), method, k, cached(_traits, figures, names))


@cache_rule(sales_only=True)
def _movement(
    figures: ShopFigures, since: dt.date, method: str | None, k: int | None, names: tuple[str, ...]
) -> Movement:
    now = figures.segmentation(method, k, names)
    with figures.shop.database.reading() as con:
        return movement_since(con, now, names, since)


@cache_rule(sales_only=True, entries=4)
def _baskets(figures: ShopFigures, kind: str, level: str) -> pd.DataFrame:
    return basket_facts.baskets(figures.shop.database.reader(), figures.as_of, kind, level)


@cache_rule(sales_only=True, entries=4)
def _products(figures: ShopFigures) -> pd.DataFrame:
    return basket_facts.products(figures.shop.database.reader(), figures.as_of)


@cache_rule(sales_only=True, entries=4)
def _prices(figures: ShopFigures) -> pd.DataFrame:
    return basket_facts.prices(figures.shop.database.reader(), figures.as_of)


@cache_rule(sales_only=True)
def _rules(figures: ShopFigures, search: Search) -> RuleSet:
    return find_rules(figures.baskets(search.basket_kind, search.level), search)


@cache_rule(sales_only=True)
def _survival(figures: ShopFigures, search: Search) -> RuleSurvival:
    return check_survival(figures.baskets(search.basket_kind, search.level), figures.as_of, search)


@cache_rule(sales_only=True)
def _default_count(figures: ShopFigures, search: Search) -> int:
    return default_count(figures.baskets(search.basket_kind, search.level), search)


@cache_rule(sales_only=True, entries=4)
def _contacts(figures: ShopFigures) -> pd.DataFrame:
    return customer_facts.contacts(figures.shop.database.reader())


@cache_rule(sales_only=True, entries=4)
def _addresses(figures: ShopFigures) -> pd.DataFrame:
    return allowed_contacts(figures.shop.database.reader())


@cache_rule(sales_only=True, entries=4)
def _lookups(figures: ShopFigures) -> Lookups:
    with figures.shop.database.reading() as con:
        return lookups(con, figures.as_of)


@cache_rule(sales_only=True, entries=4)
def _customer_states(figures: ShopFigures, terms: Terms) -> CustomerState:
    return customer_states(figures.purchase_models(), terms)


def _control_groups(figures: ShopFigures) -> dict[str, ControlGroupMembership]:
    return current_control_groups(figures.shop.database, figures.shop.database.reader(), figures.as_of)


def _programme(figures: ShopFigures) -> tuple[Programme, bool]:
    keys = [segment.key for segment in figures.segmentation().segments]
    return programme(figures.shop, figures.facts().customers, keys)


@cache_rule(entries=4)
def _ledger(figures: ShopFigures) -> Ledger:
    until = point_service.last_day_of_points(figures.shop, figures.as_of)
    with figures.shop.database.reading() as con:
        return point_service.ledger_of(con, figures.shop, figures.programme()[0], until)


@cache_rule(entries=4)
def _balances(figures: ShopFigures) -> pd.DataFrame:
    return point_service.balances(figures.ledger())

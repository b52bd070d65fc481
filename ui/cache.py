"""Figures kept as long as the data stand still: one shared, read-only copy a data version, whoever looks.

Every function here takes its key first (folder, data version, day) and the shop behind an underscore, which
Streamlit's cache leaves out of the key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

import pandas as pd
import streamlit as st

from loyalty.facts import baskets as basket_facts
from loyalty.facts import customers as customer_facts
from loyalty.facts import orders as order_facts
from loyalty.facts.customer_story import Around, around
from loyalty.facts.recommendations import allowed_contacts
from loyalty.measure.kpis import Kpis
from loyalty.models.cross_sell.rule_survival import Survival
from loyalty.models.cross_sell.rules import Rule, RuleSet
from loyalty.models.cross_sell.search import Search, find_rules, how_long_they_last, usual_count
from loyalty.models.segments.features import Extras
from loyalty.models.segments.movement import Movement
from loyalty.models.segments.segmentation import Segmentation
from loyalty.rewards.points.ledger import Ledger
from loyalty.rewards.programme.programme import Programme
from loyalty.services import points as point_service
from loyalty.services.figures import (
    Facts,
    extras_of,
    facts,
    key_figures,
    movement_since,
    programme,
    segmentation,
)
from loyalty.shop.settings import Settings
from loyalty.shop.shop import Shop
from loyalty.store import points as point_store
from loyalty.store.rewards import programme_text
from ui.session import known_span, shop

T = TypeVar("T")


@dataclass(frozen=True)
class Key:
    """What a figure hangs on."""

    folder: str
    version: int
    as_of: dt.date


_keep = st.cache_resource(show_spinner=False, max_entries=16)
_keep_few = st.cache_resource(
    show_spinner=False, max_entries=4
)  # large tables: of the present version, hardly more


@_keep_few
def _facts(key: Key, _shop: Shop) -> Facts:
    with _shop.database.reading() as con:
        return facts(con, key.as_of)


@_keep
def _key_figures(
    key: Key, settings: Settings, since: dt.date | None, until: dt.date | None, _shop: Shop
) -> Kpis:
    known = _facts(key, _shop)
    with _shop.database.reading() as con:
        return key_figures(con, known, settings, since, until)


@_keep
def _months(key: Key, by_channel: bool, _shop: Shop) -> pd.DataFrame:
    return order_facts.months(_shop.database.reader(), key.as_of, by_channel=by_channel)


@_keep_few
def _cohorts(key: Key, _shop: Shop) -> pd.DataFrame:
    return order_facts.cohorts(_shop.database.reader(), key.as_of)


@_keep_few
def _extras(key: Key, names: tuple[str, ...], _shop: Shop) -> Extras:
    return extras_of(_shop.database.reader(), key.as_of, names)


@_keep
def _segmentation(
    key: Key, method: str | None, k: int | None, names: tuple[str, ...], _shop: Shop
) -> Segmentation:
    return segmentation(_facts(key, _shop), method, k, _extras(key, names, _shop))


@_keep
def _movement(
    key: Key, method: str | None, k: int | None, names: tuple[str, ...], since: dt.date, _shop: Shop
) -> Movement:
    now = _segmentation(key, method, k, names, _shop)
    with _shop.database.reading() as con:
        return movement_since(con, now, names, since)


@_keep_few
def _baskets(key: Key, kind: str, level: str, _shop: Shop) -> pd.DataFrame:
    return basket_facts.baskets(_shop.database.reader(), key.as_of, kind, level)


@_keep_few
def _products(key: Key, _shop: Shop) -> pd.DataFrame:
    return basket_facts.products(_shop.database.reader(), key.as_of)


@_keep_few
def _prices(key: Key, _shop: Shop) -> pd.DataFrame:
    return basket_facts.prices(_shop.database.reader(), key.as_of)


@_keep
def _rules(key: Key, search: Search, _shop: Shop) -> RuleSet:
    return find_rules(_baskets(key, search.basket_kind, search.level, _shop), search)


@_keep
def _survival(key: Key, search: Search, _shop: Shop) -> Survival:
    return how_long_they_last(_baskets(key, search.basket_kind, search.level, _shop), key.as_of, search)


@_keep
def _usual_count(key: Key, search: Search, _shop: Shop) -> int:
    return usual_count(_baskets(key, search.basket_kind, search.level, _shop), search)


@st.cache_resource(show_spinner=False, max_entries=48)
def _kept(key: Key, name: str, _work: Callable[[], object]) -> object:
    return _work()


@_keep_few
def _around(key: Key, _shop: Shop) -> Around:
    with _shop.database.reading() as con:
        return around(con, key.as_of)


@_keep_few
def _contacts(key: Key, _shop: Shop) -> pd.DataFrame:
    return customer_facts.contacts(_shop.database.reader())


class Desk:
    """The figures of the shop that this session looks at, as of the last day of its data."""

    def __init__(self, opened: Shop, first: dt.date, as_of: dt.date) -> None:
        self.shop = opened
        self.first = first  # the day of the first sale
        self.as_of = as_of
        self._key = Key(str(opened.folder), opened.database.data_version(), as_of)

    @property
    def key(self) -> Key:
        """What the figures of this desk hang on."""
        return self._key

    def facts(self) -> Facts:
        """Customers, gaps, activity and feedback."""
        return _facts(self._key, self.shop)

    def key_figures(self, since: dt.date | None = None, until: dt.date | None = None) -> Kpis:
        """The key figures of a period."""
        return _key_figures(self._key, self.shop.settings, since, until, self.shop)

    def months(self, *, by_channel: bool = False) -> pd.DataFrame:
        """Figures by month."""
        return _months(self._key, by_channel, self.shop)

    def cohorts(self) -> pd.DataFrame:
        """Cells of the retention matrix."""
        return _cohorts(self._key, self.shop)

    def segmentation(
        self, method: str | None = None, k: int | None = None, names: tuple[str, ...] = ()
    ) -> Segmentation:
        """Segments by the method asked for, of the traits `names` besides recency, frequency and money."""
        return _segmentation(self._key, method, k, names, self.shop)

    def movement(
        self, since: dt.date, method: str | None = None, k: int | None = None, names: tuple[str, ...] = ()
    ) -> Movement:
        """Who moved between the same segments since a day."""
        return _movement(self._key, method, k, names, since, self.shop)

    def products(self) -> pd.DataFrame:
        """Products by number of orders."""
        return _products(self._key, self.shop)

    def baskets(self, kind: str = "order", level: str = "product") -> pd.DataFrame:
        """What was bought together: orders or customer-days, of products or categories."""
        return _baskets(self._key, kind, level, self.shop)

    def prices(self) -> pd.DataFrame:
        """What a piece of each product cost in the last 12 months."""
        return _prices(self._key, self.shop)

    def rules(self, search: Search) -> RuleSet:
        """What goes with what."""
        return _rules(self._key, search, self.shop)

    def survival(self, search: Search) -> Survival:
        """What became of the rules that this search would have found three months ago."""
        return _survival(self._key, search, self.shop)

    def usual_count(self, search: Search) -> int:
        """How many baskets a rule rests on unless the owner says otherwise."""
        return _usual_count(self._key, search, self.shop)

    def best_rule(self) -> Rule | None:
        """The pair to speak of first."""
        return next(iter(self.rules(Search(max_len=2))), None)

    def keep(self, name: str, work: Callable[[], T]) -> T:
        """What `work` gives, once a data version; `name` says what it is and all that it hangs on."""
        return cast(T, _kept(self._key, name, work))

    def contacts(self) -> pd.DataFrame:
        """Names and addresses."""
        return _contacts(self._key, self.shop)

    def addresses(self) -> pd.DataFrame:
        """The same without addresses whose medium was refused: for lists that leave the shop."""
        return self.keep("addresses", lambda: allowed_contacts(self.shop.database.reader()))

    def around(self) -> Around:
        """What single customers' stories look things up in."""
        return _around(self._key, self.shop)

    def programme(self) -> tuple[Programme, bool]:
        """The rewards in force, and whether the owner has saved them."""
        text = programme_text(self.shop.database)
        return self.keep(f"programme {text}", self._programme)

    def _programme(self) -> tuple[Programme, bool]:
        keys = [segment.key for segment in self.segmentation().segments]
        return programme(self.shop, self.facts().customers, keys)

    def points_state(self) -> str:
        """What figures of points hang on besides the data."""
        return point_store.state(self.shop.database)

    def ledger(self) -> Ledger:
        """The points ledger, up to the last sale or the last entry of the owner's."""
        return self.keep(f"ledger {self.points_state()}", self._replayed)

    def _replayed(self) -> Ledger:
        until = point_service.last_day_of_points(self.shop, self.as_of)
        with self.shop.database.reading() as con:
            return point_service.ledger_of(con, self.shop, self.programme()[0], until)

    def balances(self) -> pd.DataFrame:
        """What is on each customer's account (`loyalty.services.points.balances`)."""
        return self.keep(f"balances {self.points_state()}", lambda: point_service.balances(self.ledger()))


def desk() -> Desk | None:
    """The figures of this session's shop, or None while it has no sales."""
    known = known_span()
    return Desk(shop(), *known) if known else None

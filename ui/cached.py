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
from loyalty.figures import Facts, facts, key_figures, programme, segmentation
from loyalty.measure.kpis import Kpis
from loyalty.models.pairs import starting_count
from loyalty.models.rules import Rule, RuleSet, mine_rules
from loyalty.models.segments import Segmentation
from loyalty.rewards.programme import Programme
from loyalty.settings import Settings
from loyalty.shop import Shop
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


@_keep
def _segmentation(key: Key, method: str | None, k: int | None, _shop: Shop) -> Segmentation:
    return segmentation(_facts(key, _shop), method, k)


@_keep_few
def _baskets(key: Key, _shop: Shop) -> pd.DataFrame:
    return basket_facts.baskets(_shop.database.reader(), key.as_of)


@_keep_few
def _products(key: Key, _shop: Shop) -> pd.DataFrame:
    return basket_facts.products(_shop.database.reader(), key.as_of)


@_keep
def _rules(
    key: Key, min_count: int, confidence: float, max_len: int, all_rules: bool, _shop: Shop
) -> RuleSet:
    baskets = _baskets(key, _shop)
    total = max(baskets["basket"].nunique(), 1)
    return mine_rules(
        baskets,
        min_support=min(min_count / total, 1.0),
        min_confidence=confidence,
        max_len=max_len,
        all_rules=all_rules,
    )


@_keep
def _starting_count(key: Key, _shop: Shop) -> int:
    return starting_count(_baskets(key, _shop))


@_keep
def _kept(key: Key, name: str, _work: Callable[[], object]) -> object:
    return _work()


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

    def segmentation(self, method: str | None = None, k: int | None = None) -> Segmentation:
        """Segments by the method asked for."""
        return _segmentation(self._key, method, k, self.shop)

    def products(self) -> pd.DataFrame:
        """Products by number of orders."""
        return _products(self._key, self.shop)

    def baskets(self) -> int:
        """How many orders hold products."""
        return int(_baskets(self._key, self.shop)["basket"].nunique())

    def rules(
        self, min_count: int, confidence: float, max_len: int = 3, *, all_rules: bool = False
    ) -> RuleSet:
        """What is bought together in at least `min_count` orders."""
        return _rules(self._key, min_count, confidence, max_len, all_rules, self.shop)

    def usual_count(self) -> int:
        """How many orders a rule rests on unless the owner says otherwise."""
        return _starting_count(self._key, self.shop)

    def best_rule(self) -> Rule | None:
        """The pair to speak of first."""
        return next(iter(self.rules(self.usual_count(), 0.1, 2)), None)

    def keep(self, name: str, work: Callable[[], T]) -> T:
        """What `work` gives, once a data version; `name` says what it is and all that it hangs on."""
        return cast(T, _kept(self._key, name, work))

    def contacts(self) -> pd.DataFrame:
        """Names and addresses."""
        return _contacts(self._key, self.shop)

    def programme(self) -> tuple[Programme, bool]:
        """The rewards in force, and whether the owner has saved them."""
        keys = [segment.key for segment in self.segmentation().segments]
        return programme(self.shop, self.facts().customers, keys)


def desk() -> Desk | None:
    """The figures of this session's shop, or None while it has no sales."""
    known = known_span()
    return Desk(shop(), *known) if known else None

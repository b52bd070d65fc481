"""The state of a browser session: which shop is open, in which language, and as of which day."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Hashable
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from loyalty.cli.run import shop_folder
from loyalty.facts.orders import span
from loyalty.shop.settings import Settings, changed
from loyalty.shop.shop import Shop
from loyalty.store.database import DataVersion
from loyalty.words import LANGUAGES, Words, words_for
from ui.cache import cache_rule, cached

SAMPLE_FILES = (
    "shopify_orders.csv",
    "square_items.csv",
    "survey.csv",
    "survey_nps.csv",
    "customers.csv",
    "visits.csv",
    "referrals.csv",
    "spend.csv",
)
SAMPLE_FOLDER = "sample-shop"
SAMPLE_DATA = Path(__file__).resolve().parents[1] / "sample_data"


@st.cache_resource(show_spinner=False)
def _opened(folder: str) -> Shop:
    """One open shop a folder and process: DuckDB lets in one."""
    return Shop.open(Path(folder))


def in_sample() -> bool:
    """Whether this session looks at the sample shop."""
    return st.query_params.get("shop") == "sample" or bool(st.session_state.get("sample"))


def show_sample(*, yes: bool) -> None:
    """Show the sample shop, or the owner's own again."""
    st.session_state["sample"] = yes
    if not yes:
        st.query_params.pop("shop", None)


def shop() -> Shop:
    """The shop of this session."""
    folder = shop_folder(None).absolute()
    return _opened(str(folder / SAMPLE_FOLDER if in_sample() else folder))


def own_shop() -> Shop:
    """The owner's own shop, also while they look at the sample: the language is kept there."""
    return _opened(str(shop_folder(None).absolute()))


def words() -> Words:
    """The words of this session: the owner's choice, else the browser's language."""
    chosen = own_shop().settings.language
    if not chosen:
        chosen = "zh_CN" if (st.context.locale or "").lower().startswith("zh") else "en"
    st.session_state["language"] = chosen
    return words_for(chosen, shop().settings.home_currency)


def choose_language(language: str) -> None:
    """Remember a language for good."""
    if language in LANGUAGES:
        own = own_shop()
        own.save_settings(changed(own.settings, language=language))


def now() -> dt.datetime:
    """The computer's local time, to the second: read here and handed down."""
    return dt.datetime(*time.localtime()[:6])


@dataclass(frozen=True)
class ShopNow:
    """An open shop, and the version its data had when the page began."""

    shop: Shop
    version: DataVersion

    @property
    def settings(self) -> Settings:
        """The owner's settings but for the language, which no figure is made from."""
        return replace(self.shop.settings, language="")

    def key(self, *, sales_only: bool) -> Hashable:
        """The key of the data in `ui.cache`. The day that figures are as of is the last one with an order."""
        return self.version.sales if sales_only else (self.version.everything, self.settings)

    def is_current(self, *, sales_only: bool) -> bool:
        """Whether nothing was written since that would change the key."""
        now = self.shop.database.data_version()
        return now.sales == self.version.sales and (sales_only or now.everything == self.version.everything)


def shop_now() -> ShopNow:
    """The shop of this session as it is now."""
    opened = shop()
    return ShopNow(opened, opened.database.data_version())


@cache_rule(sales_only=True, entries=64)
def span_of(now: ShopNow) -> tuple[dt.date, dt.date] | None:
    """First and last day with an order; None for an empty shop."""
    return span(now.shop.database.reader())


def sales_span() -> tuple[dt.date, dt.date] | None:
    """First and last day with an order of this session's shop."""
    return cached(span_of, shop_now())

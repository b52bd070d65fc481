"""All supported platforms, and which of them a heading row belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from loyalty.intake.errors import UnknownSource
from loyalty.intake.sources import (
    amazon,
    douyin,
    ebay,
    etsy,
    generic,
    gumroad,
    jd,
    paypal,
    pinduoduo,
    shopify,
    square,
    stripe,
    taobao,
    toast,
    weidian,
    woocommerce,
    youzan,
)
from loyalty.intake.sources.base import Source
from loyalty.intake.tables.header import normalise_heading

PLATFORMS: tuple[Source, ...] = (
    shopify.SOURCE,
    shopify.CUSTOMERS,
    square.SOURCE,
    square.CUSTOMERS,
    woocommerce.WEBTOFFEE,
    woocommerce.ALGOLPLUS,
    woocommerce.SKYVERGE,
    woocommerce.ANALYTICS,
    etsy.SOURCE,
    stripe.SOURCE,
    stripe.BALANCE,
    stripe.ACTIVITY,
    paypal.SOURCE,
    ebay.SOURCE,
    ebay.GERMAN,
    amazon.SOURCE,
    gumroad.SOURCE,
    toast.SOURCE,
    taobao.SOURCE,
    taobao.ITEMS,
    taobao.SALES,
    youzan.SOURCE,
    youzan.CUSTOMERS,
    douyin.SOURCE,
    pinduoduo.SOURCE,
    jd.SOURCE,
    weidian.SOURCE,
)
SOURCES: tuple[Source, ...] = (*PLATFORMS, generic.SOURCE, generic.SURVEY)
SIGNATURES: tuple[frozenset[str], ...] = tuple(source.signature for source in PLATFORMS)


def recognise(header: Sequence[str]) -> Source | None:
    """The platform whose whole signature is in `header`, in any order of columns; None for another file."""
    names = {normalise_heading(column) for column in header}
    matches = [source for source in PLATFORMS if source.signature <= names]
    return max(matches, key=lambda source: len(source.signature)) if matches else None


def channel_title(channel: str) -> str:
    """A channel under its platform's own name, where a platform gave the name; else as it is."""
    titles = {source.name.split("-")[0]: source.title.split(" (")[0] for source in PLATFORMS}
    return titles.get(channel, channel)


def source_named(name: str) -> Source:
    """The source called `name`; raises UnknownSource."""
    for source in SOURCES:
        if source.name == name:
            return source
    raise UnknownSource(name=name, known=", ".join(source.name for source in SOURCES))

"""All known platforms, and which of them a heading row belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from loyalty.intake.errors import UnknownSource
from loyalty.intake.header import normal
from loyalty.intake.sources import generic, shopify, square, taobao, woocommerce, youzan
from loyalty.intake.sources.base import Source

PLATFORMS: tuple[Source, ...] = (
    shopify.SOURCE,
    square.SOURCE,
    woocommerce.WEBTOFFEE,
    woocommerce.ALGOLPLUS,
    taobao.SOURCE,
    youzan.SOURCE,
)
SOURCES: tuple[Source, ...] = (*PLATFORMS, generic.SOURCE, generic.SURVEY)
SIGNATURES: tuple[frozenset[str], ...] = tuple(source.signature for source in PLATFORMS)


def recognise(header: Sequence[str]) -> Source | None:
    """The platform whose whole signature stands in `header`, however its columns are ordered; None for another file."""
    names = {normal(column) for column in header}
    matches = [source for source in PLATFORMS if source.signature <= names]
    return max(matches, key=lambda source: len(source.signature)) if matches else None


def source_named(name: str) -> Source:
    """The source called `name`; raises UnknownSource."""
    for source in SOURCES:
        if source.name == name:
            return source
    raise UnknownSource(name=name, known=", ".join(source.name for source in SOURCES))

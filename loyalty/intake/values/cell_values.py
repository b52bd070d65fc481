"""Parses cells into values: numbers, times in the shop's time zone, birthdays, months, words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pyarrow as pa

from loyalty.intake.canonical import MOMENT, MONEY
from loyalty.intake.decisions import Reading
from loyalty.intake.values.cells import value_or_none
from loyalty.intake.values.columns import Faults, cached, parse_distinct
from loyalty.intake.values.currencies import code_of, mark_in
from loyalty.intake.values.dates import Moment, parse_moment
from loyalty.intake.values.iso_timestamps import iso_moments
from loyalty.intake.values.numbers import parse_number
from loyalty.intake.values.partial_dates import parse_birthday, parse_month
from loyalty.words.message import N_, Message

UNKNOWN_STATUS = N_("the status “{text}” is not known")
UNKNOWN_WORD = N_("the word “{text}” is not known")


@dataclass
class Parser:
    """Parses columns of text; results are cached, as most values of a column repeat.

    `zone` is the shop's own (None: times stay as the file writes them). Each method notes faults in `bad` by row.
    """

    reading: Reading
    zone: dt.tzinfo | None = None
    _numbers: dict[str, Decimal | Message | None] = field(default_factory=dict)
    _moments: dict[str, Moment | Message | None] = field(default_factory=dict)

    def number(self, cells: pa.Array, faults: Faults) -> pa.Array:
        """Exact numbers (type MONEY)."""
        parse = cached(self._numbers, lambda text: parse_number(text, self.reading.decimal))
        return parse_distinct(cells, parse, lambda value: value, MONEY, faults)

    def moment(self, cells: pa.Array, faults: Faults) -> tuple[pa.Array, pa.Array]:
        """Moments (type MOMENT) and the minutes that each is off UTC, where the cell says so (int16)."""
        plain = iso_moments(cells)
        if plain is not None and (self.zone is None or plain[1].null_count == len(cells)):
            return plain
        parse = cached(self._moments, self._read_moment)
        at = parse_distinct(cells, parse, lambda moment: moment.at, MOMENT, faults)
        return at, parse_distinct(cells, parse, lambda moment: moment.offset, pa.int16(), {})

    def _read_moment(self, text: str) -> Moment | Message | None:
        """A moment in the shop's time zone."""
        moment = parse_moment(text, self.reading.date_order or "YMD")
        return moment.in_zone(self.zone) if self.zone and isinstance(moment, Moment) else moment

    def currency(self, cells: pa.Array, faults: Faults) -> pa.Array:
        """Codes of currencies from cells that name one, or from marks at amounts; None where they name none."""
        named = self.reading.currency_field == "currency"

        def parse_currency(text: str) -> str | Message | None:
            word = value_or_none(text) if named else mark_in(text)
            return code_of(word) if word else None

        return parse_distinct(cells, parse_currency, lambda code: code, pa.string(), faults)

    def birthday(self, cells: pa.Array, faults: Faults) -> pa.Array:
        """Birthdays as text: `YYYY-MM-DD` or `--MM-DD`."""
        order = self.reading.date_order or "YMD"
        return parse_distinct(
            cells, lambda text: parse_birthday(text, order), lambda day: day, pa.string(), faults
        )

    def month(self, cells: pa.Array, faults: Faults) -> pa.Array:
        """First moments of months (type MOMENT)."""
        order = self.reading.date_order or "YMD"
        return parse_distinct(
            cells, lambda text: parse_month(text, order), lambda month: month, MOMENT, faults
        )

    def status(self, cells: pa.Array, faults: Faults) -> pa.Array:
        """Canonical statuses of status words (see `loyalty.intake.canonical.STATUSES`)."""
        return self.word(cells, faults, UNKNOWN_STATUS)

    def word(
        self,
        cells: pa.Array,
        faults: Faults,
        unknown: str = UNKNOWN_WORD,
        words: Mapping[str, str] | None = None,
    ) -> pa.Array:
        """Meanings of words, by the reading or by `words`; `unknown` is the reason (N_) for a word without one."""
        meanings = self.reading.statuses if words is None else words

        def meaning(text: str) -> str | Message | None:
            value = value_or_none(text)
            if value is None:
                return None
            return meanings.get(value.casefold()) or Message(unknown, {"text": value})

        return parse_distinct(cells, meaning, lambda value: value, pa.string(), faults)

"""Translation and the formats of numbers, money and dates in one language, through gettext and Babel."""

from __future__ import annotations

import datetime as dt
import gettext
import io
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_currency_symbol,
)

from loyalty.words.message import Message

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
CATALOGUES = Path(__file__).resolve().parents[2] / "locale"

Number = int | float | Decimal


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> gettext.NullTranslations:
    """The compiled catalogue of `language`, read once per process; English is its own source."""
    path = CATALOGUES / language / "LC_MESSAGES" / "loyalty.po"
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class Words:
    """Translates and formats for one language and currency; immutable, so it can be shared."""

    def __init__(self, language: str = "en", currency: str = "USD") -> None:
        self.language = language if language in LANGUAGES else "en"
        self.currency = currency
        self.locale = Locale.parse(self.language)
        self._catalogue = _catalogue(self.language)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and (self.language, self.currency) == (other.language, other.currency)

    def __hash__(self) -> int:
        return hash((self.language, self.currency))

    def say(self, template: str, **params: object) -> str:
        """`template` in the reader's language with its placeholders filled."""
        text = self._catalogue.gettext(template) if template else ""
        return text.format(**params) if params else text

    def plural(self, one: str, many: str, n: int, **params: object) -> str:
        """`one` or `many` as `n` asks for; `{n}` is filled with the formatted number."""
        return self._catalogue.ngettext(one, many, n).format(n=self.number(n), **params)

    def message(self, message: Message) -> str:
        """A `Message` as a sentence; parameters that are messages or marked words are translated too."""
        params = {k: self.message(v) if isinstance(v, Message) else v for k, v in message.params.items()}
        return self.say(message.template).format(**params)

    def number(self, value: Number, digits: int = 0) -> str:
        """`value` with the language's separators and exactly `digits` decimals."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(_clean(value, digits), format=pattern, locale=self.locale)

    def money(self, value: Number, *, cents: bool | None = None, currency: str = "") -> str:
        """An amount, by default in the shop's currency and then with its short sign ("$", "¥").

        Cents are left out from 1,000 up unless asked for.
        """
        code = currency or self.currency
        with_cents = cents if cents is not None else -1000 < value < 1000
        shown = int(get_currency_precision(code)) if with_cents else 0
        pattern = "¤#,##0" + ("." + "0" * shown if shown else "")
        amount = format_currency(
            _clean(value, shown), code, format=pattern, locale=self.locale, currency_digits=False
        )
        symbol = get_currency_symbol(code, self.locale)
        at_home = symbol.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") if code == self.currency else symbol
        return amount.replace(symbol, at_home or symbol)

    def percent(self, share: Number, digits: int = 0) -> str:
        """A share in [0, 1] as a percentage."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
        return format_percent(_clean(share, digits + 2), format=pattern, locale=self.locale)

    def date(self, day: dt.date) -> str:
        """A day, as the language writes it in running text."""
        return format_date(
            day, format="d MMM y" if self.language == "en" else "y年M月d日", locale=self.locale
        )

    def day_of_year(self, day: dt.date) -> str:
        """A day without its year, such as 25 Dec."""
        return format_date(day, format="d MMM" if self.language == "en" else "M月d日", locale=self.locale)

    def month(self, day: dt.date) -> str:
        """The month that `day` falls in."""
        return format_date(day, format="MMM y" if self.language == "en" else "y年M月", locale=self.locale)

    def moment(self, when: dt.datetime) -> str:
        """A day and time, to the minute."""
        return format_datetime(
            when, format="d MMM y, HH:mm" if self.language == "en" else "y年M月d日 HH:mm", locale=self.locale
        )

    def duration(self, span: dt.timedelta) -> str:
        """How long something takes, in its largest unit: "20 seconds", "3 minutes"."""
        return format_timedelta(span, threshold=1, locale=self.locale)

    def sentences(self, parts: list[str]) -> str:
        """Whole sentences one after the other, as the language sets them: with a space, or without."""
        return ("" if self.language == "zh_CN" else " ").join(part for part in parts if part)

    def listing(self, parts: list[str]) -> str:
        """Parts joined as the language joins a list."""
        return ("、" if self.language == "zh_CN" else ", ").join(parts)


def _clean(value: Number, digits: int) -> Number:
    """`value` rounded to `digits`, so that -0.2 never shows as "-0"."""
    rounded = Decimal(str(round(value, digits)))
    return rounded or Decimal(0)


@lru_cache(maxsize=32)
def words_for(language: str, currency: str = "USD") -> Words:
    """A shared `Words` for a language and a currency."""
    return Words(language, currency)

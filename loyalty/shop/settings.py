"""The owner's choices for one shop: one frozen record with every default visible, kept as JSON in the shop's folder."""

from __future__ import annotations

import json
import zoneinfo
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from annotated_types import Interval, Predicate
from babel import Locale
from babel.core import get_global
from babel.numbers import list_currencies

from loyalty.errors import OwnerError
from loyalty.words import LANGUAGES, N_, Message

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FILE = "settings.json"
FALLBACK_CURRENCY = "USD"


class BadSetting(OwnerError):
    """A value that a setting cannot have."""

    template = N_("“{value}” is no value for the setting “{name}”: {expected}.")


class UnknownSetting(OwnerError):
    """A name that is no setting."""

    template = N_("There is no setting “{name}”. There are: {known}.")


@dataclass(frozen=True)
class Settings:
    """Everything the owner can choose.

    An empty `currency` is taken from the first file, an empty `time_zone` leaves times as files write them, an empty
    `country` follows from both.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True}  # no text for a number

    #: A key of LANGUAGES; "" follows the browser.
    language: Annotated[str, Predicate(lambda code: code in ("", *LANGUAGES))] = ""
    #: ISO 4217 code of the shop's home currency.
    currency: Annotated[str, Predicate(lambda code: not code or code in list_currencies())] = ""
    #: IANA name; times of files that give their zone are brought to it.
    time_zone: Annotated[str, Predicate(lambda name: not name or name in zoneinfo.available_timezones())] = ""
    #: ISO 3166 alpha-2; where phone numbers without a country code are from.
    country: Annotated[str, Predicate(lambda code: not code or code in _countries())] = ""
    shop_name: str = ""
    #: Share of net revenue that is left after cost of goods; 0 is "not given".
    margin: Annotated[float, Interval(ge=0, le=1)] = 0.0
    #: How long a customer stays; 0 is "work it out".
    lifespan_years: Annotated[float, Interval(ge=0, le=100)] = 0.0

    @property
    def home_currency(self) -> str:
        """The currency of amounts; the fallback while none is set."""
        return self.currency or FALLBACK_CURRENCY

    @property
    def home_country(self) -> str:
        """The shop's country: chosen, or inferred from its currency or time zone; "" while unknown."""
        return self.country or country_of(self.currency, self.time_zone)


def country_of(currency: str = "", time_zone: str = "") -> str:
    """The country (ISO 3166 alpha-2) that issues `currency`, else where `time_zone` (IANA) lies, else "".

    A currency's code begins with its country's, where one country issues it (ISO 4217).

    >>> country_of("GBP"), country_of("EUR"), country_of("EUR", "Europe/Berlin"), country_of()
    ('GB', '', 'DE', '')
    """
    currencies_by_country, issuer = get_global("territory_currencies"), currency[:2]
    if issuer in _countries() and any(code == currency for code, *_ in currencies_by_country[issuer]):
        return issuer
    return str(get_global("zone_territories").get(time_zone, ""))


def country_names(locale: Locale) -> dict[str, str]:
    """All countries by their code, with their names in the language of `locale`, by name."""
    named = {code: str(locale.territories.get(code, code)) for code in _countries()}
    return dict(sorted(named.items(), key=lambda item: (item[1].casefold(), item[0])))


def _countries() -> frozenset[str]:
    """Codes of all countries."""
    return frozenset(get_global("territory_currencies")) - {"EU"}


#: What each setting should be.
EXPECTED: Mapping[str, Message] = {
    "language": Message(N_("it is one of {known}"), {"known": ", ".join(LANGUAGES)}),
    "currency": Message(N_("it is a three-letter code such as USD, EUR or CNY")),
    "time_zone": Message(N_("it is a name such as Europe/London or Asia/Shanghai")),
    "country": Message(N_("it is a country's two letters such as GB or CN")),
    "shop_name": Message(N_("it is a text")),
    "margin": Message(N_("it is a share between 0 and 1")),
    "lifespan_years": Message(N_("it is a number of years between 0 and 100")),
}


@cache
def _settings_type() -> TypeAdapter[Settings]:
    from pydantic import TypeAdapter  # takes longer than a shop without settings needs to open

    return TypeAdapter(Settings)


def _fault(name: str, value: object) -> OwnerError | None:
    """The error of `value` for the setting `name`, or None when it is valid."""
    from pydantic import ValidationError

    if name not in EXPECTED:
        return UnknownSetting(name=name, known=", ".join(EXPECTED))
    try:
        _settings_type().validate_json(json.dumps({name: value}))
    except ValidationError:
        return BadSetting(name=name, value=value, expected=EXPECTED[name])
    return None


def changed(settings: Settings, **changes: object) -> Settings:
    """`settings` with checked changes; raises UnknownSetting or BadSetting."""
    for name, value in changes.items():
        if fault := _fault(name, value):
            raise fault
    return replace(settings, **changes)  # type: ignore[arg-type]


def load(folder: Path) -> tuple[Settings, list[OwnerError]]:
    """The shop's settings, and what was wrong in the file; a bad value falls back to its default."""
    path = folder / FILE
    if not path.exists():
        return Settings(), []
    try:
        values = dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, RecursionError):
        return Settings(), [BadSetting(name=FILE, value="…", expected=Message(N_("it is a JSON file")))]
    faults = {name: fault for name, value in values.items() if (fault := _fault(name, value))}
    valid = {name: value for name, value in values.items() if name not in faults}
    return Settings(**valid), list(faults.values())


def save(folder: Path, settings: Settings) -> None:
    """Write the settings whole: to a second file, then over the first."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / (FILE + ".new")
    temporary.write_text(json.dumps(asdict(settings), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    temporary.replace(folder / FILE)

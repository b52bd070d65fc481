"""The owner's choices for one shop: one frozen record with every default visible, kept as JSON in the shop's folder."""

from __future__ import annotations

import json
import zoneinfo
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from babel import Locale
from babel.core import get_global
from babel.numbers import list_currencies

from loyalty.errors import OwnerError
from loyalty.words import LANGUAGES, N_, Message

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
    """Everything the owner can choose. An empty `currency` is taken from the first file, an empty `time_zone` leaves times as files write them, an empty `country` is told from both."""

    language: str = ""  # a key of LANGUAGES; "" follows the browser
    currency: str = ""  # ISO 4217 code of the shop's home currency
    time_zone: str = ""  # IANA name; times of files that tell their zone are brought to it
    country: str = ""  # ISO 3166 alpha-2; where phone numbers without a country code are from
    shop_name: str = ""
    margin: float = 0.0  # share of net revenue that is left after cost of goods; 0 is "not given"
    lifespan_years: float = 0.0  # how long a customer stays; 0 is "work it out"

    @property
    def home_currency(self) -> str:
        """The currency to show amounts in when none was ever said."""
        return self.currency or FALLBACK_CURRENCY

    @property
    def home_country(self) -> str:
        """Where the shop is, as said or as its currency or time zone tell; "" while nothing does."""
        return self.country or country_of(self.currency, self.time_zone)


def country_of(currency: str = "", time_zone: str = "") -> str:
    """The country (ISO 3166 alpha-2) that issues `currency`, else where `time_zone` (IANA) lies, else "".

    A currency's code begins with its country's, where one country issues it (ISO 4217).

    >>> country_of("GBP"), country_of("EUR"), country_of("EUR", "Europe/Berlin"), country_of()
    ('GB', '', 'DE', '')
    """
    money, issuer = get_global("territory_currencies"), currency[:2]
    if issuer in _countries() and any(code == currency for code, *_ in money[issuer]):
        return issuer
    return str(get_global("zone_territories").get(time_zone, ""))


def country_names(locale: Locale) -> dict[str, str]:
    """All countries by their code, with their names in the language of `locale`, by name."""
    named = {code: str(locale.territories.get(code, code)) for code in _countries()}
    return dict(sorted(named.items(), key=lambda item: (item[1].casefold(), item[0])))


def _countries() -> frozenset[str]:
    """Codes of all countries."""
    return frozenset(get_global("territory_currencies")) - {"EU"}


def _fault(name: str, value: object) -> Message | None:
    """Why `value` cannot stand for the setting `name`, or None when it can."""
    if isinstance(getattr(Settings(), name), str) != isinstance(value, str) or isinstance(value, bool):
        return (
            Message(N_("it is a text"))
            if isinstance(getattr(Settings(), name), str)
            else Message(N_("it is a number"))
        )
    if name == "language" and value not in ("", *LANGUAGES):
        return Message(N_("it is one of {known}"), {"known": ", ".join(LANGUAGES)})
    if name == "currency" and value and value not in list_currencies():
        return Message(N_("it is a three-letter code such as USD, EUR or CNY"))
    if name == "time_zone" and value and value not in zoneinfo.available_timezones():
        return Message(N_("it is a name such as Europe/London or Asia/Shanghai"))
    if name == "country" and value and value not in _countries():
        return Message(N_("it is a country's two letters such as GB or CN"))
    if name == "margin" and not (isinstance(value, int | float) and 0 <= value <= 1):
        return Message(N_("it is a share between 0 and 1"))
    if name == "lifespan_years" and not (isinstance(value, int | float) and 0 <= value <= 100):
        return Message(N_("it is a number of years between 0 and 100"))
    return None


def changed(settings: Settings, **changes: object) -> Settings:
    """`settings` with checked changes; raises UnknownSetting or BadSetting."""
    known = [f.name for f in fields(Settings)]
    for name, value in changes.items():
        if name not in known:
            raise UnknownSetting(name=name, known=", ".join(known))
        if fault := _fault(name, value):
            raise BadSetting(name=name, value=value, expected=fault)
    return replace(settings, **changes)  # type: ignore[arg-type]


def load(folder: Path) -> tuple[Settings, list[OwnerError]]:
    """The shop's settings, and what was wrong in the file; a bad value falls back to its default."""
    path = folder / FILE
    if not path.exists():
        return Settings(), []
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings(), [BadSetting(name=FILE, value="…", expected=Message(N_("it is a JSON file")))]
    settings, faults = Settings(), []
    for name, value in found.items() if isinstance(found, dict) else ():
        try:
            settings = changed(settings, **{str(name): value})
        except OwnerError as fault:
            faults.append(fault)
    return settings, faults


def save(folder: Path, settings: Settings) -> None:
    """Write the settings whole: to a second file, then over the first."""
    folder.mkdir(parents=True, exist_ok=True)
    second = folder / (FILE + ".new")
    second.write_text(json.dumps(asdict(settings), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    second.replace(folder / FILE)

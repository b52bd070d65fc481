"""The owner's choices for one shop: one frozen record with every default visible, kept as JSON in the shop's folder."""

from __future__ import annotations

import json
import zoneinfo
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

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
    """Everything the owner can choose. An empty `currency` is taken from the first file, an empty `time_zone` leaves times as files write them."""

    language: str = ""  # a key of LANGUAGES; "" follows the browser
    currency: str = ""  # ISO 4217 code of the shop's home currency
    time_zone: str = ""  # IANA name; times of files that tell their zone are brought to it
    shop_name: str = ""
    margin: float = 0.0  # share of net revenue that is left after cost of goods; 0 is "not given"
    lifespan_years: float = 0.0  # how long a customer stays; 0 is "work it out"

    @property
    def home_currency(self) -> str:
        """The currency to show amounts in when none was ever said."""
        return self.currency or FALLBACK_CURRENCY


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

"""Message templates: placeholders for name, product, reason and code, and the length of a message."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from loyalty.campaigns.errors import UnknownPlaceholder
from loyalty.campaigns.plan import COUNTER, EMAIL, SMS, WECHAT
from loyalty.words import Words

PLACEHOLDERS = ("name", "product", "reason", "offer", "code", "until", "shop")
_PLACE = re.compile(r"\{(\w*)\}")
#: GSM 03.38: the default alphabet of text messages, and characters that take two places in it.
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€\f")
WECHAT_BYTES = 4000  # of a message to many in 企业微信, counted in UTF-8


@dataclass(frozen=True)
class Length:
    """Length of a message: `units` (characters or bytes), `parts` it is sent (and paid) in, `most` units of one part."""

    units: int
    parts: int
    most: int

    @property
    def fits(self) -> bool:
        """Whether it fits in one part."""
        return self.parts <= 1


def fill_template(template: str, values: Mapping[str, str]) -> str:
    """The template with its placeholders filled; missing values are left out with the space or comma before them.

    Raises UnknownPlaceholder. Values are inserted as they are: braces in a name stay braces.
    """
    checked_template(template)

    def put(match: re.Match[str]) -> str:
        value = values.get(match["place"], "")
        return match["before"] + value if value else ""

    text = re.sub(r"(?P<before>[ ,，、]*)\{(?P<place>\w+)\}", put, template)
    return re.sub(r"[ \t]+\n", "\n", text).strip()


def checked_template(template: str) -> str:
    """The template itself, if all its placeholders are valid; raises UnknownPlaceholder."""
    for name in _PLACE.findall(template):
        if name not in PLACEHOLDERS:
            raise UnknownPlaceholder(name=name, known=", ".join(f"{{{place}}}" for place in PLACEHOLDERS))
    return template


def starting_template(medium: str, words: Words) -> str:
    """A default text for a medium, with an opt-out line."""
    if medium == EMAIL:
        body = words.say(
            "Hello {name},\n\n{reason}\n\nThis is for you: {offer}, until {until}, with your own code {code}. Perhaps for {product}?\n\n{shop}",
            **_themselves(),
        )
        return f"{body}\n\n{words.say('No more of these? Answer “stop” to this e-mail.')}"
    if medium == SMS:
        return words.say(
            "{shop}: {name}, {offer} until {until}. Code {code}. Reply STOP to opt out.", **_themselves()
        )
    if medium == WECHAT:
        body = words.say("Hello {name}! {reason} {offer} until {until}, code {code}.", **_themselves())
        return f"{body}\n{words.say('Write “stop” and you get no more of these.')}"
    return words.say("{name}: {offer} until {until}, code {code}. {reason}", **_themselves())


def _themselves() -> dict[str, str]:
    """Each placeholder as its own value, to pass through `words.say`."""
    return {place: f"{{{place}}}" for place in PLACEHOLDERS}


def has_opt_out(text: str, medium: str) -> bool:
    """Whether a message says how to opt out; not needed at the counter."""
    words = ("stop", "unsubscribe", "opt out", "opt-out", "退订", "退回", "拒收", "不再接收", "取消订阅")
    return medium == COUNTER or any(word in text.casefold() for word in words)


def message_length(text: str, medium: str) -> Length:
    """Length of a message in the units of its medium.

    Text messages: 160 characters of the GSM alphabet, 153 each in several parts; with any other character (all Chinese) 70 and
    67 (3GPP TS 23.040, 9.2.3.24.1). WeChat: bytes. Others have no limit: one part.

    >>> message_length("Hi", "sms"), message_length("你好" * 36, "sms").parts
    (Length(units=2, parts=1, most=160), 2)
    """
    if medium == WECHAT:
        size = len(text.encode())
        return Length(size, max(1, math.ceil(size / WECHAT_BYTES)), WECHAT_BYTES)
    if medium != SMS:
        return Length(len(text), 1, max(len(text), 1))
    plain = all(ch in GSM or ch in GSM_TWICE for ch in text)
    units = sum(1 + (ch in GSM_TWICE) for ch in text) if plain else len(text.encode("utf-16-le")) // 2
    one, several = (160, 153) if plain else (70, 67)
    return Length(units, 1 if units <= one else math.ceil(units / several), one if units <= one else several)

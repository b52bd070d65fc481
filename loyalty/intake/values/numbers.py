"""Numbers as shops write them: signs, currency marks, thousands and decimal marks; exact, or a reason why not."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal

from loyalty.intake.values.cells import to_half_width
from loyalty.words.message import N_, Message

PLACES = Decimal("0.000001")
LIMIT = Decimal(10) ** 12
_PLAIN = re.compile(r"^-?\d{1,12}(?:\.\d{1,6})?$")
#: Marks and codes of currencies next to an amount.
MARKS = re.compile(
    r"(?:US\$|CA\$|AU?\$|NZ\$|HK\$|NT\$|S\$|R\$|CN¥|JP¥|(?<![A-Z])(?:AED|AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|HUF|IDR|"
    r"ILS|INR|JPY|KRW|MXN|MYR|NOK|NZD|PHP|PLN|RMB|RON|SAR|SEK|SGD|THB|TRY|TWD|USD|VND|ZAR)(?![A-Z])|kr\.?|zł|Kč|Ft|"
    r"[$€£¥₩₹₽₺฿₫₱₪]|元|圆|円)",
    re.IGNORECASE,
)
_SCIENTIFIC = re.compile(r"^-?\d+(?:[.,]\d+)?E\+?\d{1,2}$", re.IGNORECASE)
_GROUPED = re.compile(r"^\d{1,3}(?:[G]\d{3})+$|^\d{1,2}(?:[G]\d{2})*[G]\d{3}$")
_THOUSANDS = re.compile(r"^\d{1,3}(?:,\d{2,3})*,\d{3}$")
NOT_A_NUMBER = N_("“{text}” is not a number")
TOO_LARGE = N_("{text} is too large a number")
ODD_GROUPS = N_("“{text}” does not fit the decimal mark “{decimal}”")


def _split_sign(text: str) -> tuple[str, int]:
    """`text` without sign and currency marks, and its sign; accepts -5, 5-, (5), -$5, $-5."""
    sign = 1
    body = text.replace("−", "-").replace("–", "-")
    if body.startswith("(") and body.endswith(")"):
        body, sign = body[1:-1], -1
    body = MARKS.sub("", body, count=1).strip() if not body[-1:].isdigit() or not body[:1].isdigit() else body
    if body.endswith("-"):
        body, sign = body[:-1].strip(), -sign
    if body.startswith("-"):
        body, sign = body[1:].strip(), -sign
    elif body.startswith("+"):
        body = body[1:].strip()
    return body, sign


def parse_number(text: str, decimal: str = ".") -> Decimal | Message | None:
    """An exact number, None for an empty cell, or a `Message` that says why it is none.

    `decimal` is the file's decimal mark; any of the other usual marks may group thousands. Digits beyond
    the sixth decimal are rounded half to even.

    >>> parse_number("(1,234.50)"), parse_number("1.234,56", ","), parse_number("12.00-")
    (Decimal('-1234.50'), Decimal('1234.56'), Decimal('-12.00'))
    """
    if _PLAIN.match(text) and (decimal == "." or "." not in text):
        return Decimal(text)
    cleaned = to_half_width(text)
    if cleaned in ("", "-", "--"):
        return None
    body, sign = _split_sign(cleaned)
    if _SCIENTIFIC.match(body):
        return _bounded(Decimal(body.replace(",", ".")) * sign, cleaned)
    whole, _, fraction = body.partition(decimal)
    if (fraction and not fraction.isdecimal()) or not body.isascii():
        return (
            Message(NOT_A_NUMBER, {"text": cleaned})
            if body.count(decimal) < 2
            else _bad_grouping(cleaned, decimal)
        )
    groups = re.sub(r"[.,'’ ]", "G", whole)
    if "G" in groups and (decimal in whole or not _GROUPED.match(groups)):
        return (
            _bad_grouping(cleaned, decimal)
            if groups.replace("G", "").isdecimal()
            else Message(NOT_A_NUMBER, {"text": cleaned})
        )
    digits = groups.replace("G", "")
    if not digits.isdecimal() and not (not digits and fraction):
        return Message(NOT_A_NUMBER, {"text": cleaned})
    return _bounded(Decimal(f"{digits or 0}.{fraction or 0}" if fraction else digits) * sign, cleaned)


def _bad_grouping(text: str, decimal: str) -> Message:
    return Message(ODD_GROUPS, {"text": text, "decimal": decimal})


def _bounded(value: Decimal, text: str) -> Decimal | Message:
    """`value` at the store's precision, or why it does not fit there."""
    if abs(value) >= LIMIT:
        return Message(TOO_LARGE, {"text": text})
    exponent = value.as_tuple().exponent
    return value.quantize(PLACES, ROUND_HALF_EVEN) if isinstance(exponent, int) and exponent < -6 else value


def decimal_evidence(text: str) -> str | None:
    """Which decimal mark `text` proves: "." or ","; "?" when it could be either ("1,234"); None when it says nothing.

    >>> decimal_evidence("1.234,56"), decimal_evidence("12.5"), decimal_evidence("1,234"), decimal_evidence("7")
    (',', '.', '?', None)
    """
    if text.isdigit():
        return None
    body, _ = _split_sign(to_half_width(text))
    points, commas = body.count("."), body.count(",")
    if (not points and not commas) or not body.replace(".", "").replace(",", "").replace("'", "").replace(
        " ", ""
    ).isdecimal():
        return None
    if points and commas:
        return "." if body.rindex(".") > body.rindex(",") else ","
    mark, other = (".", ",") if points else (",", ".")
    if points + commas > 1:
        return other if _THOUSANDS.match(body.replace(mark, ",")) else None
    whole, _, fraction = body.partition(mark)
    if len(fraction) == 3 and 1 <= len(whole) <= 3 and whole.isdecimal() and not whole.startswith("0"):
        return "?"
    return mark

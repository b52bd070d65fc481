"""Phone numbers in one form, E.164, however they were written.

`phonenumbers` decides. It takes some 20 µs a number, so numbers in their usual form take a fast path by the
same tables; a test checks that both give the same result. The library is loaded with the first number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from loyalty.intake.values.cells import to_half_width

#: A number that no country's rules accept is kept as its digits when there are this many.
PHONE_DIGITS = (6, 15)
_SEPARATORS = str.maketrans("", "", " -.()/\t‐‑–—")
#: Mobile numbers of China as nearly everyone writes them ("179" also begins a carrier's code).
_PLAIN_CN = re.compile(r"1(?:[345689]\d|7[0-8])\d{8}", re.ASCII)
_NOT_DIGIT = re.compile(r"\D+")
#: Virtual numbers that platforms assign to a parcel: a mobile number and an extension; they identify nobody.
_VIRTUAL = re.compile(r"^(?:\+|00)?(?:86)?1[3-9]\d{9}\s*(?:-|转|,|，|、|p|ext\.?)\s*\d{1,6}$", re.IGNORECASE)
_RUNS = "01234567890123456789 98765432109876543210"
_KNOWN_FAKES = ("13800138000",)
_SAME_DIGITS = 7


def clean_phone(text: str, country: str = "") -> str | None:
    """A phone number in E.164 ("+442079460958"), or None for what identifies nobody: masked, virtual, a placeholder, no number.

    `country` is where numbers without a country code are from; "" where that is unknown. Numbers that are none by the
    rules of the country, and those without one, stay usable as plain digits.
    """
    if country == "CN" and _PLAIN_CN.fullmatch(text):
        return None if _is_placeholder(text) else "+86" + text
    cleaned = to_half_width(text)
    bare = cleaned.translate(_SEPARATORS)
    digits = bare.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        digits = _NOT_DIGIT.sub("", cleaned)
    if not PHONE_DIGITS[0] <= len(digits) <= PHONE_DIGITS[1] + 2 or _is_placeholder(digits):
        return None
    if "*" in cleaned or "#" in cleaned or (len(digits) > 11 and _VIRTUAL.match(cleaned)):
        return None
    number = _parse_fast(bare, country) or _parse_with_library(cleaned, country)
    if number is None and len(digits) <= PHONE_DIGITS[1]:
        return digits
    return number


def _is_placeholder(digits: str) -> bool:
    """What people type who have no number to give: 00000000, 12345678, 13800000000, 13800138000."""
    run = digits[-8:]
    return (
        digits.endswith(digits[-1] * min(_SAME_DIGITS, len(digits)))
        or (run in _RUNS and (run[0] != "0" or run == digits))
        or digits.endswith(_KNOWN_FAKES)
    )


@dataclass(frozen=True)
class _Rules:
    """How a country's numbers are written: its code, the prefix within the country, and which digits are a number."""

    code: str
    prefix: str
    number: re.Pattern[str]
    lengths: frozenset[int]
    prefixes: re.Pattern[str]
    abroad: re.Pattern[str]

    def is_number(self, digits: str) -> bool:
        return len(digits) in self.lengths and self.number.fullmatch(digits) is not None


@lru_cache(maxsize=512)
def _rules(country: str) -> _Rules | None:
    """The rules of a country, or None where they are too involved for the fast path."""
    from phonenumbers import PhoneMetadata, region_code_for_country_code

    metadata = PhoneMetadata.metadata_for_region(country, None)
    numbers = metadata.general_desc if metadata else None
    if (
        metadata is None
        or numbers is None
        or metadata.country_code is None
        or metadata.national_prefix_transform_rule
        or region_code_for_country_code(metadata.country_code) != country
    ):
        return None
    return _Rules(
        code=str(metadata.country_code),
        prefix=metadata.national_prefix or "",
        number=re.compile(numbers.national_number_pattern or "(?!)"),
        lengths=frozenset(numbers.possible_length),
        prefixes=re.compile(metadata.national_prefix_for_parsing or "(?!)"),
        abroad=re.compile(metadata.international_prefix or "(?!)"),
    )


@lru_cache(maxsize=4096)
def _code_of(start: str) -> tuple[str, _Rules | None]:
    """The country code that the digits `start` begin with, and the rules of its main country."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    for length in (1, 2, 3):
        countries = COUNTRY_CODE_TO_REGION_CODE.get(int(start[:length]))
        if countries:
            return start[:length], _rules(countries[0])
    return "", None


def _parse_fast(bare: str, country: str) -> str | None:
    """The number where simple rules accept it, digits with or without "+"; None where the library must decide."""
    if bare.startswith("+"):
        if not bare[1:].isdigit() or bare[1] == "0":
            return None
        code, rules = _code_of(bare[1:4])
        rest = bare[1 + len(code) :]
        return bare if rules and not rules.prefixes.match(rest) and rules.is_number(rest) else None
    rules = _rules(country) if country else None
    if rules is None or not bare.isdigit() or rules.abroad.match(bare):
        return None
    if bare.startswith(rules.code):
        rest = bare[len(rules.code) :]
        alone = rules.number.fullmatch(bare) or rules.prefixes.match(rest)
        return "+" + bare if not alone and rules.is_number(rest) else None
    before = rules.prefixes.match(bare)
    if before and before.group() != rules.prefix:
        return None
    rest = bare[before.end() :] if before else bare
    return "+" + rules.code + rest if rules.is_number(rest) else None


@lru_cache(maxsize=1 << 16)
def _parse_with_library(cleaned: str, country: str) -> str | None:
    """E.164 by the library; None for what is too short, too long, no number, or a line behind a switchboard."""
    attempts = [(cleaned, country or None)] if country or not cleaned[:1].isdigit() else []
    if cleaned.startswith("00"):
        attempts.append(("+" + cleaned[2:], None))
    if not attempts:
        return None
    import phonenumbers

    for written, region in attempts:
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        possible = phonenumbers.is_possible_number_with_reason(number)
        if possible == phonenumbers.ValidationResult.IS_POSSIBLE and not number.extension:
            e164_format = phonenumbers.PhoneNumberFormat.E164
            e164_number = phonenumbers.format_number(number, e164_format)
            # zeros too many in front would be dropped one by one each time the number is read again
            reparsed = phonenumbers.format_number(phonenumbers.parse(e164_number), e164_format)
            return e164_number if reparsed == e164_number else None
    return None

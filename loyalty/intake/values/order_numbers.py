"""Extracts order numbers from a payment's description ("Order #1001", "WC-4415")."""

from __future__ import annotations

import re

from loyalty.intake.values.cells import clean_cell

_NUMBER = re.compile(r"(?<![\w@.+-])#?([a-z]{0,8}[-_]?\d[\w-]*)(?![\w@]|\.\w)", re.IGNORECASE)
_PREFIXED = re.compile(r"^[a-z]+[-_]?(\d+)$")
_DIGIT_RUN = re.compile(
    r"(?<![\w-])[+(]?\d[\d ().-]{5,}\d"
)  # digits that belong together, as a phone number is written
PHONE_DIGITS = range(7, 14)  # dates have eight; long numbers of orders have more
MAX_NUMBERS = 4


def numbers_in(text: str) -> str | None:
    """Order numbers in lower case with a space between, or None. Addresses, phone numbers and dates are left out.

    >>> numbers_in("Order #1001, paid 2025-03-04 by ann9@example.com"), numbers_in("WC-4415"), numbers_in("thanks!")
    ('1001', 'wc-4415 4415', None)
    """
    numbers: dict[str, None] = {}
    for match in _NUMBER.finditer(_DIGIT_RUN.sub(_blank_phone_numbers, clean_cell(text))):
        word = match[1].casefold()
        numbers[word] = None
        if tail := _PREFIXED.match(word):
            numbers[tail[1]] = None
    return " ".join(list(numbers)[:MAX_NUMBERS]) or None


def _blank_phone_numbers(run: re.Match[str]) -> str:
    """A run of digits unchanged, or a space where it may be a phone number or a date."""
    return " " if sum(letter.isdigit() for letter in run[0]) in PHONE_DIGITS else run[0]

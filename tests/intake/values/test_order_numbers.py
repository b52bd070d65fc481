"""Order numbers in what a payment says of itself; nothing personal comes along."""

from __future__ import annotations

import pytest

from loyalty.intake.values.order_numbers import numbers_in

CASES = {
    "Order #1001": "1001",
    "Order 1001.": "1001",
    "WC-4415": "wc-4415 4415",
    "Blog - Order 4415 and 4416": "4415 4416",
    "113-1234567-1234567": "113-1234567-1234567",
    "E20260525220543065306159": "e20260525220543065306159 20260525220543065306159",
    "in_1ABCdef": "in_1abcdef",
    "ann9@example.com": None,
    "call +44 20 7946 0958": None,
    "call 02079460958": None,
    "555-1234": None,
    "(555) 123-4567 for order 12": "12",
    "1234567": None,
    "paid on 2025-03-04": None,
    "thank you": None,
    "": None,
    '="1001"': "1001",
}


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_numbers(text: str, expected: str | None) -> None:
    assert numbers_in(text) == expected

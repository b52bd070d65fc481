"""Messages: places filled as they stand, lengths by the standard, a way out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.campaigns.errors import UnknownPlaceholder
from loyalty.campaigns.messages import (
    PLACEHOLDERS,
    fill_template,
    has_opt_out,
    message_length,
    starting_template,
)
from loyalty.campaigns.plan import MEDIA
from loyalty.words import words_for


def test_places_are_filled_and_missing_ones_leave_no_gap() -> None:
    assert fill_template("Hello {name}, {offer}!", {"name": "Ann", "offer": "5 off"}) == "Hello Ann, 5 off!"
    assert fill_template("Hello {name}, {offer}!", {"offer": "5 off"}) == "Hello, 5 off!"
    assert fill_template("{name}，你好！", {}) == "，你好！"


def test_a_name_with_braces_is_a_name() -> None:
    assert fill_template("{name}", {"name": "{code}", "code": "SECRET"}) == "{code}"


def test_unknown_places_are_named() -> None:
    with pytest.raises(UnknownPlaceholder, match=r"names \{nmae\}.*\{name\}"):
        fill_template("Hello {nmae}", {})


@pytest.mark.parametrize(
    ("text", "units", "parts"),
    [
        ("a" * 160, 160, 1),  # 3GPP TS 23.040: 160 in one, 153 in each of several
        ("a" * 161, 161, 2),
        ("a" * 307, 307, 3),
        ("€" * 80, 160, 1),  # the extension table takes two places
        ("你" * 70, 70, 1),  # UCS-2: 70 in one, 67 in each of several
        ("你" * 71, 71, 2),
        ("你" * 135, 135, 3),
        ("😀" * 36, 72, 2),  # two UTF-16 units each
    ],
)
def test_text_messages_are_counted_in_parts(text: str, units: int, parts: int) -> None:
    size = message_length(text, "sms")
    assert (size.units, size.parts, size.fits) == (units, parts, parts == 1)


def test_wechat_counts_bytes() -> None:
    assert message_length("你好", "wechat").units == 6
    assert not message_length("你" * 1334, "wechat").fits


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("medium", MEDIA)
def test_every_starting_text_has_a_code_an_offer_and_an_opt_out(medium: str, language: str) -> None:
    text = starting_template(medium, words_for(language))
    assert "{code}" in text
    assert "{offer}" in text
    assert has_opt_out(text, medium)
    filled = fill_template(text, dict.fromkeys(PLACEHOLDERS, "x"))
    assert "{" not in filled
    if medium == "sms":
        assert message_length(filled, medium).fits


def test_a_text_without_an_opt_out_is_detected() -> None:
    assert not has_opt_out("Buy now!", "email")
    assert has_opt_out("Buy now!", "counter")


@given(st.text(max_size=300))
@settings(deadline=None, derandomize=True, max_examples=100)
def test_no_text_is_longer_than_its_parts(text: str) -> None:
    size = message_length(text, "sms")
    assert size.units <= size.parts * max(size.most, 70)

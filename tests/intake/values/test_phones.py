"""One number however it is written; what is nobody's number; the quick way and the library's word are the same."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.intake.values import phones
from loyalty.intake.values.phones import clean_phone


@pytest.mark.parametrize(
    ("cell", "country", "expected"),
    [
        ("+44 20 7946 0958", "", "+442079460958"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("+44 (0)20 7946 0958", "", "+442079460958"),
        ("0044 20 7946 0958", "CN", "+442079460958"),
        ("(020) 7946-0958", "GB", "+442079460958"),
        ("442079460958", "GB", "+442079460958"),
        ("008613812345670", "GB", "+8613812345670"),
        ("138 1234 5670", "CN", "+8613812345670"),
        ("13812345670", "CN", "+8613812345670"),
        ("8613812345670", "CN", "+8613812345670"),
        ("'138-1234-5670", "CN", "+8613812345670"),
        ("１３８１２３４５６７０", "CN", "+8613812345670"),
        ("010-8888 1234", "CN", "+861088881234"),
        ("+86 138 1234 5670", "US", "+8613812345670"),
        ("(212) 664-7665", "US", "+12126647665"),
        ("1-212-664-7665", "US", "+12126647665"),
        ("+49 (0)30 1234567", "", "+49301234567"),
        ("030 1234567", "DE", "+49301234567"),
        ("06 6982 1234", "IT", "+390669821234"),
        ("090-1234-5670", "JP", "+819012345670"),
        ("8 (912) 345-67-01", "RU", "+79123456701"),
    ],
)
def test_one_number_in_many_forms(cell: str, country: str, expected: str) -> None:
    assert clean_phone(cell, country) == expected


@pytest.mark.parametrize(
    ("cell", "country", "expected"),
    [
        ("020 7946 0958", "", "02079460958"),  # nothing tells the country
        ("123 457", "GB", "123457"),
        ("13812345670", "GB", "13812345670"),  # none by the country's rules
        ("020 7946 0958 ext. 5", "GB", "020794609585"),  # one of many behind a switchboard
    ],
)
def test_what_no_rules_accept_stays_digits(cell: str, country: str, expected: str) -> None:
    assert clean_phone(cell, country) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "-",
        "12345",
        "1234567890123456789",
        "139****0001",
        "186******05",
        "##密文",
        "none",
        "00000000",
        "000000",
        "11111111111",
        "12345678",
        "123456789",
        "1234567890",
        "0123456789",
        "87654321",
        "13800000000",
        "13888888888",
        "13800138000",
        "+86 138 0013 8000",
        "13812345678",
        "+44 20 0000 0000",
        "18412345670-8237",
        "17012345670转1234",
        "13800011122,1234",
        "+86 184 1234 5670-8237".replace(" ", ""),
    ],
)
@pytest.mark.parametrize("country", ["", "CN", "GB"])
def test_unusable_phone_numbers(cell: str, country: str) -> None:
    """Too short or long, masked, made up, or lent by a platform for one parcel."""
    assert clean_phone(cell, country) is None


REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str]:
    """A number like a real one of some country, written in one of the ways people have, and a shop's country."""
    region = draw(st.sampled_from(REGIONS))
    kind = draw(
        st.sampled_from([phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE])
    )
    example = phonenumbers.example_number_for_type(region, kind)
    number = phonenumbers.national_significant_number(example) if example else "2025550143"
    code = str(phonenumbers.country_code_for_region(region))
    for place in draw(st.lists(st.integers(0, len(number) - 1), max_size=5)):
        number = number[:place] + draw(st.sampled_from("0123456789")) + number[place + 1 :]
    number += draw(st.sampled_from(["", "", "", "7"]))
    before = draw(
        st.sampled_from(["", "0", "1", "8", f"+{code}", code, f"+{code}0", f"00{code}", "0" + code])
    )
    return before + number, draw(st.sampled_from([region, region, "CN", "GB", "US", "DE", "IT"]))


@given(written())
@settings(deadline=None, derandomize=True, max_examples=1500)
def test_the_fast_path_agrees_with_the_library(number: tuple[str, str]) -> None:
    bare, country = number
    fast = phones._parse_fast(bare, country)
    if fast is not None:
        assert fast == phones._parse_with_library(bare, country)


@given(st.integers(0, 10**9 - 1), st.sampled_from("3456789"))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_chinese_mobile_numbers_agree_with_the_library(rest: int, second: str) -> None:
    number = f"1{second}{rest:09d}"
    cleaned = clean_phone(number, "CN")
    assert cleaned is None or cleaned == phones._parse_with_library(number, "CN")


@given(written())
@settings(deadline=None, derandomize=True, max_examples=300)
def test_cleaning_a_clean_number_changes_nothing(number: tuple[str, str]) -> None:
    cleaned = clean_phone(*number)
    if cleaned is not None and cleaned.startswith("+"):
        assert clean_phone(cleaned, number[1]) == cleaned

"""Which keys a row shows, which of them names its customer, and what is no key at all."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.intake.identity import (
    IdRules,
    Key,
    clean_email,
    clean_reference,
    hashed_id,
    linked_keys,
    person_keys,
)

SHOP, OWN, NICK = IdRules("salt", "square"), IdRules("salt"), IdRules("salt", "jd", personal=True)
ANN, ANN_S_PHONE = hashed_id("salt", "email", "ann@example.com"), hashed_id("salt", "phone", "+8613900000001")


@given(st.text(max_size=20), st.text(max_size=20))
@settings(deadline=None, derandomize=True, max_examples=50)
def test_an_id_is_the_first_70_bits_of_a_salted_hash(salt: str, value: str) -> None:
    digest = hashlib.sha256(f"{salt}|email|{value}".encode()).digest()
    assert hashed_id(salt, "email", value) == "c" + base64.b32encode(digest)[:14].decode().lower()


def test_the_first_key_names_the_customer_and_the_others_are_theirs() -> None:
    """E-mail before phone before the platform's id."""
    both = person_keys(SHOP, "C1", "ann@example.com", "+8613900000001")
    assert both == [("email", ANN), ("phone", ANN_S_PHONE), ("square", "square:C1")]
    assert linked_keys(both) == [(both[0], both[1]), (both[0], both[2])]
    assert person_keys(SHOP, "C1", None, None) == [("square", "square:C1")]
    assert person_keys(SHOP, "", None, None) == []
    assert linked_keys(person_keys(SHOP, "C1", None, None)) == []


def test_own_customer_numbers_stay_unchanged() -> None:
    assert person_keys(OWN, "00123", None, None) == [("number", "00123")]
    assert person_keys(OWN, "NA", None, None) == [("number", "NA")]
    assert person_keys(OWN, "null", None, None) == [("number", "null")]


def test_a_nickname_is_hashed() -> None:
    ((kind, alias),) = person_keys(NICK, "小明同学", None, None)
    assert (kind, len(alias)) == ("jd", 15)
    assert "小明" not in alias


def test_a_reference_that_is_an_address_counts_as_one() -> None:
    assert person_keys(OWN, " Ann@Example.com ", None, None) == [("email", ANN)]
    assert person_keys(OWN, "ann@example.com", "ann@example.com", None) == [("email", ANN)]
    login = person_keys(OWN, "ann@work.example", "ann@example.com", None)
    assert [kind for kind, _ in login] == ["email", "email"]
    assert login[0][1] == ANN


@pytest.mark.parametrize("reference", ["t**0", "guest", "", "-", "0", "##密文", "匿名"])
def test_masks_and_guests_identify_nobody(reference: str) -> None:
    assert person_keys(SHOP, reference, None, None) == []


def test_another_salt_gives_other_ids() -> None:
    assert person_keys(IdRules("other"), "", "ann@example.com", None) != person_keys(
        OWN, "", "ann@example.com", None
    )


def test_a_name_as_customer_number_links_no_keys() -> None:
    """ "Ann" beside an e-mail may be any Ann; "A-17" is a number."""
    name = person_keys(OWN, "Ann", "ann@example.com", None)
    assert name == [("email", ANN), ("number", "Ann")]
    assert linked_keys(name) == []
    number = person_keys(OWN, "A-17", "ann@example.com", None)
    assert linked_keys(number) == [(("email", ANN), ("number", "A-17"))]


def test_the_receiver_s_phone_joins_no_accounts() -> None:
    keys: list[Key] = person_keys(NICK, "小明同学", None, "+8613900000001")
    assert keys[0] == ("phone", ANN_S_PHONE)
    assert linked_keys(keys, receiver_phone=True) == []
    assert len(linked_keys(keys)) == 1


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Ann@Example.COM", "ann@example.com"),
        (" ann+tea@gmail.com", "ann+tea@gmail.com"),
        ("a.nn@gmail.com", "a.nn@gmail.com"),
        ("info@teashop.example", "info@teashop.example"),
        ("testa@example.com", "testa@example.com"),
        ("ann at example", None),
        ("a***@example.com", None),
        ("noreply@shop.example", None),
        ("No-Reply@shop.example", None),
        ("guest@example.com", None),
        ("test@test.com", None),
        ("123456@qq.com", None),
        ("n/a@example.com", None),
        ("ann@noemail.com", None),
        ("do_not_reply@example.com", None),
        ("ann@nowhere.invalid", None),
    ],
)
def test_which_addresses_are_somebody_s(cell: str, expected: str | None) -> None:
    """Dots and plus signs stay: whether they mean the same mailbox is each provider's own affair."""
    assert clean_email(cell) == expected


def test_references_stay_as_they_are() -> None:
    assert clean_reference("##密文") is None
    assert clean_reference(" 00123") == "00123"

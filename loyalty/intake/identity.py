"""Which customer a row belongs to: a pure function of its e-mail, phone and platform id; never of a name.

Each usable one of these is a *key*: a kind and an id. The id of an e-mail or a phone is a salted hash, so that ids carry
no personal data. The first key names the row's customer; the others say that they belong to the same person.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from loyalty.intake.values.cells import clean_cell

if TYPE_CHECKING:
    from hashlib import _Hash

_EMAIL = re.compile(r"^[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+$")
_GUEST = frozenset({"", "-", "--", "0", "guest", "none", "nan", "匿名", "游客"})
#: Local parts of placeholder addresses: typed by people without an address, or filled in by a program.
_PLACEHOLDER_NAMES = frozenset(
    {
        "noreply", "donotreply", "noemail", "nomail", "nobody", "none", "null", "na", "n/a", "no", "guest", "anonymous",
        "anon", "unknown", "walkin", "test", "testing", "tester", "asdf", "asd", "qwerty", "abc", "xxx", "aaa", "123",
        "1234", "12345", "123456", "1234567", "12345678", "123456789", "1234567890", "fake", "invalid", "notprovided",
        "youremail", "yourname", "placeholder",
    }
)  # fmt: skip
_PLACEHOLDER_HOSTS = frozenset(
    {"noemail.com", "nomail.com", "none.com", "test.com", "noreply.com", "invalid.com"}
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = tuple(first + second for first in _LETTERS for second in _LETTERS)
EMAIL, PHONE, NUMBER = "email", "phone", "number"
#: A key: its kind (EMAIL, PHONE, NUMBER for a customer number of the owner's own tables, else the platform's name) and its id.
Key = tuple[str, str]


def clean_email(text: str) -> str | None:
    """A usable e-mail address in lower case, or None: no address, masked with asterisks, or made up (noreply@…, guest@…)."""
    cleaned = clean_cell(text).casefold()
    if "*" in cleaned or not _EMAIL.match(cleaned):
        return None
    local_part, _, host = cleaned.rpartition("@")
    is_placeholder = (
        local_part.translate(_MARKS) in _PLACEHOLDER_NAMES
        or host in _PLACEHOLDER_HOSTS
        or host.endswith(".invalid")
    )
    return None if is_placeholder else cleaned


_MARKS = str.maketrans("", "", "-_.")


def clean_reference(text: str) -> str | None:
    """A platform's own id of a customer, unchanged, or None: empty, a guest, or masked."""
    cleaned = clean_cell(text)
    return (
        None
        if cleaned.casefold() in _GUEST or "*" in cleaned or cleaned.startswith(("##", "$$"))
        else cleaned
    )


@lru_cache(maxsize=64)
def _hash_prefix(salt: str, kind: str) -> _Hash:
    return hashlib.sha256(f"{salt}|{kind}|".encode())


def hashed_id(salt: str, kind: str, value: str) -> str:
    """A stable id without personal data: "c" and 14 letters and digits, the first 70 bits of a SHA-256 in base 32."""
    digest = _hash_prefix(salt, kind).copy()
    digest.update(value.encode())
    bits = int.from_bytes(digest.digest()[:9], "big") >> 2
    return "c" + "".join([_PAIRS[bits >> shift & 1023] for shift in range(60, -1, -10)])


@dataclass(frozen=True)
class IdRules:
    """How ids are made: the shop's `salt`; the `platform` that references are from, "" for the owner's own tables; and
    whether such a reference is itself `personal` (a nickname) and must be hashed."""

    salt: str
    platform: str = ""
    personal: bool = False


def person_keys(rules: IdRules, reference: str, email: str | None, phone: str | None) -> list[Key]:
    """The keys that a row shows, the one that names its customer first; [] for an anonymous sale.

    `email` and `phone` are cleaned (`clean_email`, `clean_phone`), `reference` is as the file has it. An e-mail goes
    before a phone, a phone before the platform's id. References that are e-mail addresses count as such.
    """
    addresses = [email] if email else []
    account = clean_reference(reference)
    if account is not None and (address := clean_email(account)) is not None:
        addresses += [address] if address not in addresses else []
        account = None
    keys = [(EMAIL, hashed_id(rules.salt, EMAIL, address)) for address in addresses]
    if phone:
        keys.append((PHONE, hashed_id(rules.salt, PHONE, phone)))
    if account is None:
        return keys
    if rules.personal:
        return [*keys, (rules.platform, hashed_id(rules.salt, rules.platform, account))]
    return [*keys, (rules.platform, f"{rules.platform}:{account}") if rules.platform else (NUMBER, account)]


def linked_keys(keys: list[Key], *, receiver_phone: bool = False) -> list[tuple[Key, Key]]:
    """Which keys belong to the row's customer besides the first.

    A customer "number" without a digit may be a name and links nothing. Where the phone is the parcel receiver's
    (`receiver_phone`), it may be a friend's and links no accounts.
    """
    if len(keys) < 2:
        return []
    first = keys[0]
    return [
        (first, other)
        for other in keys[1:]
        if not (other[0] == NUMBER and not any(sign.isdigit() for sign in other[1]))
        and not (receiver_phone and first[0] == PHONE)
    ]

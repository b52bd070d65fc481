"""Which customer a row speaks of: a pure function of its e-mail, phone or platform id; never of a name.

The id of a customer known by e-mail or phone is a salted hash, so that ids carry no personal data.
"""

from __future__ import annotations

import base64
import hashlib
import re

from loyalty.intake.cells import plain

_EMAIL = re.compile(r"^[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+$")
_NOT_DIGIT = re.compile(r"\D+")
_GUEST = frozenset({"", "-", "--", "0", "guest", "none", "nan", "匿名", "游客"})
PHONE_DIGITS = (6, 15)


def clean_email(text: str) -> str | None:
    """A usable e-mail address in lower case, or None: not an address, or masked with asterisks."""
    cleaned = plain(text).casefold()
    return cleaned if _EMAIL.match(cleaned) and "*" not in cleaned else None


def clean_phone(text: str) -> str | None:
    """The digits of a usable phone number, or None: too short or long, or masked with asterisks."""
    cleaned = plain(text)
    digits = _NOT_DIGIT.sub("", cleaned)
    if "*" in cleaned or "#" in cleaned or not PHONE_DIGITS[0] <= len(digits) <= PHONE_DIGITS[1]:
        return None
    return digits


def clean_reference(text: str) -> str | None:
    """A platform's own id of a customer as it stands, or None: empty, a guest, or masked."""
    cleaned = plain(text)
    return (
        None
        if cleaned.casefold() in _GUEST or "*" in cleaned or cleaned.startswith(("##", "$$"))
        else cleaned
    )


def hashed(salt: str, kind: str, value: str) -> str:
    """A stable id without personal data: "c" and 14 letters and digits (70 bits)."""
    digest = hashlib.sha256(f"{salt}|{kind}|{value}".encode()).digest()
    return "c" + base64.b32encode(digest[:10])[:14].decode().lower()


def customer_of(
    salt: str, source: str, reference: str, email: str, phone: str, *, personal: bool
) -> str | None:
    """The customer's id, or None for an anonymous sale.

    An e-mail wins over a phone, a phone over the platform's id. `source` names the platform the id is from
    ("" for the owner's own files, whose ids are taken as they are); `personal` says that the platform's id is
    itself personal (a nickname) and must be hashed.
    """
    if address := clean_email(email) or clean_email(reference):
        return hashed(salt, "email", address)
    if digits := clean_phone(phone):
        return hashed(salt, "phone", digits)
    known = clean_reference(reference)
    if known is None:
        return None
    if personal:
        return hashed(salt, source, known)
    return f"{source}:{known}" if source else known

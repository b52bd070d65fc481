"""Names of the points ledger's entries, of the sources of points, and of gifts on coupon lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from loyalty.rewards.due_gifts import GIFT_PREFIX
from loyalty.words import N_, Words

#: What each kind of entry is called (kinds of `loyalty.rewards.points.ledger_frames.KINDS`).
ENTRY_NAMES: Mapping[str, str] = {
    "opening": N_("brought over"),
    "earned": N_("earned"),
    "confirmed": N_("confirmed: can no longer be returned"),
    "cancelled": N_("order returned while pending"),
    "taken_back": N_("order returned"),
    "expired": N_("expired"),
    "expiry_returned": N_("expiry returned with the order"),
    "redeemed": N_("used"),
    "adjusted": N_("corrected by you"),
}
#: What points came for (sources of entries; a holiday's is "holiday:" and its name).
SOURCE_NAMES: Mapping[str, str] = {
    "order": N_("an order"),
    "sign_up": N_("signing up"),
    "review": N_("a review"),
    "referrer": N_("recommending the shop"),
    "referred": N_("coming by recommendation"),
    "birthday": N_("birthday"),
    "lunar_birthday": N_("lunar birthday"),
    "anniversary": N_("anniversary of the first order"),
    "holiday": N_("a holiday"),
    "opening": N_("another tool"),
    "adjusted": N_("your entry"),
    "redeemed": N_("your entry"),
}


def gift_name(key: str, words: Words) -> str | None:
    """The name of a coupon list whose key is a gift's: "Gift: birthday"; None for any other key."""
    if not key.startswith(GIFT_PREFIX):
        return None
    return words.say("Gift: {day}", day=gift_day(key.removeprefix(GIFT_PREFIX), words))


def gift_day(key: str, words: Words) -> str:
    """The name of a gift's day (`Gift.key`): a holiday by its name, or by its day of the year."""
    occasion, _, which = key.partition(":")
    if which[:2].isdigit():
        return words.day_of_year(dt.date(2024, int(which[:2]), int(which[3:])))
    return which or words.say(SOURCE_NAMES[occasion])

"""Random files of each kind but sales, a list of rows a day; some rows of one file are truly alike."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Row = dict[str, str]
PEOPLE = ("ann@example.com", "ben@example.com", "K-7", "")


@dataclass(frozen=True)
class Made:
    """How files of a kind look: headings, the rows of some days, and a sound cell with what spoils it."""

    header: tuple[str, ...]
    days: Callable[[int], list[list[Row]]]
    sound: tuple[str, str]
    spoilt: str
    table: str


def _days(seed: int, row: Callable[[random.Random, int], Row]) -> list[list[Row]]:
    """Twelve days of one to four rows, each with a chance of a twin."""
    chance = random.Random(seed)
    days: list[list[Row]] = []
    for day in range(1, 13):
        rows = [row(chance, day) for _ in range(chance.randint(1, 4))]
        days.append(rows + [dict(r) for r in rows if chance.random() < 0.3])
    return days


def _answer(chance: random.Random, day: int) -> Row:
    words = chance.choice(["", "lovely", "too, slow", "很好"])
    return {
        "Date": f"2026-03-{day:02d}",
        "Email": chance.choice(PEOPLE[:2]),
        "Score": str(chance.randint(1, 5)),
        "Comment": words,
    }


def _review(chance: random.Random, day: int) -> Row:
    return {**_answer(chance, day), "Product": chance.choice(["Tea", "Cup"])}


def _event(chance: random.Random, day: int) -> Row:
    act = chance.choice(["view", "like", "add to cart", "分享"])
    when = f"2026-03-{day:02d} 1{chance.randint(0, 9)}:00"
    return {
        "Time": when,
        "Customer": chance.choice(PEOPLE),
        "Event": act,
        "Product": "Tea",
        "Seconds": chance.choice(["", "12", "7.5"]),
    }


def _referral(chance: random.Random, day: int) -> Row:
    new = f"new{chance.randint(1, 9)}@example.com"
    return {"Date": f"2026-03-{day:02d}", "Referred by": chance.choice(PEOPLE[:3]), "New customer": new}


def _spend(chance: random.Random, day: int) -> Row:
    """A month each day, so that a stretch of days tells of whole months."""
    return {
        "Month": f"2025-{day:02d}",
        "Channel": chance.choice(["Ads", "Flyers"]),
        "Spend": str(chance.randint(1, 90)),
    }


KINDS: Mapping[str, Made] = {
    "feedback": Made(
        ("Date", "Email", "Score", "Comment"),
        lambda seed: _days(seed, _answer),
        ("Score", "5"),
        "five",
        "feedback",
    ),
    "reviews": Made(
        ("Date", "Email", "Score", "Comment", "Product"),
        lambda seed: _days(seed, _review),
        ("Score", "5"),
        "five",
        "feedback",
    ),
    "events": Made(
        ("Time", "Customer", "Event", "Product", "Seconds"),
        lambda seed: _days(seed, _event),
        ("Seconds", "12"),
        "long",
        "events",
    ),
    "referrals": Made(
        ("Date", "Referred by", "New customer"),
        lambda seed: _days(seed, _referral),
        ("Date", "2026-03-05"),
        "someday",
        "referrals",
    ),
    "spend": Made(
        ("Month", "Channel", "Spend"), lambda seed: _days(seed, _spend), ("Spend", "15.00"), "some", "spend"
    ),
}

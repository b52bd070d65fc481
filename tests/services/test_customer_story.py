"""A story from a shop: the timeline in sentences, habits, and what the next step is derived from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest

from loyalty.facts.customer_story import lookups
from loyalty.rewards.programme.programme import Programme, Tier
from loyalty.services.customer_story import Story, document, next_birthday, story
from loyalty.services.figures import facts
from loyalty.services.timeline import ACT_NAMES, KINDS
from loyalty.shop.shop import Shop
from loyalty.words import words_for
from tests.facts.test_customer_story import DAY, shop

__all__ = ["shop"]  # the fixture of that shop
PROGRAMME = Programme(
    "P", Decimal(1), Decimal("0.03"), (Tier("a", "Member", Decimal(0)), Tier("b", "Silver", Decimal(30)))
)
EN = words_for("en", "EUR")


def story_of(shop: Shop, customer_id: str = "K-1", programme: Programme | None = None) -> Story:
    con = shop.database.reader()
    return story(con, facts(con, DAY), lookups(con, DAY), programme, customer_id)


def test_the_timeline_newest_first(shop: Shop) -> None:
    entries = story_of(shop).timeline({"K-2": "Bo"}, EN)
    assert [(str(entry.at.date()) if entry.at else None, entry.kind, entry.what) for entry in entries] == [
        ("2026-03-05", "act", "Looked at Tea"),
        ("2026-02-20", "message", "Written to: “Spring”"),
        ("2026-02-10", "answer", "Satisfaction: 2 of 5"),
        ("2026-02-05", "referral", "Brought Bo"),
        ("2026-02-02", "order", "Order 3 (shop), cancelled: does not count"),
        ("2026-02-01", "order", "Order 2 (shop)"),
        ("2026-02-01", "refund", "Of order 2, €4.00 given back"),
        ("2026-02-01", "reward", "Used the coupon code-1"),
        ("2026-01-06", "message", "Suggested: New to them"),
        ("2026-01-05", "message", "Coupon CODE-1 made out"),
        ("2026-01-01", "order", "Order 1 (shop)"),
    ]
    by_what = {entry.what: entry for entry in entries}
    assert by_what["Satisfaction: 2 of 5"].detail == "Too slow"
    assert by_what["Order 1 (shop)"].detail == "Tea, Mug"
    assert by_what["Order 2 (shop)"].amount == 10.0 - 4.0
    assert by_what["Coupon CODE-1 made out"].detail == "10% off, until 15 Mar 2026"
    assert by_what["Looked at Tea"].detail == "1 minute"


def test_the_timeline_has_earned_and_redeemed_points_without_confirmations(shop: Shop) -> None:
    points = pd.DataFrame(
        [
            (pd.Timestamp("2026-03-10"), "earned", "order", 0, 12),
            (pd.Timestamp("2026-03-24"), "confirmed", "order", 12, -12),
            (pd.Timestamp("2026-03-25"), "redeemed", "redeemed", -1, 0),
        ],
        columns=["at", "kind", "source", "points", "pending"],
    )
    entries = story_of(shop).timeline({}, EN, points)
    assert [(entry.kind, entry.what, entry.detail) for entry in entries[:2]] == [
        ("reward", "−1 point", "used, your entry"),
        ("reward", "+12 points", "earned, an order"),
    ]
    assert len(entries) == len(story_of(shop).timeline({}, EN)) + 2


def test_the_timeline_in_chinese_has_no_english(shop: Shop) -> None:
    entries = story_of(shop).timeline({"K-2": "老王"}, words_for("zh_CN", "EUR"))
    assert entries[0].what == "浏览了Tea"
    assert entries[3].what == "带来了老王"
    assert entries[-1].detail == "Tea、Mug"
    assert {entry.kind for entry in entries} <= set(KINDS)


def test_what_the_next_step_is_derived_from(shop: Shop) -> None:
    customer_facts = story_of(shop, programme=PROGRAMME).facts
    assert (
        customer_facts.orders,
        customer_facts.status,
        customer_facts.days_since,
        customer_facts.gap_days,
    ) == (2, "overdue", 28 - 1 + 5, None)
    assert customer_facts.usual_order == (15.0 + 6.0) / 2
    assert (customer_facts.tier, customer_facts.to_tier) == ("Silver", 30.0 - 21.0)
    assert customer_facts.birthday == dt.date(2026, 3, 10)
    assert customer_facts.coupon is None  # it was used, though written otherwise
    assert customer_facts.referrals == 1
    assert customer_facts.product == "Tea"
    assert customer_facts.answer is not None
    assert customer_facts.answer.level == (2 - 1) / (5 - 1)
    assert story_of(shop).step(EN).key == "unhappy"
    assert story_of(shop).facts.tier is None  # no programme is in force


def test_the_timeline_names_the_control_group(shop: Shop) -> None:
    assert "Held back from “Spring”" in [entry.what for entry in story_of(shop, "K-2").timeline({}, EN)]


def test_an_unknown_customer_has_an_empty_story(shop: Shop) -> None:
    unknown_customer = story_of(shop, "nobody", PROGRAMME)
    assert (
        unknown_customer.usual_products,
        unknown_customer.timeline({}, EN),
        unknown_customer.step(EN).key,
    ) == ([], [], "stranger")


def test_the_document_has_all_parts(shop: Shop) -> None:
    story_document = document(story_of(shop), {}, EN)
    assert story_document["next_step"]["key"] == "unhappy"
    assert [(habit["product"], habit["orders"]) for habit in story_document["usually_buys"]] == [
        ("Tea", 2),
        ("Mug", 1),
    ]
    assert len(story_document["timeline"]) == 11


@pytest.mark.parametrize(
    ("born", "day", "next_one"),
    [
        ((3, 10), dt.date(2026, 3, 10), dt.date(2026, 3, 10)),
        ((3, 10), dt.date(2026, 3, 11), dt.date(2027, 3, 10)),
        ((2, 29), dt.date(2026, 2, 1), dt.date(2026, 2, 28)),
        ((2, 29), dt.date(2028, 2, 1), dt.date(2028, 2, 29)),
    ],
)
def test_the_next_birthday(born: tuple[int, int], day: dt.date, next_one: dt.date) -> None:
    birthdays = pd.DataFrame({"customer_id": ["a"], "month": [born[0]], "day": [born[1]]})
    assert next_birthday(birthdays, "a", day) == next_one
    assert next_birthday(birthdays, "b", day) is None


def test_every_event_of_the_timeline_has_a_name() -> None:
    from loyalty.intake.vocabulary import ACTS

    assert set(ACT_NAMES) == set(ACTS) - {"other"}

"""Coupons in hand: gifts whose day is coming, nobody who said no, nobody held back; and who has which standing discount."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.facts.recommendations import allowed_contacts
from loyalty.rewards.coupons import silent_words
from loyalty.rewards.programme.programme import Offer, Programme, Tier
from loyalty.rewards.programme.rules import Discount, Gift
from loyalty.services.coupons import CouponList, gifts_coming, hand_out, hand_out_gifts, standing_discounts
from loyalty.services.figures import Facts, facts, segmentation
from loyalty.shop.shop import Shop
from loyalty.store.rewards import coupon_list
from loyalty.words import words_for
from tests.campaigns.builders import LAST, PEOPLE, STAMP, agreed, email

SAY = words_for("en", "USD")
BIRTHDAY = Gift("birthday", "percent", Decimal(15), days_before=3, valid_days=14)


@pytest.fixture
def shop(campaign_shop: Shop) -> Shop:
    return campaign_shop


def known_of(shop: Shop) -> Facts:
    return facts(shop.database.reader(), LAST)


RULES = Programme("Club", Decimal(1), Decimal("0.03"), (Tier("base", "Member", Decimal(0)),))


def rules_of(*gifts: Gift) -> Programme:
    return replace(RULES, gifts=gifts)


@pytest.fixture
def known(shop: Shop) -> Facts:
    return known_of(shop)


def mails(shop: Shop, made: CouponList) -> set[str]:
    known = allowed_contacts(shop.database.reader()).set_index("customer_id")["email"]
    return set(known.reindex(made.issued.coupons["customer_id"]))


def test_each_gift_comes_once_to_those_who_did_not_say_no(shop: Shop) -> None:
    """Birthdays are on 1 to 28 July; the list is made on 1 July, of 10 days."""
    rules = rules_of(BIRTHDAY)
    made = hand_out_gifts(shop, known_of(shop), rules, SAY, STAMP, days=10)
    due = [n for n in range(PEOPLE) if n % 28 + 1 <= 13]  # the coupon begins three days before
    assert mails(shop, made) == {email(n) for n in due if agreed(n)}
    assert made.silent == sum(1 for n in due if n % 5 == 0)
    kept = coupon_list(shop.database, made.list_id)
    assert set(kept["segment"]) == {"gift:birthday"}
    assert kept["valid_from"].min() == STAMP.date()
    assert kept["expires_on"].max() == dt.date(2025, 7, 13 + 14)
    again = hand_out_gifts(shop, known_of(shop), rules, SAY, STAMP + dt.timedelta(days=1), days=9)
    assert (again.list_id, len(again.issued.coupons)) == (0, 0)
    later = hand_out_gifts(shop, known_of(shop), rules, SAY, STAMP + dt.timedelta(days=10), days=30)
    assert mails(shop, later) == {email(n) for n in range(PEOPLE) if n % 28 + 1 > 13 and agreed(n)}
    coming = gifts_coming(shop, known_of(shop), rules, STAMP.date(), 10)
    assert (len(coming.due), coming.silent) == (0, made.silent)


def test_nobody_held_back_gets_one(shop: Shop) -> None:
    known = known_of(shop)
    held = set(known.customers["customer_id"].iloc[:40])
    made = hand_out_gifts(shop, known, rules_of(BIRTHDAY), SAY, STAMP, without=held)
    assert held.isdisjoint(made.issued.coupons["customer_id"])
    everyone = known.customers[["customer_id"]].assign(segment="all")
    wanted = replace(rules_of(), offers=(Offer("all", "percent", Decimal(10)),))
    listed = hand_out(shop, known, everyone, wanted, SAY, STAMP, held)
    assert held.isdisjoint(listed.issued.coupons["customer_id"])
    assert listed.silent + len(listed.issued.coupons) == PEOPLE
    assert silent_words(listed.silent, SAY).startswith(f"{listed.silent} people are left out")


MEDIA = ("email", "sms", "wechat")


@settings(
    deadline=None,
    derandomize=True,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.dictionaries(st.tuples(st.integers(0, PEOPLE - 1), st.sampled_from(MEDIA)), st.booleans(), max_size=60)
)
def test_no_opted_out_person_is_on_any_list(
    shop: Shop, known: Facts, told: dict[tuple[int, str], bool]
) -> None:
    """Whatever was said last of any medium: who said no to all is on no list, and no refused address stands on one."""
    ids = list(known.customers["customer_id"])
    with shop.database.writing() as cursor:
        cursor.execute("DELETE FROM consent_versions")
        for (n, medium), yes in told.items():
            cursor.execute(
                "INSERT INTO consent_versions (import_id, customer_id, medium, granted) VALUES (1, ?, ?, ?)",
                [ids[n], medium, yes],
            )
    words = {who: [yes for (n, _), yes in told.items() if ids[n] == who] for who in ids}
    silent = {who for who, said in words.items() if said and not any(said)}
    everyone = known.customers[["customer_id"]].assign(segment="all")
    made = hand_out(
        shop, known, everyone, replace(rules_of(), offers=(Offer("all", "fixed", Decimal(5)),)), SAY, STAMP
    )
    assert set(made.issued.coupons["customer_id"]) == set(ids) - silent
    gifts = hand_out_gifts(shop, known, rules_of(replace(BIRTHDAY, kind="fixed")), SAY, STAMP, without=())
    assert silent.isdisjoint(gifts.issued.coupons["customer_id"])
    shown = allowed_contacts(shop.database.reader()).set_index("customer_id")["email"]
    refused = {ids[n] for (n, medium), yes in told.items() if medium == "email" and not yes}
    assert {who for who in ids if pd.isna(shown[who])} == refused


def test_who_has_which_standing_discount(shop: Shop) -> None:
    known = known_of(shop)
    found = segmentation(known).members[["customer_id", "segment"]].assign(tier="base")
    gold = known.customers["customer_id"].iloc[0]
    groups = found.assign(tier=found["tier"].where(found["customer_id"] != gold, "gold"))
    rules = replace(
        rules_of(),
        discounts=(
            Discount("Welcome", "new", "percent", Decimal(10)), Discount("Old friends", "long_standing", "percent", Decimal(5), after_days=100),
            Discount("Gold", "tier", "fixed", Decimal(3), "gold"),
        ),
    )  # fmt: skip
    with shop.database.writing() as cursor:
        cursor.execute(
            "INSERT INTO contact_versions (import_id, customer_id, name, line) VALUES (2, 'only-listed', 'Nobody yet', 999)"
        )
    held = standing_discounts(shop.database.reader(), known, groups, rules)
    assert held.loc[held["discount"] == "Welcome", "customer_id"].tolist() == ["only-listed"]
    assert held.loc[held["discount"] == "Gold", "customer_id"].tolist() == [gold]
    old = known.customers["first_at"] <= pd.Timestamp(LAST) - pd.Timedelta(days=99)
    age = (pd.Timestamp(LAST) - known.customers["first_at"].dt.normalize()).dt.days
    assert old.any()
    assert set(held.loc[held["discount"] == "Old friends", "customer_id"]) == set(
        known.customers.loc[age >= 100, "customer_id"]
    )

"""Issued coupons: upcoming gifts, no opted-out customer, no control group; and who has which standing discount."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.facts.recommendations import allowed_contacts
from loyalty.rewards.coupons import excluded_sentence
from loyalty.rewards.programme.programme import Offer, Programme, Tier
from loyalty.rewards.programme.rules import Discount, Gift
from loyalty.services.coupons import (
    CouponList,
    issue_coupons,
    issue_gift_coupons,
    standing_discounts,
    upcoming_gifts,
)
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


def facts_of(shop: Shop) -> Facts:
    return facts(shop.database.reader(), LAST)


RULES = Programme("Club", Decimal(1), Decimal("0.03"), (Tier("base", "Member", Decimal(0)),))


def rules_of(*gifts: Gift) -> Programme:
    return replace(RULES, gifts=gifts)


@pytest.fixture
def shop_facts(shop: Shop) -> Facts:
    return facts_of(shop)


def emails_of(shop: Shop, made: CouponList) -> set[str]:
    emails = allowed_contacts(shop.database.reader()).set_index("customer_id")["email"]
    return set(emails.reindex(made.issued.coupons["customer_id"]))


def test_each_gift_is_issued_once_to_customers_who_did_not_opt_out(shop: Shop) -> None:
    """Birthdays are on 1 to 28 July; the list is made on 1 July, of 10 days."""
    rules = rules_of(BIRTHDAY)
    made = issue_gift_coupons(shop, facts_of(shop), rules, SAY, STAMP, days=10)
    due = [n for n in range(PEOPLE) if n % 28 + 1 <= 13]  # the coupon begins three days before
    assert emails_of(shop, made) == {email(n) for n in due if agreed(n)}
    assert made.excluded == sum(1 for n in due if n % 5 == 0)
    coupons = coupon_list(shop.database, made.list_id)
    assert set(coupons["segment"]) == {"gift:birthday"}
    assert coupons["valid_from"].min() == STAMP.date()
    assert coupons["expires_on"].max() == dt.date(2025, 7, 13 + 14)
    again = issue_gift_coupons(shop, facts_of(shop), rules, SAY, STAMP + dt.timedelta(days=1), days=9)
    assert (again.list_id, len(again.issued.coupons)) == (0, 0)
    later = issue_gift_coupons(shop, facts_of(shop), rules, SAY, STAMP + dt.timedelta(days=10), days=30)
    assert emails_of(shop, later) == {email(n) for n in range(PEOPLE) if n % 28 + 1 > 13 and agreed(n)}
    coming = upcoming_gifts(shop, facts_of(shop), rules, STAMP.date(), 10)
    assert (len(coming.due), coming.excluded) == (0, made.excluded)


def test_no_customer_of_a_control_group_gets_a_coupon(shop: Shop) -> None:
    shop_facts = facts_of(shop)
    control_group = set(shop_facts.customers["customer_id"].iloc[:40])
    made = issue_gift_coupons(shop, shop_facts, rules_of(BIRTHDAY), SAY, STAMP, without=control_group)
    assert control_group.isdisjoint(made.issued.coupons["customer_id"])
    everyone = shop_facts.customers[["customer_id"]].assign(segment="all")
    wanted = replace(rules_of(), offers=(Offer("all", "percent", Decimal(10)),))
    listed = issue_coupons(shop, shop_facts, everyone, wanted, SAY, STAMP, control_group)
    assert control_group.isdisjoint(listed.issued.coupons["customer_id"])
    assert listed.excluded + len(listed.issued.coupons) == PEOPLE
    assert excluded_sentence(listed.excluded, SAY).startswith(f"{listed.excluded} people are left out")


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
    shop: Shop, shop_facts: Facts, consents: dict[tuple[int, str], bool]
) -> None:
    """Customers who refused every medium are on no list, and no refused address is on one."""
    ids = list(shop_facts.customers["customer_id"])
    with shop.database.writing() as cursor:
        cursor.execute("DELETE FROM consent_versions")
        for (n, medium), yes in consents.items():
            cursor.execute(
                "INSERT INTO consent_versions (import_id, customer_id, medium, granted) VALUES (1, ?, ?, ?)",
                [ids[n], medium, yes],
            )
    answers = {who: [yes for (n, _), yes in consents.items() if ids[n] == who] for who in ids}
    opted_out = {who for who, granted in answers.items() if granted and not any(granted)}
    everyone = shop_facts.customers[["customer_id"]].assign(segment="all")
    made = issue_coupons(
        shop,
        shop_facts,
        everyone,
        replace(rules_of(), offers=(Offer("all", "fixed", Decimal(5)),)),
        SAY,
        STAMP,
    )
    assert set(made.issued.coupons["customer_id"]) == set(ids) - opted_out
    gifts = issue_gift_coupons(
        shop, shop_facts, rules_of(replace(BIRTHDAY, kind="fixed")), SAY, STAMP, without=()
    )
    assert opted_out.isdisjoint(gifts.issued.coupons["customer_id"])
    shown = allowed_contacts(shop.database.reader()).set_index("customer_id")["email"]
    refused = {ids[n] for (n, medium), yes in consents.items() if medium == "email" and not yes}
    assert {who for who in ids if pd.isna(shown[who])} == refused


def test_who_has_which_standing_discount(shop: Shop) -> None:
    shop_facts = facts_of(shop)
    segments = segmentation(shop_facts).members[["customer_id", "segment"]].assign(tier="base")
    gold = shop_facts.customers["customer_id"].iloc[0]
    groups = segments.assign(tier=segments["tier"].where(segments["customer_id"] != gold, "gold"))
    rules = replace(
        rules_of(),
        discounts=(
            Discount("Welcome", "new", "percent", Decimal(10)),
            Discount("Old friends", "long_standing", "percent", Decimal(5), after_days=100),
            Discount("Gold", "tier", "fixed", Decimal(3), "gold"),
        ),
    )
    with shop.database.writing() as cursor:
        cursor.execute(
            "INSERT INTO contact_versions (import_id, customer_id, name, line) VALUES (2, 'only-listed', 'Nobody yet', 999)"
        )
    entitled = standing_discounts(shop.database.reader(), shop_facts, groups, rules)
    assert entitled.loc[entitled["discount"] == "Welcome", "customer_id"].tolist() == ["only-listed"]
    assert entitled.loc[entitled["discount"] == "Gold", "customer_id"].tolist() == [gold]
    old = shop_facts.customers["first_at"] <= pd.Timestamp(LAST) - pd.Timedelta(days=99)
    age = (pd.Timestamp(LAST) - shop_facts.customers["first_at"].dt.normalize()).dt.days
    assert old.any()
    assert set(entitled.loc[entitled["discount"] == "Old friends", "customer_id"]) == set(
        shop_facts.customers.loc[age >= 100, "customer_id"]
    )

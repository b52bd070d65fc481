"""One suggestion for everyone: the table leaves nobody out, says one thing, and each rule has its case."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.customers.status import ACTIVE, DUE, LAPSED, NEW, ONCE, OVERDUE, STATUSES
from loyalty.models.customer_advice import (
    RULES,
    Answer,
    ControlGroupMembership,
    CustomerFacts,
    next_rule,
    next_step,
    rhythm,
)
from loyalty.words import words_for

AS_OF = dt.date(2026, 6, 30)
REGULAR = CustomerFacts(
    AS_OF,
    orders=5,
    status=ACTIVE,
    days_since=10,
    gap_days=30.0,
    shop_gap_days=40,
    p_alive=0.9,
    usual_order=25.0,
)
LATE = replace(REGULAR, status=OVERDUE, days_since=60)
DAY = dt.timedelta(days=1)

#: For each rule a customer to whom it is the one that applies.
CASES = {
    "stranger": CustomerFacts(AS_OF),
    "unhappy": replace(LATE, answer=Answer(AS_OF - 5 * DAY, 2, 5, 0.25)),
    "birthday": replace(LATE, birthday=AS_OF + 3 * DAY),
    "coupon": replace(LATE, coupon="ABC", coupon_until=AS_OF + 14 * DAY),
    "long_gone": replace(REGULAR, status=LAPSED, days_since=366, p_alive=0.1),
    "win_back": replace(LATE, status=LAPSED, p_alive=0.4),
    "remind": LATE,
    "second_order": replace(LATE, status=ONCE, orders=1, gap_days=None, p_alive=None),
    "near_tier": replace(REGULAR, tier="Silver", to_tier=25.0),
    "ask": replace(REGULAR, answer=Answer(AS_OF - 180 * DAY, 9, 10, 0.9)),
    "held_back": replace(LATE, may_contact=False, control_group=ControlGroupMembership("July", AS_OF)),
    "no_messages": replace(LATE, may_contact=False),
    "due": replace(REGULAR, status=DUE, days_since=24, product="Tea"),
    "thank": replace(REGULAR, status=NEW, orders=1, gap_days=None),
    "nothing": REGULAR,
}


def test_every_rule_has_a_case() -> None:
    assert [rule.key for rule in RULES] == list(CASES)


@pytest.mark.parametrize("key", CASES)
def test_each_rule_applies_to_its_case(key: str) -> None:
    assert next_rule(CASES[key]).key == key


@pytest.mark.parametrize(("customer", "key"), [
    (replace(CASES["long_gone"], days_since=365), "win_back"),
    (replace(CASES["second_order"], days_since=366, p_alive=0.1), "long_gone"),
    (replace(CASES["second_order"], days_since=366, p_alive=0.5), "second_order"),
    (replace(CASES["unhappy"], answer=Answer(AS_OF - 181 * DAY, 2, 5, 0.25)), "remind"),
    (replace(CASES["birthday"], birthday=AS_OF + 15 * DAY), "remind"),
    (replace(CASES["birthday"], birthday=AS_OF), "birthday"),
    (replace(CASES["coupon"], coupon_until=AS_OF + 15 * DAY), "remind"),
    (replace(CASES["near_tier"], to_tier=25.01), "nothing"),
    (replace(CASES["ask"], referrals=1), "nothing"),
    (replace(LATE, p_alive=None, days_since=366), "remind"),  # the status decides
    (replace(LATE, may_contact=False, answer=Answer(AS_OF, 1, 5, 0.0)), "unhappy"),  # an answer is no advertisement
    (replace(CASES["birthday"], may_contact=False), "no_messages"),
    (replace(CASES["near_tier"], may_contact=False), "nothing"),
])  # fmt: skip
def test_boundaries(customer: CustomerFacts, key: str) -> None:
    assert next_rule(customer).key == key


def maybe(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | strategy


DAYS = st.integers(-400, 400).map(lambda n: AS_OF + n * DAY)
ANYBODY = st.builds(
    CustomerFacts,
    as_of=st.just(AS_OF),
    orders=st.integers(0, 50),
    status=maybe(st.sampled_from(list(STATUSES))),
    days_since=maybe(st.integers(0, 2000)),
    gap_days=maybe(st.floats(1, 500)),
    shop_gap_days=maybe(st.integers(1, 400)),
    p_alive=maybe(st.floats(0, 1)),
    may_contact=st.booleans(),
    answer=maybe(
        st.builds(
            Answer, DAYS.filter(lambda day: day <= AS_OF), st.floats(0, 10), st.just(10), st.floats(0, 1)
        )
    ),
    birthday=maybe(DAYS),
    coupon=maybe(st.just("CODE")),
    coupon_until=maybe(DAYS),
    tier=maybe(st.just("Gold")),
    to_tier=maybe(st.floats(0, 100)),
    usual_order=st.floats(0, 100),
    product=maybe(st.just("Tea")),
    referrals=st.integers(0, 3),
)


@given(ANYBODY)
@settings(deadline=None, derandomize=True, max_examples=300)
def test_exactly_one_applies_to_every_customer_in_both_languages(customer: CustomerFacts) -> None:
    allowed = [
        rule.key for rule in RULES if rule.applies(customer) and (customer.may_contact or not rule.by_message)
    ]
    assert allowed  # the last always holds
    for language in ("en", "zh_CN"):
        step = next_step(customer, words_for(language))
        assert step.key == allowed[0]
        assert step.what
        assert step.why
        assert not {"{", "}", "None", "nan"} & {step.what, step.why, *(step.what + " " + step.why).split()}
    assert customer.may_contact or not next_rule(customer).by_message


def test_sentences() -> None:
    say = words_for("en")
    assert next_step(CASES["win_back"], say).why == (
        "Usually every 30 days, last 60 days ago. The chance that they still are a customer is 40%."
    )
    assert (
        next_step(CASES["near_tier"], say).why
        == "$25.00 more and they hold Silver; they usually spend $25.00."
    )
    assert (
        next_step(CASES["unhappy"], say).why == "They gave 2 of 5 on 25 Jun 2026 and have not bought since."
    )
    assert next_step(CASES["due"], say).what == "Expect them soon: have Tea ready."
    assert next_step(CASES["second_order"], say).why == (
        "Last time 60 days ago. 80% of repeat orders in your shop come within 40 days."
    )
    assert rhythm(1.0, 1, say) == "Usually every day, last 1 day ago."
    assert rhythm(30.0, 0, say) == "Usually every 30 days, last today."
    assert rhythm(None, 0, say) == "Last time today."
    assert rhythm(30.0, 28, words_for("zh_CN")) == "通常每 30 天一次，上次是 28 天前。"

"""Coupons: who gets one, codes that cannot be guessed, costs worked by hand."""

from __future__ import annotations

import datetime as dt
import math
import random
import re
from decimal import Decimal

import pandas as pd
import pytest

from loyalty.rewards.coupons import (
    ALPHABET,
    CODE_BITS,
    IssuedCoupons,
    coupon_cost,
    issue,
    new_codes,
    reasons,
    without_offer_sentence,
)
from loyalty.rewards.errors import NoFreshCodes
from loyalty.rewards.programme.programme import Offer
from loyalty.words import words_for

OFFERS = (
    Offer("loyal", "fixed", Decimal("5.50"), Decimal(30), 14),
    Offer("slipping", "percent", Decimal(15), Decimal(0), 30),
)
CHOSEN = pd.DataFrame(
    {"customer_id": ["c", "a", "b", "c", "d"], "segment": ["slipping", "loyal", "new", "loyal", "slipping"]}
)
SHAPE = re.compile(r"[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}")


def issued() -> IssuedCoupons:
    return issue(
        CHOSEN,
        OFFERS,
        valid_from=dt.date(2026, 2, 1),
        currency="EUR",
        reason=lambda customer: f"Because {customer}",
        draw=random.Random(1).randrange,
    )


def test_one_coupon_a_customer_by_the_offer_of_their_segment() -> None:
    coupons = issued().coupons
    assert list(coupons.columns) == [
        *("customer_id", "code", "kind", "value", "currency", "minimum_spend"),
        *("valid_from", "expires_on", "segment", "reason"),
    ]
    assert coupons["customer_id"].tolist() == ["c", "a", "d"]
    assert coupons["kind"].tolist() == ["percent", "fixed", "percent"]
    assert coupons["value"].tolist() == [Decimal(15), Decimal("5.50"), Decimal(15)]
    assert coupons["minimum_spend"].tolist() == [0, 30, 0]
    assert coupons["expires_on"].tolist() == [dt.date(2026, 3, 3), dt.date(2026, 2, 15), dt.date(2026, 3, 3)]
    assert coupons["valid_from"].tolist() == [dt.date(2026, 2, 1)] * 3
    assert coupons["segment"].tolist() == ["slipping", "loyal", "slipping"]
    assert coupons["reason"].tolist() == ["Because c", "Because a", "Because d"]
    assert set(coupons["currency"]) == {"EUR"}


def test_sentence_on_customers_without_an_offer() -> None:
    result = issued()
    assert (result.without_offer, result.repeated) == (1, 1)
    assert without_offer_sentence(result, words_for("en")) == (
        "1 chosen customer got no coupon, because their segment has no offer."
    )
    assert without_offer_sentence(IssuedCoupons(result.coupons, 0, 0), words_for("en")) == ""


def test_no_offers_or_nobody_is_an_empty_list() -> None:
    for chosen, offers in ((CHOSEN, ()), (CHOSEN.iloc[:0], OFFERS)):
        result = issue(chosen, offers, valid_from=dt.date(2026, 1, 1), currency="EUR", reason=str)
        assert result.coupons.empty
        assert "code" in result.coupons
        assert coupon_cost(result.coupons, 50.0) == 0.0


def test_codes_carry_more_than_60_bits() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert not set(ALPHABET) & set("0O1IL")
    bits = len(new_codes(1)[0].replace("-", "")) * math.log2(len(ALPHABET))
    assert bits == pytest.approx(15 * 4.807355)
    assert min(bits, CODE_BITS) >= 60


def test_codes_are_different_short_and_plain() -> None:
    codes = new_codes(2000)
    assert len(set(codes)) == 2000
    assert all(SHAPE.fullmatch(code) and len(code) <= 20 for code in codes)
    assert set("".join(codes)) == {*ALPHABET, "-"}


def test_each_letter_is_drawn_from_the_whole_alphabet() -> None:
    asked: list[int] = []

    def draw(n: int) -> int:
        asked.append(n)
        return len(asked) % n

    new_codes(3, draw=draw)
    assert asked == [28] * 45


def test_codes_that_are_out_already_are_not_used_again() -> None:
    taken = new_codes(5, draw=random.Random(7).randrange)
    fresh = new_codes(5, {code.lower() for code in taken}, random.Random(7).randrange)
    assert not set(taken) & set(fresh)


def test_a_source_that_repeats_itself_is_refused() -> None:
    assert new_codes(1, draw=lambda n: 0) == ["22222-22222-22222"]
    with pytest.raises(NoFreshCodes):
        new_codes(2, draw=lambda n: 0)


def test_cost_if_all_are_redeemed() -> None:
    coupons = issued().coupons
    # 15 % of 60 twice, and 5.50
    assert coupon_cost(coupons, 60.0) == pytest.approx(9 + 5.5 + 9)
    # a percentage with a minimum above the usual order costs at least that share of the minimum
    coupons.loc[coupons["kind"] == "percent", "minimum_spend"] = Decimal(80)
    assert coupon_cost(coupons, 60.0) == pytest.approx(12 + 5.5 + 12)


def test_reasons_are_the_customers_own_facts(shop: pd.DataFrame, as_of: dt.date) -> None:
    sentences = reasons(shop, as_of, words_for("en"))
    # a: 1 Jan to 25 May is 144 days over 6 gaps; 25 May to 30 June is 36 days
    assert sentences["a"] == "Bought 7 times; usual gap 24 days; last seen 36 days ago"
    # b: 1 Feb to 30 June is 149 days over 5 gaps
    assert sentences["b"] == "Bought 8 times; usual gap 30 days; last seen today"
    assert sentences["d"] == "Bought once; last seen 29 days ago"
    assert reasons(shop.iloc[:0], as_of, words_for("en")) == {}


def test_reasons_in_chinese_count_the_purchases(shop: pd.DataFrame, as_of: dt.date) -> None:
    sentences = reasons(shop, as_of, words_for("zh_CN"))
    assert sentences["a"].startswith("买过 7 次")
    assert sentences["d"].startswith("只买过一次")

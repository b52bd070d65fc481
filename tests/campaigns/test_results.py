"""Proof by hand: who counts, which codes came back, what they cost, what it brought."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from loyalty.campaigns.plan import HELD, CampaignOffer, Plan
from loyalty.campaigns.results import (
    CONVERSION,
    GAIN,
    REVENUE,
    CampaignResult,
    Terms,
    current_look,
    measure_campaign,
    people_outcomes,
    redeemed_orders,
)
from loyalty.campaigns.sentences import (
    basis_sentence,
    bought_anyway_sentence,
    people_needed_sentence,
    progress_sentence,
    result_sentence,
)
from loyalty.words import words_for

START = dt.date(2025, 6, 1)
PLAN = Plan("June", "everyone", "email", (CampaignOffer("percent", Decimal(20)),), days=20)
SAY = words_for("en", "USD")


def assigned(n_sent: int, n_held: int) -> pd.DataFrame:
    """People s0, s1, … written to with codes S0, S1, …, and h0, h1, … held back."""
    rows = [(f"s{n}", "A", "0", "loyal", f"S{n}", None, None) for n in range(n_sent)]
    rows += [(f"h{n}", HELD, "0", "loyal", None, None, None) for n in range(n_held)]
    return pd.DataFrame(
        rows, columns=["customer_id", "arm", "stratum", "segment", "code", "product", "reason"]
    )


def sales(**amounts: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"customer_id": list(amounts), "orders": 1, "revenue": [float(v) for v in amounts.values()]}
    )


def coupons(*rows: tuple[str, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["coupon_code", "net", "discount"])
    return frame.assign(
        channel="shop",
        order_id=[str(n) for n in range(len(rows))],
        customer_id=None,
        at=pd.Timestamp(2025, 6, 3),
    )


NOBODY = pd.DataFrame(
    {"customer_id": pd.Series([], dtype="object"), "before": pd.Series([], dtype="float64")}
)


def result(
    people: pd.DataFrame, bought: pd.DataFrame, used: pd.DataFrame, as_of: dt.date, margin: float = 1.0
) -> CampaignResult:
    return measure_campaign(
        PLAN,
        Terms(START, as_of, margin, margin < 1),
        people,
        bought,
        NOBODY,
        redeemed_orders(used, people, PLAN),
    )


def test_a_campaign_by_hand() -> None:
    """100 written to, 50 held back. 30 and 5 buy for 40 after coupons; 20 coupons of 10 come back.

    Conversion .3 − .1 = .2, so 20 extra buyers: as many as coupons used, nobody would have bought anyway. At a margin of
    one half a buyer with a coupon leaves .5 · 40 − .5 · 10 = 15, without 20.
    """
    bought = sales(**{f"s{n}": 40 for n in range(30)}, **{f"h{n}": 40 for n in range(5)})
    used = coupons(*[(f"s{n}", 40.0, 10.0) for n in range(20)])
    measured = result(assigned(100, 50), bought, used, START + dt.timedelta(days=40), margin=0.5)
    assert (measured.sent, measured.control_group, measured.coupons_used, measured.cost) == (
        100,
        50,
        20,
        200.0,
    )
    assert measured.lifts[CONVERSION].lift == pytest.approx(0.3 - 0.1)
    assert measured.lifts[REVENUE].lift == pytest.approx(12.0 - 4.0)
    assert measured.lifts[GAIN].lift == pytest.approx((20 * 15 + 10 * 20) / 100 - 5 * 20 / 50)
    assert measured.lifts[GAIN].total == pytest.approx(300.0)
    assert measured.bought_anyway == pytest.approx(0.0)
    assert measured.look.over
    assert measured.too_few_buyers  # 5 buyers among the held back carry no range of money
    assert "Too few people have bought" in result_sentence("June", measured, SAY)


def test_the_sentence_of_the_issue() -> None:
    bought = sales(**{f"s{n}": 30 for n in range(400)}, **{f"h{n}": 30 for n in range(150)})
    used = coupons(*[(f"s{n}", 30.0, 5.0) for n in range(400)])
    measured = result(assigned(1000, 500), bought, used, START + dt.timedelta(days=40))
    sentence = result_sentence("June", measured, SAY)
    assert sentence.startswith("“June” brought $3,000 ± $")
    assert sentence.endswith(
        "more than it cost; 3 of 4 coupons used went to people who would have bought anyway."
    )
    assert people_needed_sentence(measured, SAY) == ""
    assert "give your margin" in basis_sentence(measured, SAY)


def test_too_small_to_tell_says_how_long() -> None:
    bought = sales(**{f"s{n}": 30 for n in range(40)}, **{f"h{n}": 30 for n in range(19)})
    measured = result(assigned(400, 200), bought, coupons(), START + dt.timedelta(days=40))
    assert result_sentence("June", measured, SAY).startswith(
        "Too small to tell from luck: “June” brought between -$"
    )
    # 5 points on 9.5 of 100 take 1,324 people, half held back; 600 a list
    assert "takes 1,324 people" in people_needed_sentence(measured, SAY)
    assert "3 lists like this one, about 2 months" in people_needed_sentence(measured, SAY)
    assert measured.bought_anyway is None


def test_without_a_control_group_there_is_no_result() -> None:
    measured = result(
        assigned(10, 0), sales(s0=10), coupons(("S0", 10.0, 2.0)), START + dt.timedelta(days=40)
    )
    assert "what it added cannot be told; 1 of 10 coupons were used" in result_sentence("June", measured, SAY)


def test_looks_come_at_the_quarters() -> None:
    looks = [current_look(PLAN, START, START + dt.timedelta(days=n)) for n in (-3, 0, 3, 4, 9, 18, 19, 90)]
    assert [look.number for look in looks] == [0, 0, 0, 1, 2, 3, 4, 4]
    assert looks[3].until == START + dt.timedelta(days=4)
    assert looks[5].until == START + dt.timedelta(days=14)
    assert (looks[6].next_on, looks[6].ends) == (None, START + dt.timedelta(days=19))
    measured = result(assigned(10, 10), sales(s0=1), coupons(), START + dt.timedelta(days=5))
    assert "Look 1 of 4: sales until 5 Jun 2025" in progress_sentence(measured, SAY)
    early = result(assigned(10, 10), sales(), coupons(), START)
    assert (
        result_sentence("June", early, SAY)
        == "It is too early to tell what “June” brings; the first look is on 5 Jun 2025."
    )


def test_codes_match_in_any_spelling() -> None:
    people = assigned(4, 0)
    used = coupons((" s0 ", 80.0, np.nan), ("OTHER, S1", 10.0, 3.0), ("s2|s3", 10.0, 1.0), ("S9", 1.0, 1.0))
    measured = redeemed_orders(used, people, PLAN)
    assert sorted(measured["code"]) == ["S0", "S1", "S2", "S3"]
    assert measured.set_index("code").loc["S0", "discount"] == pytest.approx(20.0)  # 20 % off 100 leave 80


def test_merged_people_count_once_and_across_groups_not_at_all() -> None:
    people = assigned(3, 2)
    people.loc[people["customer_id"] == "s1", "customer_id"] = "s0"  # both written to
    people.loc[people["customer_id"] == "h1", "customer_id"] = "s2"  # written to and held back
    people.loc[len(people)] = [None, "A", "0", "loyal", "S9", None, None]  # erased since
    measured, in_both, erased = people_outcomes(
        people, sales(s0=5, s2=7), NOBODY, pd.Series({"S0": 1.0, "S1": 2.0})
    )
    assert measured["customer_id"].tolist() == ["h0", "s0"]
    assert (in_both, erased) == (1, 1)
    assert measured.set_index("customer_id").loc["s0", ["revenue", "discount"]].tolist() == [5.0, 3.0]
    proof = measure_campaign(
        PLAN,
        Terms(START, START + dt.timedelta(days=40)),
        people,
        sales(s0=5, s2=7),
        NOBODY,
        redeemed_orders(coupons(), people, PLAN),
    )
    assert (proof.sent, proof.control_group) == (1, 1)
    assert "1 person turned out to be in both groups" in basis_sentence(proof, SAY)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.75, "3 of 4"),
        (0.48, "1 of 2"),
        (0.67, "2 of 3"),
        (0.01, "hardly any"),
        (0.98, "nearly all"),
        (0.0, "hardly any"),
    ],
)
def test_shares_of_coupons_in_words(share: float, words: str) -> None:
    assert bought_anyway_sentence(share, SAY).startswith(words)

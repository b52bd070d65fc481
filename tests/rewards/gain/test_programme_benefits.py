"""What a programme gives besides points for sales: worked by hand on a small year, and as the rules for one order say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.rewards.discounts import discount_amount, discount_amounts
from loyalty.rewards.gain.expected_gain import Terms, basis, gain
from loyalty.rewards.gain.expected_gain_sentences import benefit_name, benefits_sentence, benefits_table
from loyalty.rewards.gain.programme_benefits import Benefit, ProgrammeBenefits, half_ranges
from loyalty.rewards.gain.replay_year import ReplayYear, day_numbers, replay_year
from loyalty.rewards.gain.responses import Z80, Response, Responses, chance_with_coupon
from loyalty.rewards.gain.settings_grid import grid
from loyalty.rewards.gain.tuner import replay
from loyalty.rewards.programme.programme import Programme, Tier
from loyalty.rewards.programme.rules import (
    BonusDays,
    Caps,
    Discount,
    Earning,
    Gift,
    ProductPoints,
    Referral,
    Reward,
)
from loyalty.words import words_for

AS_OF = dt.date(2026, 6, 30)
TIERS = (Tier("base", "Member", Decimal(0)), Tier("gold", "Gold", Decimal(100), Decimal(2)))
RULES = Programme("Club", Decimal(1), Decimal("0.01"), TIERS, expected_redemption=Decimal("0.5"))
BACK, COUPON = Response(0.5, 0.25, ""), Response(0.3, 0.1, "")
RESPONSES = Responses(Response(0.2, 0.0, ""), BACK, COUPON)
MARGIN = 0.6
SAY = words_for("en", "EUR")

#: Who, on which day of 2026, for how much: ann is gold, and a heavy buyer; bob came first in 2024; cyd is new.
SOLD = (
    ("ann", "01-05", 80.0),
    ("bob", "02-02", 10.0),
    ("ann", "03-02", 120.0),
    ("cyd", "04-06", 40.0),
    ("bob", "05-04", 30.0),
)
FIRSTS = {"ann": "2025-12-01", "bob": "2024-01-10", "cyd": "2026-04-06", "dan": "2023-01-01"}


@pytest.fixture
def year() -> ReplayYear:
    sales = pd.DataFrame(
        [(who, pd.Timestamp(f"2026-{day}"), net) for who, day, net in SOLD],
        columns=["customer_id", "at", "net"],
    )
    sums = sales.groupby("customer_id")["net"].agg(["sum", "count"]).reindex(list(FIRSTS)).fillna(0)
    customers = pd.DataFrame(
        {
            "customer_id": list(FIRSTS),
            "first_at": pd.to_datetime(list(FIRSTS.values())),
            "orders": sums["count"].to_numpy(np.int64),
            "orders_365": sums["count"].to_numpy(np.int64),
            "revenue": sums["sum"].to_numpy(),
            "revenue_365": sums["sum"].to_numpy(),
        }
    )
    segments = pd.DataFrame({"customer_id": ["ann", "bob"], "segment": ["loyal", "cooling"]})
    return replay_year(customers, segments, sales)


def benefits_by_name(
    year: ReplayYear, rules: Programme, responses: Responses = RESPONSES
) -> dict[str, Benefit]:
    return {each.name: each for each in ProgrammeBenefits(year)(rules, MARGIN, responses)}


def on(year: ReplayYear, *days: tuple[str, str]) -> tuple[np.ndarray, np.ndarray]:
    ids = pd.Index(year.customers["customer_id"])
    return ids.get_indexer([who for who, _ in days]), day_numbers(pd.Series([day for _, day in days]))


def test_which_orders_carry_a_discount(year: ReplayYear) -> None:
    wanted = {
        "new": ("", [40.0]),
        "long_standing": ("", [10.0, 30.0]),
        "segment": ("cooling", [10.0, 30.0]),
        "tier": ("gold", [80.0, 120.0]),
    }
    for audience, (which, orders) in wanted.items():
        rules = replace(RULES, discounts=(Discount("D", audience, "percent", Decimal(10), which),))  # type: ignore[arg-type]
        benefit = benefits_by_name(year, rules)["D"]
        assert (benefit.kind, benefit.times, benefit.cost) == (
            "discount",
            len(orders),
            pytest.approx(sum(orders) / 10),
        )
    assert "D" not in benefits_by_name(
        year, replace(RULES, discounts=(Discount("D", "segment", "percent", Decimal(10), "nobody"),))
    )


def test_what_a_discount_brings(year: ReplayYear) -> None:
    """10 % back, of which half comes again as sales, of all but the heaviest buyer; a welcome brings nothing that can be full_gain."""
    rules = replace(
        RULES,
        discounts=(
            Discount("D", "long_standing", "percent", Decimal(10)),
            Discount("W", "new", "fixed", Decimal(5)),
        ),
    )
    benefits = benefits_by_name(year, rules)
    own = benefits["D"]
    unit = 4.0 * (MARGIN - 0.1)
    assert (own.profit, own.sales) == (pytest.approx(0.5 * unit), pytest.approx(0.5 * 4.0))
    assert (own.low, own.high) == (
        pytest.approx(unit * (0.5 - Z80 * 0.25)),
        pytest.approx(unit * (0.5 + Z80 * 0.25)),
    )
    assert (benefits["W"].cost, benefits["W"].profit, benefits["W"].expected) == (5.0, 0.0, -5.0)
    heavy = benefits_by_name(
        year, replace(RULES, discounts=(Discount("D", "tier", "percent", Decimal(10), "gold"),))
    )["D"]
    assert (heavy.cost, heavy.profit) == (pytest.approx(20.0), 0.0)


def test_a_discount_on_a_product(year: ReplayYear) -> None:
    lines = pd.DataFrame(
        {"order": [0, 0, 3], "product": ["tea", "cup", "tea"], "category": "x", "amount": [30.0, 50.0, 10.0]}
    )
    own = replace(year, lines=lines)
    percent = benefits_by_name(
        own, replace(RULES, discounts=(Discount("Tea", "product", "percent", Decimal(20), "tea"),))
    )["Tea"]
    assert (percent.times, percent.cost) == (2, pytest.approx(8.0))
    fixed = benefits_by_name(
        own, replace(RULES, discounts=(Discount("Tea", "product", "fixed", Decimal(15), "tea", Decimal(50)),))
    )["Tea"]
    assert (fixed.times, fixed.cost) == (1, 15.0)


discounts = st.lists(
    st.builds(
        lambda kind, value, least, n: Discount(
            f"d{n}", "long_standing", kind, Decimal(value), "", Decimal(least), 0
        ),
        st.sampled_from(["percent", "fixed"]),
        st.integers(1, 60),
        st.integers(0, 60),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(discounts, st.sampled_from(["best", "all"]), st.sampled_from(["0.2", "0.5", "1"]))
def test_on_each_order_as_the_rules_for_one_say(
    wanted: Sequence[Discount], stacking: str, share: str
) -> None:
    caps = Caps(stacking=stacking, discount_share=Decimal(share))  # type: ignore[arg-type]
    sales = pd.DataFrame(
        [("ann", pd.Timestamp(f"2026-{day}"), net) for _, day, net in SOLD],
        columns=["customer_id", "at", "net"],
    )
    customers = pd.DataFrame({"customer_id": ["ann"], "first_at": [pd.Timestamp("2025-01-01")]})
    own = replay_year(customers, pd.DataFrame({"customer_id": [], "segment": []}), sales)
    rules = replace(RULES, discounts=tuple(wanted), caps=caps)
    off = discount_amounts(own, rules, np.zeros(len(SOLD), dtype=np.int64)).sum(axis=0)
    one = [float(discount_amount(Decimal(net), wanted, caps)) for _, _, net in SOLD]
    assert off == pytest.approx(one, abs=0.006)


def test_a_coupon_for_a_day(year: ReplayYear) -> None:
    """Ann's and bob's first orders within their days carry it; dan, who does not come, may be moved."""
    own = replace(
        year, days={"birthday": on(year, ("ann", "2026-02-25"), ("bob", "2026-05-06"), ("dan", "2026-03-03"))}
    )
    gift = Gift("birthday", "percent", Decimal(10), minimum_spend=Decimal(20), days_before=2, valid_days=10)
    benefit = benefits_by_name(own, replace(RULES, gifts=(gift,)))["birthday"]
    assert (benefit.kind, benefit.times, benefit.cost) == (
        "gift",
        3,
        pytest.approx(12.0 + 3.0),
    )  # 120 on 2 March, 30 on 4 May
    more = 3 * (float(chance_with_coupon(np.array([2 / 3]), 0.1, 0.3)[0]) - 2 / 3)
    assert benefit.profit == pytest.approx(more * (MARGIN * 75.0 - 7.5))
    assert benefit.sales == pytest.approx(more * 75.0)
    assert benefit.low < benefit.profit < benefit.high
    small = benefits_by_name(
        own, replace(RULES, gifts=(replace(gift, minimum_spend=Decimal(0), valid_days=0),))
    )["birthday"]
    assert small.cost == pytest.approx(3.0)  # ann came six days later, bob two days before
    money = benefits_by_name(own, replace(RULES, gifts=(replace(gift, kind="fixed", value=Decimal(25)),)))[
        "birthday"
    ]
    assert money.cost == pytest.approx(50.0)
    nobody = benefits_by_name(
        replace(year, days={"birthday": on(year, ("dan", "2026-03-03"))}), replace(RULES, gifts=(gift,))
    )["birthday"]
    assert (nobody.times, nobody.cost) == (1, 0.0)


def test_points_for_events_and_days(year: ReplayYear) -> None:
    gifts = (Gift("anniversary", "points", Decimal(20)), Gift("holiday", "points", Decimal(4), "12-25"))
    own = replace(
        year,
        events={"sign_up": 3, "review": 2},
        days={"anniversary": on(year, ("ann", "2026-01-01"), ("bob", "2026-01-10"))},
    )
    benefits = benefits_by_name(own, replace(RULES, gifts=gifts, earning=Earning(sign_up=10)))
    assert {name: (each.times, round(each.cost, 6)) for name, each in benefits.items()} == {
        "anniversary": (2, 2 * 20 * 0.01 * 0.5),
        "sign_up": (3, 3 * 10 * 0.01 * 0.5),
    }


def test_both_sides_of_a_recommendation(year: ReplayYear) -> None:
    own = replace(year, referrals=pd.DataFrame({"order": [1, 3, 4], "referrer": ["ann", "ann", "ann"]}))
    referral = Referral(Reward("fixed", Decimal(5)), Reward("percent", Decimal(10)), Decimal(20))
    benefits = benefits_by_name(own, replace(RULES, referral=referral))
    assert (benefits["referrer"].times, benefits["referrer"].cost) == (
        2,
        10.0,
    )  # the order of 10 is too small
    assert (benefits["referred"].times, benefits["referred"].cost) == (2, pytest.approx(7.0))
    once = benefits_by_name(
        own, replace(RULES, referral=replace(referral, most_a_year=1, referrer=Reward("points", Decimal(40))))
    )
    assert (once["referrer"].cost, once["referred"].cost) == (
        pytest.approx(40 * 0.01 * 0.5),
        pytest.approx(4.0),
    )


def test_other_points_on_days_and_products(year: ReplayYear) -> None:
    """5 January, 2 March, 6 April and 4 May 2026 are Mondays, as is 2 February."""
    days = BonusDays("Mondays in spring", Decimal(3), ("mon",), dt.date(2026, 3, 1), dt.date(2026, 4, 30))
    highest = benefits_by_name(year, replace(RULES, earning=Earning(bonus_days=(days,))))["bonus"]
    points = 120 * (3 - 2) + 40 * (3 - 1)  # ann is gold already
    assert (highest.times, highest.cost) == (2, pytest.approx(points * 0.01 * 0.5))
    times = benefits_by_name(
        year, replace(RULES, earning=Earning(bonus_days=(days,), together="multiplied"))
    )["bonus"]
    assert times.cost == pytest.approx((120 * (6 - 2) + 40 * (3 - 1)) * 0.01 * 0.5)
    tuesday = replace(days, weekdays=("tue",))
    assert "bonus" not in benefits_by_name(year, replace(RULES, earning=Earning(bonus_days=(tuesday,))))
    lines = pd.DataFrame(
        {"order": [3, 3], "product": ["tea", "cup"], "category": ["leaf", "ware"], "amount": [10.0, 30.0]}
    )
    twice = Earning(products=(ProductPoints("category", "leaf", Decimal(2)),))
    assert benefits_by_name(replace(year, lines=lines), replace(RULES, earning=twice))[
        "bonus"
    ].cost == pytest.approx(10 * 0.01 * 0.5)


def test_costs_and_gains_include_benefits(year: ReplayYear) -> None:
    rules = replace(RULES, discounts=(Discount("D", "long_standing", "percent", Decimal(10)),))
    bare, full = Terms(MARGIN, RESPONSES), Terms(MARGIN, RESPONSES, benefits=ProgrammeBenefits(year))
    customer_basis = basis(year.customers, rules)
    plain, full_gain = gain(customer_basis, rules, bare), gain(customer_basis, rules, full)
    own = full.benefits_of(rules)[0]
    assert full_gain.cost == pytest.approx(plain.cost + own.cost)
    assert full_gain.expected == pytest.approx(plain.expected + own.expected)
    assert full_gain.extra_sales == pytest.approx(plain.extra_sales + own.sales)
    down, up = half_ranges((own,), bare.drift_sd)
    assert (full_gain.low, full_gain.high) == (
        pytest.approx(plain.low + own.expected - down),
        pytest.approx(plain.high + own.expected + up),
    )
    assert full_gain.break_even == pytest.approx(full_gain.cost / (plain.expected + plain.cost + own.profit))
    after = replay(year.customers, rules, full.benefits_of(rules))
    assert after.cost_per_year == pytest.approx(full_gain.cost)
    assert after.cost_of_points == pytest.approx(plain.cost)
    assert after.share_of_revenue == pytest.approx(full_gain.cost / 280)
    for setting in grid(year.customers, rules, full):
        assert setting.gain == gain(basis(year.customers, setting.programme), setting.programme, full)


def test_tiers_move_who_has_a_discount(year: ReplayYear) -> None:
    rules = replace(RULES, discounts=(Discount("Gold", "tier", "fixed", Decimal(5), "gold"),))
    year_benefits = ProgrammeBenefits(year)
    lower = replace(rules, tiers=(TIERS[0], replace(TIERS[1], threshold=Decimal(40))))
    assert [
        benefit.times for each in (rules, lower) for benefit in year_benefits(each, MARGIN, RESPONSES)
    ] == [2, 5]


def test_sentence_table_and_names_of_benefits(year: ReplayYear) -> None:
    own = replace(year, events={"review": 2})
    rules = replace(
        RULES,
        discounts=(Discount("Old friends", "long_standing", "percent", Decimal(10)),),
        earning=Earning(review=10),
    )
    benefits = ProgrammeBenefits(own)(rules, MARGIN, RESPONSES)
    assert [benefit_name(each, SAY) for each in benefits] == ["Old friends", "a review"]
    assert benefits_sentence(benefits, SAY).startswith("Of the cost, €4 a year are for discounts")
    table = benefits_table(benefits, SAY)
    assert table["Cost a year"].tolist() == ["€4", "€0"]
    christmas = Benefit("gift", "holiday:12-25", 3, 1.0)
    assert [benefit_name(christmas, words_for(code, "EUR")) for code in ("en", "zh_CN")] == [
        "25 Dec",
        "12月25日",
    ]


def test_only_the_latest_rules_are_cached(year: ReplayYear) -> None:
    year_benefits = ProgrammeBenefits(year)
    bonus = replace(RULES, earning=Earning(bonus_days=(BonusDays("Mondays", Decimal(2), ("mon",)),)))
    many = [replace(bonus, tiers=(TIERS[0], replace(TIERS[1], multiplier=Decimal(n)))) for n in range(1, 13)]
    first = [year_benefits(rules, MARGIN, RESPONSES) for rules in many]
    assert len(year_benefits.cached_sums) == 8
    assert [year_benefits(rules, MARGIN, RESPONSES) for rules in many] == first

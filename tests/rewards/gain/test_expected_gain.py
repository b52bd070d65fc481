"""What a programme is expected to bring: worked by hand, against simulated years, and by properties."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.made_up_buyers import buyers, lived
from benchmarks.tuner import MARGIN, PROGRAMME, covered, known_response, terms
from loyalty.rewards.gain.expected_gain import Terms, basis, gain, gain_curve, with_threshold
from loyalty.rewards.gain.expected_gain_sentences import (
    best_setting_sentence,
    break_even_sentences,
    depth_sentences,
    expected_gain_sentence,
    margin_sentences,
    sensitivity_table,
    spend_offer_sentences,
)
from loyalty.rewards.gain.responses import Response, Responses, updated
from loyalty.rewards.gain.settings_grid import best, budget_curve, grid, scaled_programme, sensitivity
from loyalty.rewards.gain.tuner import replay
from loyalty.rewards.offers import (
    chance_bands,
    chance_with_coupon,
    coupon_gain,
    depth_table,
    personal_depths,
    spend_offer,
    spend_offer_curve,
    spend_offers,
)
from loyalty.rewards.programme.programme import Programme, Tier
from loyalty.rewards.programme.rules import Earning, Tiering
from loyalty.words import words_for

TIERS = (Tier("base", "Member", Decimal(0)), Tier("gold", "Gold", Decimal(100), Decimal(6)))
RULES = Programme("Club", Decimal(1), Decimal("0.01"), TIERS, expected_redemption=Decimal("0.5"))
CERTAIN = Terms(0.5, Responses(Response(0.2, 0.0, ""), Response(0.0, 0.0, "")), drift_sd=0.0)
WORDS = words_for("en", "EUR")


def shop(*spent: float, orders: int = 4) -> pd.DataFrame:
    money = list(spent)
    count = [orders if amount else 0 for amount in money]
    return pd.DataFrame(
        {
            "customer_id": [str(i) for i in range(len(money))],
            "orders": count,
            "orders_365": count,
            "revenue": money,
            "revenue_365": money,
        }
    )


def test_worked_by_hand() -> None:
    result = gain(basis(shop(0.0, 40.0, 80.0, 200.0), RULES), RULES, CERTAIN)
    # members get 1 %, gold 6 %; half of the points are used; 40 would have to more than double
    assert result.cost == pytest.approx(0.5 * (0.01 * (40 + 80) + 0.06 * 200))
    chance = math.exp(-(20 / 80) / 0.2)  # 5 % more back is a full prize
    each = 0.5 * 20 - 0.5 * 0.01 * 20 - 0.5 * 0.05 * (80 + 20)
    assert result.expected == pytest.approx(chance * each - result.cost)
    assert result.extra_sales == pytest.approx(chance * 20)
    assert result.high - result.expected == pytest.approx(
        1.2815515655 * math.sqrt(chance * (1 - chance)) * each
    )
    assert result.needed == pytest.approx(result.cost / ((0.5 - result.cost / 320) * 320))
    assert result.break_even == pytest.approx(result.cost / (chance * each))


def test_points_bring_more_sales_from_all_but_the_heaviest() -> None:
    customers = shop(*[100.0] * 18, 1000.0, 1000.0)
    plain = replace(RULES, tiers=TIERS[:1])
    result = gain(
        basis(customers, plain),
        plain,
        replace(CERTAIN, responses=Responses(Response(0, 0, ""), Response(0.5, 0, ""))),
    )
    assert result.cost == pytest.approx(3800 * 0.005)
    assert result.extra_sales == pytest.approx(0.5 * 0.005 * 1800)
    assert result.expected == pytest.approx(0.5 * 0.005 * 1800 * (0.5 - 0.005) - result.cost)


def test_tiers_by_orders_and_points() -> None:
    by_orders = replace(
        RULES, tiers=(TIERS[0], replace(TIERS[1], threshold=Decimal(5))), tiering=Tiering("orders")
    )
    result = gain(basis(shop(80.0, 200.0), by_orders), by_orders, CERTAIN)
    assert result.extra_sales == pytest.approx(
        math.exp(-0.25 / 0.2) * (20 + 50)
    )  # a quarter more orders, a quarter more money
    by_points = replace(RULES, earning=Earning(per_order=5), tiering=Tiering("points"))
    result = gain(basis(shop(80.0, 20.0), by_points), by_points, CERTAIN)
    assert result.cost == pytest.approx(
        0.5 * (0.06 * 80 + 0.01 * 20 + 8 * 5 * 0.01)
    )  # 80 + 20 points reach gold


def test_a_shop_without_sales_expects_nothing() -> None:
    result = gain(basis(shop(0.0, 0.0), RULES), RULES, Terms(0.5))
    assert (result.cost, result.expected, result.low, result.high) == (0, 0, 0, 0)
    assert gain(basis(shop(), RULES), RULES, Terms(0.5)).revenue == 0
    assert "nothing to believe" in break_even_sentences(result, 0, WORDS)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(st.floats(1, 1000), min_size=1, max_size=40),
    st.floats(0.05, 0.9),
    st.sampled_from([0.01, 3.0, 100.0]),
)
def test_range_holds_the_gain_and_money_scales(spent: list[float], margin: float, unit: float) -> None:
    customers, assumed = shop(*spent), Terms(margin)
    result = gain(basis(customers, RULES), RULES, assumed)
    assert result.low <= result.expected <= result.high
    assert result.cost >= 0
    scaled = with_threshold(RULES, 1, 100 * unit)
    other = gain(
        basis(customers.assign(revenue_365=customers["revenue_365"] * unit), scaled), scaled, assumed
    )
    assert other.expected == pytest.approx(
        result.expected * unit, rel=1e-6, abs=1e-6 * unit
    )  # money in another unit


def test_the_curve_and_the_grid_agree_with_the_gain() -> None:
    customers = buyers(np.random.default_rng(3), 400).customers
    three = replace(PROGRAMME, tiers=(*PROGRAMME.tiers, Tier("top", "Top", Decimal(500), Decimal(8))))
    customer_basis, assumed = basis(customers, three), Terms(0.5)
    curve = gain_curve(customer_basis, three, 1, [50, 200, 499, 500, 700], assumed)
    assert curve["threshold"].tolist() == [50, 200, 499]
    for row in curve.itertuples():
        result = gain(customer_basis, with_threshold(three, 1, row.threshold), assumed)
        assert (row.expected, row.low, row.high) == pytest.approx((result.expected, result.low, result.high))
    for setting in grid(customers, three, assumed, (Decimal(1), Decimal(2)), (Decimal(1), Decimal("1.5"))):
        result = gain(customer_basis, setting.programme, assumed)
        assert setting.gain.expected == pytest.approx(result.expected)
    assert scaled_programme(three, Decimal(2), Decimal("1.5")).tiers[2].threshold == Decimal(750)


def test_the_chosen_threshold_earns_95_percent_of_the_best_when_the_response_is_known() -> None:
    pairs = [known_response(seed) for seed in range(8)]
    assert sum(chosen for chosen, _ in pairs) >= 0.95 * sum(most for _, most in pairs) > 0


def test_the_range_holds_a_simulated_year_when_the_response_is_uncertain() -> None:
    assert (
        sum(covered(seed) for seed in range(60)) >= 42
    )  # 80 % of 60 is 48; 42 is two standard deviations below


def test_the_expected_gain_is_the_mean_of_simulated_years() -> None:
    shop_of = buyers(np.random.default_rng(5), 3000)
    rules = with_threshold(PROGRAMME, 1, 200.0)
    same = replace(
        shop_of, baseline=shop_of.customers["revenue_365"].to_numpy(), years=1
    )  # a year like the last one
    years = [lived(same, 200.0, 0.3, MARGIN, np.random.default_rng(i)) for i in range(400)]
    result = gain(basis(shop_of.customers, rules), rules, terms(Response(0.3, 0.0, ""), 0.0))
    assert result.expected == pytest.approx(float(np.mean(years)), abs=4 * float(np.std(years)) / 20)
    inside = np.mean([(result.low <= year) & (year <= result.high) for year in years])
    assert 0.75 < inside < 0.85


def test_the_best_within_a_budget() -> None:
    settings_tried = grid(
        buyers(np.random.default_rng(3), 400).customers, PROGRAMME, terms(Response(0.5, 0.1, ""), 0.25)
    )
    free = best(settings_tried)
    assert free is not None
    assert free.gain.expected == max(s.gain.expected for s in settings_tried)
    middle = sorted(s.gain.cost for s in settings_tried)[len(settings_tried) // 2]
    tight = best(settings_tried, middle)
    assert tight is not None
    assert tight.gain.expected == max(s.gain.expected for s in settings_tried if s.gain.cost <= middle)
    assert best(settings_tried, 0.0) is None
    curve = budget_curve(settings_tried)
    assert curve["cost"].is_monotonic_increasing
    assert curve["expected"].is_monotonic_increasing
    assert curve["expected"].iloc[-1] == free.gain.expected


def test_sensitivity_begins_with_what_is_assumed() -> None:
    customer_basis = basis(buyers(np.random.default_rng(3), 400).customers, PROGRAMME)
    assumed = Terms(0.5)
    cases = sensitivity(customer_basis, PROGRAMME, assumed)
    assert cases[0][1] == gain(customer_basis, PROGRAMME, assumed)
    gains = {name: result.expected for name, result in cases}
    assert (
        gains["customers respond half as much"]
        < cases[0][1].expected
        < gains["customers respond twice as much"]
    )
    assert gains["margin 10 points lower"] < gains["margin 10 points higher"]
    assert len(sensitivity_table(cases, WORDS)) == len(cases)


def test_a_measured_response_replaces_the_guess_by_its_precision() -> None:
    both = updated(Response(0.2, 0.1, "guess"), [Response(0.5, 0.05, "measured")])
    assert both.mean == pytest.approx((0.2 * 100 + 0.5 * 400) / 500)
    assert both.sd == pytest.approx(math.sqrt(1 / 500))
    assert both.sources == ["guess", "measured"]
    assert updated(Response(0.2, 0.1, ""), [Response(0.4, 0.0, "known")]) == Response(0.4, 0.0, "known")


def test_sentences_on_the_expected_gain() -> None:
    result = gain(basis(shop(40.0, 80.0, 200.0), RULES), RULES, CERTAIN)
    assert expected_gain_sentence(result, WORDS).startswith("They are expected to cost €")
    assert expected_gain_sentence(replace(result, expected=12.0, low=-3.0, high=30.0), WORDS) == (
        "They are expected to bring €12 a year more than they cost (-€3 to €30)."
    )
    assert break_even_sentences(replace(result, needed=0.031, break_even=2.5), 1000, WORDS) == (
        "You would have to believe that customers buy 3.1% more because of the rewards: 31 orders a year on top. "
        "They would have to respond 2.5 times as much as assumed."
    )
    assert break_even_sentences(replace(result, needed=math.inf), 10, WORDS).startswith("At this margin")
    unmoved = replace(CERTAIN, responses=Responses(Response(0.01, 0.0, ""), Response(0.0, 0.0, "")))
    settings_tried = grid(shop(40.0, 80.0, 200.0), RULES, unmoved)
    assert "None of the settings" in best_setting_sentence(best(settings_tried), None, WORDS)
    assert best_setting_sentence(None, 10.0, WORDS) == "No setting tried stays within €10 a year."


def test_offers_go_to_customers_who_respond_and_not_to_those_who_buy_anyway() -> None:
    p, usual = pd.Series([0.01, 0.06, 0.08, 0.5, 0.95]), pd.Series([40.0, 20.0, 90.0, 30.0, 30.0])
    offers = personal_depths(p, usual, Terms(0.5))
    assert offers["depth"].tolist()[3:] == [0, 0]
    assert offers["depth"].iloc[0] > 0
    assert offers["depth"].iloc[1] == offers["depth"].iloc[2]  # equal chances (a band), equal offers
    assert (offers["gain"] >= 0).all()
    assert (offers["low"] <= offers["gain"]).all()
    assert (offers["gain"] <= offers["high"]).all()
    strong = personal_depths(p, usual, Terms(0.5, Responses(coupon=Response(0.0, 0.0, ""))))
    assert not strong["depth"].any()  # nobody moves: nothing for anybody


def test_an_offer_by_hand() -> None:
    p = np.array([0.1])
    odds = 0.1 / 0.9 * math.exp(0.25)
    assert chance_with_coupon(p, 0.10, 0.25)[0] == pytest.approx(odds / (1 + odds))
    assert coupon_gain(p, 0.10, 0.5, 0.25)[0] == pytest.approx(0.4 * odds / (1 + odds) - 0.05)
    assert chance_bands(np.array([0.0, 0.049, 0.05, 0.3, 1.0])) == pytest.approx(
        [0.025, 0.025, 0.075, 0.325, 0.975]
    )


def test_sentences_on_the_rule_of_depths() -> None:
    rule = depth_table(0.5, Response(0.25, 0.1, ""))
    assert rule["to"].iloc[-1] == pytest.approx(1.0)
    sentences = depth_sentences(rule, WORDS)
    assert sentences[0] == "Would buy anyway with a chance of 0% to 15%: 5% off"
    assert sentences[-1].endswith("nothing")


def test_money_off_from_an_order_value_on() -> None:
    result = spend_offer(np.array([10.0, 45.0, 60.0, 80.0]), 50.0, 5.0, CERTAIN)
    assert (result.qualify, result.near, result.cost) == (2, 1, 10.0)
    one = math.exp(-(5 / 45) / 0.2) * (0.5 * 5 - 5) + math.exp(-4 / 0.2) * (0.5 * 40 - 5)
    assert result.expected == pytest.approx(one - 10.0)
    assert len(spend_offers(np.array([10.0, 60.0]), [20.0, 50.0], [5.0, 30.0], CERTAIN)) == 3
    orders = np.array([10.0, 45.0, 60.0, 80.0])
    curve = spend_offer_curve(orders, [50.0, 4.0, 70.0], 5.0, CERTAIN)
    assert curve["threshold"].tolist() == [50.0, 70.0]  # 5 off from 4 on would give more than is bought
    assert curve["expected"].iloc[0] == result.expected
    assert spend_offer_sentences(result, WORDS).startswith(
        "Of a year's orders 2 reach €50 anyway and get €5.00 off: €10. 1 lack"
    )
    assert result.low < result.expected < 0
    assert "-" not in spend_offer_sentences(result, WORDS)  # a loss is an amount above 0, and so is its range


def test_what_is_left_after_the_rewards() -> None:
    """Revenue of 320 with a point each, a point worth 3 cents, of which 60 are used: 9.60 if all are used, 5.76 expected."""
    customers = shop(40.0, 80.0, 200.0)
    rules = replace(
        RULES, point_value=Decimal("0.03"), expected_redemption=Decimal("0.6"), tiers=RULES.tiers[:1]
    )
    sentences = margin_sentences(replay(customers, rules), 0.5, WORDS)
    assert sentences == (
        "Of each €100 of sales €50.00 stays after the cost of goods, €48.20 after the rewards too. The points of a year would "
        "take off €10 if all were used; €6 if as many are as you expect (liability)."
    )

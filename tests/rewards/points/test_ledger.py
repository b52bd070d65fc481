"""The ledger: worked by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from loyalty.rewards.points.history import PointsHistory, Version
from loyalty.rewards.points.ledger import Ledger, replay
from loyalty.rewards.points.ledger_figures import point_figures, redemption_by_cohort
from loyalty.rewards.points.order_points import highest_point_value, next_step, points_value, points_values
from loyalty.rewards.programme.programme import Programme, Tier
from loyalty.rewards.programme.rules import (
    BonusDays,
    Caps,
    Earning,
    Expiry,
    Gift,
    ProductPoints,
    Referral,
    Reward,
    Step,
)

ONE = (Tier("base", "Member", Decimal(0)),)
PLAIN = Programme("Club", Decimal(1), Decimal("0.05"), ONE)
AS_OF = dt.date(2025, 12, 31)


def day(month: int, number: int, year: int = 2025, hour: int = 12) -> dt.datetime:
    return dt.datetime(year, month, number, hour)


def sales(*rows: tuple[str, dt.datetime, float]) -> pd.DataFrame:
    """customer, when, gross; orders are numbered from 0."""
    table = [(i, f"shop|{i}", *row) for i, row in enumerate(rows)]
    return pd.DataFrame(table, columns=["order", "ref", "customer_id", "at", "gross"])


def returns(*rows: tuple[int, dt.datetime, float]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["order", "at", "amount"])


def manual_entries(*rows: tuple[str, dt.datetime, str, int]) -> pd.DataFrame:
    table = [(*row, None, f"move{i}") for i, row in enumerate(rows)]
    return pd.DataFrame(table, columns=["customer_id", "at", "kind", "points", "expires_on", "ref"])


def events(*rows: tuple[str, dt.datetime, str, int]) -> pd.DataFrame:
    """customer, when, kind, order (-1: none)."""
    table = [(who, at, kind, f"{kind}{i}", order) for i, (who, at, kind, order) in enumerate(rows)]
    return pd.DataFrame(table, columns=["customer_id", "at", "kind", "ref", "order"])


def under(rules: Programme, history: PointsHistory, as_of: dt.date = AS_OF) -> Ledger:
    return replay(history, [Version(1, dt.date.min, rules)], as_of)


def story(ledger: Ledger) -> list[tuple[str, int, int]]:
    rows = ledger.entries[["kind", "points", "pending"]]
    return [(str(kind), int(points), int(pending)) for kind, points, pending in rows.to_numpy().tolist()]


def account(ledger: Ledger, who: str = "a") -> dict[str, Any]:
    row: dict[str, Any] = ledger.accounts.set_index("customer_id").loc[who].to_dict()
    return row


def test_points_wait_until_the_order_can_no_longer_be_returned() -> None:
    rules = replace(PLAIN, earning=Earning(return_days=14))
    history = PointsHistory(sales(("a", day(3, 1), 19.99), ("a", day(12, 25), 40.0)))
    ledger = under(rules, history)
    assert story(ledger) == [("earned", 0, 19), ("confirmed", 19, -19), ("earned", 0, 40)]
    assert ledger.entries["at"].tolist() == [day(3, 1), day(3, 15), day(12, 25)]
    assert (account(ledger)["points"], account(ledger)["pending"]) == (19, 40)


def test_a_return_takes_back_exactly_what_the_order_earned_under_its_own_rule() -> None:
    history = PointsHistory(
        sales(("a", day(2, 1), 10.0), ("a", day(6, 1), 10.0)), returns((0, day(7, 1), 10.0))
    )
    double = replace(PLAIN, points_per_unit=Decimal(3))
    versions = [Version(1, dt.date.min, PLAIN), Version(2, dt.date(2025, 5, 1), double)]
    ledger = replay(history, versions, AS_OF)
    assert story(ledger) == [("earned", 10, 0), ("earned", 30, 0), ("taken_back", -10, 0)]
    assert ledger.entries["version"].tolist() == [1, 2, 1]


def test_a_partial_return_leaves_what_the_rest_would_have_earned_alone() -> None:
    rules = replace(PLAIN, earning=Earning(per_order=5))
    history = PointsHistory(
        sales(("a", day(2, 1), 19.9)), returns((0, day(3, 1), 9.95), (0, day(4, 1), 9.95))
    )
    # 19 + 5; half of it: floor(9.95) + 5 = 14; nothing left: 0
    assert story(under(rules, history)) == [("earned", 24, 0), ("taken_back", -10, 0), ("taken_back", -14, 0)]


def test_returned_while_pending_never_touches_the_account() -> None:
    rules = replace(PLAIN, earning=Earning(return_days=14))
    history = PointsHistory(sales(("a", day(2, 1), 50.0)), returns((0, day(2, 5), 20.0)))
    assert story(under(rules, history)) == [("earned", 0, 50), ("cancelled", 0, -20), ("confirmed", 30, -30)]


def test_the_oldest_points_are_used_first_and_the_rest_expires() -> None:
    rules = replace(PLAIN, expiry=Expiry("rolling", 30))
    history = PointsHistory(
        sales(("a", day(1, 1), 100.0), ("a", day(1, 20), 50.0)),
        manual_entries=manual_entries(("a", day(1, 25), "redeemed", 70)),
    )
    ledger = under(rules, history)
    # 70 of the first hundred are used; 30 go after 31 January, the other 50 after 19 February
    assert story(ledger)[2:] == [("redeemed", -70, 0), ("expired", -30, 0), ("expired", -50, 0)]
    assert ledger.entries["at"].tolist()[3:] == [dt.datetime(2025, 2, 1), dt.datetime(2025, 2, 20)]
    assert ledger.lots[["used", "expired", "left"]].to_numpy().tolist() == [[70, 30, 0], [0, 50, 0]]


def test_used_points_that_are_taken_back_are_a_debt_that_is_carried() -> None:
    history = PointsHistory(
        sales(("a", day(1, 1), 100.0), ("a", day(5, 1), 30.0)),
        returns((0, day(3, 1), 100.0)),
        manual_entries=manual_entries(("a", day(2, 1), "redeemed", 80)),
    )
    before = under(PLAIN, history, dt.date(2025, 4, 1))
    assert (account(before)["points"], account(before)["debt"]) == (0, 80)
    after = under(PLAIN, history)
    assert (account(after)["points"], account(after)["debt"]) == (0, 50)


def test_nobody_owes_for_points_that_had_expired() -> None:
    rules = replace(PLAIN, expiry=Expiry("rolling", 30))
    history = PointsHistory(
        sales(("a", day(1, 1), 100.0)),
        returns((0, day(6, 1), 100.0)),
        manual_entries=manual_entries(("a", day(1, 9), "redeemed", 40)),
    )
    ledger = under(rules, history)
    assert story(ledger)[2:] == [("expired", -60, 0), ("taken_back", -100, 0), ("expiry_returned", 60, 0)]
    assert (account(ledger)["points"], account(ledger)["debt"]) == (0, 40)  # the 40 that were used are owed


@pytest.mark.parametrize(
    ("rule", "gone"),
    [
        (Expiry("never"), None),
        (Expiry("rolling", 10), dt.date(2025, 3, 11)),
        (Expiry("fixed", 0, "03-31"), dt.date(2025, 3, 31)),
        (Expiry("fixed", 60, "03-31"), dt.date(2026, 3, 31)),
        (Expiry("inactivity", 20), dt.date(2025, 4, 7)),  # bought again on 18 March, and then no more
    ],
)
def test_when_points_go(rule: Expiry, gone: dt.date | None) -> None:
    history = PointsHistory(sales(("a", day(3, 1), 10.0), ("a", day(3, 18), 0.5)))
    ledger = under(replace(PLAIN, expiry=rule), history, dt.date(2025, 3, 1))
    until = under(replace(PLAIN, expiry=rule), history).lots["expires_on"].iloc[0]
    assert (None if pd.isna(until) else until.date()) == gone
    if rule.kind != "inactivity":  # on the first day nobody knows yet that they will come again
        assert account(ledger)["points"] == 10


def test_valid_through_the_last_day() -> None:
    rules, history = (
        replace(PLAIN, expiry=Expiry("rolling", 10)),
        PointsHistory(sales(("a", day(3, 1), 10.0))),
    )
    last = under(rules, history, dt.date(2025, 3, 11))
    assert (account(last)["points"], account(last)["expiring"]) == (10, 10)
    assert account(under(rules, history, dt.date(2025, 3, 12)))["points"] == 0


def test_a_tier_counts_from_the_next_order_on_and_lasts_through_the_grace() -> None:
    tiers = (*ONE, Tier("gold", "Gold", Decimal(100), Decimal(2)))
    orders = sales(
        ("a", day(1, 1, 2024), 100.0),  # reaches gold
        ("a", day(2, 1, 2024), 10.0),  # 20 points
        ("a", day(1, 20), 10.0),  # the first hundred left on 31 December 2024; within 30 days of grace
        ("a", day(3, 1), 10.0),  # beyond it
    )
    rules = replace(PLAIN, tiers=tiers, tiering=replace(PLAIN.tiering, grace_days=30))
    assert under(rules, PointsHistory(orders)).lots["points"].tolist() == [100, 20, 20, 10]
    strict = replace(rules, tiering=replace(rules.tiering, grace_days=0))
    assert under(strict, PointsHistory(orders)).lots["points"].tolist() == [100, 20, 10, 10]


def test_bonus_days_meet_tiers_as_the_owner_says() -> None:
    tiers = (Tier("base", "Member", Decimal(0), Decimal("1.5")),)
    weekend = (BonusDays("Weekend", Decimal(2), ("sat", "sun")),)
    history = PointsHistory(sales(("a", day(3, 1), 10.0), ("a", day(3, 3), 10.0)))  # a Saturday, a Monday
    for together, points in (("highest", [20, 15]), ("multiplied", [30, 15])):
        rules = replace(PLAIN, tiers=tiers, earning=Earning(bonus_days=weekend, together=together))  # type: ignore[arg-type]
        assert under(rules, history).lots["points"].tolist() == points


def test_products_and_categories_have_their_own_rate() -> None:
    products = (
        ProductPoints("category", "Gift cards", Decimal(0)),
        ProductPoints("category", "Tea", Decimal(2)),
        ProductPoints("product", "Oolong", Decimal(3)),
    )
    lines = pd.DataFrame(
        [
            (0, "Card", "Gift cards", 20.0),
            (0, "Oolong", "Tea", 10.0),
            (0, "Sencha", "Tea", 10.0),
            (0, "Mug", "Ware", 10.0),
        ],
        columns=["order", "product", "category", "amount"],
    )
    history = PointsHistory(sales(("a", day(3, 1), 50.0)), lines=lines)
    # 20 x 0 + 10 x 3 + 10 x 2 + 10 x 1
    assert under(replace(PLAIN, earning=Earning(products=products)), history).lots["points"].tolist() == [60]


def test_caps_hold_by_order_and_by_month() -> None:
    history = PointsHistory(
        sales(("a", day(3, 1), 80.0), ("a", day(3, 9), 70.0), ("a", day(3, 20), 9.0), ("a", day(4, 1), 20.0))
    )
    rules = replace(PLAIN, caps=Caps(points_an_order=60, points_a_month=100))
    assert under(rules, history).lots["points"].tolist() == [60, 40, 20]


def test_events_earn_and_a_referral_goes_with_its_order() -> None:
    gifts = (Gift("birthday", "points", Decimal(25)), Gift("holiday", "points", Decimal(7), "Christmas Day"))
    rules = replace(
        PLAIN,
        earning=Earning(sign_up=10, review=4),
        gifts=gifts,
        referral=Referral(Reward("points", Decimal(50)), Reward("points", Decimal(20)), Decimal(15), 1),
    )
    history = PointsHistory(
        sales(("b", day(5, 1), 20.0), ("c", day(6, 1), 10.0), ("d", day(7, 1), 30.0)),
        returns((0, day(8, 1), 20.0)),
        events=events(
            ("a", day(1, 1), "sign_up", -1),
            ("a", day(2, 1), "review", -1),
            ("a", day(3, 1), "birthday", -1),
            ("a", day(4, 1), "holiday:Christmas Day", -1),
            ("a", day(4, 2), "holiday:New Year", -1),
            ("a", day(5, 1), "referrer", 0),
            ("b", day(5, 1), "referred", 0),
            ("a", day(6, 1), "referrer", 1),
            ("a", day(7, 1), "referrer", 2),
            ("d", day(7, 1), "referred", 2),
        ),
    )
    ledger = under(rules, history)
    # c's order is too small for a referral; d would be a second one this year
    assert account(ledger, "a")["points"] == 10 + 4 + 25 + 7 + 50 - 50
    assert account(ledger, "b")["points"] == 20 + 20 - 20 - 20
    assert account(ledger, "d")["points"] == 30 + 20


def test_opening_balances_and_corrections_are_entries() -> None:
    table = manual_entries(
        ("a", day(1, 1), "opening", 500), ("a", day(2, 1), "adjusted", 20), ("a", day(3, 1), "adjusted", -70)
    )
    table["expires_on"] = [dt.date(2025, 1, 31), None, None]
    ledger = under(PLAIN, PointsHistory(sales(("a", day(5, 1), 1.0)), manual_entries=table))
    assert [kind for kind, _, _ in story(ledger)] == ["opening", "expired", "adjusted", "adjusted", "earned"]
    assert (account(ledger)["points"], account(ledger)["debt"]) == (0, 49)  # 20 - 70 + 1


def test_before_the_first_version_nothing_is_earned() -> None:
    history = PointsHistory(sales(("a", day(1, 1), 10.0), ("a", day(2, 1), 10.0)))
    ledger = replay(history, [Version(1, dt.date(2025, 2, 1), PLAIN)], AS_OF)
    assert ledger.lots["at"].tolist() == [day(2, 1)]


def test_an_empty_shop_has_an_empty_ledger() -> None:
    ledger = under(PLAIN, PointsHistory(sales()))
    assert (len(ledger.entries), len(ledger.lots), len(ledger.accounts)) == (0, 0, 0)
    assert point_figures(ledger).issued == 0
    assert redemption_by_cohort(ledger).empty


def test_figures_of_a_ledger() -> None:
    rules = replace(PLAIN, expiry=Expiry("rolling", 60), expected_redemption=Decimal("0.5"))
    history = PointsHistory(
        sales(("a", day(1, 10), 300.0), ("a", day(12, 1), 100.0)),
        manual_entries=manual_entries(("a", day(2, 1), "redeemed", 90)),
    )
    ledger = under(rules, history)
    figures = point_figures(ledger)
    assert (figures.issued, figures.used, figures.expired, figures.outstanding) == (400, 90, 210, 100)
    assert figures.redemption_rate == pytest.approx(90 / 400)
    assert figures.decided_rate == pytest.approx(90 / 300)
    assert figures.liability == pytest.approx(100 * 0.05 * 0.5)
    assert figures.breakage == pytest.approx((210 + 50) / 400)
    cohorts = redemption_by_cohort(ledger)
    assert cohorts["month"].tolist() == [dt.datetime(2025, 1, 1), dt.datetime(2025, 12, 1)]
    assert cohorts["redemption"].tolist() == [0.3, 0.0]
    assert (cohorts[["used", "expired", "outstanding"]].sum(axis=1) == cohorts["issued"]).all()


def test_steps_say_what_a_balance_is_worth() -> None:
    rules = replace(PLAIN, steps=(Step(100, Decimal(5)), Step(250, Decimal(15))))
    assert [points_value(points, rules) for points in (99, 100, 349, 350, 500)] == [0, 5, 15, 20, 30]
    assert points_values(np.array([99, 350]), rules).tolist() == [0.0, 20.0]
    assert highest_point_value(rules) == Decimal("0.06")
    assert points_value(7, PLAIN) == Decimal("0.35")
    assert next_step(120, rules.steps) == rules.steps[1]
    assert next_step(250, rules.steps) is None

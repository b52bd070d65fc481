"""Groups of people and a pair, planted one by one; the order by what they may bring."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from loyalty.customers.status import ACTIVE, LAPSED, NEW, ONCE, OVERDUE
from loyalty.models.cross_sell.rules import Rule
from loyalty.models.expected_response import BadAssumption
from loyalty.models.next_actions import ANSWERS, ActionInputs, action_groups, next_actions

AS_OF = dt.date(2026, 6, 30)


def ago(days: int) -> pd.Timestamp:
    return pd.Timestamp(AS_OF) - pd.Timedelta(days=days) + pd.Timedelta(hours=9)


#: name, status, days since the last purchase, orders, P(still a customer), spent.
PEOPLE = [
    ("late", OVERDUE, 43, 3, 0.5, 300.0),
    ("in time", ACTIVE, 42, 3, 0.9, 60.0),
    ("long gone", LAPSED, 400, 9, 0.1, 90.0),
    ("once", ONCE, 43, 1, 0.4, 20.0),
    ("once, new", NEW, 42, 1, 0.6, 20.0),
]
CUSTOMERS = pd.DataFrame(
    [
        (name, status, ago(days), orders, chance, spent)
        for name, status, days, orders, chance, spent in PEOPLE
    ],
    columns=["customer_id", "status", "last_at", "orders", "p_alive", "revenue"],
)
RULE = Rule(("dripper",), "filters", 0.1, 0.5, 3.0, 9, 2.0, 0.01, 2.5, 9)


def inputs(**changes: object) -> ActionInputs:
    plain = ActionInputs(
        as_of=AS_OF,
        customers=CUSTOMERS,
        usual_gap_days=42,
        left_alone=frozenset(),
        reachable=frozenset({"late", "in time"}),
        value=(CUSTOMERS["revenue"] / CUSTOMERS["orders"]).set_axis(CUSTOMERS["customer_id"]),
        answers=pd.DataFrame(columns=["customer_id", "at", "level"]).astype(
            {"at": "datetime64[ns]", "level": "float64"}
        ),
        birthdays=pd.DataFrame(columns=["customer_id", "month", "day"]),
        to_tier=pd.Series(dtype="float64"),
        rules=[],
        baskets=pd.DataFrame(columns=["basket", "product", "customer_id", "at"]),
        prices={},
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def groups(given: ActionInputs) -> dict[str, tuple[list[str], int]]:
    return {key: (sorted(ids), days) for key, (ids, days) in action_groups(given).items()}


def test_overdue_customers_and_those_who_bought_once_go_by_their_status() -> None:
    actions = groups(inputs())
    assert actions["overdue"] == (["late"], 42)
    assert actions["once"] == (["once"], 42)


def test_worth_is_the_share_of_answers_times_chance_times_an_order() -> None:
    overdue, once = next_actions(inputs())
    assert (overdue.key, overdue.worth.expected) == ("overdue", pytest.approx(0.5 * 300.0 / 3 / 10))
    assert (once.key, once.worth.expected) == ("once", pytest.approx(0.4 * 20.0 / 20))
    half = next_actions(inputs(), dict.fromkeys(ANSWERS, 2))
    assert [action.worth.expected for action in half] == [pytest.approx(25.0), pytest.approx(4.0)]
    with pytest.raises(BadAssumption):
        next_actions(inputs(), dict.fromkeys(ANSWERS, 1))


def test_who_cannot_be_contacted_is_counted_and_brings_nothing() -> None:
    customers = pd.concat([CUSTOMERS, CUSTOMERS.iloc[:1].assign(customer_id="said no")], ignore_index=True)
    value = pd.Series({"late": 100.0, "said no": 100.0, "once": 20.0})
    actions = next_actions(inputs(customers=customers, value=value, left_alone=frozenset({"said no"})))[0]
    assert actions.customer_ids == ("late", "said no")
    assert actions.reachable == 1
    assert actions.worth.expected == pytest.approx(0.5 * 100.0 / 10)


def test_a_high_order_value_of_those_who_bought_once_turns_the_ranking() -> None:
    value = inputs().value.copy()
    value["once"] = 400.0
    assert [action.key for action in next_actions(inputs(value=value))] == ["once", "overdue"]


def test_close_to_a_tier_is_one_usual_order() -> None:
    lacking = pd.Series({"late": 100.0, "in time": 20.01, "once": np.nan})
    assert groups(inputs(to_tier=lacking))["near_tier"] == (["late"], 0)


def test_unhappy_is_a_low_last_score_without_a_purchase_since() -> None:
    answers = pd.DataFrame(
        {
            "customer_id": ["late", "in time", "once", "stranger"],
            "at": [ago(42), ago(43), ago(61), ago(1)],
            "level": [0.49, 0.0, 0.0, 0.0],
        }
    )
    assert groups(inputs(answers=answers))["unhappy"] == (["late"], 60)
    happier = answers.assign(level=0.5)
    assert groups(inputs(answers=happier))["unhappy"] == ([], 60)


@pytest.mark.parametrize(("as_of", "born", "near"), [
    (AS_OF, (7, 1), True), (AS_OF, (7, 14), True), (AS_OF, (7, 15), False), (AS_OF, (6, 30), False),
    (dt.date(2026, 2, 15), (2, 29), True), (dt.date(2024, 2, 14), (2, 29), False), (dt.date(2024, 2, 15), (2, 29), True),
    (dt.date(2026, 12, 30), (1, 6), True),
])  # fmt: skip
def test_birthdays_of_the_coming_fourteen_days(as_of: dt.date, born: tuple[int, int], near: bool) -> None:
    told = pd.DataFrame({"customer_id": ["late", "stranger"], "month": born[0], "day": born[1]})
    assert groups(inputs(as_of=as_of, birthdays=told))["birthday"][0] == (["late"] if near else [])


def baskets(*rows: tuple[int, str, str | None, int]) -> pd.DataFrame:
    actions = pd.DataFrame(rows, columns=["basket", "product", "customer_id", "at"])
    return actions.assign(at=[ago(days) for days in actions["at"]])


BASKETS = baskets(
    (1, "dripper", "late", 5), (2, "dripper", None, 89), (3, "dripper", "once", 10), (3, "filters", "once", 10),
    (4, "dripper", "once", 90), (5, "cup", "late", 5),
)  # fmt: skip


def test_a_pair_counts_the_orders_of_90_days_that_lacked_its_second_half() -> None:
    pair = next(
        a
        for a in next_actions(inputs(rules=[RULE], baskets=BASKETS, prices={"filters": 6.0}))
        if a.key == "pair"
    )
    assert (pair.orders, pair.customer_ids, pair.rule) == (
        2,
        ("late",),
        RULE,
    )  # the order 90 days ago is one too old
    assert pair.worth.expected == pytest.approx(2 * 6.0 / 10)


def test_of_the_pairs_the_one_worth_most() -> None:
    dear = replace(RULE, consequent="grinder")
    actions = next_actions(
        inputs(rules=[RULE, dear], baskets=BASKETS, prices={"filters": 6.0, "grinder": 80.0})
    )
    assert actions[0].rule == dear
    assert actions[0].orders == 3
    assert all(
        a.key != "pair" for a in next_actions(inputs(rules=[RULE], baskets=BASKETS))
    )  # without a price no worth


def test_only_the_shops_customers_are_listed() -> None:
    assert next_actions(inputs(customers=CUSTOMERS.iloc[:0], rules=[])) == []


def test_the_order_of_rows_changes_nothing() -> None:
    mixed = inputs(customers=CUSTOMERS.iloc[::-1].reset_index(drop=True))
    assert [(a.key, set(a.customer_ids)) for a in next_actions(mixed)] == [
        (a.key, set(a.customer_ids)) for a in next_actions(inputs())
    ]

"""What is worth doing, from a shop to sentences in both languages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from loyalty.facts.customer_story import lookups
from loyalty.models.cross_sell.rules import Rule
from loyalty.models.next_actions import ANSWERS, Action, ActionInputs, next_actions
from loyalty.purchase_model.customer_state import COLUMNS, CustomerState
from loyalty.purchase_model.prediction import Range
from loyalty.rewards.programme.programme import Programme, Tier
from loyalty.services.figures import facts
from loyalty.services.next_actions import (
    action_inputs,
    action_sentences,
    amount,
    document,
    footnote,
    order_values,
)
from loyalty.shop.shop import Shop
from loyalty.words import words_for
from tests.intake.builders import STAMP, save

AS_OF = dt.date(2026, 6, 30)
NO_MODEL = CustomerState(pd.DataFrame(columns=COLUMNS), None)
EN, ZH = words_for("en"), words_for("zh_CN", "CNY")
PROGRAMME = Programme(
    "P", Decimal(1), Decimal("0.03"), (Tier("a", "Member", Decimal(0)), Tier("b", "Silver", Decimal(40)))
)


def sales() -> str:
    """Ann, Bea and Cid buy each 10 days and stop 25 days ago; Cid has said no to messages. 10.00 an order."""
    rows = ["Order,Customer,Date,Total"]
    for place, name in enumerate(("ann", "bea", "cid")):
        rows += [
            f"{place}{turn},{name},{dt.date(2026, 6, 5) - dt.timedelta(days=10 * turn)},10.00"
            for turn in range(3)
        ]
    return "\n".join([*rows, "99,dan,2026-06-30,10.00"]) + "\n"


def inputs_of(
    tmp_path: Path,
    programme: Programme | None = None,
    margin: float = 0.0,
    standing: CustomerState = NO_MODEL,
) -> ActionInputs:
    with Shop.open(tmp_path / "shop") as shop:
        for name, text in (
            ("sales", sales()),
            ("list", "Customer number,Agrees to e-mail\ncid,no\nann,yes\n"),
        ):
            with shop.open_import(save(tmp_path, f"{name}.csv", text)) as file:
                file.run(STAMP)
        con = shop.database.reader()
        return action_inputs(con, facts(con, AS_OF), lookups(con, AS_OF), standing, [], programme, margin)


def test_overdue_customers_who_opted_out_have_no_expected_gain(tmp_path: Path) -> None:
    (action,) = next_actions(inputs_of(tmp_path))
    assert (action.key, sorted(action.customer_ids), action.days) == ("overdue", ["ann", "bea", "cid"], 10)
    assert action.worth.expected == pytest.approx(2 * 10.0 / 10)
    assert document(action, EN)["customers"] == 3


def test_the_margin_scales_the_worth(tmp_path: Path) -> None:
    (action,) = next_actions(inputs_of(tmp_path, margin=0.4))
    assert action.worth.expected == pytest.approx(0.4 * 2 * 10.0 / 10)


def test_only_a_programme_in_force_has_tiers(tmp_path: Path) -> None:
    keys = [action.key for action in next_actions(inputs_of(tmp_path, PROGRAMME))]
    assert sorted(keys) == ["near_tier", "overdue"]


def test_predicted_order_values_replace_averages() -> None:
    customers = pd.DataFrame({"customer_id": ["a", "b"], "revenue": [30.0, 8.0], "orders": [3, 2]})
    predicted = pd.DataFrame({"customer_id": ["a"], "expected_value": [12.5]}).reindex(columns=COLUMNS)
    assert order_values(customers, NO_MODEL).to_dict() == {"a": 10.0, "b": 4.0}
    assert order_values(customers, CustomerState(predicted, None)).to_dict() == {"a": 12.5, "b": 4.0}


RULE = Rule(("dripper",), "filters", 0.1, 0.5, 3.0, 9, 2.0, 0.01, 2.5, 9)


@pytest.mark.parametrize("key", ANSWERS)
@pytest.mark.parametrize("people", [1, 27])
def test_every_action_has_sentences_in_both_languages(key: str, people: int) -> None:
    rule = RULE if key == "pair" else None
    action = Action(
        key, tuple(f"k{n}" for n in range(people)), 0, Range(520.4, 150.2, 960.9), 10, 41, rule, 12
    )
    sentences, chinese = action_sentences(action, EN), action_sentences(action, ZH)
    assert sentences.worth == "about $520 ($150–$961)"
    assert "1 in 10" in sentences.beside
    assert "10" in chinese.beside
    assert not any("{" in text for text in (sentences.what, sentences.why, chinese.what, chinese.why))
    assert {sentences.what, sentences.why}.isdisjoint({chinese.what, chinese.why})
    assert (f"{people} " in sentences.what) == (key != "pair")


def test_small_amounts_keep_their_cents() -> None:
    assert amount(Range(1.2, 0.0, 4.5), EN) == "about $1.20 ($0.00–$4.50)"


def test_the_footnote_names_profit_or_sales() -> None:
    assert footnote(EN, margin=True).startswith("Amounts are profit at your margin")
    assert footnote(EN, margin=False).startswith("Amounts are sales")


def test_what_campaigns_measured_is_named(tmp_path: Path) -> None:
    (assumed,) = next_actions(inputs_of(tmp_path))
    (action,) = next_actions(
        inputs_of(tmp_path), {**ANSWERS, assumed.key: 40}, {assumed.key: ("May", "July")}
    )
    assert action.one_in == 40
    assert action.worth.expected == pytest.approx(assumed.worth.expected * assumed.one_in / 40)
    assert (
        action_sentences(action, EN).beside
        == "if 1 in 40 buys once more because of it, judging by “May”, “July”"
    )
    assert document(action, EN)["measured_by"] == ["May", "July"]
    assert "what your campaigns measured" in footnote(EN, margin=False, measured=True)
    assert "nobody knows yet" in footnote(EN, margin=False)

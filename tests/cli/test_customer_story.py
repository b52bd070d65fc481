"""customers list, the story in customers show, and next."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Cli

Plain = Callable[..., tuple[int, str, str]]


def test_all_customers_and_the_same_as_a_file(cli: Cli, plain: Plain, year: Path, tmp_path: Path) -> None:
    """30 customers, customer n with n % 4 + 1 orders of 10.00."""
    cli("import", year, "--currency", "EUR")
    code, answer = cli("customers", "list", "--out", tmp_path / "all.csv")
    assert code == 0
    assert answer["missing"] is None
    assert len(answer["customers"]) == 30
    first = answer["customers"][0]
    assert (first["customer_id"], first["orders"], first["revenue"]) == ("c03", 4, 4 * 10.0)
    assert 0 <= first["p_alive"] <= 1
    assert first["next_early"] <= first["next_late"]
    once = next(c for c in answer["customers"] if c["customer_id"] == "c00")
    assert once["orders"] == 1
    assert 0 < once["p_alive"] < 1  # one model, for those who bought once as well
    rows = list(csv.DictReader((tmp_path / "all.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row["Customer number"] for row in rows] == [c["customer_id"] for c in answer["customers"]]
    assert (rows[0]["Spent"], rows[0]["Last seen"]) == ("40.00", first["last_at"][:10])
    assert plain("customers", "list")[1].startswith("30 customers.\n")
    assert plain("customers", "show", "c03", "--out", tmp_path / "x.csv")[0] == 2


def test_too_few_customers_to_predict_reports_how_many_more(cli: Cli, tmp_path: Path) -> None:
    sales = tmp_path / "sales.csv"
    sales.write_text(
        "Order,Customer,Date,Total\n1,ann,2025-01-01,10\n2,ann,2025-12-01,10\n", encoding="utf-8"
    )
    cli("import", sales, "--currency", "EUR")
    answer = cli("customers", "list")[1]
    assert answer["missing"].endswith("19 more than there are so far.")
    assert answer["customers"][0]["clv"] is None


def test_one_story(cli: Cli, plain: Plain, year: Path) -> None:
    cli("import", year, "--currency", "EUR")
    code, answer = cli("customers", "show", "c03")
    assert (code, answer["customer_id"]) == (0, "c03")
    assert [entry["kind"] for entry in answer["timeline"]] == ["order"] * 4
    assert [entry["amount"] for entry in answer["timeline"]] == [10.0] * 4
    assert answer["timeline"][0]["at"] > answer["timeline"][-1]["at"]
    habits = {habit["product"]: (habit["orders"], habit["gap_days"]) for habit in answer["usually_buys"]}
    assert habits == {"Tea": (4, 61.0), "Mug": (4, 61.0)}
    assert answer["next_step"]["what"]
    assert answer["known"]["orders"] == 4
    assert answer["next_step"]["why"] in plain("customers", "show", "c03")[1]


def test_next(cli: Cli, plain: Plain, year: Path) -> None:
    """Ends with the last order; whoever came once in January is long overdue."""
    cli("import", year, "--currency", "EUR")
    code, answer = cli("next", "--all")
    assert (code, answer["amounts"]) == (0, "sales")
    worths = [action["expected"] for action in answer["actions"]]
    assert worths == sorted(worths, reverse=True)
    assert all(0 <= action["low"] <= action["expected"] <= action["high"] for action in answer["actions"])
    once = next(action for action in answer["actions"] if action["key"] == "once")
    assert once["one_in"] == 20
    assert once["customers"] == len(once["customer_ids"]) > 0
    half = cli("next", "--all", "--one-in", "10")[1]["actions"]
    twice = next(action for action in half if action["key"] == "once")
    assert abs(twice["expected"] - 2 * once["expected"]) < 1e-9
    assert len(cli("next")[1]["actions"]) == min(3, len(answer["actions"]))
    assert cli("next", "--one-in", "1")[0] == 1
    assert "1 in 20" in plain("next", "--all")[1]


def test_next_of_an_empty_shop_is_a_sentence(cli: Cli) -> None:
    code, answer = cli("next")
    assert (code, list(answer)) == (1, ["error"])

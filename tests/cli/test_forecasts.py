"""forecast and goals: keys, values by hand, and the sentences when something is missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

#: Orders of the year of `conftest` by month, from its days n + 61 turn (n < 30, turn <= n % 4).
DAYS = [n + 61 * turn for n in range(30) for turn in range(n % 4 + 1)]


@pytest.fixture
def shop(cli: Cli, year: Path) -> Cli:
    """A command line on a shop that holds the year."""
    assert cli("import", year)[0] == 0
    return cli


def test_forecast(shop: Cli) -> None:
    code, answer = shop("forecast", "--as-of", "2025-08-31", "--months", "3")
    assert code == 0
    assert [month["month"] for month in answer["months"]] == ["2025-09", "2025-10", "2025-11"]
    for document in (answer, answer["orders"], answer["customers"]):
        assert document.keys() >= {"months", "method", "backtest", "note"}
        for month in document["months"]:
            assert 0 <= month["low"] <= month["expected"] <= month["high"]
    methods = answer["backtest"]["methods"]
    assert [trial["method"] for trial in methods if trial["chosen"]] == [answer["method"]]
    assert methods[0]["mase"] == min(trial["mase"] for trial in methods)
    assert answer["backtest"]["whole_months"] == 8
    assert "24 whole months" in answer["note"]


def test_a_month_under_way_comes_first(shop: Cli) -> None:
    answer = shop("forecast", "--as-of", "2025-08-15", "--months", "1")[1]
    assert [month["month"] for month in answer["months"]] == ["2025-08"]
    assert answer["backtest"]["whole_months"] == 7


def test_too_short_a_history(shop: Cli, plain: Callable[..., tuple[int, str, str]]) -> None:
    code, answer = shop("forecast", "--as-of", "2025-05-31")
    assert (code, answer["months"], answer["method"]) == (0, [], None)
    sentence = "A forecast needs 6 whole months of sales; so far there are 5, 1 more to go."
    assert answer["note"] == sentence
    assert plain("forecast", "--as-of", "2025-05-31")[1].strip() == sentence


def test_no_month_is_no_forecast(shop: Cli) -> None:
    assert shop("forecast", "--months", "0")[0] == 2


def test_more_methods_are_candidates_with_a_year_of_sales(cli: Cli, year: Path) -> None:
    """Twelve months to be asked after, and three that they are tried on: 8 whole months are too few, 15 are enough."""
    assert cli("import", year)[0] == 0
    for as_of, expected in (("2025-08-31", set()), ("2026-03-31", {"ets", "arima"})):
        code, answer = cli("forecast", "--more", "--as-of", as_of)
        assert code == 0
        methods = {trial["method"] for trial in answer["backtest"]["methods"]}
        assert methods & {"ets", "arima"} == expected


def test_goals(shop: Cli, tmp_path: Path) -> None:
    """22 of 30 came back, all new within the year: 80 % needs 24, two more; June had so many orders."""
    as_of = ("--as-of", "2025-06-30")
    assert shop("goals", *as_of)[1]["goals"] == []
    code, answer = shop("goals", "set", "repurchase_within_90", "--at-least", "80%", *as_of)
    assert code == 0
    (goal,) = answer["goals"]
    assert (goal["metric"], goal["direction"], goal["value"]) == ("repurchase_within_90", "at_least", 0.8)
    assert (goal["now"], goal["reached"], goal["more"]) == (pytest.approx(22 / 30), False, 2)
    assert goal["sentence"] == "73.3% of 80%. About 2 more returning customers would reach it."
    june = sum(151 <= day <= 180 for day in DAYS)
    answer = shop("goals", "set", "orders_month", "--at-least", june + 3, *as_of)[1]
    assert answer["goals"][1]["more"] == 3
    answer = shop("goals", "set", "gap", "--at-most", "61", *as_of)[1]
    assert answer["goals"][2]["reached"] is True
    assert len(shop("goals", "remove", "orders_month", *as_of)[1]["goals"]) == 2
    saved = json.loads((tmp_path / "shop" / "targets.json").read_text(encoding="utf-8"))
    assert [row["metric"] for row in saved] == ["repurchase_within_90", "gap"]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["set", "luck", "--at-least", "1"], 1, "There can be no goal for “luck”."),
        (["set", "repurchase_rate", "--at-least", "35"], 1, "it is a share between 0 and 100 %."),
        (["set", "aov", "--at-least", "much"], 1, "it is a number."),
        (["set", "aov"], 2, "--at-least VALUE or --at-most VALUE"),
        (["set", "aov", "--at-least", "1", "--at-most", "2"], 2, "--at-least VALUE or --at-most VALUE"),
        (["remove", "aov"], 1, "There is no goal for “aov”."),
    ],
)
def test_wrong_goals_are_reported(shop: Cli, arguments: list[str], code: int, sentence: str) -> None:
    got, answer = shop("goals", *arguments)
    assert got == code
    assert sentence in answer["error"]

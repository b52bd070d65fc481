"""predict: each customer with reasons, a file, the contest of methods; as of the day that was asked."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from loyalty.models.predictions import candidates
from tests.cli.conftest import Cli

KEYS = {"customer_id", "p_buy", "p_alive", "expected_orders", "expected_spend", "next_order_date", "reasons"}
SCORES = {
    "name",
    "auc",
    "log_loss",
    "brier",
    "mae_orders",
    "mae_spend",
    "recall",
    "precision",
    "f1",
    "ece",
    "pr_auc",
}


@pytest.fixture
def shop(cli: Cli, year: Path) -> Cli:
    """A command line on a shop that holds the year."""
    assert cli("import", year)[0] == 0
    return cli


def test_all_customers_with_reasons(shop: Cli) -> None:
    code, answer = shop("predict")
    assert code == 0
    assert len(answer["customers"]) == 30
    assert all(row.keys() >= KEYS and row["reasons"] for row in answer["customers"])
    chances = [row["p_buy"] for row in answer["customers"]]
    assert chances == sorted(chances, reverse=True)
    assert (answer["model"], answer["horizon_days"]) == ("bg_nbd", 90)
    assert any("less than two years" in note for note in answer["notes"])


def test_horizon_method_and_file(shop: Cli, tmp_path: Path) -> None:
    out = tmp_path / "who.csv"
    code, answer = shop("predict", "--horizon", 30, "--model", "recency", "--out", out)
    assert (code, answer["model"], answer["horizon_days"]) == (0, "recency", 30)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Customer number"] for row in rows] == [row["customer_id"] for row in answer["customers"]]
    assert all(row["Why"] and row["What to do"] for row in rows)


def test_later_orders_are_not_seen(shop: Cli) -> None:
    early = shop("predict", "--as-of", "2025-05-31")[1]
    assert early["as_of"] == "2025-05-31"
    assert all(row["next_order_date"] > "2025-05-31" for row in early["customers"])
    code, answer = shop("predict", "--as-of", "2025-01-10")
    assert code == 1
    assert "nothing to predict from yet" in answer["error"]


def test_the_back_test(shop: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = tuple(candidates.BY_NAME[name] for name in ("recency", "bg_nbd", "logistic", "average"))
    monkeypatch.setattr("loyalty.services.predictions.CANDIDATES", quick)
    code, answer = shop("predict", "--backtest", "--horizon", 30, "--message-cost", 1, "--saved", 40)
    assert code == 0
    assert {model["name"] for model in answer["models"]} == {"recency", "bg_nbd", "logistic", "average"}
    assert all(model.keys() >= SCORES for model in answer["models"])
    # who comes again comes every 61 days and then stops: there the plain rule is better beyond chance
    assert (answer["usual"], answer["chosen"]) == ("bg_nbd", "recency")
    assert [model["name"] for model in answer["models"] if model["beats_usual"]] == ["recency"]
    assert len(answer["cutoffs"]) == 4
    assert answer["costs"]["threshold"] == pytest.approx(1 / (0.1 * 40))
    assert sum(row["customers"] for row in answer["reliability"]) > 30
    assert answer["sentences"]
    # the selected model is saved and used from now on, for this horizon
    sentence = shop("predict", "--horizon", 30)[1]
    assert sentence["model"] == sentence["contest"]["chosen"] == "recency"
    assert sentence["contest"]["as_of"] == answer["as_of"]
    assert shop("predict")[1]["model"] == "bg_nbd"
    assert shop("predict", "--horizon", 30, "--model", "average")[1]["model"] == "average"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--horizon", 45), "One can look"),
        (("--model", "oracle"), "no method"),
        (("--saved", -1), "must be worth something"),
    ],
)
def test_wrong_options_are_reported(shop: Cli, options: tuple[object, ...], sentence: str) -> None:
    code, answer = shop("predict", *options)
    assert code == 1
    assert sentence in answer["error"]


def test_sentences(shop: Cli, plain: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = plain("predict")
    assert code == 0
    assert out.startswith("Within 90 days about")

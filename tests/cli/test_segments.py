"""segments and rules beyond their usual: traits, movement, kinds of baskets, categories, bundles, what lasts."""

from __future__ import annotations

import csv
import datetime as dt
import random
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.intake.builders import GENERIC, generic_row, save, text_of

AS_OF = dt.date(2025, 12, 31)


@pytest.fixture
def shop(cli: Cli, tmp_path: Path) -> Cli:
    """Forty customers over a year: tea with honey in half of the orders; who buys a pot buys leaves two weeks later."""
    chance, rows = random.Random(5), []
    for n in range(40):
        for turn in range(1 + n % 5):
            at = dt.date(2025, 1, 5) + dt.timedelta(days=n + 60 * turn)
            items = [("Tea", "Pantry", "6.00"), ("Honey", "Pantry", "4.00")] if chance.random() < 0.5 else []
            items += [(chance.choice(["Soap", "Cup", "Card"]), "Home", "5.00")]
            rows += [(f"{n}-{turn}", n, at, item) for item in items]
        start = dt.date(2025, 7, 1) + dt.timedelta(days=n)
        if n % 2:
            later = start + dt.timedelta(days=14)
            for number, at, item in (("p", start, "Pot"), ("l", later, "Leaves")):
                extra = chance.choice(["Soap", "Cup", "Card"])  # every order holds one of these
                rows += [(f"{n}-{number}", n, at, (name, "Home", "9.00")) for name in (item, extra)]
        elif n % 5:  # two things new to them that nothing follows; the others have bought once
            for number, name in enumerate(chance.sample(["Vase", "Lamp", "Bell", "Ring"], 2)):
                rows += [(f"{n}-v{number}", n, start + dt.timedelta(days=number), (name, "Home", "9.00"))]
    table = [
        {
            **generic_row(1, "", name, "1", price),
            "Invoice No": number,
            "Customer": f"c{n:02d}",
            "Date": at.isoformat(),
            "Category": category,
        }
        for number, n, at, (name, category, price) in rows
    ]
    path = save(tmp_path, "a.csv", text_of([*GENERIC, "Category"], table))
    assert cli("import", path)[0] == 0
    return cli


def test_segments_with_traits_and_movement(shop: Cli) -> None:
    code, answer = shop("segments", "--method", "kmeans", "--with", "gap,categories", "--since", "2025-10-01")
    assert code == 0
    keys = {segment["key"] for segment in answer["segments"]}
    assert "bought_once" in keys
    assert all(segment["traits"] for segment in answer["segments"])
    moved = answer["movement"]
    assert moved["since"] == "2025-10-01"
    assert moved["up"] + moved["down"] + moved["same"] + moved["new"] == 40
    assert sum(flow["customers"] for flow in moved["flows"]) == 40 - moved["new"]
    assert len(moved["customers"]) == moved["up"] + moved["down"]
    for method in ("mixture", "density", "dbscan"):
        code, answer = shop("segments", "--method", method)
        assert (code, answer["method"]) == (0, method)
        assert sum(segment["customers"] for segment in answer["segments"]) == 40


def test_wrong_traits_and_days_are_reported(shop: Cli) -> None:
    code, answer = shop("segments", "--with", "shoes")
    assert (code, answer["error"]) == (
        1,
        "Customers cannot be grouped by shoes; choose among tenure, gap, categories, satisfaction.",
    )
    assert shop("segments", "--since", "2026-06-01")[0] == 2
    assert shop("rules", "--basket", "window", "--days", "0")[0] == 1
    assert shop("rules", "--min-support", "0")[0] == 1
    assert shop("rules", "--bundles", "--uplift", "-1")[0] == 1


def test_rules_report_their_survival(shop: Cli) -> None:
    code, answer = shop("rules")
    assert code == 0
    assert {frozenset((*rule["antecedent"], rule["consequent"])) for rule in answer["rules"]} == {
        frozenset(("Tea", "Honey"))
    }
    assert answer["lasting"].keys() >= {"since", "rules", "checked", "above_chance", "in_words"}
    assert answer["lasting"]["since"] < AS_OF.isoformat()


def test_rules_of_days_categories_and_sequences(shop: Cli) -> None:
    by_day = shop("rules", "--basket", "day")[1]
    assert {rule["consequent"] for rule in by_day["rules"]} == {"Tea", "Honey"}
    by_category = shop("rules", "--level", "category", "--all")[1]
    assert {(*rule["antecedent"], rule["consequent"]) for rule in by_category["rules"]} == {
        ("Home", "Pantry"),
        ("Pantry", "Home"),
    }
    code, later = shop("rules", "--basket", "window", "--days", "30", "--as-of", AS_OF)
    assert code == 0
    assert [(rule["antecedent"], rule["consequent"]) for rule in later["rules"]] == [(["Pot"], "Leaves")]
    assert later["rules"][0]["customers"] == 20


def test_bundles(shop: Cli, tmp_path: Path) -> None:
    out = tmp_path / "bundles.csv"
    code, answer = shop("rules", "--bundles", "--margin", "0.5", "--uplift", "0.3", "--out", out)
    assert code == 0
    (bundle,) = answer["bundles"]
    assert sorted(bundle["products"]) == ["Honey", "Tea"]
    assert (bundle["apart"], answer["uplift"], answer["margin"]) == (10.0, 0.3, 0.5)
    assert bundle["price"] <= 10.0
    with out.open(encoding="utf-8-sig", newline="") as source:
        assert len(list(csv.DictReader(source))) == 1
    without = shop("rules", "--bundles")[1]["bundles"][0]
    assert (without["price"], without["extra_profit"]) == (None, None)


def test_a_file_of_baskets_has_no_dates(cli: Cli, tmp_path: Path) -> None:
    path = save(tmp_path, "b.csv", "order_id,product\n1,bread\n1,butter\n")
    code, answer = cli("rules", "--baskets", path)
    assert (code, answer["lasting"]) == (0, None)
    for options in (["--bundles"], ["--basket", "window"], ["--level", "category"]):
        assert cli("rules", "--baskets", path, *options)[0] == 2


def test_classic_apriori_finds_the_same_rules(cli: Cli, tmp_path: Path) -> None:
    lines = [
        f"{n},{name}"
        for n in range(60)
        for name in (["bread", "butter", "jam"] if n % 3 else ["bread", "tea"])
    ]
    path = save(tmp_path, "b.csv", "order_id,product\n" + "\n".join(lines) + "\n")
    for options in ([], ["--all"], ["--all", "--max-len", "2", "--min-confidence", "0.5"]):
        by_eclat, by_apriori = (
            cli("rules", "--baskets", path, "--miner", miner, *options)[1] for miner in ("eclat", "apriori")
        )
        assert len(by_eclat["rules"]) > 1
        assert by_apriori == by_eclat
    assert cli("rules", "--baskets", path, "--miner", "magic")[0] == 2
    assert cli("rules", "--miner", "apriori", "--basket", "window")[0] == 2

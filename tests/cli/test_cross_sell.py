"""rules beyond their usual: kinds of baskets, categories, sequences, bundles, a plain file, and which rules last."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from tests.cli.conftest import Cli
from tests.intake.builders import save

AS_OF = dt.date(2025, 12, 31)


def test_wrong_options_get_an_error_message(year_of_baskets: Cli) -> None:
    assert year_of_baskets("rules", "--basket", "window", "--days", "0")[0] == 1
    assert year_of_baskets("rules", "--min-support", "0")[0] == 1
    assert year_of_baskets("rules", "--bundles", "--uplift", "-1")[0] == 1


def test_rules_say_whether_they_last(year_of_baskets: Cli) -> None:
    code, answer = year_of_baskets("rules")
    assert code == 0
    assert {frozenset((*rule["antecedent"], rule["consequent"])) for rule in answer["rules"]} == {
        frozenset(("Tea", "Honey"))
    }
    assert answer["lasting"].keys() >= {"since", "rules", "checked", "above_chance", "in_words"}
    assert answer["lasting"]["since"] < AS_OF.isoformat()


def test_rules_of_days_categories_and_sequences(year_of_baskets: Cli) -> None:
    by_day = year_of_baskets("rules", "--basket", "day")[1]
    assert {rule["consequent"] for rule in by_day["rules"]} == {"Tea", "Honey"}
    by_category = year_of_baskets("rules", "--level", "category", "--all")[1]
    assert {(*rule["antecedent"], rule["consequent"]) for rule in by_category["rules"]} == {
        ("Home", "Pantry"),
        ("Pantry", "Home"),
    }
    code, later = year_of_baskets("rules", "--basket", "window", "--days", "30", "--as-of", AS_OF)
    assert code == 0
    assert [(rule["antecedent"], rule["consequent"]) for rule in later["rules"]] == [(["Pot"], "Leaves")]
    assert later["rules"][0]["customers"] == 20


def test_bundles(year_of_baskets: Cli, tmp_path: Path) -> None:
    out = tmp_path / "bundles.csv"
    code, answer = year_of_baskets("rules", "--bundles", "--margin", "0.5", "--uplift", "0.3", "--out", out)
    assert code == 0
    (bundle,) = answer["bundles"]
    assert sorted(bundle["products"]) == ["Honey", "Tea"]
    assert (bundle["apart"], answer["uplift"], answer["margin"]) == (10.0, 0.3, 0.5)
    assert bundle["price"] <= 10.0
    with out.open(encoding="utf-8-sig", newline="") as source:
        assert len(list(csv.DictReader(source))) == 1
    without = year_of_baskets("rules", "--bundles")[1]["bundles"][0]
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

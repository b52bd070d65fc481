"""recommend: lists, the evaluation on the shop's past, a published task on plain files."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from loyalty.models.recommendations.candidates import CANDIDATES
from tests.cli.conftest import Cli
from tests.intake.builders import save

KEYS = {"name", "recall10", "ndcg10", "hit10", "coverage", "novelty", "diversity", "repeat", "explore"}


@pytest.fixture
def shop(cli: Cli, year: Path) -> Cli:
    """A command line on a shop that holds the year: tea each time, with honey, or for every third customer a mug."""
    assert cli("import", year)[0] == 0
    return cli


def test_lists_for_everyone(shop: Cli) -> None:
    code, answer = shop("recommend")
    assert code == 0
    assert len(answer["customers"]) == 30
    for entries in answer["customers"].values():
        again = [entry["product_id"] for entry in entries if entry["mode"] == "again"]
        new = [entry["product_id"] for entry in entries if entry["mode"] == "discover"]
        assert sorted(again + new) == ["Honey", "Mug", "Tea"]
        assert len(again) == 2
        assert all(entry["why"] and entry["score"] >= 0 for entry in entries)
    assert answer["discover"] == "popular_recent"
    assert "Too few customers" in answer["note"]


def test_one_customer_and_one_mode(shop: Cli) -> None:
    everyone = shop("recommend")[1]["customers"]
    customer = sorted(everyone)[3]
    code, answer = shop("recommend", "--customer", customer, "--mode", "again")
    assert code == 0
    assert answer["customers"] == {
        customer: [entry for entry in everyone[customer] if entry["mode"] == "again"]
    }
    code, answer = shop(
        "recommend", "--customer", customer, "--mode", "discover", "--without", "Honey", "--without", "Mug"
    )
    assert (code, answer["customers"]) == (0, {})
    code, answer = shop("recommend", "--customer", "nobody")
    assert code == 1
    assert "no customer “nobody”" in answer["error"]


def test_a_written_list_is_saved_as_recommended(shop: Cli, tmp_path: Path) -> None:
    out = tmp_path / "lists.csv"
    assert shop("recommend", "--out", out)[0] == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 30 * 3
    assert {row["List"] for row in rows} == {"Buy again", "New to them"}
    assert rows[0]["Why"]
    # the lists of the run's own day are known from then on: as of a later day they are recommendations to learn from
    code, answer = shop("recommend", "--as-of", "2026-06-30")
    assert code == 0
    assert answer["speaks"] == {"popular_recent": 1.0}
    assert {row["mode"] for row in answer["acceptance"]["by_method"]} == {"again", "discover"}
    assert all(
        row["recommended"] == row["open"] + row["decided"] for row in answer["acceptance"]["by_reason"]
    )


def test_the_evaluation_on_the_shop_s_past(shop: Cli) -> None:
    code, answer = shop("recommend", "--evaluate")
    assert code == 0
    assert answer["customers"] == 8 + 7 + 7  # customers with a second order
    assert answer["chosen"] == {"again": "again", "discover": "popular_recent"}
    for method in answer["methods"]:
        assert method.keys() >= KEYS
        assert 0 <= method["recall10"] <= 1
        assert method["intervals"]["recall10"][0] <= method["recall10"] <= method["intervals"]["recall10"][1]
    assert {method["name"] for method in answer["methods"]} == {method.name for method in CANDIDATES}


def test_the_evaluation_as_a_file_has_every_task_with_its_ranges(shop: Cli, tmp_path: Path) -> None:
    out = tmp_path / "methods.csv"
    assert shop("recommend", "--evaluate", "--out", out)[0] == 0
    table = pd.read_csv(out, encoding="utf-8-sig")
    assert len(table) == len(CANDIDATES) * 3 * 2  # again, new and all of it; within 5 and 10
    assert {"Found of it (recall)", "Found of it (recall), from", "Found of it (recall), to"} <= set(
        table.columns
    )


def test_one_product_has_related_products_and_the_customers_it_is_suggested_to(shop: Cli) -> None:
    code, everyone = shop("recommend")
    assert code == 0
    product = next(iter(everyone["customers"].values()))[0]["product"]
    having = {
        who for who, rows in everyone["customers"].items() if product in {row["product"] for row in rows}
    }
    code, answer = shop("recommend", "--product", product)
    assert code == 0
    assert set(answer["customers"]) == having
    assert {row["product"] for rows in answer["customers"].values() for row in rows} == {product}
    assert all(row.keys() == {"product", "count", "confidence", "lift"} for row in answer["goes_with"])
    code, answer = shop("recommend", "--product", "Nonsense")
    assert code == 1
    assert "Nonsense" in answer["error"]


HISTORY = [
    ("ann", "1", "tea"),
    ("ann", "2", "tea"),
    ("ann", "2", "milk"),
    ("bob", "9", "milk"),
    ("bob", "10", "jam"),
]
FUTURE = [("ann", "1", "tea"), ("ann", "1", "figs"), ("bob", "1", "milk")]


def task(folder: Path) -> tuple[Path, Path]:
    paths = []
    for name, rows in (("history.csv", HISTORY), ("future.csv", FUTURE)):
        paths.append(save(folder, name, "Who,Order,Item\n" + "".join(",".join(row) + "\n" for row in rows)))
    return paths[0], paths[1]


def test_a_published_task(cli: Cli, tmp_path: Path) -> None:
    """Ten places hold all that was ever sold: recall is 1/2 for Ann (nobody knows figs), 1 for Bob; both are hit."""
    history, future = task(tmp_path)
    columns = "customer_id=Who,basket=Order,product=Item"
    code, answer = cli("recommend", "--evaluate", "--history", history, "--future", future, "--map", columns)
    assert code == 0
    assert (answer["customers"], answer["products"]) == (2, 3)
    methods = {method["name"]: method for method in answer["methods"]}
    assert methods["popular"]["recall10"] == pytest.approx((1 / 2 + 1) / 2)
    assert methods["popular"]["hit10"] == 1
    assert methods["again"]["repeat"]["recall10"] == 1
    assert methods["again"]["explore"]["recall10"] == 0
    assert not (tmp_path / "shop").exists()


def test_half_a_task_is_wrong_usage(cli: Cli, tmp_path: Path) -> None:
    history, future = task(tmp_path)
    for arguments in (["--evaluate", "--history", history], ["--history", history, "--future", future]):
        code, answer = cli("recommend", *arguments)
        assert code == 2
        assert "--history and --future belong together" in answer["error"]


def test_a_column_that_is_not_there(cli: Cli, tmp_path: Path) -> None:
    history, future = task(tmp_path)
    code, answer = cli(
        "recommend",
        "--evaluate",
        "--history",
        history,
        "--future",
        future,
        "--map",
        "customer_id=Who,basket=Bon",
    )
    assert code == 1
    assert "Bon" in answer["error"]


def test_dates_of_a_task_may_be_mapped(cli: Cli, tmp_path: Path) -> None:
    history = save(tmp_path, "h.csv", "who,order,item,day\nann,b,tea,2026-01-01\nann,a,milk,2026-01-09\n")
    future = save(tmp_path, "f.csv", "who,order,item,day\nann,c,tea,2026-01-20\n")
    columns = "customer_id=who,basket=order,product=item,at=day"
    code, answer = cli("recommend", "--evaluate", "--history", history, "--future", future, "--map", columns)
    assert code == 0
    assert "ease_season" in {method["name"] for method in answer["methods"]}


def test_an_empty_shop(cli: Cli) -> None:
    code, answer = cli("recommend")
    assert code == 1
    assert "no sales" in answer["error"]


def test_output_without_json_is_a_table(plain, year: Path) -> None:
    assert plain("import", year)[0] == 0
    code, out, err = plain("recommend", "--mode", "again", "--language", "zh_CN")
    assert code == 0
    assert "再次购买" in out
    assert "正在试第 1 种方法" in err
    code, out, _ = plain("recommend", "--evaluate")
    assert code == 0
    assert out.splitlines()[1].startswith("Popular, all time")

"""repurchase, satisfaction, changes: keys and values worked by hand, on the year of `conftest`; small shops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli
from tests.intake.builders import GENERIC, generic_row, save, text_of

COMMANDS = [
    ["repurchase"],
    ["repurchase", "--unit", "month", "--days", "45"],
    ["repurchase", "--by", "product"],
    ["repurchase", "--by", "channel"],
    ["repurchase", "--by", "source"],
    ["satisfaction"],
    ["changes"],
    ["changes", "--against", "year"],
    ["forecast"],
    ["goals"],
]


@pytest.fixture
def shop(cli: Cli, year: Path) -> Cli:
    """A command line on a shop that holds the year: customer n buys n % 4 + 1 times, 61 days apart."""
    assert cli("import", year)[0] == 0
    return cli


def test_repurchase_by_cohort(shop: Cli) -> None:
    code, answer = shop("repurchase", "--as-of", "2025-12-31", "--unit", "month", "--days", "61")
    assert (code, answer["by"], answer["days"]) == (0, "cohort", 61)
    (cohort,) = answer["cohorts"]
    assert (cohort["cohort"], cohort["customers"]) == ("2025-01", 30)
    assert cohort["within"]["60"]["rate"] == 0
    assert cohort["within"]["61"]["rate"] == pytest.approx(22 / 30)
    assert cohort["within"].keys() == {"30", "60", "61", "90", "180", "365"}
    quarters = shop("repurchase", "--as-of", "2025-12-31")[1]["cohorts"]
    assert [(q["cohort"], q["customers"]) for q in quarters] == [("2025-Q1", 30)]


def test_repurchase_by_product(shop: Cli) -> None:
    """All first orders hold tea, two of three honey, one of three a mug: the mug's ten are too few for a group."""
    code, answer = shop("repurchase", "--by", "product", "--as-of", "2025-12-31")
    assert code == 0
    groups = {group["group"]: group for group in answer["groups"]}
    assert {name: group["customers"] for name, group in groups.items()} == {"Tea": 30, "Honey": 20}
    honey = [n for n in range(30) if n % 3]
    assert groups["Honey"]["within"]["90"]["rate"] == pytest.approx(sum(n % 4 >= 1 for n in honey) / 20)
    rest = [n for n in range(30) if n % 3 == 0]
    assert groups["Honey"]["rest"] == pytest.approx(sum(n % 4 >= 1 for n in rest) / 10)
    assert groups["Honey"]["verdict"] == ""
    assert (groups["Tea"]["rest"], groups["Tea"]["q_value"]) == (None, None)
    assert answer["sentence"].startswith("None stands out")


def test_satisfaction(shop: Cli, tmp_path: Path) -> None:
    """Ten of thirty customers answer on 1 May, seven of them with 4 or 5; two more who are nobody's customers."""
    rows = [f"c{n:02d},2025-05-01,{5 if n < 7 else 2}" for n in range(10)]
    rows += [",2025-05-02,5", ",2025-05-03,1"]
    survey = save(tmp_path, "survey.csv", "customer_id,date,score\n" + "\n".join(rows) + "\n")
    assert shop("import", survey)[0] == 0
    code, answer = shop("satisfaction", "--as-of", "2025-12-31")
    assert code == 0
    assert (answer["csat"]["answers"], answer["csat"]["satisfied"]) == (12, 8)
    assert (answer["response"]["customers"], answer["response"]["answered"]) == (30, 10)
    assert answer["response"]["rate"] == pytest.approx(1 / 3)
    products = {group["group"]: group["csat"]["answers"] for group in answer["products"]}
    assert products["Tea"] == 10
    assert sum(group["csat"]["answers"] for group in answer["segments"]) == 10
    assert [month["answers"] for month in answer["months"]["csat"]] == [12]
    answered = {row["group"]: (row["customers"], row["answered"]) for row in answer["response_by_product"]}
    assert answered == {"Tea": (30, 10), "Honey": (20, 6), "Mug": (10, 4)}
    assert sum(row["customers"] for row in answer["response_by_segment"]) <= 30
    none = shop("satisfaction", "--as-of", "2025-12-31", "--from", "2025-06-01", "--to", "2025-06-30")[1]
    assert (none["csat"]["answers"], none["response"]["answered"]) == (0, 0)


def test_changes_add_up(shop: Cli) -> None:
    code, answer = shop("changes", "--as-of", "2025-03-31", "--days", "31")
    assert code == 0
    march = sum(n % 4 >= 1 and 59 <= n + 61 <= 89 for n in range(30))
    before = answer["before"]
    assert (before["from"], before["to"], before["revenue"]) == (
        "2025-01-29",
        "2025-02-28",
        20.0,
    )  # n = 28, 29
    assert answer["after"]["revenue"] == 10.0 * march
    assert answer["change"] == 10.0 * march - 20.0
    for parts in (answer["buyers"], answer["cohorts"], answer["products"]):
        assert sum(part["change"] for part in parts) == pytest.approx(answer["change"], abs=1e-9)
    assert sum(answer["factors"].values()) == pytest.approx(answer["change"], abs=1e-9)
    assert answer["factors"]["aov"] == pytest.approx(0)
    assert {part["who"]: part["after"] for part in answer["buyers"]} == {
        "returning": 10.0 * march,
        "new": 0.0,
    }
    assert answer["noise"] == pytest.approx(1.959963984540054 * (100.0 * (march + 2)) ** 0.5)
    assert answer["week"]["year_ago"] is None
    assert answer["week"]["this"]["orders"] == sum(n % 4 >= 1 and 83 <= n + 61 <= 89 for n in range(30))


def test_wrong_usage(shop: Cli) -> None:
    for command in (
        ["repurchase", "--days", "0"],
        ["changes", "--days", "0"],
        ["changes", "--days", "365", "--against", "year"],
    ):
        code, answer = shop(*command)
        assert (code, list(answer)) == (2, ["error"])


@pytest.mark.parametrize("command", COMMANDS[:-1])
def test_an_empty_shop_reports_missing_sales(command: list[str], cli: Cli) -> None:
    error = "There are no sales in this shop yet. Bring in a sales export first."
    assert cli(*command) == (1, {"error": error})


@pytest.mark.parametrize(("customers", "days"), [(1, 3), (30, 100), (100, 400)])
def test_small_shops_have_figures_or_a_sentence(
    cli: Cli, plain: Callable[..., tuple[int, str, str]], tmp_path: Path, customers: int, days: int
) -> None:
    """Every command answers (the fixture refuses NaN and tracebacks), to a reader in both languages too."""
    rows = []
    for n in range(customers):
        for turn in range(n % 3 + 1):
            at = dt.date(2025, 1, 1) + dt.timedelta(days=(n * 7 + turn * 41) % days)
            cells = {
                "Invoice No": f"{n}-{turn}",
                "Customer": f"c{n}" if n % 5 else "",
                "Date": at.isoformat(),
            }
            rows.append({**generic_row(1, "", "Tea", "1", "6.00"), **cells})
    assert cli("import", save(tmp_path, "small.csv", text_of(GENERIC, rows)))[0] == 0
    for command in COMMANDS:
        code, answer = cli(*command)
        assert code == 0, answer
    for command in (["repurchase"], ["changes"], ["forecast"]):
        code, output, _ = plain(*command, "--language", "zh_CN")
        assert code == 0
        assert "nan" not in output.lower()


def every_number(document: Any) -> list[float]:
    """All numbers of a document, however deep."""
    if isinstance(document, dict):
        return [number for value in document.values() for number in every_number(value)]
    if isinstance(document, list):
        return [number for value in document for number in every_number(value)]
    return [document] if isinstance(document, float) else []


def test_money_scales_and_shares_stay(tmp_path: Path, cli: Cli, year: Path) -> None:
    """The same year at ten times the prices: changes and forecasts are tenfold, shares the same."""
    tenfold = year.read_text(encoding="utf-8").replace("6.00", "60.00").replace("2.00", "20.00")
    path = save(tmp_path, "tenfold.csv", tenfold)
    assert cli("import", year)[0] == 0
    once = {name: cli(name, "--as-of", "2025-08-31")[1] for name in ("changes", "forecast", "repurchase")}
    assert cli("undo", 1)[0] == 0
    assert cli("import", path)[0] == 0
    again = {name: cli(name, "--as-of", "2025-08-31")[1] for name in ("changes", "forecast", "repurchase")}
    assert again["repurchase"] == once["repurchase"]
    assert every_number(again["changes"]["factors"]) == pytest.approx(
        [10 * v for v in every_number(once["changes"]["factors"])]
    )
    assert every_number(again["forecast"]["months"]) == pytest.approx(
        [10 * v for v in every_number(once["forecast"]["months"])]
    )
    assert again["forecast"]["orders"]["months"] == once["forecast"]["orders"]["months"]

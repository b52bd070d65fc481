"""From a terminal: exchange rates, channels with the same sales, the question about them, and dry runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.intake.builders import SHOPIFY, save, shopify_rows, text_of
from tests.store.money import TABLE, both, orders_of, payments_of, sale

SALES = both()
GOODS = float(sum(s.net for s in SALES))


def table(folder: Path) -> Path:
    """Two sales in euros, one in dollars."""
    rows = [
        sale(1, "2025-03-03", "10.00", "EUR"),
        sale(2, "2025-05-04", "20.00", "EUR"),
        sale(3, "2025-04-04", "7.00", "USD"),
    ]
    return save(folder, "a.csv", text_of(TABLE, rows))


def test_rates_are_set_listed_and_removed(cli: Cli, tmp_path: Path) -> None:
    code, answer = cli("import", table(tmp_path), "--currency", "USD")
    assert (code, answer["files"][0]["accepted"]) == (0, 3)
    assert answer["files"][0]["notes"][1].startswith(
        "Rows in EUR: 2. You have entered no rate from EUR to USD yet"
    )
    code, answer = cli("rates")
    assert answer == {
        "home": "USD",
        "rates": [],
        "waiting": [{"currency": "EUR", "sales": 2, "since": "2025-03"}],
    }
    assert cli("kpis")[1]["revenue"] == 7.0
    code, answer = cli("rates", "set", "eur", "2025-05", "1.2")
    assert (code, answer["rates"]) == (
        0,
        [{"currency": "EUR", "month": "2025-05", "base": "USD", "rate": 1.2}],
    )
    assert answer["waiting"] == [{"currency": "EUR", "sales": 1, "since": "2025-03"}]
    cli("rates", "set", "EUR", "2025-03", "1.1")
    assert cli("kpis")[1]["revenue"] == pytest.approx(10 * 1.1 + 20 * 1.2 + 7)
    code, answer = cli("rates", "remove", "EUR", "2025-05")
    assert (code, len(answer["rates"]), answer["waiting"]) == (0, 1, [])
    assert cli("kpis")[1]["revenue"] == pytest.approx(30 * 1.1 + 7)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["set", "EUR", "2025-03"], 2, "RATE is missing"),
        (["set", "EUR", "2025-03", "0"], 1, "“0” is no exchange rate"),
        (["set", "EUR", "March", "1.1"], 1, "“March” is no month"),
        (["set", "USD", "2025-03", "1.1"], 1, "USD is the shop's own currency"),
        (["remove", "EUR", "2025-03"], 1, "There is no rate for EUR from 2025-03 on"),
        (["burn"], 2, "invalid choice"),
    ],
)
def test_wrong_rates_get_a_sentence(
    arguments: list[str], code: int, sentence: str, cli: Cli, tmp_path: Path
) -> None:
    cli("import", table(tmp_path), "--currency", "USD")
    exit_code, answer = cli("rates", *arguments)
    assert (exit_code, sentence in answer["error"]) == (code, True)


def test_sales_without_a_rate_are_listed_in_sentences(
    plain: Callable[..., tuple[int, str, str]], cli: Cli, tmp_path: Path
) -> None:
    cli("import", table(tmp_path), "--currency", "USD")
    cli("rates", "set", "EUR", "2025-05", "1.2")
    code, out, _ = plain("rates")
    assert code == 0
    assert [line.split() for line in out.splitlines()[:2]] == [
        ["Currency", "From", "month", "Rate"],
        ["EUR", "2025-05", "1.2", "USD"],
    ]
    assert (
        plain("rates", "waiting")[1]
        == "1 sale in EUR waits for a rate from Mar 2025 on; no figure counts it yet.\n"
    )


def test_one_sale_on_two_channels_is_a_question(cli: Cli, tmp_path: Path) -> None:
    """Nothing is changed until it is given; then it is remembered."""
    orders, payments = (
        save(tmp_path, "o.csv", orders_of(SALES)),
        save(tmp_path, "p.csv", payments_of(SALES[:20])),
    )
    later = save(tmp_path, "later.csv", payments_of(SALES[20:]))
    assert cli("import", orders)[0] == 0
    code, answer = cli("import", payments)
    assert code == 3
    (question,) = answer["files"][0]["questions"]
    assert (question["key"], question["options"]) == ("same_sale:shopify", ["same", "different"])
    assert question["text"].startswith(
        "20 of 20 payments in this file look like sales that you already have from Shopify"
    )
    assert len(cli("imports")[1]["imports"]) == 1
    assert cli("import", payments, "--same-sale", "shopify=yes")[0] == 0
    assert cli("import", later)[0] == 0
    answer = cli("kpis")[1]
    assert (answer["orders"], answer["revenue"]) == (40, pytest.approx(GOODS))
    assert cli("channel-overlap")[1] == {
        "channel_overlap": [{"channel": "stripe", "other": "shopify", "same": True, "once": 40, "alone": 0}]
    }


def test_files_of_one_command_are_compared_with_each_other(cli: Cli, tmp_path: Path) -> None:
    orders, payments = save(tmp_path, "o.csv", orders_of(SALES)), save(tmp_path, "p.csv", payments_of(SALES))
    code, answer = cli("import", payments, orders)
    assert (code, [len(file["questions"]) for file in answer["files"]]) == (3, [0, 1])
    assert cli("imports")[1] == {"imports": []}
    code, answer = cli("import", payments, orders, "--same-sale", "stripe=no")
    assert (code, cli("kpis")[1]["orders"]) == (0, 80)
    code, answer = cli("channel-overlap", "set", "shopify", "stripe", "same")
    assert (code, answer["channel_overlap"][0]["once"], cli("kpis")[1]["orders"]) == (0, 40, 40)
    assert cli("channel-overlap", "forget", "shopify", "stripe")[1] == {"channel_overlap": []}
    assert cli("kpis")[1]["orders"] == 80


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["import", "x.csv", "--same-sale", "shopify=maybe"], 2, "write shopify=yes or shopify=no"),
        (["channel-overlap", "set", "a"], 2, "OTHER ANSWER is missing"),
        (["channel-overlap", "set", "a", "a", "same"], 1, "Name two different channels"),
        (["channel-overlap", "set", "a", "b", "same"], 1, "There are no sales of a channel called “a”"),
    ],
)
def test_wrong_answers_on_channel_overlap_get_a_sentence(
    arguments: list[str], code: int, sentence: str, cli: Cli
) -> None:
    exit_code, answer = cli(*arguments)
    assert (exit_code, sentence in answer["error"]) == (code, True)


def test_a_dry_run_reports_counts_value_and_reasons(
    cli: Cli, plain: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    rows = [*shopify_rows(), {**shopify_rows()[0], "Name": "#77", "Subtotal": "many"}]
    path = save(tmp_path, "a.csv", text_of(SHOPIFY, rows))
    code, answer = cli("import", path, "--dry-run")
    (file,) = answer["files"]
    assert (code, file["new"], file["rejected"], file["import_id"], file["counted_once"]) == (
        0,
        10,
        1,
        None,
        0,
    )
    assert (file["from"], file["until"]) == ("2025-03-01T10:00:00", "2025-03-09T10:00:00")
    (worth,) = file["worth"]
    assert (worth["currency"], worth["sales"], worth["amount"], worth["waiting"]) == ("EUR", 4, 56.0, 0)
    assert file["reasons"] == [{"reason": "“many” is not a number", "rows": 1, "lines": [12]}]
    output = plain("import", path, "--dry-run")[1]
    assert "  4 sales worth €56.00." in output
    assert "  line 12: “many” is not a number" in output
    assert cli("imports")[1] == {"imports": []}


def test_files_of_one_dry_run_are_compared_with_each_other(cli: Cli, tmp_path: Path) -> None:
    """The second file repeats three rows of the first."""
    first = save(tmp_path, "a.csv", text_of(SHOPIFY, shopify_rows()[:5]))
    second = save(tmp_path, "b.csv", text_of(SHOPIFY, shopify_rows()[2:]))
    answer = cli("import", first, second, "--dry-run")[1]
    assert [(file["accepted"], file["duplicates"]) for file in answer["files"]] == [(5, 0), (5, 3)]

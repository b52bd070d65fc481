"""From a terminal: exchange rates are set, listed and removed, and what waits for one is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.intake.builders import save, text_of
from tests.store.currencies import TABLE, sale


def two_currencies(folder: Path) -> Path:
    """Two sales in euros, one in dollars."""
    rows = [
        sale(1, "2025-03-03", "10.00", "EUR"),
        sale(2, "2025-05-04", "20.00", "EUR"),
        sale(3, "2025-04-04", "7.00", "USD"),
    ]
    return save(folder, "a.csv", text_of(TABLE, rows))


def test_rates_are_set_listed_and_removed(cli: Cli, tmp_path: Path) -> None:
    code, answer = cli("import", two_currencies(tmp_path), "--currency", "USD")
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


@pytest.mark.parametrize(("arguments", "code", "sentence"), [
    (["set", "EUR", "2025-03"], 2, "RATE is missing"),
    (["set", "EUR", "2025-03", "0"], 1, "“0” is no exchange rate"),
    (["set", "EUR", "March", "1.1"], 1, "“March” is no month"),
    (["set", "USD", "2025-03", "1.1"], 1, "USD is the shop's own currency"),
    (["remove", "EUR", "2025-03"], 1, "There is no rate for EUR from 2025-03 on"),
    (["burn"], 2, "invalid choice"),
])  # fmt: skip
def test_wrong_rates_get_an_error_message(
    arguments: list[str], code: int, sentence: str, cli: Cli, tmp_path: Path
) -> None:
    cli("import", two_currencies(tmp_path), "--currency", "USD")
    found, answer = cli("rates", *arguments)
    assert (found, sentence in answer["error"]) == (code, True)


def test_sales_without_a_rate_are_named_in_plain_output(
    plain: Callable[..., tuple[int, str, str]], cli: Cli, tmp_path: Path
) -> None:
    cli("import", two_currencies(tmp_path), "--currency", "USD")
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

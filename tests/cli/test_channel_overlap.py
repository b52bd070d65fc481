"""From a terminal: the question about two channels with the same sales, and the owner's decision."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.intake.builders import save
from tests.store.currencies import both, orders_of, payments_of

SALES = both()
GOODS = float(sum(s.net for s in SALES))


def test_the_same_sales_in_two_channels_need_a_decision(cli: Cli, tmp_path: Path) -> None:
    """Nothing is imported until the owner decides; the decision holds for later files."""
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
    found = cli("kpis")[1]
    assert (found["orders"], found["revenue"]) == (40, pytest.approx(GOODS))
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


@pytest.mark.parametrize(("arguments", "code", "sentence"), [
    (["import", "x.csv", "--same-sale", "shopify=maybe"], 2, "write shopify=yes or shopify=no"),
    (["channel-overlap", "set", "a"], 2, "OTHER ANSWER is missing"),
    (["channel-overlap", "set", "a", "a", "same"], 1, "Name two different channels"),
    (["channel-overlap", "set", "a", "b", "same"], 1, "There are no sales of a channel called “a”"),
])  # fmt: skip
def test_wrong_decisions_get_an_error_message(
    arguments: list[str], code: int, sentence: str, cli: Cli
) -> None:
    found, answer = cli(*arguments)
    assert (found, sentence in answer["error"]) == (code, True)

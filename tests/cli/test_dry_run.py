"""From a terminal: a dry run counts rows, net revenue and reasons, and imports nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Cli
from tests.intake.builders import SHOPIFY, save, shopify_rows, text_of


def test_a_dry_run_reports_counts_revenue_and_reasons(
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


def test_files_of_one_dry_run_see_each_other(cli: Cli, tmp_path: Path) -> None:
    """The second file repeats three rows of the first."""
    first = save(tmp_path, "a.csv", text_of(SHOPIFY, shopify_rows()[:5]))
    second = save(tmp_path, "b.csv", text_of(SHOPIFY, shopify_rows()[2:]))
    answer = cli("import", first, second, "--dry-run")[1]
    assert [(file["accepted"], file["duplicates"]) for file in answer["files"]] == [(5, 0), (5, 3)]

"""A command line in this process: arguments in, exit code and output out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loyalty.cli.run import run
from tests.intake.builders import GENERIC, generic_row, save, text_of

STAMP = dt.datetime(2026, 1, 2, 3, 4, 5)
Answer = tuple[int, dict[str, Any]]
Cli = Callable[..., Answer]


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command with --json on the test's own shop; its standard output must be one JSON document."""

    def call(*arguments: object) -> Answer:
        code = run(["--shop", str(tmp_path / "shop"), *map(str, arguments), "--json"], STAMP)
        output = capsys.readouterr()
        assert "Traceback" not in output.err
        return code, json.loads(output.out)

    return call


@pytest.fixture
def plain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command for a reader: exit code, standard output, standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        code = run(["--shop", str(tmp_path / "shop"), *map(str, arguments)], STAMP)
        output = capsys.readouterr()
        assert "Traceback" not in output.out + output.err
        return code, output.out, output.err

    return call


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """A year of sales: 30 customers, customer n buys n % 4 + 1 times, 10.00 each, 61 days apart; tea often with honey."""
    rows = []
    for n in range(30):
        for turn in range(n % 4 + 1):
            at = dt.date(2025, 1, 1) + dt.timedelta(days=n + 61 * turn)
            shared_cells = {"Invoice No": f"{n:02d}-{turn}", "Customer": f"c{n:02d}", "Date": at.isoformat()}
            rows.append({**generic_row(1, "", "Tea", "1", "6.00"), **shared_cells})
            rows.append({**generic_row(1, "", "Honey" if n % 3 else "Mug", "2", "2.00"), **shared_cells})
    return save(tmp_path, "year.csv", text_of(GENERIC, rows))

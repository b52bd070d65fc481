"""A command line in this process: arguments in, exit code and output out."""

from __future__ import annotations

import datetime as dt
import json
import random
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


@pytest.fixture
def year_of_baskets(cli: Cli, tmp_path: Path) -> Cli:
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
            "Invoice No": number, "Customer": f"c{n:02d}", "Date": at.isoformat(), "Category": category,
        }
        for number, n, at, (name, category, price) in rows
    ]  # fmt: skip
    path = save(tmp_path, "a.csv", text_of([*GENERIC, "Category"], table))
    assert cli("import", path)[0] == 0
    return cli

"""A shop that the version before this round wrote opens in today's, migrates, and its commands print the same figures."""

from __future__ import annotations

import json
import math
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from loyalty.cli.parser import OLD_NAMES
from loyalty.cli.run import run
from loyalty.store import database as database_module
from loyalty.store.database import FILE, Database
from loyalty.store.schema import MIGRATIONS
from tests.cli.conftest import STAMP

DATA = Path(__file__).resolve().parents[1] / "data"
PRINTED: dict[str, dict[str, Any]] = json.loads((DATA / "shop_schema_7.json").read_text(encoding="utf-8"))
AS_OF = "2026-06-30"
#: Keys that hold sentences and names in the owner's language: words may change, figures may not.
TEXTS = frozenset(
    {
        "beside",
        "description",
        "in_words",
        "name",
        "note",
        "notes",
        "reasons",
        "sentence",
        "sentences",
        "shown",
        "title",
        "traits",
        "what",
        "why",
        "metrics",
        "next_step",
    }
)
#: Documents, or keys of one ("command.key.key"), that have another meaning since, each with the reason.
#: Documents, or keys of one, that come from a fitted purchase or spend model.
FITTED = ("clv", "costs", "forecast", "predict", "customers.customers.clv", "customers.customers.next")
ONE_MODEL = "P(still a customer) is MBG/NBD's everywhere, for those who bought once as well"
STATUS = "goes by the one definition of where a customer stands"
REDEFINED: dict[str, str] = {
    "clv.customers.p_alive": ONE_MODEL,
    "predict.customers.p_alive": ONE_MODEL,
    "customers.customers.p_alive": ONE_MODEL,
    "customers.known": STATUS,
    "predict.customers.expected_loss": ONE_MODEL,
    "predict.customers.loyalty_score": "recency is measured by the shop's usual gap, in which every customer weighs the same",
    "predict.customers.silent": STATUS,
    "predict.customers.slipping": STATUS,
    "predict.customers.step": STATUS,
    "predict.customers.saved": ONE_MODEL,
    "next.actions": STATUS,
    "campaign.audiences": STATUS,
}


@pytest.fixture(scope="module")
def earlier_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the earlier version's shop, as that version left it: copy it to change it."""
    folder = tmp_path_factory.mktemp("earlier")
    with tarfile.open(DATA / "shop_schema_7.tar.xz") as packed:
        packed.extractall(folder, filter="data")
    return folder / "shop"


@pytest.fixture(scope="module")
def migrated_shop(earlier_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, opened once by today's version."""
    folder = shutil.copytree(earlier_shop, tmp_path_factory.mktemp("migrated") / "shop")
    Database.open(folder).close()
    return folder


def rows_by_table(file: Path) -> dict[str, int]:
    """How many rows each table and view has."""
    with duckdb.connect(str(file), read_only=True) as connection:
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        names += [
            name
            for (name,) in connection.execute(
                "SELECT view_name FROM duckdb_views() WHERE NOT internal"
            ).fetchall()
        ]
        counts = {}
        for name in names:
            counts[name] = connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
    return counts


def tolerance(path: str) -> float:
    """1e-9; of what a fit gives 1e-5, as another search ends within that of the same maximum."""
    return 1e-5 if path.startswith(FITTED) else 1e-9


def differences(kept: object, now: object, path: str) -> Iterator[str]:
    """Paths at which two documents differ; keys that are new in `now`, texts and redefined keys do not count."""
    if path in REDEFINED:
        return
    if isinstance(kept, dict) and isinstance(now, dict):
        for key in kept.keys() - TEXTS:
            if key in now:
                yield from differences(kept[key], now[key], f"{path}.{key}")
            elif f"{path}.{key}" not in REDEFINED:
                yield f"{path}.{key} is gone"
    elif isinstance(kept, list) and isinstance(now, list):
        if len(kept) != len(now):
            yield f"{path} has {len(now)} entries, not {len(kept)}"
        for place, (one, other) in enumerate(zip(kept, now, strict=False)):
            if (shown := next(differences(one, other, path), None)) is not None:
                yield f"{shown} (entry {place})"
    elif isinstance(kept, float) and isinstance(now, int | float):
        if not math.isclose(kept, now, rel_tol=tolerance(path), abs_tol=1e-9):
            yield f"{path}: {now}, not {kept}"
    elif kept != now:
        yield f"{path}: {now!r}, not {kept!r}"


def test_the_earlier_shop_has_something_in_every_table(earlier_shop: Path) -> None:
    counts = rows_by_table(earlier_shop / FILE)
    assert len(counts) == 43
    assert {name for name, count in counts.items() if not count} == set()


def test_it_migrates_and_keeps_every_row(earlier_shop: Path, migrated_shop: Path) -> None:
    renamed = {
        "doors": "channel_overlap",
        "twins": "duplicate_orders",
        "remembered": "import_answers",
        "point_moves": "point_entries",
        "recommended": "recommendations",
        "responses": "measured_responses",
        "contests": "selected_models",
    }
    before, after = rows_by_table(earlier_shop / FILE), rows_by_table(migrated_shop / FILE)
    for name, count in before.items():
        assert after[renamed.get(name, name)] == count + (name == "meta"), (
            name
        )  # two texts for one number of the data's
    assert not after.keys() & renamed.keys()
    with Database.open(migrated_shop) as database:
        assert database.schema_version() == len(MIGRATIONS)


@pytest.mark.parametrize("line", PRINTED)
def test_its_figures_are_equal(line: str, migrated_shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--shop", str(migrated_shop), "--json", *line.split(), "--as-of", AS_OF], STAMP) == 0
    now = json.loads(capsys.readouterr().out)
    assert list(differences(PRINTED[line], now, line.split()[0])) == []


def test_old_names_of_commands_are_among_them() -> None:
    assert {line.split()[0] for line in PRINTED} >= OLD_NAMES.keys()


@pytest.mark.parametrize("last", [0, 5, 18])
def test_a_migration_that_breaks_off_leaves_the_earlier_version(
    earlier_shop: Path, tmp_path: Path, last: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken off after statement `last` of the step that renames: the file is as the earlier version left it."""
    folder = shutil.copytree(earlier_shop, tmp_path / "shop")
    before = rows_by_table(folder / FILE)
    broken = (*MIGRATIONS[:7], (*MIGRATIONS[7][: last + 1], "SELECT nonsense"))
    monkeypatch.setattr(database_module, "MIGRATIONS", broken)
    with pytest.raises(duckdb.Error):
        Database.open(folder)
    assert rows_by_table(folder / FILE) == before
    monkeypatch.undo()
    with Database.open(folder) as database:
        assert database.schema_version() == len(MIGRATIONS)

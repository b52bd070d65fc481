"""Kill -9 at random moments: the shop opens, a change is there whole or not at all, and reported changes are saved.

Two hundred kills in the suite; `python benchmarks/kills.py --kills 1000` makes as many as asked for.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from loyalty.shop.shop import Shop
from loyalty.store.database import SCRATCH, DataVersion
from tests.begetting import CONTEXT, WARM, begun
from tests.intake.builders import GENERIC, Row, bring, generic_row, save, text_of
from tests.store import crash

KILLS = int(os.environ.get("KILLS", "200" if WARM else "10"))
MOMENTS = {"import": 6 * KILLS // 10, "undo": 3 * KILLS // 10, "programme": KILLS // 10}
REPORTED_EVERY = 10  # one of so many processes is killed as soon as it reports its change as saved
AT_ONCE = 2
#: Row counts of every table, hashes of what stands.
Contents = tuple[dict[str, int], dict[str, tuple[int, int]]]


@dataclass(frozen=True)
class Trial:
    """A change that is begun in copies of a shop, and what a copy holds before and after it."""

    name: str
    start: Path
    file: Path
    before: Contents
    after: Contents
    version: DataVersion  # before it


@dataclass(frozen=True)
class End:
    """A killed process: whether it reported its change as saved, whether it is saved, whether temporary files are left."""

    reported: bool
    saved: bool
    left: bool


def contents(shop: Shop) -> Contents:
    cursor = shop.database.cursor()
    tables = cursor.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for (name,) in tables)
    return dict(cursor.execute(counts).fetchall()), shop.database.fingerprint()


def exports() -> tuple[list[Row], list[Row]]:
    """Two that overlap: by the second a third of the orders are given back, some are new; two of its rows are bad."""
    tea = [
        generic_row(
            n,
            f"c{n % 50}",
            "Tea",
            str(n % 3 + 1),
            "1.50",
            **{"Invoice No": str(n // 3), "Date": "2025-03-04"},
        )
        for n in range(600)
    ]
    back = [{**row, "Status": "refunded" if int(row["Invoice No"]) % 3 == 0 else "paid"} for row in tea[300:]]
    mugs = [
        generic_row(n, f"c{n % 90}", "Mug", "1", "8.00", **{"Invoice No": str(n), "Date": "2025-03-06"})
        for n in range(1000, 1200)
    ]
    return tea, [*back, *mugs, {**mugs[0], "Qty": "one"}, {**mugs[1], "Date": "never"}]


@contextmanager
def copied(start: Path, to: str) -> Iterator[Path]:
    folder = start.with_name(to)
    shutil.copytree(start, folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Trial]:
    folder = tmp_path_factory.mktemp("killed")
    tea, later = (save(folder, f"{n}.csv", text_of(GENERIC, rows)) for n, rows in enumerate(exports()))
    with Shop.open(folder / "one") as shop:
        bring(shop, tea)
    shutil.copytree(folder / "one", folder / "two")
    with Shop.open(folder / "two") as shop:
        bring(shop, later)
    by_name = {}
    for name, start in (("import", "one"), ("undo", "two"), ("programme", "one")):
        with copied(folder / start, "whole") as whole, Shop.open(whole) as shop:
            before, version = contents(shop), shop.database.data_version()
            crash.CHANGES[name](shop, later)
            by_name[name] = Trial(name, folder / start, later, before, contents(shop), version)
    return by_name


def killed(trial: Trial, number: int, after: float | None) -> End:
    """Begin the change in a copy of the shop and kill the process after so many seconds, or as soon as it reports."""
    with copied(trial.start, f"{trial.name}-{number}") as folder:
        receiver, sender = CONTEXT.Pipe(duplex=False)
        process = begun(crash.change, trial.name, folder, trial.file, sender)
        sender.close()
        assert receiver.recv() == "begun"
        reported = after is None and receiver.recv() == "saved"
        time.sleep(after or 0)
        process.kill()
        process.join()
        with suppress(EOFError):
            reported = reported or receiver.recv() == "saved"
        left = (folder / SCRATCH).exists() and any((folder / SCRATCH).iterdir())
        with Shop.open(folder) as shop:
            after_kill = contents(shop)
            assert (after_kill == trial.before) == (shop.database.data_version() == trial.version)
            assert list((folder / SCRATCH).iterdir()) == []
        assert after_kill in (trial.before, trial.after)
        return End(reported, after_kill == trial.after, left)


def usual_seconds(trial: Trial) -> float:
    """Of one change from beginning to end, once everything that such processes share has been started."""
    killed(trial, -1, None)
    start = time.perf_counter()
    assert killed(trial, -1, None) == End(reported=True, saved=True, left=False)
    return time.perf_counter() - start


@pytest.mark.parametrize("name", MOMENTS)
def test_killed_at_any_moment_a_change_is_there_whole_or_not_at_all(
    name: str, trials: dict[str, Trial]
) -> None:
    trial, chance = trials[name], random.Random(name)
    longest = usual_seconds(trial)
    moments = [None if n % REPORTED_EVERY == 0 else chance.uniform(0, longest) for n in range(MOMENTS[name])]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ends = list(pool.map(lambda numbered: killed(trial, *numbered), enumerate(moments)))
    assert all(end.saved for end in ends if end.reported)
    assert any(not end.saved for end in ends)
    assert name != "import" or any(end.left for end in ends)

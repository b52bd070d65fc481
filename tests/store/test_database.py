"""The database: made from nothing, kept from others, refused when foreign, whole after a crash, consistent to readers."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from loyalty.facts import orders as order_facts
from loyalty.intake.tables import read_csv
from loyalty.shop.shop import Shop
from loyalty.store import campaigns, imports, points, recommendations, rewards, selected_models, watched_files
from loyalty.store import database as database_module
from loyalty.store.database import FILE, Database, one
from loyalty.store.errors import DiskFull, FolderNotWritable, ShopInUse, ShopTooNew, ShopUnreadable
from loyalty.store.points import NewEntry
from loyalty.store.schema import MIGRATIONS, STATE_TABLES
from tests.intake.builders import (
    GENERIC,
    STAMP,
    STORY,
    bring,
    figures,
    generic_row,
    generic_rows,
    save,
    text_of,
)

ROOT = Path(__file__).resolve().parents[2]


def test_a_new_folder_becomes_an_empty_shop(tmp_path: Path) -> None:
    with Database.open(tmp_path / "deep" / "shop", lambda: "salt") as made:
        assert made.schema_version() == len(MIGRATIONS)
        assert made.salt == "salt"
        assert {table: rows for table, (rows, _) in made.fingerprint().items()} == dict.fromkeys(
            STATE_TABLES, 0
        )
    with Database.open(tmp_path / "deep" / "shop", lambda: "other") as again:
        assert again.salt == "salt"


def test_an_older_schema_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Database.open(tmp_path).close()
    step = ("CREATE TABLE later (x INTEGER)", "INSERT INTO later VALUES (7)")
    monkeypatch.setattr(database_module, "MIGRATIONS", (*MIGRATIONS, step))
    with Database.open(tmp_path) as newer:
        assert newer.schema_version() == len(MIGRATIONS) + 1
        assert one(newer.cursor(), "SELECT x FROM later") == (7,)
    monkeypatch.undo()
    with pytest.raises(ShopTooNew, match="was written by a newer version of Regulars"):
        Database.open(tmp_path)


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Database.open(tmp_path).close()
    monkeypatch.setattr(
        database_module, "MIGRATIONS", (*MIGRATIONS, ("CREATE TABLE later (x INTEGER)", "SELECT nonsense"))
    )
    with pytest.raises(duckdb.Error):
        Database.open(tmp_path)
    monkeypatch.undo()
    with Database.open(tmp_path) as as_before:
        assert as_before.schema_version() == len(MIGRATIONS)


def test_a_file_that_is_no_database_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this was a database once" * 1000)
    with pytest.raises(ShopUnreadable) as caught:
        Database.open(tmp_path)
    assert "cannot be opened. Restore it from a backup" in caught.value.message.english()


def test_a_folder_that_cannot_be_made_raises(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(FolderNotWritable):
        Database.open(tmp_path / "file" / "shop")


def test_a_second_process_finds_the_shop_in_use(tmp_path: Path, shop: Shop) -> None:
    script = f"""
from pathlib import Path
from loyalty.shop.shop import Shop
from loyalty.store.errors import ShopInUse
try:
    Shop.open(Path({str(shop.folder)!r}))
except ShopInUse as problem:
    print(problem.message.english())
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    expected = ShopInUse(folder=str(shop.folder)).message.english()
    assert done.stdout.strip() == expected
    assert "is open in another window or program" in expected


def test_a_full_disk_gets_its_own_sentence(shop: Shop) -> None:
    def write() -> None:
        with shop.database.writing():
            raise duckdb.IOException("IO Error: Could not write file: No space left on device")

    with pytest.raises(DiskFull, match=r"The disk is full\. Nothing was changed\."):
        write()


class Cancelled(Exception):
    """The owner pressed stop."""


def test_an_import_stopped_at_any_moment_leaves_nothing_behind(
    tmp_path: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped at each word of its progress in turn: no row in any table, no file in the scratch folder."""
    monkeypatch.setattr(read_csv, "BLOCK", 300)  # several batches
    path = save(tmp_path, "a.csv", text_of(GENERIC, generic_rows()))

    def brought(to: Shop, last: int = 0) -> list[str]:
        """The steps that were reported; stopped at the `last` one, if any."""
        heard: list[str] = []

        def report(step: str, rows: int) -> None:
            heard.append(step)
            if len(heard) == last:
                raise Cancelled

        with to.open_import(path, progress=report) as file:
            file.run(STAMP)
        return heard

    def stands() -> list[list[tuple[object, ...]]]:
        cursor = shop.database.cursor()
        tables = cursor.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
        return [cursor.execute(f"SELECT * FROM {name}").fetchall() for (name,) in tables]

    with Shop.open(tmp_path / "other") as other:
        words = brought(other)
    assert [step for step, _ in itertools.groupby(words)] == ["reading", "understanding", "storing"]
    assert len(words) > 6
    before = stands()
    for last in range(1, len(words) + 1):
        with pytest.raises(Cancelled):
            brought(shop, last)
        assert stands() == before
        assert list((shop.folder / "tmp").iterdir()) == []
    brought(shop)
    assert figures(shop) == STORY


def test_an_error_within_a_transaction_rolls_it_back(shop: Shop) -> None:
    def fail() -> None:
        with shop.database.writing() as cursor:
            cursor.execute("INSERT INTO import_answers VALUES ('x', 'y')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert one(shop.database.cursor(), "SELECT count(*) FROM import_answers") == (0,)


def test_a_dry_run_counts_and_changes_nothing(tmp_path: Path, shop: Shop) -> None:
    before, version = shop.database.fingerprint(), shop.database.data_version()
    with shop.open_import(save(tmp_path, "a.csv", text_of(GENERIC, generic_rows()))) as file:
        counted = file.run(STAMP, dry_run=True)
    assert (counted.accepted, counted.rows) == (9, 9)
    assert (shop.database.fingerprint(), shop.database.data_version()) == (before, version)
    assert imports.history(shop.database) == []


def test_every_change_of_the_data_moves_its_version(tmp_path: Path, shop: Shop) -> None:
    versions = [shop.database.data_version()]
    bring(shop, save(tmp_path, "a.csv", text_of(GENERIC, generic_rows())))
    versions.append(shop.database.data_version())
    shop.undo(1, STAMP)
    versions.append(shop.database.data_version())
    assert len({version.sales for version in versions}) == len({v.everything for v in versions}) == 3


#: Writes of what the owner enters and of what the app notes for itself: the figures made of sales stay valid.
OWN_ENTRIES: dict[str, Callable[[Database], object]] = {
    "programme": lambda database: rewards.save_programme(database, "{}", STAMP),
    "coupons": lambda database: rewards.save_coupons(
        database, pd.DataFrame(columns=list(rewards.COUPON_COLUMNS)).astype("str"), STAMP
    ),
    "points": lambda database: points.add_entries(database, [NewEntry("ann", STAMP, "adjusted", 5)], STAMP),
    "campaign": lambda database: campaigns.record_event(database, 1, campaigns.SENT, STAMP.date(), STAMP),
    "responses": lambda database: campaigns.undo_responses(database, 1, STAMP),
    "never offered": lambda database: recommendations.save_not_offered(database, ["tea"], STAMP),
    "selected model": lambda database: selected_models.save_selected_model(
        database, selected_models.SelectedModel(90, STAMP.date(), "forest", 0.3, 2.0), STAMP
    ),
    "watched": lambda database: watched_files.mark_imported(database, "a.csv", 1),
}


@pytest.mark.parametrize("name", OWN_ENTRIES)
def test_an_entry_of_the_owners_keeps_the_version_of_sales(name: str, shop: Shop) -> None:
    before = shop.database.data_version()
    OWN_ENTRIES[name](shop.database)
    after = shop.database.data_version()
    assert after.sales == before.sales
    assert after.everything != before.everything


def test_every_other_write_replaces_both_versions(shop: Shop) -> None:
    """Also one that says nothing of them: a new table is never forgotten."""
    before = shop.database.data_version()
    with shop.database.writing() as cursor:
        cursor.execute("INSERT INTO import_answers VALUES ('f', '{}')")
    after = shop.database.data_version()
    assert before.sales != after.sales
    assert before.everything != after.everything


def test_a_write_that_fails_and_a_dry_run_keep_the_version(shop: Shop) -> None:
    before = shop.database.data_version()
    with pytest.raises(duckdb.Error), shop.database.writing() as cursor:
        cursor.execute("INSERT INTO no_such_table VALUES (1)")
    with shop.database.dry_run() as cursor:
        cursor.execute("INSERT INTO import_answers VALUES ('f', '{}')")
    assert shop.database.data_version() == before


def test_a_copied_shop_has_the_same_version_until_it_diverges(tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, "a.csv", text_of(GENERIC, generic_rows())))
    version, folder = shop.database.data_version(), shop.folder
    shop.close()
    with Shop.open(shutil.copytree(folder, tmp_path / "copy")) as copy, Shop.open(folder) as original:
        assert copy.database.data_version() == original.database.data_version() == version
        copy.undo(1, STAMP)
        assert copy.database.data_version() != version
        assert original.database.data_version() == version


def test_a_shop_of_the_version_before_gets_its_version_when_it_is_opened(tmp_path: Path) -> None:
    """It counted changes; a count says nothing of other shops."""
    earlier = next(
        number
        for number, statements in enumerate(MIGRATIONS)
        if "DELETE FROM meta WHERE key = 'data_version'" in statements
    )
    with duckdb.connect(str(tmp_path / FILE)) as con:
        for statement in itertools.chain(*MIGRATIONS[:earlier]):
            con.execute(statement)
        con.execute(
            "INSERT INTO meta VALUES ('schema_version', ?), ('data_version', '3'), ('salt', 's')",
            [str(earlier)],
        )
    with Database.open(tmp_path) as database:
        version = database.data_version()
        assert min(len(version.sales), len(version.everything)) == 32
        assert database.meta("data_version") is None
    with Database.open(tmp_path) as again:
        assert again.data_version() == version


def test_eight_readers_see_one_consistent_version_while_files_come_and_go(tmp_path: Path, shop: Shop) -> None:
    """Each reading is a whole state: 40 orders of 1.00 in March, with or without as many in April, never between."""
    march, april = (
        [
            generic_row(
                n,
                f"c{n % 7}",
                "Tea",
                "1",
                "1.00",
                **{"Invoice No": f"{m}-{n}", "Date": f"2025-0{m}-0{n % 9 + 1}"},
            )
            for n in range(40)
        ]
        for m in (3, 4)
    )
    bring(shop, save(tmp_path, "march.csv", text_of(GENERIC, march)))
    path, stop, seen = (
        save(tmp_path, "april.csv", text_of(GENERIC, april)),
        threading.Event(),
        set[tuple[int, float, int]](),
    )
    faults: list[BaseException] = []

    def read() -> None:
        try:
            while not stop.is_set():
                with shop.database.reading() as con:
                    totals = order_facts.totals(con, dt.date(2025, 12, 31))
                    months = order_facts.months(con, dt.date(2025, 12, 31))
                seen.add((totals.orders, totals.revenue, int(months["orders"].sum())))
        except Exception as fault:  # noqa: BLE001 - shown by the main thread
            faults.append(fault)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(2):
        shop.undo(bring(shop, path).import_id, STAMP)
    bring(shop, path)
    time.sleep(0.2)
    stop.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert seen <= {(40, 40.0, 40), (80, 80.0, 80)}
    assert (80, 80.0, 80) in seen

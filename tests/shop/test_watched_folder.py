"""The watched folder: each file is imported once, automatically; a file with a question waits; a broken one is reported once."""

from __future__ import annotations

import datetime as dt
import os
import time
import zipfile
from pathlib import Path

import pytest

from loyalty.intake.decisions import Answers
from loyalty.shop.shop import Shop
from loyalty.shop.watched_folder import import_new_files, intake_folder, mark_imported, pending_files, results

HEAD = "Order,Customer,Date,Total\n"
CLEAR = HEAD + "1,ann,2025-01-31,10.00\n2,ben,2025-02-01,20.00\n"
MORE = CLEAR + "3,ann,2025-03-01,30.00\n"
UNCLEAR = HEAD + "7,eve,03/04/2025,10.00\n"
WEEK = dt.timedelta(days=7)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop.open(tmp_path / "shop")


def put(shop: Shop, name: str, text: str, seconds: int = 1_700_000_000) -> Path:
    """A file in the folder, last written at a fixed time."""
    path = intake_folder(shop) / name
    path.write_text(text, encoding="utf-8")
    os.utime(path, (seconds, seconds))
    return path


def local(seconds: int) -> dt.datetime:
    return dt.datetime(*time.localtime(seconds)[:6])


STAMP = local(1_700_000_100)


def test_a_new_file_is_imported_once(shop: Shop) -> None:
    put(shop, "january.csv", CLEAR)
    first, again = import_new_files(shop, STAMP), import_new_files(shop, STAMP)
    assert [(r.seen.name, r.record.accepted if r.record else None) for r in first] == [("january.csv", 2)]
    assert again == []
    assert (intake_folder(shop) / "january.csv").exists()


def test_an_overwritten_file_is_imported_again_with_its_new_rows(shop: Shop) -> None:
    put(shop, "sales.csv", CLEAR)
    import_new_files(shop, STAMP)
    put(shop, "sales.csv", MORE, 1_700_000_050)
    (result,) = import_new_files(shop, STAMP)
    assert result.record is not None
    assert (result.record.accepted, result.record.duplicates) == (1, 2)


def test_a_file_that_may_still_grow_waits(shop: Shop) -> None:
    put(shop, "growing.csv", CLEAR, 1_700_000_099)
    assert pending_files(shop, STAMP) == []
    assert [path.name for path in pending_files(shop, STAMP + dt.timedelta(seconds=2))] == ["growing.csv"]


def test_hidden_and_half_loaded_files_are_passed_over(shop: Shop) -> None:
    for name in (".hidden.csv", "sales.csv.part", "~$sales.xlsx"):
        put(shop, name, CLEAR)
    assert pending_files(shop, STAMP) == []


def test_what_is_unclear_waits_until_it_is_answered(shop: Shop) -> None:
    put(shop, "unclear.csv", UNCLEAR)
    (result,) = import_new_files(shop, STAMP)
    assert result.needs_answer
    assert result.record is None
    assert shop.database.cursor().execute("SELECT count(*) FROM orders").fetchall() == [(0,)]
    later = STAMP + dt.timedelta(days=400)
    assert [r.seen.name for r in results(shop, later)] == ["unclear.csv"]
    with shop.open_import(intake_folder(shop) / "unclear.csv", Answers(date_order="DMY")) as file:
        mark_imported(shop.database, "unclear.csv", file.run(STAMP))
    assert results(shop, later) == []
    assert [r.record.accepted for r in results(shop, STAMP - WEEK) if r.record] == [1]


def test_an_answer_given_once_lets_the_next_file_in(shop: Shop) -> None:
    put(shop, "unclear.csv", UNCLEAR)
    import_new_files(shop, STAMP)
    with shop.open_import(intake_folder(shop) / "unclear.csv", Answers(date_order="DMY")) as file:
        mark_imported(shop.database, "unclear.csv", file.run(STAMP))
    put(shop, "next.csv", HEAD + "8,eve,04/05/2025,10.00\n")
    (result,) = import_new_files(shop, STAMP)
    assert result.record is not None
    assert result.record.accepted == 1


def test_a_broken_file_is_reported_once_and_stops_no_other(shop: Shop) -> None:
    put(shop, "a.csv", "")
    put(shop, "b.csv", CLEAR)
    broken, fine = import_new_files(shop, STAMP)
    assert broken.message is not None
    assert "a.csv" in broken.message.english()
    assert not broken.needs_answer
    assert fine.record is not None
    assert import_new_files(shop, STAMP) == []


def test_tables_of_one_archive_differ(shop: Shop) -> None:
    path = intake_folder(shop) / "year.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("january.csv", CLEAR)
        archive.writestr("unclear.csv", UNCLEAR)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    results_read = import_new_files(shop, STAMP)
    assert [(r.seen.name, r.needs_answer) for r in results_read] == [
        ("year.zip/january.csv", False),
        ("year.zip/unclear.csv", True),
    ]


def test_an_undone_import_is_not_repeated_automatically(shop: Shop) -> None:
    put(shop, "january.csv", CLEAR)
    (result,) = import_new_files(shop, STAMP)
    assert result.record is not None
    shop.undo(result.record.import_id, STAMP)
    assert import_new_files(shop, STAMP) == []

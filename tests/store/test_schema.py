"""A database of the first version migrates whole: its answers are recognised in files, and every new table is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from loyalty.shop.shop import Shop
from loyalty.store import database as database_module
from loyalty.store.campaigns import GAIN, responses
from loyalty.store.database import Database
from loyalty.store.schema import MIGRATIONS, STATE_TABLES
from tests.intake.builders import bring, save

SURVEY = "Date,Customer,Score,Comment\n2025-03-04,K-1,5,lovely\n2025-03-04,K-1,5,lovely\n2025-03-05,K-2,2,\n"


def first_version(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shop as version 1 left it: one survey, taken in, whose answers have the keys that version made."""
    monkeypatch.setattr(database_module, "MIGRATIONS", MIGRATIONS[:1])
    with Database.open(folder, lambda: "salt") as old, old.writing() as cursor:
        cursor.execute(
            "INSERT INTO imports (import_id, kind, source, header, file_hash) VALUES (1, 'feedback', 'survey', '[]', 'x')"
        )
        cursor.execute(
            """INSERT INTO feedback_versions SELECT 1, who, day::TIMESTAMP, 'csat', score, 5, said,
                hash(who, day::TIMESTAMP, score::DECIMAL(18, 6), said), nth
            FROM (VALUES ('K-1', '2025-03-04', 5, 'lovely', 1), ('K-1', '2025-03-04', 5, 'lovely', 2), ('K-2', '2025-03-05', 2, NULL, 1))
                AS t(who, day, score, said, nth)"""
        )
    monkeypatch.undo()


def test_answers_of_the_first_version_are_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first_version(tmp_path / "shop", monkeypatch)
    with Shop.open(tmp_path / "shop") as shop:
        assert shop.database.schema_version() == len(MIGRATIONS)
        before = shop.database.fingerprint()["feedback"]
        assert before[0] == 3
        record = bring(shop, save(tmp_path, "survey.csv", SURVEY))
        assert (record.accepted, record.duplicates) == (0, 3)
        assert shop.database.fingerprint()["feedback"] == before


def test_responses_of_an_earlier_version_measure_gain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = max(
        place
        for place, steps in enumerate(MIGRATIONS)
        if any("responses ADD COLUMN" in step for step in steps)
    )
    monkeypatch.setattr(database_module, "MIGRATIONS", MIGRATIONS[:last])
    with Database.open(tmp_path / "shop", lambda: "salt") as old, old.writing() as cursor:
        cursor.execute(
            "INSERT INTO responses VALUES (1, 2, '', 'percent-10', 3.0, 0.5, 'May', TIMESTAMP '2026-01-01', NULL)"
        )
    monkeypatch.undo()
    with Shop.open(tmp_path / "shop") as shop:
        kept = responses(shop.database)
        assert [(each.measure, each.offer, each.mean) for each in kept] == [(GAIN, "percent-10", 3.0)]


def test_every_state_table_is_there_after_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first_version(tmp_path / "shop", monkeypatch)
    with Shop.open(tmp_path / "shop") as shop:
        assert shop.database.fingerprint().keys() == set(STATE_TABLES)

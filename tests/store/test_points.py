"""The books of points: entered once, only ever added to; entries that can be taken back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from loyalty.store import points
from loyalty.store.database import Database
from loyalty.store.errors import NoSuchEntry

NOW, LATER = dt.datetime(2026, 1, 2), dt.datetime(2026, 2, 3)
UNTIL = dt.datetime(2026, 1, 1)


def entries(*rows: tuple[str, dt.datetime, str, int]) -> pd.DataFrame:
    table = [(who, at, "earned", "order", amount, 0, ref, 1) for who, at, ref, amount in rows]
    return pd.DataFrame(table, columns=list(points.ENTRY_COLUMNS))


def test_posted_entries_stay_and_differences_are_added(tmp_path: Path) -> None:
    day = dt.datetime(2025, 5, 1)
    with Database.open(tmp_path) as database:
        first = points.post(database, entries(("a", day, "o1", 10), ("b", day, "o2", 7)), UNTIL, NOW)
        assert (first.posting, first.entries, first.points) == (1, 2, 17)
        assert (
            points.post(database, entries(("a", day, "o1", 10), ("b", day, "o2", 7)), UNTIL, LATER).entries
            == 0
        )
        changed = points.post(database, entries(("a", day, "o1", 12), ("c", day, "o3", 1)), UNTIL, LATER)
        assert (changed.entries, changed.points) == (3, 2 - 7 + 1)
        assert points.posted(database).to_numpy().tolist() == [["a", 12, 0], ["b", 0, 0], ["c", 1, 0]]
        assert [p.posting for p in points.postings(database)] == [2, 1]


def test_an_earlier_day_reverses_nothing(tmp_path: Path) -> None:
    late = dt.datetime(2025, 12, 1)
    with Database.open(tmp_path) as database:
        points.post(database, entries(("a", late, "o1", 10)), UNTIL, NOW)
        assert points.post(database, entries(), dt.datetime(2025, 6, 1), LATER).entries == 0
        assert points.posted(database)["points"].tolist() == [10]


def test_merged_customers_keep_posted_points(tmp_path: Path) -> None:
    day = dt.datetime(2025, 5, 1)
    with Database.open(tmp_path) as database:
        points.post(database, entries(("a", day, "o1", 10), ("b", day, "o2", 7)), UNTIL, NOW)
        with database.writing() as cursor:
            cursor.execute("INSERT INTO identities VALUES ('b', 'a')")
        assert (
            points.post(database, entries(("a", day, "o1", 10), ("a", day, "o2", 7)), UNTIL, LATER).entries
            == 0
        )
        assert points.posted(database).to_numpy().tolist() == [["a", 17, 0]]


def test_entries_are_saved_and_undone(tmp_path: Path) -> None:
    with Database.open(tmp_path) as database:
        before = points.state(database)
        entry = points.NewEntry("a", NOW, "redeemed", 20, Decimal("1.5"), note="till")
        assert points.add_entries(database, [entry, entry], NOW) == [1, 2]
        assert points.add_entries(database, [], NOW) == []
        assert points.state(database) != before
        points.undo_entry(database, 1, LATER)
        assert points.entries(database)["entry_id"].tolist() == [2]
        assert points.entries(database, include_undone=True)["undone_at"].tolist()[0] == LATER
        with pytest.raises(NoSuchEntry):
            points.undo_entry(database, 1, LATER)

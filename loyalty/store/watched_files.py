"""The result of each file of the watched folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from loyalty.store.database import Database


@dataclass(frozen=True)
class WatchedFile:
    """One table of a file: `name` within its archive, `file` alone; size in bytes, change in nanoseconds.

    `import_id` when it was imported; `message` (JSON of a Message) when it was not.
    """

    name: str
    file: str
    size: int
    changed_ns: int
    import_id: int | None
    message: str
    seen_at: dt.datetime


def watched_files(database: Database) -> list[WatchedFile]:
    """All watched files, the newest first."""
    rows = database.cursor().execute(
        "SELECT name, file, size, changed_ns, import_id, message, seen_at FROM watched_files ORDER BY seen_at DESC, name"
    )
    return [WatchedFile(*row) for row in rows.fetchall()]


def file_states(database: Database) -> dict[str, tuple[int, int]]:
    """Size and time of change of each file when it was last checked."""
    return {row.file: (row.size, row.changed_ns) for row in watched_files(database)}


def save_watched_files(database: Database, files: Sequence[WatchedFile]) -> None:
    """Save the results of a file's tables in place of its earlier ones."""
    with database.writing(sales=False) as cursor:
        for file in {row.file for row in files}:
            cursor.execute("DELETE FROM watched_files WHERE file = ?", [file])
        cursor.executemany(
            "INSERT INTO watched_files VALUES (?, ?, ?, ?, ?, ?, ?)", [astuple(row) for row in files]
        )


def mark_imported(database: Database, name: str, import_id: int) -> None:
    """Mark a table as imported after its questions were answered."""
    with database.writing(sales=False) as cursor:
        cursor.execute(
            "UPDATE watched_files SET import_id = ?, message = '' WHERE name = ?", [import_id, name]
        )

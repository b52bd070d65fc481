"""The watched folder: files put into `intake/` in the shop's folder are imported automatically, each once.

A file with a question waits for the owner's answer; one that cannot be read is reported once. Files are not moved.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from loyalty.errors import OwnerError
from loyalty.intake.folder import files_in, tables_at
from loyalty.shop.file_import import may_overlap
from loyalty.shop.shop import Shop
from loyalty.store import watched_files as store
from loyalty.store.database import Database
from loyalty.store.imports import ImportRecord, import_record
from loyalty.store.watched_files import WatchedFile
from loyalty.words.message import N_, Message

FOLDER = "intake"
#: A file changed more recently than this may still be growing.
MIN_AGE = dt.timedelta(seconds=2)
ASKS = N_("It needs a word from you before it can come in.")

#: Called with the name of a file and its number of finished rows.
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Result:
    """The result of one table of the folder: imported (`record`), waiting for the owner, or not readable (`message`)."""

    seen: WatchedFile
    record: ImportRecord | None

    @property
    def message(self) -> Message | None:
        """Why a table was not imported."""
        return Message.from_json(self.seen.message) if self.seen.message else None

    @property
    def needs_answer(self) -> bool:
        """Whether the file waits for an answer."""
        return self.message is not None and self.message.template == ASKS


def intake_folder(shop: Shop) -> Path:
    """The folder where the owner puts files; created when missing."""
    folder = shop.folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pending_files(shop: Shop, stamp: dt.datetime) -> list[Path]:
    """Files that were not looked at as they are now, by name; files that may still be growing at `stamp` are left out."""
    marks = store.file_states(shop.database)
    return [
        path
        for path in files_in(intake_folder(shop))
        if marks.get(path.name) != _size_and_mtime(path)
        and _local_time(path.stat().st_mtime) <= stamp - MIN_AGE
    ]


def import_new_files(
    shop: Shop, stamp: dt.datetime, progress: Progress = lambda name, rows: None
) -> list[Result]:
    """Import new files of the folder, one by one, and store the result of each."""
    imported: list[Result] = []
    for path in pending_files(shop, stamp):
        size, changed_ns = _size_and_mtime(path)
        for _, member in tables_at(path):
            name = f"{path.name}/{member}" if member else path.name
            record, message = _import_table(shop, path, member, stamp, progress)
            seen = WatchedFile(
                name,
                path.name,
                size,
                changed_ns,
                record.import_id if record else None,
                message.to_json() if message else "",
                stamp,
            )
            imported.append(Result(seen, record))
        store.save_watched_files(
            shop.database, [result.seen for result in imported if result.seen.file == path.name]
        )
    return imported


def _import_table(
    shop: Shop, path: Path, member: str, stamp: dt.datetime, progress: Progress
) -> tuple[ImportRecord | None, Message | None]:
    """Import one table; its record, or why it was not imported."""
    try:
        with shop.open_import(
            path, member=member, progress=lambda step, rows: progress(path.name, rows)
        ) as file:
            if not file.plan.questions and may_overlap([file]):
                file.examine(stamp)
            if file.questions:
                return None, Message(ASKS)
            return file.run(stamp), None
    except OwnerError as problem:
        return None, problem.message


def results(shop: Shop, since: dt.datetime) -> list[Result]:
    """Results since `since`, and every table that still waits for an answer; the newest first."""
    present = {path.name for path in files_in(intake_folder(shop))}
    all_results = [
        Result(seen, import_record(shop.database, seen.import_id) if seen.import_id is not None else None)
        for seen in store.watched_files(shop.database)
    ]
    return [
        result
        for result in all_results
        if (result.needs_answer and result.seen.file in present)
        or (not result.needs_answer and result.seen.seen_at >= since)
    ]


def mark_imported(database: Database, name: str, record: ImportRecord) -> None:
    """Note that the owner has imported a file that waited."""
    store.mark_imported(database, name, record.import_id)


def _size_and_mtime(path: Path) -> tuple[int, int]:
    """Size and time of the last change, by which a changed file is recognised."""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _local_time(seconds: float) -> dt.datetime:
    """A file's time in this computer's time zone, as `stamp` is."""
    return dt.datetime(*time.localtime(seconds)[:6])

"""The watched folder: files that are put into `intake/` beside the shop's data come in by themselves, each once.

A file that needs the owner's word waits until it has been given; one that cannot be read is said so once. Files stay
where they are.
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
from loyalty.store.watched_files import Seen
from loyalty.words.message import N_, Message

FOLDER = "intake"
#: A file that was written to so lately may still be growing.
MIN_AGE = dt.timedelta(seconds=2)
ASKS = N_("It needs a word from you before it can come in.")

#: Told the name of a file and how many of its rows are done.
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Result:
    """What became of one table of the folder: taken in (`record`), waiting for the owner, or not readable (`message`)."""

    seen: Seen
    record: ImportRecord | None

    @property
    def message(self) -> Message | None:
        """What is to be said of a file that did not come in."""
        return Message.from_json(self.seen.message) if self.seen.message else None

    @property
    def needs_answer(self) -> bool:
        """Whether the file waits for an answer."""
        return self.message is not None and self.message.template == ASKS


def intake_folder(shop: Shop) -> Path:
    """Where the owner puts files; made when it is not there."""
    folder = shop.folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pending_files(shop: Shop, stamp: dt.datetime) -> list[Path]:
    """Files that were not looked at as they are now, by name; files that may still be growing at `stamp` are left out."""
    marks = store.marks(shop.database)
    return [
        path
        for path in files_in(intake_folder(shop))
        if marks.get(path.name) != _size_and_mtime(path)
        and _local_time(path.stat().st_mtime) <= stamp - MIN_AGE
    ]


def import_new_files(
    shop: Shop, stamp: dt.datetime, progress: Progress = lambda name, rows: None
) -> list[Result]:
    """Take in what is new in the folder, file by file, and remember what became of each."""
    imported: list[Result] = []
    for path in pending_files(shop, stamp):
        size, changed_ns = _size_and_mtime(path)
        for _, member in tables_at(path):
            name = f"{path.name}/{member}" if member else path.name
            record, message = _import_table(shop, path, member, stamp, progress)
            seen = Seen(
                name, path.name, size, changed_ns, record.import_id if record else None,
                message.to_json() if message else "", stamp,
            )  # fmt: skip
            imported.append(Result(seen, record))
        store.remember(shop.database, [result.seen for result in imported if result.seen.file == path.name])
    return imported


def _import_table(
    shop: Shop, path: Path, member: str, stamp: dt.datetime, progress: Progress
) -> tuple[ImportRecord | None, Message | None]:
    """One table: its import, or why it did not come in."""
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
    """What came in from the folder since then, and what still waits however long; the newest first."""
    present = {path.name for path in files_in(intake_folder(shop))}
    all_results = [
        Result(seen, import_record(shop.database, seen.import_id) if seen.import_id is not None else None)
        for seen in store.seen(shop.database)
    ]
    return [
        result
        for result in all_results
        if (result.needs_answer and result.seen.file in present)
        or (not result.needs_answer and result.seen.seen_at >= since)
    ]


def mark_imported(database: Database, name: str, record: ImportRecord) -> None:
    """Note that a file that waited has come in by the owner's own hand."""
    store.settle(database, name, record.import_id)


def _size_and_mtime(path: Path) -> tuple[int, int]:
    """Size and time of the last change: what a look at a file hangs on."""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _local_time(seconds: float) -> dt.datetime:
    """A file's time on this computer's clocks, as `stamp` is."""
    return dt.datetime(*time.localtime(seconds)[:6])

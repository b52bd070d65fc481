"""Files that were dropped but not yet imported: kept open between reruns, closed when they are removed."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st
from streamlit.typing import UploadedFile

from loyalty.errors import OwnerError
from loyalty.intake.decisions import Answers
from loyalty.intake.tables.open_file import table_names
from loyalty.shop.file_import import FileImport, may_overlap
from loyalty.shop.shop import Shop
from loyalty.shop.watched_folder import (
    intake_folder,
    mark_imported,
    results,
)
from loyalty.store.database import SCRATCH
from loyalty.store.imports import ImportRecord
from loyalty.words import Words
from pages.data.progress import shown_on


@dataclass
class PendingFile:
    """One table of a dropped file: opened and recognised, or the reason why not; `record` once it is imported."""

    name: str
    stack: ExitStack
    path: Path
    member: str = ""  # which table of a ZIP archive that holds several
    arriving: FileImport | None = None
    problem: OwnerError | None = None
    record: ImportRecord | None = None
    running: bool = False  # still true on the next run when the owner pressed Stop
    answers: Answers = field(default_factory=Answers)
    watched: str = ""  # its name in the watched folder, where it lies there

    def close(self) -> None:
        """Close the file and its temporary copies."""
        self.stack.close()
        self.arriving = None


@dataclass
class Upload:
    """One dropped file on disk, and the tables in it: itself, or those of a ZIP archive."""

    stack: ExitStack
    tables: list[PendingFile]

    def close(self) -> None:
        """Close all tables and the file."""
        for waiting in self.tables:
            waiting.close()
        self.stack.close()


def open_uploads() -> dict[str, Upload]:
    """The files of this session by the uploader's id."""
    if "uploads-kept" not in st.session_state:
        st.session_state["uploads-kept"] = {}
    uploads: dict[str, Upload] = st.session_state["uploads-kept"]
    return uploads


def receive(shop: Shop, uploads: Sequence[UploadedFile], words: Words) -> list[PendingFile]:
    """Open new uploads, close removed ones; the bytes are written to disk at once."""
    open_files = open_uploads()
    present = {upload.file_id: upload for upload in uploads}
    for gone in set(open_files) - set(present):
        open_files.pop(gone).close()
    for file_id, upload in present.items():
        if file_id not in open_files:
            open_files[file_id] = _received(shop, upload, words)
    return [waiting for file_id in present for waiting in open_files[file_id].tables]


def _received(shop: Shop, upload: UploadedFile, words: Words) -> Upload:
    """Write an upload to the shop's scratch folder and open every table in it."""
    stack = ExitStack()
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=shop.folder / SCRATCH)))
    path = folder / f"upload{Path(upload.name).suffix.lower()}"
    with path.open("wb") as out:
        out.write(upload.getbuffer())
    inside = table_names(path)
    names = {member: f"{upload.name}/{member}" for member in inside} if len(inside) > 1 else {"": upload.name}
    tables = [PendingFile(name, ExitStack(), path, member) for member, name in names.items()]
    for waiting in tables:
        reopen(shop, waiting, Answers(), words)
    return Upload(stack, tables)


def reopen(shop: Shop, waiting: PendingFile, answers: Answers, words: Words) -> None:
    """Open a file from its start, again after a change of encoding or delimiter; shows the progress."""
    waiting.answers = answers
    waiting.problem = None
    bar = st.progress(0.0, text=words.say("Reading {file}…", file=waiting.name))

    def show_rows(step: str, rows: int) -> None:
        bar.progress(
            0.5, text=words.say("Reading {file}: {rows} rows", file=waiting.name, rows=words.number(rows))
        )

    try:
        waiting.arriving = waiting.stack.enter_context(
            shop.open_import(
                waiting.path, answers, member=waiting.member, name=waiting.name, progress=show_rows
            )
        )
    except OwnerError as problem:
        waiting.arriving, waiting.problem = None, problem
    bar.empty()


def run_dry_run(waiting: PendingFile, stamp: dt.datetime, words: Words) -> None:
    """Dry run: read every row and count what an import would do, with a progress bar; once for each reading."""
    arriving = waiting.arriving
    if arriving is None or arriving.examined is not None:
        return
    bar = st.progress(0.0, text=words.say("Counting {file}…", file=waiting.name))
    arriving.progress = shown_on(bar, waiting.name, arriving.table.rows, words)
    try:
        arriving.examine(stamp)
    except OwnerError as problem:
        waiting.problem = problem
    bar.empty()


def import_file(waiting: PendingFile, stamp: dt.datetime, words: Words) -> None:
    """Import a file, with a progress bar and the time left; leaving the page or pressing Stop imports nothing.

    A file that may repeat sales of another channel gets a dry run first; its questions must be answered before.
    """
    arriving = waiting.arriving
    assert arriving is not None
    if may_overlap([arriving]):
        run_dry_run(waiting, stamp, words)
        if arriving.questions or waiting.problem:
            return
    bar = st.progress(0.0, text=words.say("Taking in {file}…", file=waiting.name))
    st.button(words.say("Stop"), key=f"stop-{waiting.name}", type="tertiary")
    arriving.progress = shown_on(bar, waiting.name, arriving.table.rows, words)
    waiting.running = True
    try:
        waiting.record = arriving.run(stamp)
        if waiting.watched:
            mark_imported(arriving.shop.database, waiting.watched, waiting.record)
    except OwnerError as problem:
        waiting.problem = problem
    waiting.running = False
    waiting.close()


def waiting_files(shop: Shop, stamp: dt.datetime, words: Words) -> list[PendingFile]:
    """Files of the watched folder with open questions, opened like dropped files and kept open between reruns."""
    open_files: dict[tuple[str, int], PendingFile] = st.session_state.setdefault("watched-kept", {})
    asking = {(r.seen.name, r.seen.changed_ns): r for r in results(shop, stamp) if r.needs_answer}
    for gone in [key for key, waiting in open_files.items() if key not in asking and waiting.record is None]:
        open_files.pop(gone).close()
    for key, result in asking.items():
        if key not in open_files:
            path = intake_folder(shop) / result.seen.file
            member = result.seen.name.removeprefix(result.seen.file).removeprefix("/")
            open_files[key] = PendingFile(
                result.seen.name, ExitStack(), path, member, watched=result.seen.name
            )
            reopen(shop, open_files[key], Answers(), words)
    return list(open_files.values())

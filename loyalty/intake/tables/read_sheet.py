"""Spreadsheets, opened in a child process with a limit on memory and time, after a look at what they unpack to."""

from __future__ import annotations

import subprocess
import sys
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from loyalty.intake.errors import EmptyFile, TooLarge, UnreadableSheet, UnsafeSheet
from loyalty.words.message import N_, Message

MEMORY = 1 << 30
SECONDS = 60
MAX_ROWS = 5_000_000
MAX_COLUMNS = 500
MAX_UNPACKED = 300 << 20
MAX_RATIO = 100
HEAD = 8192  # bytes of a part in which entities would be declared
SMALL = 1 << 20  # below this unpacked size a high ratio is no danger
#: What damaged archives make Python's zipfile raise.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OSError)
_CHILD = Path(__file__).with_name("sheet_child.py")
MACROS = N_("holds macros")
ENTITIES = N_("holds XML entities")
UNPACKS = N_("{size} MB unpacked")
TALL_OR_WIDE = N_("more rows or columns than a table of sales has")
LIMIT_UNPACKED = N_("300 MB unpacked, or 100 times the file's own size")
LIMIT_CELLS = N_("5 million rows and 500 columns")
STOPPED = N_("it needed too much memory or time")
DAMAGED = N_("the file is damaged or locked with a password")


def check_archive(path: Path, file: str) -> None:
    """Refuse a zipped spreadsheet that would unpack to a bomb, or that carries macros or entities."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_size(archive.infolist(), path, file)
            _check_parts(archive, file)
    except BROKEN:
        raise UnreadableSheet(file=file, why=Message(DAMAGED)) from None


def check_size(parts: Sequence[zipfile.ZipInfo], path: Path, file: str) -> None:
    """Refuse what says of itself that it unpacks to too much."""
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or (unpacked > SMALL and unpacked > MAX_RATIO * path.stat().st_size):
        raise TooLarge(
            file=file, what=Message(UNPACKS, {"size": unpacked >> 20}), limit=Message(LIMIT_UNPACKED)
        )


def _check_parts(archive: zipfile.ZipFile, file: str) -> None:
    """Refuse macros, and entities at the head of any part."""
    parts = archive.infolist()
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise UnsafeSheet(file=file, why=Message(MACROS))
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as source:
                head = source.read(HEAD)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise UnsafeSheet(file=file, why=Message(ENTITIES))


def sheet_to_csv(path: Path, scratch: Path, file: str) -> Path:
    """The first filled sheet as UTF-8 CSV in `scratch`; raises TooLarge, UnsafeSheet, UnreadableSheet or EmptyFile."""
    if zipfile.is_zipfile(path) or path.suffix.lower() in (".xlsx", ".ods", ".xlsm"):
        check_archive(path, file)
    target = scratch / "sheet.csv"
    command = [
        sys.executable,
        "-I",
        str(_CHILD),
        str(path),
        str(target),
        str(MEMORY),
        str(MAX_ROWS),
        str(MAX_COLUMNS),
    ]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise UnreadableSheet(file=file, why=Message(STOPPED)) from None
    if done.returncode == 3:
        raise TooLarge(file=file, what=Message(TALL_OR_WIDE), limit=Message(LIMIT_CELLS))
    if done.returncode == 4:
        raise EmptyFile(file=file)
    if done.returncode:
        why = DAMAGED if done.returncode == 1 and b"MemoryError" not in done.stderr else STOPPED
        raise UnreadableSheet(file=file, why=Message(why))
    return target

"""ZIP archives of tables: their names, and one table unpacked as a file; names in the archive never become paths on disk."""

from __future__ import annotations

import errno
import zipfile
from pathlib import Path, PurePosixPath

from loyalty.intake.errors import (
    NestedArchive,
    NoSuchFile,
    NoTableInArchive,
    SeveralTables,
    TooLarge,
    UnreadableArchive,
)
from loyalty.intake.tables.decode import CHUNK
from loyalty.intake.tables.header import unique_names
from loyalty.intake.tables.read_sheet import BROKEN, LIMIT_UNPACKED, MAX_UNPACKED, UNPACKS, check_size
from loyalty.words.message import Message

TABLES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
ARCHIVES = frozenset({".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".zst"})
NAMES_SHOWN = 5  # names in a sentence
_ZIP, _EMPTY_ZIP, _GZIP = b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b"
_LOCKED, _UTF8 = 0x1, 0x800
_SPREADSHEET = frozenset({"[Content_Types].xml", "content.xml", "mimetype"})


def table_names(path: Path) -> list[str]:
    """Names of the tables in a ZIP archive, sorted; none for a spreadsheet, another file, or an archive that is refused.

    `open_file` says why an archive is refused.
    """
    try:
        return sorted(_tables(path)) if is_archive(path) else []
    except BROKEN:
        return []


def is_archive(path: Path) -> bool:
    """Whether a file is a ZIP archive that is no spreadsheet. Raises what damaged archives make zipfile raise."""
    if not path.is_file():
        return False
    with path.open("rb") as source:
        head = source.read(4)
    if head not in (_ZIP, _EMPTY_ZIP):
        return False
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    return not any(name in _SPREADSHEET or name.startswith("xl/") for name in names)


def table_in(path: Path, scratch: Path, member: str = "", name: str = "") -> tuple[Path, str]:
    """A table of the archive at `path`, unpacked to `scratch`, and what to call it; any other file as it is.

    `member` chooses one of several tables; an archive with a single table needs none. `name`: the file name that
    sentences use. Raises UnreadableArchive, TooLarge, NestedArchive, NoTableInArchive, SeveralTables or NoSuchFile.
    """
    file = name or path.name
    try:
        if not is_archive(path):
            return path, file
        with zipfile.ZipFile(path) as archive:
            check_size(archive.infolist(), path, file)
        tables = _tables(path)
        table_name = _choose_table(path, file, tables, member)
        target = _unpack(path, tables[table_name], scratch, file)
    except BROKEN as problem:
        if isinstance(problem, OSError) and problem.errno == errno.ENOSPC:
            raise
        if path.suffix.lower() != ".zip":
            return path, file  # most likely a damaged spreadsheet; opening it raises the fitting error
        raise UnreadableArchive(file=file) from None
    return target, f"{file}/{table_name}" if len(tables) > 1 else _path(table_name).name


def _choose_table(path: Path, file: str, tables: dict[str, zipfile.ZipInfo], member: str) -> str:
    """The one table asked for, or the only one."""
    with zipfile.ZipFile(path) as archive:
        inner = next((_decoded_name(part) for part in archive.infolist() if _ending(part) in ARCHIVES), "")
    if inner:
        raise NestedArchive(file=file, name=inner)
    if not tables:
        raise NoTableInArchive(file=file)
    if member and member not in tables:
        raise NoSuchFile(file=f"{file}/{member}")
    if not member and len(tables) > 1:
        names = sorted(tables)
        raise SeveralTables(
            file=file, names=", ".join(names[:NAMES_SHOWN]) + (", …" if len(names) > NAMES_SHOWN else "")
        )
    return member or next(iter(tables))


def _tables(path: Path) -> dict[str, zipfile.ZipInfo]:
    """The parts whose ending is that of a table, by name, without hidden files."""
    with zipfile.ZipFile(path) as archive:
        parts = [part for part in archive.infolist() if _ending(part) in TABLES and not _is_hidden(part)]
    return dict(zip(unique_names([_decoded_name(part) for part in parts]), parts, strict=True))


def _ending(part: zipfile.ZipInfo) -> str:
    return "" if part.is_dir() else _path(part.filename).suffix.lower()


def _path(name: str) -> PurePosixPath:
    """A name within an archive as a path, with slashes or backslashes."""
    return PurePosixPath(name.replace("\\", "/"))


def _is_hidden(part: zipfile.ZipInfo) -> bool:
    """`.name`, `~$name` and the metadata files that macOS adds to archives."""
    places = _path(part.filename).parts
    return "__MACOSX" in places or any(p.startswith((".", "~$")) and p not in (".", "..") for p in places)


def _decoded_name(part: zipfile.ZipInfo) -> str:
    """A part's name, decoded: Chinese Windows writes GBK without declaring it."""
    if part.flag_bits & _UTF8 or part.filename.isascii():
        return part.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return part.filename.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return part.filename


def _unpack(path: Path, part: zipfile.ZipInfo, scratch: Path, file: str) -> Path:
    """One part as a file in `scratch`; counts the bytes itself, as the size an archive states may be false."""
    if part.flag_bits & _LOCKED:
        raise UnreadableArchive(file=file)
    target = scratch / f"member{_ending(part)}"
    written = 0
    with zipfile.ZipFile(path) as archive, archive.open(part) as source, target.open("wb") as out:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > MAX_UNPACKED:
                size = Message(UNPACKS, {"size": f"> {MAX_UNPACKED >> 20}"})
                raise TooLarge(file=file, what=size, limit=Message(LIMIT_UNPACKED))
            out.write(chunk)
    with target.open("rb") as source:
        gzipped = source.read(2) == _GZIP
    if gzipped or is_archive(target):
        raise NestedArchive(file=file, name=_decoded_name(part))
    return target

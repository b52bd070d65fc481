"""Opens a file of any supported format: checks its first bytes, unpacks, decodes, and reads a table of text."""

from __future__ import annotations

import gzip
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

from loyalty.intake.errors import BadAnswer, EmptyFile, NoSuchFile, NotText, TooLarge, UnreadableEncoding
from loyalty.intake.tables.archive import table_in, table_names
from loyalty.intake.tables.decode import CHUNK, Decoding, by_byte_order_mark, detect, is_valid_in
from loyalty.intake.tables.read_csv import read_delimited
from loyalty.intake.tables.read_sheet import (
    LIMIT_UNPACKED,
    MAX_RATIO,
    MAX_UNPACKED,
    SMALL,
    UNPACKS,
    sheet_to_csv,
)
from loyalty.intake.tables.row_writer import Progress
from loyalty.intake.tables.space_separated import as_tabs, is_spaced
from loyalty.intake.tables.text_table import TextTable
from loyalty.words.message import N_, Message

__all__ = ["open_file", "table_names"]
_SIGNATURES = (
    (b"\x89PNG", N_("a picture")),
    (b"\xff\xd8\xff", N_("a picture")),
    (b"GIF8", N_("a picture")),
    (b"RIFF", N_("a picture or a recording")),
    (b"%PDF", N_("a PDF")),
    (b"\x7fELF", N_("a program")),
    (b"MZ\x90\x00", N_("a program")),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BINARY = N_("something other than text")


def open_file(
    path: Path,
    scratch: Path,
    *,
    name: str = "",
    encoding: str = "",
    delimiter: str = "",
    signatures: Sequence[frozenset[str]] = (),
    progress: Progress = lambda rows: None,
) -> TextTable:
    """The text table of a CSV, TSV or spreadsheet, plain, gzipped or alone in a ZIP archive; everything temporary goes to `scratch`.

    `name` is what to call the file in sentences; `encoding` and `delimiter` override what is detected.
    Raises an error of `loyalty.intake.errors` that says what is wrong with the file.
    """
    if len(delimiter) > 1 or delimiter in ('"', "\n", "\r"):
        raise BadAnswer(value=delimiter, option="delimiter", signatures=", ; | tab")
    if not path.is_file():
        raise NoSuchFile(file=name or path.name)
    path, file = table_in(path, scratch, name=name)
    if not path.stat().st_size:
        raise EmptyFile(file=file)
    with path.open("rb") as source:
        head = source.read(8)
    if head.startswith(b"\x1f\x8b"):
        path = _gunzip(path, scratch, file)
        with path.open("rb") as source:
            head = source.read(8)
    for signature, looks_like in _SIGNATURES:
        if head.startswith(signature):
            raise NotText(file=file, looks_like=Message(looks_like))
    if head.startswith(b"PK\x03\x04") or head == _OLD_EXCEL:
        sheet = sheet_to_csv(path, scratch, file)
        kind = "xlsx" if zipfile.is_zipfile(path) else "xls"
        return read_delimited(
            sheet,
            scratch,
            file=file,
            encoding=kind,
            certain=True,
            signatures=signatures,
            delimiter=",",
            progress=progress,
        )
    decoding = _decoding(path, file, encoding)
    text = _as_utf8(path, scratch, decoding.encoding)
    if not delimiter and is_spaced(text):
        text, delimiter = as_tabs(text, scratch), "\t"
    return read_delimited(
        text,
        scratch,
        file=file,
        encoding=decoding.encoding,
        certain=decoding.certain,
        signatures=signatures,
        delimiter=delimiter,
        progress=progress,
    )


def _gunzip(path: Path, scratch: Path, file: str) -> Path:
    """A gzipped file's contents, no more than the limits allow."""
    target = scratch / "unzipped"
    limit = min(MAX_UNPACKED, max(SMALL, MAX_RATIO * path.stat().st_size))
    written = 0
    try:
        with gzip.open(path) as source, target.open("wb") as out:
            while chunk := source.read(CHUNK):
                written += len(chunk)
                if written > limit:
                    size = Message(UNPACKS, {"size": f"> {limit >> 20}"})
                    raise TooLarge(file=file, what=size, limit=Message(LIMIT_UNPACKED))
                out.write(chunk)
    except (EOFError, gzip.BadGzipFile, OSError):
        raise NotText(file=file, looks_like=Message(BINARY)) from None
    if not written:
        raise EmptyFile(file=file)
    return target


def _decoding(path: Path, file: str, encoding: str) -> Decoding:
    """The encoding asked for when it fits, else the detected one; a byte order mark overrides both."""
    if (decoding := by_byte_order_mark(path)) is not None:
        return decoding
    if encoding:
        if not is_valid_in(path, encoding):
            raise UnreadableEncoding(file=file)
        return Decoding(encoding, True)
    detected = detect(path)
    if detected is None:
        raise NotText(file=file, looks_like=Message(BINARY))
    return detected


def _as_utf8(path: Path, scratch: Path, encoding: str) -> Path:
    """The file itself when it is plain UTF-8, else a UTF-8 copy."""
    if encoding == "utf-8":
        return path
    target = scratch / "text.csv"
    with (
        path.open(encoding=encoding, errors="replace", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        shutil.copyfileobj(source, out, CHUNK)
    return target

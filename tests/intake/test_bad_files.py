"""Files that are no tables, or no safe ones: each is refused with its own sentence, and nothing is left behind."""

from __future__ import annotations

import gzip
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from loyalty.errors import OwnerError
from loyalty.intake import errors
from loyalty.intake.tables import read_sheet
from loyalty.intake.tables.open_file import open_file
from loyalty.shop.shop import Shop
from loyalty.words import words_for
from tests.intake.bombs import HEAD, TAIL, dimension_bomb, entity_bomb, row_bomb, workbook
from tests.intake.builders import SHOPIFY, save

CHOOSE = "Choose the CSV or Excel file that your shop exports."
ENGLISH = words_for("en")
PNG = b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(range(256)) * 20)
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00" * 400

BAD: dict[str, tuple[bytes, type[OwnerError], str]] = {
    "empty.csv": (
        b"",
        errors.EmptyFile,
        "“empty.csv” is empty. Export it again from your shop and check that the export has finished.",
    ),
    "blank.csv": (
        b"\n \n\n",
        errors.EmptyFile,
        "“blank.csv” is empty. Export it again from your shop and check that the export has finished.",
    ),
    "letter.txt": (
        b"Dear shop,\nthank you for the tea\nit was good\n",
        errors.NotATable,
        f"“letter.txt” has no columns: it looks like plain text. {CHOOSE}",
    ),
    "one-line.txt": (
        b"x" * (3 << 20),
        errors.NotATable,
        f"“one-line.txt” has no columns: it looks like plain text. {CHOOSE}",
    ),
    "picture.csv": (PNG, errors.NotText, f"“picture.csv” is not a table but a picture. {CHOOSE}"),
    "leaflet.csv": (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
        errors.NotText,
        f"“leaflet.csv” is not a table but a PDF. {CHOOSE}",
    ),
    "noise.csv": (
        bytes(range(256)) * 8,
        errors.NotText,
        f"“noise.csv” is not a table but something other than text. {CHOOSE}",
    ),
    "cut.csv.gz": (
        gzip.compress(b"a,b\n1,2\n" * 1000, mtime=0)[:40],
        errors.NotText,
        f"“cut.csv.gz” is not a table but something other than text. {CHOOSE}",
    ),
    "header.csv": (
        ",".join(SHOPIFY).encode() + b"\n",
        errors.HeaderOnly,
        "“header.csv” has a line of headings and no rows below it. Choose a longer period when you export.",
    ),
    "header-and-blanks.csv": (
        ",".join(SHOPIFY).encode() + b"\n\n\n,,,\n",
        errors.HeaderOnly,
        "“header-and-blanks.csv” has a line of headings and no rows below it. Choose a longer period when you export.",
    ),
    "locked.xlsx": (
        ENCRYPTED,
        errors.UnreadableSheet,
        "“locked.xlsx” could not be opened as a spreadsheet (the file is damaged or locked with a password). "
        "Save it as CSV and try again.",
    ),
    "damaged.xlsx": (
        b"PK\x03\x04" + b"\x00" * 200,
        errors.UnreadableSheet,
        "“damaged.xlsx” could not be opened as a spreadsheet (the file is damaged or locked with a password). "
        "Save it as CSV and try again.",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_table_has_its_own_error(name: str, tmp_path: Path, shop: Shop) -> None:
    content, kind, sentence = BAD[name]
    path = save(tmp_path / "in", name, content)
    with pytest.raises(kind) as caught, shop.open_import(path):
        pass
    assert ENGLISH.message(caught.value.message) == sentence
    assert list((shop.folder / "tmp").iterdir()) == []


def test_a_missing_file_has_its_own_error(tmp_path: Path, shop: Shop) -> None:
    with pytest.raises(errors.NoSuchFile) as caught, shop.open_import(tmp_path / "gone.csv"):
        pass
    assert caught.value.message.english() == "There is no file “gone.csv”."


def _macro(path: Path) -> Path:
    return workbook(
        path, [HEAD, '<row r="1"><c r="A1"><v>1</v></c></row>', TAIL], xl__vbaProject_bin=b"macro"
    )


def _wide(path: Path) -> Path:
    cells = "".join('<c t="inlineStr"><is><t>a</t></is></c>' for _ in range(501))
    return workbook(path, [HEAD, f'<row r="1">{cells}</row><row r="2">{cells}</row>', TAIL])


@pytest.mark.parametrize(
    ("make", "kind", "sentence"),
    [
        (
            lambda p: row_bomb(p, 301),
            errors.TooLarge,
            "“bomb.xlsx” is too large: {size} MB unpacked. The limit is 300 MB unpacked, or 100 times the file's own size. "
            "Export a shorter period and bring in the parts one by one.",
        ),
        (
            lambda p: row_bomb(p, 20),
            errors.TooLarge,
            "“bomb.xlsx” is too large: {size} MB unpacked. The limit is 300 MB unpacked, or 100 times the file's own size. "
            "Export a shorter period and bring in the parts one by one.",
        ),
        (
            dimension_bomb,
            errors.UnreadableSheet,
            "“bomb.xlsx” could not be opened as a spreadsheet (it needed too much memory or time). Save it as CSV and try again.",
        ),
        (
            entity_bomb,
            errors.UnsafeSheet,
            "“bomb.xlsx” was not opened because it holds XML entities. Save it as CSV and try again.",
        ),
        (
            _macro,
            errors.UnsafeSheet,
            "“bomb.xlsx” was not opened because it holds macros. Save it as CSV and try again.",
        ),
        (
            _wide,
            errors.TooLarge,
            "“bomb.xlsx” is too large: more rows or columns than a table of sales has. The limit is 5 million rows and 500 columns. "
            "Export a shorter period and bring in the parts one by one.",
        ),
    ],
    ids=["unpacks-huge", "unpacks-steep", "dimensions", "entities", "macros", "wide"],
)
def test_a_hostile_spreadsheet_has_its_own_error(
    make: Callable[[Path], Path], kind: type[OwnerError], sentence: str, tmp_path: Path, shop: Shop
) -> None:
    path = make(tmp_path / "bomb.xlsx")
    assert path.stat().st_size < 20 << 20
    start = time.monotonic()
    with pytest.raises(kind) as caught, shop.open_import(path):
        pass
    assert ENGLISH.message(caught.value.message) == sentence.format(size=_unpacked(path))
    assert time.monotonic() - start < 30


def _unpacked(path: Path) -> int:
    """Megabytes, rounded down."""
    with zipfile.ZipFile(path) as archive:
        return sum(part.file_size for part in archive.infolist()) >> 20


def test_a_sheet_that_takes_too_long_is_refused(
    tmp_path: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_sheet, "SECONDS", 0.001)
    path = workbook(tmp_path / "slow.xlsx", [HEAD, '<row r="1"><c r="A1"><v>1</v></c></row>', TAIL])
    with pytest.raises(errors.UnreadableSheet) as caught, shop.open_import(path):
        pass
    assert "it needed too much memory or time" in ENGLISH.message(caught.value.message)


def test_a_gzip_bomb_is_stopped_while_it_unpacks(tmp_path: Path) -> None:
    path = save(tmp_path / "in", "bomb.csv.gz", gzip.compress(b"a,b\n" * (3 << 20), mtime=0))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(errors.TooLarge, match=r"“bomb\.csv\.gz” is too large"):
        open_file(path, tmp_path)
    assert (tmp_path / "unzipped").stat().st_size <= 3 << 20

"""ZIP archives: one table is as if given itself, several are chosen from, and what is no honest archive is refused."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from pathlib import Path

import pytest

from loyalty.errors import OwnerError
from loyalty.intake import errors
from loyalty.intake.tables import archive
from loyalty.intake.tables.open_file import open_file, table_names
from loyalty.shop.shop import Shop
from loyalty.words import words_for
from tests.intake.builders import (
    GENERIC,
    SHOPIFY,
    STAMP,
    bring,
    figures,
    generic_rows,
    save,
    shopify_rows,
    text_of,
)
from tests.intake.mutations import EXPORTS, PNG, book

ENGLISH = words_for("en")
ORDERS, OWN = text_of(SHOPIFY, shopify_rows()), text_of(GENERIC, generic_rows())


def packed(path: Path, **parts: str | bytes) -> Path:
    """An archive; `__` stands for a slash and `_dot_` for a full stop in the names of its parts."""
    return packed_as(
        path, {name.replace("__", "/").replace("_dot_", "."): text for name, text in parts.items()}
    )


def packed_as(path: Path, parts: dict[str, str | bytes]) -> Path:
    """An archive of parts by name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in parts.items():
            out.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def refused(shop: Shop, path: Path, member: str = "") -> tuple[type[OwnerError], str]:
    """The kind of error and its sentence; nothing is left behind."""
    with pytest.raises(OwnerError) as caught, shop.open_import(path, member=member):
        pass
    assert list((shop.folder / "tmp").iterdir()) == []
    return type(caught.value), ENGLISH.message(caught.value.message)


def test_one_table_in_an_archive_is_as_if_given_itself(tmp_path: Path, shop: Shop) -> None:
    path = packed(tmp_path / "export.zip", data__orders_dot_csv=ORDERS, readme_dot_pdf=b"%PDF-1.7")
    assert table_names(path) == ["data/orders.csv"]
    record = bring(shop, path)
    assert (record.file_name, record.source, record.accepted) == ("orders.csv", "shopify", 10)
    assert figures(shop)[:3] == (2, 4, 56.0)
    with shop.open_import(save(tmp_path, "orders.csv", ORDERS)) as file:
        assert file.before is not None
        assert file.before.import_id == record.import_id


def test_a_spreadsheet_in_an_archive_is_read(tmp_path: Path, shop: Shop) -> None:
    record = bring(shop, packed(tmp_path / "a.zip", a_dot_xlsx=book(EXPORTS["comma"])))
    assert (record.file_name, record.encoding, record.accepted) == ("a.xlsx", "xlsx", 9)


def test_several_tables_are_chosen_from(tmp_path: Path, shop: Shop) -> None:
    path = packed(tmp_path / "export.zip", b_dot_csv=ORDERS, a_dot_csv=OWN)
    assert table_names(path) == ["a.csv", "b.csv"]
    assert refused(shop, path) == (
        errors.SeveralTables,
        "“export.zip” holds several tables (a.csv, b.csv). Bring them in one by one.",
    )
    assert refused(shop, path, "c.csv") == (errors.NoSuchFile, "There is no file “export.zip/c.csv”.")
    for name, source in (("b.csv", "shopify"), ("a.csv", "generic")):
        with shop.open_import(path, member=name) as file:
            record = file.run(STAMP)
        assert (record.file_name, record.source) == (f"export.zip/{name}", source)
        assert record.accepted > 0


def test_a_spreadsheet_is_no_archive(tmp_path: Path) -> None:
    assert table_names(save(tmp_path, "a.xlsx", book(EXPORTS["comma"]))) == []
    assert table_names(save(tmp_path, "a.zip", book(EXPORTS["comma"]))) == []
    assert table_names(save(tmp_path, "a.csv", OWN)) == []
    assert table_names(tmp_path / "gone.zip") == []


def test_hidden_files_are_left_out(tmp_path: Path) -> None:
    hidden = dict.fromkeys(("__MACOSX/._a.csv", ".hidden.csv", "~$b.xlsx", "x/.git/c.csv", "folder.csv/"), "")
    assert table_names(packed_as(tmp_path / "a.zip", {**hidden, "a.csv": OWN})) == ["a.csv"]


def test_names_of_chinese_windows_are_read(tmp_path: Path) -> None:
    """Names in GBK, without a word that they are."""
    path = packed_as(tmp_path / "a.zip", {"XXXX.csv": OWN, "b.csv": OWN})
    path.write_bytes(path.read_bytes().replace(b"XXXX", "订单".encode("gb18030")))
    assert table_names(path) == ["b.csv", "订单.csv"]


def test_a_repeated_name_hides_no_table(tmp_path: Path, shop: Shop) -> None:
    path = packed_as(tmp_path / "a.zip", {"a.csv": ORDERS, "b.csv": OWN})
    path.write_bytes(path.read_bytes().replace(b"b.csv", b"a.csv"))
    assert table_names(path) == ["a.csv", "a.csv (2)"]
    sources = []
    for name in table_names(path):
        with shop.open_import(path, member=name) as file:
            sources.append(file.plan.reading.source.name)
    assert sources == ["shopify", "generic"]


@pytest.mark.parametrize("name", ["../../outside.csv", "/outside.csv", "..\\outside.csv", "C:\\outside.csv"])
def test_a_name_that_leads_elsewhere_writes_nothing_there(name: str, tmp_path: Path) -> None:
    path, scratch = packed_as(tmp_path / "in" / "a.zip", {name: OWN}), tmp_path / "deep" / "scratch"
    scratch.mkdir(parents=True)
    table = open_file(path, scratch)
    assert table.rows == 9
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["a.zip", "member.csv", "rows.arrow"]


def _inner_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as inner:
        inner.writestr("a.csv", OWN)
    return out.getvalue()


@pytest.mark.parametrize(
    ("parts", "kind", "sentence"),
    [
        (
            {"in.zip": _inner_zip(), "a.csv": OWN},
            errors.NestedArchive,
            "“a.zip” holds another archive (“in.zip”). Unpack it yourself and bring in the files in it.",
        ),
        (
            {"a.csv.gz": gzip.compress(OWN.encode(), mtime=0)},
            errors.NestedArchive,
            "“a.zip” holds another archive (“a.csv.gz”). Unpack it yourself and bring in the files in it.",
        ),
        (
            {"a.csv": _inner_zip()},
            errors.NestedArchive,
            "“a.zip” holds another archive (“a.csv”). Unpack it yourself and bring in the files in it.",
        ),
        (
            {"a.csv": gzip.compress(OWN.encode(), mtime=0)},
            errors.NestedArchive,
            "“a.zip” holds another archive (“a.csv”). Unpack it yourself and bring in the files in it.",
        ),
        (
            {"a.png": PNG},
            errors.NoTableInArchive,
            "“a.zip” holds no table. Choose the CSV or Excel file that your shop exports, or an archive of such files.",
        ),
        (
            {},
            errors.NoTableInArchive,
            "“a.zip” holds no table. Choose the CSV or Excel file that your shop exports, or an archive of such files.",
        ),
        (
            {"a.csv": PNG},
            errors.NotText,
            "“a.csv” is not a table but a picture. Choose the CSV or Excel file that your shop exports.",
        ),
        (
            {"a.csv": b""},
            errors.EmptyFile,
            "“a.csv” is empty. Export it again from your shop and check that the export has finished.",
        ),
        (
            {"a.csv": b"a,b\n" * (5 << 20)},
            errors.TooLarge,
            "“a.zip” is too large: 20 MB unpacked. The limit is 300 MB unpacked, or 100 times the file's own size. "
            "Export a shorter period and bring in the parts one by one.",
        ),
    ],
    ids=[
        "zip",
        "gz",
        "zip-named-csv",
        "gz-named-csv",
        "picture",
        "nothing",
        "picture-named-csv",
        "empty",
        "steep",
    ],
)
def test_what_cannot_be_imported_has_its_own_error(
    parts: dict[str, str | bytes], kind: type[OwnerError], sentence: str, tmp_path: Path, shop: Shop
) -> None:
    assert refused(shop, packed_as(tmp_path / "a.zip", parts)) == (kind, sentence)


DAMAGED = (
    errors.UnreadableArchive,
    "“a.zip” could not be unpacked: it is damaged or locked with a password. Download it again, or unpack it yourself "
    "and bring in the files in it.",
)


def test_a_damaged_or_locked_archive_is_refused(tmp_path: Path, shop: Shop) -> None:
    path = packed_as(tmp_path / "a.zip", {"a.csv": OWN})
    whole = path.read_bytes()
    for size in (10, 60, len(whole) // 2, len(whole) - 5):
        path.write_bytes(whole[:size])
        assert refused(shop, path) == DAMAGED
        assert table_names(path) == []
    spoiled = bytearray(whole)
    spoiled[60] ^= 0xFF
    path.write_bytes(bytes(spoiled))
    assert refused(shop, path) == DAMAGED
    path.write_bytes(_with_flag(whole, 0x1))
    assert refused(shop, path) == DAMAGED


def _with_flag(content: bytes, flag: int) -> bytes:
    """An archive of one part with a bit set in both of its headers."""
    changed, central = bytearray(content), content.index(b"PK\x01\x02")
    for at in (6, central + 8):
        changed[at : at + 2] = struct.pack("<H", struct.unpack("<H", changed[at : at + 2])[0] | flag)
    return bytes(changed)


def test_an_archive_that_lies_about_its_size_is_stopped(
    tmp_path: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part that says it holds ten bytes: no more than the limit is ever written."""
    path = packed_as(tmp_path / "a.zip", {"a.csv": b"a,b\n" * (5 << 20)})
    content, central = bytearray(path.read_bytes()), path.read_bytes().index(b"PK\x01\x02")
    for at in (22, central + 24):
        content[at : at + 4] = struct.pack("<I", 10)
    path.write_bytes(bytes(content))
    assert refused(shop, path) == DAMAGED
    monkeypatch.setattr(archive, "MAX_UNPACKED", 100)
    kind, sentence = refused(shop, packed_as(tmp_path / "b.zip", {"b.csv": OWN}))
    assert (kind, sentence[:28]) == (errors.TooLarge, "“b.zip” is too large: > 0 MB")

"""Malformed files by the hundred: sound exports of every layout, each broken in one of many ways by a seeded script."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import random
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import xlsxwriter

from tests.intake.bombs import dimension_bomb, entity_bomb, row_bomb
from tests.intake.builders import GENERIC, LAYOUTS, Row, generic_rows, text_of

SEED = 20250304
MADE = dt.datetime(2025, 3, 4)
PNG = b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(range(256)) * 20)
SURVEY = ["email", "date", "score", "comment"]
ANSWERS: list[Row] = [
    {"email": f"p{n}@example.com", "date": f"2025-03-{n + 10}", "score": str(n % 5 + 1), "comment": comment}
    for n, comment in enumerate(("good", "slow, but kind", 'the "blue" one', "", "again\nand again", "很好"))
]
#: Some rows of each further kind of file, and what they are cut by.
OTHER_KINDS: Mapping[str, tuple[list[Row], str]] = {
    "customers": ([
        {"E-mail": f"p{n}@example.com", "Name": f'Ann "{n}" Reed', "Birthday": f"1985-03-{n + 10}", "Agrees to e-mail": "yes", "City": "Bath, UK"}
        for n in range(6)
    ], ","),
    "events": ([
        {"Time": f"2025-03-{n + 10} 10:00", "E-mail": f"p{n}@example.com", "What they did": "view", "Product": "Mug; blue", "Seconds": f"{n}.5"}
        for n in range(6)
    ], ";"),
    "referrals": ([
        {"Date": f"2025-03-{n + 10}", "Recommended by": f"p{n}@example.com", "New customer": f"q{n}@example.com", "Note": "again\nand again"}
        for n in range(6)
    ], ","),
    "spend": ([
        {"Month": f"2025-{n + 1:02d}", "Channel": "小红书", "Spend": f"1,{n}00.50", "Note": ""} for n in range(6)
    ], "\t"),
}  # fmt: skip


@dataclass(frozen=True)
class Export:
    """A file without fault, and what it would be cut by and saved in."""

    header: list[str]
    rows: list[Row]
    delimiter: str = ","
    encoding: str = "utf-8"

    @property
    def text(self) -> str:
        """The whole file."""
        return text_of(self.header, self.rows, self.delimiter)

    @property
    def lines(self) -> list[str]:
        """Header and rows, each without its end."""
        return self.text.rstrip("\n").split("\n")

    def saved(self, lines: list[str], end: str = "\n") -> bytes:
        """Lines as bytes."""
        return (end.join(lines) + end).encode(self.encoding, "replace")


def _sound() -> dict[str, Export]:
    names = ("shopify", "square", "woocommerce-webtoffee", "taobao", "youzan")
    files = {
        name: Export(list(LAYOUTS[name][0]), list(LAYOUTS[name][1]), encoding=LAYOUTS[name][2])
        for name in names
    }
    for name, mark in (("comma", ","), ("semicolon", ";"), ("tab", "\t")):
        files[name] = Export(GENERIC, list(generic_rows()), mark)
    kinds = {name: Export(list(rows[0]), rows, mark) for name, (rows, mark) in OTHER_KINDS.items()}
    return {**files, "survey": Export(SURVEY, ANSWERS), **kinds}


EXPORTS: Mapping[str, Export] = _sound()
Mutation = Callable[[Export, random.Random], bytes]


def _place(export: Export, chance: random.Random) -> int:
    """Some line below the header."""
    return chance.randrange(1, len(export.lines))


def cut_short(export: Export, chance: random.Random) -> bytes:
    """A download that broke off."""
    content = export.saved(export.lines)
    return content[: chance.randrange(1, len(content))]


def flipped(export: Export, chance: random.Random) -> bytes:
    """A few bytes with one bit the other way."""
    content = bytearray(export.saved(export.lines))
    for _ in range(chance.randint(1, 12)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def line_gone(export: Export, chance: random.Random) -> bytes:
    """A line cut out; now and then the header."""
    lines = export.lines
    lines.pop(chance.randrange(len(lines)))
    return export.saved(lines)


def line_twice(export: Export, chance: random.Random) -> bytes:
    """A line that stands there twice or more."""
    lines, place = export.lines, _place(export, chance)
    return export.saved([*lines[:place], *[lines[place]] * chance.randint(1, 3), *lines[place:]])


def lines_merged(export: Export, chance: random.Random) -> bytes:
    """Two lines run together."""
    lines, place = export.lines, _place(export, chance)
    return export.saved([*lines[: place - 1], lines[place - 1] + lines[place], *lines[place + 1 :]])


def line_broken(export: Export, chance: random.Random) -> bytes:
    """A line end in the middle of a row."""
    lines, place = export.lines, _place(export, chance)
    at = chance.randrange(1, max(2, len(lines[place])))
    return export.saved([*lines[:place], lines[place][:at], lines[place][at:], *lines[place + 1 :]])


def quote_gone(export: Export, chance: random.Random) -> bytes:
    """One quotation mark missing, where there is any."""
    text = "\n".join(export.lines)
    places = [at for at, c in enumerate(text) if c == '"']
    at = chance.choice(places) if places else len(text)
    return export.saved([text[:at] + text[at + 1 :]])


def quote_more(export: Export, chance: random.Random) -> bytes:
    """A stray quotation mark or two, often where a cell begins."""
    lines = export.lines
    for _ in range(chance.randint(1, 2)):
        place = _place(export, chance)
        cells = lines[place].split(export.delimiter)
        cell = chance.randrange(len(cells))
        at = chance.choice((0, 0, len(cells[cell]) // 2))
        cells[cell] = cells[cell][:at] + '"' + cells[cell][at:]
        lines[place] = export.delimiter.join(cells)
    return export.saved(lines)


def two_encodings(export: Export, chance: random.Random) -> bytes:
    """The second half appended by a program of another country."""
    lines, place = export.lines, _place(export, chance)
    lines[place] += "茶é" if chance.random() < 0.5 else ""
    other = chance.choice(
        [code for code in ("gb18030", "utf-16-le", "cp1252", "utf-8") if code != export.encoding]
    )
    tail = "\n".join(lines[place:]) + "\nCafé 茉莉花茶\n"
    return export.saved(lines[:place]) + tail.encode(other, "replace")


def ragged(export: Export, chance: random.Random) -> bytes:
    """Rows with cells too many or too few."""
    lines = export.lines
    for _ in range(3):
        place = _place(export, chance)
        cells = lines[place].split(export.delimiter)
        cells = cells[: chance.randint(1, len(cells))] if chance.random() < 0.5 else [*cells, "x", "", "7"]
        lines[place] = export.delimiter.join(cells)
    return export.saved(lines)


def with_nuls(export: Export, chance: random.Random) -> bytes:
    """Zero bytes: one, several, or a run of them as after a crash."""
    content = bytearray(export.saved(export.lines))
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(content))
        content[at:at] = b"\0" * chance.choice((1, 1, 64))
    return bytes(content)


def huge_cell(export: Export, chance: random.Random) -> bytes:
    """A cell of more than a million characters, with or without quotes."""
    lines, place = export.lines, _place(export, chance)
    cells = lines[place].split(export.delimiter)
    mark = chance.choice(("", '"'))
    cells[chance.randrange(len(cells))] = mark + "x" * ((1 << 20) + 5) + mark
    return export.saved([*lines[:place], export.delimiter.join(cells), *lines[place + 1 :]])


def mixed_ends(export: Export, chance: random.Random) -> bytes:
    """Line ends of three systems in one file."""
    return "".join(line + chance.choice(("\n", "\r\n", "\r", "\r\r\n")) for line in export.lines).encode(
        export.encoding, "replace"
    )


def mark_within(export: Export, chance: random.Random) -> bytes:
    """Byte order marks in the middle, as when files are put one behind the other."""
    lines, place = export.lines, _place(export, chance)
    if chance.random() < 0.5:
        return export.saved(lines) + b"\xef\xbb\xbf" + export.saved(lines)
    return export.saved([*lines[:place], "\ufeff" + lines[place], *lines[place + 1 :]])


def header_again(export: Export, chance: random.Random) -> bytes:
    """Exports put one under the other with their headings."""
    lines, place = export.lines, _place(export, chance)
    return export.saved([*lines[:place], lines[0], *lines[place:], lines[0]])


def with_totals(export: Export, chance: random.Random) -> bytes:
    """Totals, blanks and a footer among the rows."""
    lines, width = export.lines, len(export.header)
    total = export.delimiter.join([chance.choice(("Total", "合计", "Sum:")), *[""] * (width - 2), "99.00"])
    place = _place(export, chance)
    return export.saved(
        [*lines[:place], total, "", export.delimiter * (width - 1), *lines[place:], total, "end"]
    )


def separators(export: Export, chance: random.Random) -> bytes:
    """A line of 100,000 separators."""
    lines, place = export.lines, _place(export, chance)
    return export.saved([*lines[:place], export.delimiter * 100_000, *lines[place:]])


def very_wide(export: Export, chance: random.Random) -> bytes:
    """More than 600 columns."""
    more = export.delimiter.join(f"extra {n}" for n in range(600))
    values = export.delimiter.join("1" for _ in range(600))
    return export.saved(
        [f"{line}{export.delimiter}{values if at else more}" for at, line in enumerate(export.lines)]
    )


def shuffled(export: Export, chance: random.Random) -> bytes:
    """Cells of a row in other columns: dates as amounts, amounts as dates."""
    rows = list(csv.reader(io.StringIO(export.text), delimiter=export.delimiter))
    for row in rows[1:]:
        if chance.random() < 0.5:
            chance.shuffle(row)
    out = io.StringIO()
    csv.writer(out, delimiter=export.delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode(export.encoding, "replace")


def header_alone(export: Export, chance: random.Random) -> bytes:
    """Headings, and at most blanks below them."""
    return export.saved([export.lines[0], *[""] * chance.randrange(3)])


def other_mark(export: Export, chance: random.Random) -> bytes:
    """Half the lines cut by another separator."""
    other = chance.choice([mark for mark in ",;\t|" if mark != export.delimiter])
    return export.saved(
        [
            line.replace(export.delimiter, other) if at and chance.random() < 0.5 else line
            for at, line in enumerate(export.lines)
        ]
    )


MUTATIONS: Mapping[Mutation, int] = {
    cut_short: 2, flipped: 2, line_gone: 1, line_twice: 1, lines_merged: 1, line_broken: 1, quote_gone: 1, quote_more: 3,
    two_encodings: 1, ragged: 1, with_nuls: 1, mixed_ends: 1, mark_within: 1, header_again: 1, with_totals: 1,
    shuffled: 1, other_mark: 1,
}  # fmt: skip
#: Those that are slow, or the same for every layout: a few layouts are enough.
FEW: Mapping[Mutation, tuple[str, ...]] = {
    huge_cell: ("shopify", "tab", "comma", "survey"), separators: ("taobao", "comma", "semicolon"),
    very_wide: ("square", "comma"), header_alone: ("youzan", "tab", "survey"),
}  # fmt: skip


def book(export: Export) -> bytes:
    """The file as a workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": MADE})
        page = workbook.add_worksheet()
        for place, row in enumerate(csv.reader(io.StringIO(export.text), delimiter=export.delimiter)):
            page.write_row(place, 0, row)
    return out.getvalue()


def _repacked(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one part changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            old = source.read(name)
            target.writestr(zipfile.ZipInfo(name), change(old) if name == part else old)
    return out.getvalue()


def _containers(chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Files under a wrong name, and broken workbooks."""
    export = EXPORTS["comma"]
    whole, plain = book(export), export.saved(export.lines)
    sheet = "xl/worksheets/sheet1.xml"
    yield "picture.csv", PNG
    yield "workbook.csv", whole
    yield "text.xlsx", plain
    yield "text.xls", plain
    yield "picture.xlsx", PNG
    yield "text.csv.gz", plain
    for n in range(8):
        yield f"cut-{n}.xlsx", whole[: chance.randrange(4, len(whole))]
    for n in range(8):
        spoiled = bytearray(whole)
        for _ in range(4):
            spoiled[chance.randrange(30, len(spoiled))] ^= 1 << chance.randrange(8)
        yield f"flipped-{n}.xlsx", bytes(spoiled)
    packed = _packed("sales.csv", plain)
    yield "archive.csv", packed
    for n in range(5):
        spoiled = bytearray(packed)
        spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
        yield f"flipped-{n}.zip", bytes(spoiled)
        yield f"cut-{n}.zip", packed[: chance.randrange(1, len(packed))]
    yield "broken-xml.xlsx", _repacked(whole, sheet, lambda old: old[: len(old) // 2])
    yield "no-xml.xlsx", _repacked(whole, sheet, lambda old: b"not xml at all")
    yield (
        "no-sheet.xlsx",
        _repacked(whole, "xl/_rels/workbook.xml.rels", lambda old: old.replace(b"sheet1.xml", b"sheet9.xml")),
    )
    yield "lost-text.xlsx", _repacked(whole, "xl/sharedStrings.xml", lambda old: old[:100])
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": MADE})
        workbook.add_worksheet()
    yield "empty-sheet.xlsx", out.getvalue()
    yield "header-only.xlsx", book(Export(GENERIC, []))


def _bombs() -> Iterator[tuple[str, bytes]]:
    """Small files that grow without end when they are opened: sheets, archives, archives within archives."""
    yield "bomb-entities.xlsx", entity_bomb(io.BytesIO()).getvalue()
    yield "bomb-dimensions.xlsx", dimension_bomb(io.BytesIO()).getvalue()
    yield "bomb-rows.xlsx", row_bomb(io.BytesIO(), 5).getvalue()
    text = b"date,amount\n" + b"2025-03-04,1.00\n" * (1 << 18)
    yield "bomb.csv.gz", gzip.compress(text, mtime=0)
    yield "bomb-twice.csv.gz", gzip.compress(gzip.compress(text, mtime=0), mtime=0)
    packed = _packed("sales.csv", text)
    yield "bomb.zip", packed
    yield "bomb-within.zip", _packed("sales.zip", packed)
    lying = bytearray(packed)
    at = lying.rindex(b"PK\x01\x02") + 24  # where the directory says how much it unpacks to
    lying[at : at + 4] = (100).to_bytes(4, "little")
    yield "bomb-that-lies.zip", bytes(lying)


def _packed(name: str, content: bytes) -> bytes:
    """A ZIP archive of one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def corpus() -> dict[str, bytes]:
    """All malformed files by name, the same ones at every run."""
    chance = random.Random(SEED)
    files: dict[str, bytes] = {}
    for layout, export in EXPORTS.items():
        for mutation, times in MUTATIONS.items():
            for n in range(times):
                files[f"{layout}-{mutation.__name__}-{n}.csv"] = mutation(export, chance)
    for mutation, layouts in FEW.items():
        for layout in layouts:
            files[f"{layout}-{mutation.__name__}.csv"] = mutation(EXPORTS[layout], chance)
    return {**files, **dict(_containers(chance)), **dict(_bombs())}

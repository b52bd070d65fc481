"""Two hundred and more malformed files: each is refused with a sentence or read to the last line, and nothing else happens."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from loyalty.errors import OwnerError
from loyalty.intake.canonical_rows import RowReader
from loyalty.intake.decisions import Answers, Question
from loyalty.intake.write_rows import write_rows
from loyalty.shop.file_import import FileImport
from loyalty.shop.shop import Shop
from loyalty.store.database import DataVersion
from loyalty.words import words_for
from tests.intake.builders import STAMP
from tests.intake.mutations import EXPORTS, corpus

FILES = corpus()
ENGLISH, CHINESE = words_for("en"), words_for("zh")
#: Lines that are whole rows by themselves: none of them may end up within another row's cell.
WHOLE = {
    line
    for export in EXPORTS.values()
    for line in export.lines[1:]
    if len(line.split(export.delimiter)) > 3 and line.count('"') % 2 == 0
}


#: What the shop held by version of its data: looked up again only where a file may have changed it.
KNOWN: dict[DataVersion, dict[str, tuple[int, int]]] = {}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One shop for all files: whatever one of them does to it, the next one meets. Afterwards it still opens."""
    folder = tmp_path_factory.mktemp("malformed") / "shop"
    with Shop.open(folder) as opened:
        yield opened
    with Shop.open(folder) as again:
        assert again.database.fingerprint().keys() >= {"orders", "order_lines"}


def test_the_corpus_is_large_and_always_the_same() -> None:
    assert len(FILES) >= 220
    assert corpus() == FILES


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", FILES)
def test_a_malformed_file_is_refused_or_accounted_for(
    name: str, shop: Shop, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    version = shop.database.data_version()
    before = KNOWN.get(version) or shop.database.fingerprint()
    try:
        with shop.open_import(path) as file:
            imported = _is_imported(file)
    except OwnerError as problem:
        imported = False
        sentences = [words.message(problem.message) for words in (ENGLISH, CHINESE)]
        assert all(path.name in text and text.endswith((".", "。")) for text in sentences), sentences
    assert list((shop.folder / "tmp").iterdir()) == []
    if not imported:
        KNOWN[version] = shop.database.fingerprint()
        assert KNOWN[version] == before
    assert capfd.readouterr() == ("", "")


def _is_imported(file: FileImport) -> bool:
    """Answer what is asked, check that each line has its place, and take the file in; whether that came to be."""
    if file.plan.questions:
        assert all(ENGLISH.message(question.text) for question in file.plan.questions)
        if file.plan.questions[0].key == "mapping":
            return False
        file.answer(_answers(file.plan.questions, file.answers))
        if file.plan.questions:
            return False
    covered = _covered(file)
    assert _lost(file, covered) == []
    record = file.run(STAMP)
    if file.before is None:
        assert record.rows == record.accepted + record.duplicates + record.rejected + record.not_records
        assert record.rows == len(covered)
    return True


def _answers(questions: tuple[Question, ...], answers: Answers) -> Answers:
    """The first choice for everything."""
    statuses = {q.key.partition(":")[2]: q.options[0] for q in questions if q.key.startswith("status:")}
    others = {q.key: q.options[0] for q in questions if not q.key.startswith("status:")}
    return replace(answers, statuses=statuses, **others)  # type: ignore[arg-type]


def _covered(file: FileImport) -> list[int]:
    """The line of each row that is staged, rejected or no record; once each."""
    shop = file.shop
    reader = RowReader(file.table, file.plan.reading, shop.database.salt, shop.zone)
    rows = write_rows(reader, file.scratch / "covered.arrow")
    staged = set(rows["line"].to_pylist()) if rows.num_rows else set()
    skipped_lines = [row.line for row in reader.rejected] + [row.line for row in reader.not_records]
    assert len(skipped_lines) == len(set(skipped_lines))
    assert not staged & set(skipped_lines)
    return sorted([*staged, *skipped_lines])


def _text(file: FileImport) -> list[str]:
    """The file's physical lines, cut apart without the reader under test."""
    sheet, member = file.scratch / "sheet.csv", file.scratch / "member.csv"
    unpacked = next((path for path in (sheet, member) if path.exists()), None)
    content = unpacked.read_bytes() if unpacked else FILES[file.table.file]
    text = content.decode("utf-8" if sheet.exists() else file.table.encoding, "replace")
    return re.split(r"\r\n|\r|\n", text)


def _lost(file: FileImport, covered: list[int]) -> list[str]:
    """Lines with something on them that belong to no row, but for the headings and the insides of quoted cells."""
    lines, mark = _text(file), file.table.delimiter
    starts = set(covered)
    lost: list[str] = []
    headings: list[str] = []
    within = False
    for number, line in enumerate(lines, 1):
        if number in starts:
            within = _open_after(line, mark, within=False)
        elif within:
            if line in WHOLE:
                lost.append(line)
            within = _open_after(line, mark, within=True)
        elif line.strip():
            (lost if headings else headings).append(line)
            within = _open_after(line, mark, within=False) if len(headings) == 1 and not lost else False
    header = next(csv.reader(["\n".join(headings)], delimiter=mark), [])
    assert (
        [cell.strip() for cell in header] == [cell.strip() for cell in file.table.header]
        or within
        or '"' in headings[0]
    )
    return lost


def _open_after(line: str, mark: str, *, within: bool) -> bool:
    """Whether a quoted cell is still open at the end of `line`: a mark opens one only where a cell begins."""
    begins = not within
    at = 0
    while at < len(line):
        c = line[at]
        if within:
            if c == '"' and line[at + 1 : at + 2] == '"':
                at += 1
            elif c == '"':
                within = False
        elif c == '"' and begins:
            within = True
        begins = c == mark and not within
        at += 1
    return within

"""An open shop: its folder, database and settings, and opening files for import."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tempfile
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from loyalty.intake.canonical import OWN_COLUMNS
from loyalty.intake.contact_columns import phone_country
from loyalty.intake.decisions import Answers, Plan
from loyalty.intake.plan import plan
from loyalty.intake.sources.registry import SIGNATURES, SOURCES
from loyalty.intake.tables.archive import table_in
from loyalty.intake.tables.header import normalise_heading
from loyalty.intake.tables.open_file import open_file
from loyalty.intake.tables.text_table import TextTable
from loyalty.intake.values.phones import clean_phone
from loyalty.shop import settings as settings_file
from loyalty.shop.file_import import FileImport, Progress, no_progress
from loyalty.shop.settings import Settings
from loyalty.store import imports, rates
from loyalty.store.database import SCRATCH, Database, one
from loyalty.store.imports import ImportRecord
from loyalty.store.phone_links import relink

_PROVABLE = ("date_order", "decimal")
_OF_ONE_FILE = ("encoding", "delimiter", "same_sale")


class Shop:
    """An open shop; pages and commands reach everything about it from here."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database
        self.settings, self.faults = settings_file.load(folder)

    @classmethod
    def open(cls, folder: Path) -> Shop:
        """Open (or begin) the shop in `folder`; clears what an interrupted import left behind."""
        shop = cls(folder, Database.open(folder))
        shop.apply_settings()
        return shop

    @property
    def zone(self) -> zoneinfo.ZoneInfo | None:
        """The time zone the owner chose; None while times stay as files write them."""
        return zoneinfo.ZoneInfo(self.settings.time_zone) if self.settings.time_zone else None

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def __enter__(self) -> Shop:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def save_settings(self, settings: Settings) -> None:
        """Keep new settings; where the currency is another one, sales are converted anew."""
        settings_file.save(self.folder, settings)
        self.settings = settings
        self.apply_settings()

    def apply_settings(self) -> None:
        """Bring store and settings to one currency (the owner's choice, else the one an import has set), and rewrite phone
        numbers of earlier files where the country was not set before."""
        currency = rates.agree_currency(self.database, self.settings.currency)
        if currency != self.settings.currency:
            self.settings = settings_file.changed(self.settings, currency=currency)
            settings_file.save(self.folder, self.settings)
        sources, home = {source.name: source for source in SOURCES}, self.settings.home_country

        def clean(phone: str, source: str) -> str | None:
            return clean_phone(phone, phone_country(sources[source], home) if source in sources else home)

        relink(self.database, home, clean)

    @contextmanager
    def open_import(
        self,
        path: Path,
        answers: Answers | None = None,
        *,
        member: str = "",
        name: str = "",
        progress: Progress = no_progress,
    ) -> Iterator[FileImport]:
        """Open a file to preview and import; its temporary copies are deleted at the end.

        `member` chooses a table of a ZIP archive that holds several (`loyalty.intake.tables.open_file.table_names`); `name` is
        what the owner calls the file. Raises an error of `loyalty.intake.errors`.
        """
        answers = answers or Answers()
        with tempfile.TemporaryDirectory(dir=self.folder / SCRATCH) as directory:
            scratch = Path(directory)
            path, name = table_in(path, scratch, member, name)
            table = open_file(
                path,
                scratch,
                name=name,
                encoding=answers.encoding,
                delimiter=answers.delimiter,
                signatures=SIGNATURES,
                progress=lambda rows: progress("reading", rows),
            )
            file_hash = _hash_of(path)
            merged_answers, planned = self._plan(table, answers)
            yield FileImport(
                shop=self,
                table=table,
                file_hash=file_hash,
                scratch=scratch,
                answers=merged_answers,
                plan=planned,
                before=imports.imported_file(self.database, file_hash),
                progress=progress,
            )

    def _plan(self, table: TextTable, answers: Answers) -> tuple[Answers, Plan]:
        """Answers and plan from current and saved answers; what the file itself proves goes before saved answers."""
        earlier = self.saved_answers(table)
        merged = answers.over(earlier.without(*_PROVABLE))
        planned = plan(table, merged, self.settings.currency)
        if {question.key for question in planned.questions} & set(_PROVABLE) and earlier != earlier.without(
            *_PROVABLE
        ):
            merged = answers.over(earlier)
            planned = plan(table, merged, self.settings.currency)
        return merged, planned

    def saved_answers(self, table: TextTable) -> Answers:
        """The owner's answers for the last file with the same headings."""
        query = "SELECT answers FROM import_answers WHERE fingerprint = ?"
        row = one(self.database.cursor(), query, [_fingerprint(table)])
        return Answers(**json.loads(str(row[0]))) if row else Answers()

    def save_answers(self, table: TextTable, answers: Answers, kind: str) -> None:
        """Keep the owner's answers for the next file with the same headings; columns and words are those of `kind`."""
        merged = answers.without(*_OF_ONE_FILE).over(self.saved_answers(table))
        if merged.mapping or merged.statuses:
            merged = replace(merged, kind=kind)
        if merged == Answers():
            return
        with self.database.writing(sales=False) as cursor:
            cursor.execute(
                "INSERT OR REPLACE INTO import_answers VALUES (?, ?)",
                [_fingerprint(table), json.dumps(asdict(merged), ensure_ascii=False)],
            )

    def undo(self, import_id: int, stamp: dt.datetime) -> ImportRecord:
        """Take an import back to the exact state before it."""
        return imports.undo(self.database, import_id, stamp)


def _fingerprint(table: TextTable) -> str:
    """Headings as a set: the same export with its columns in another order, or its rejected rows, are the same."""
    names = "\n".join(
        sorted(normalise_heading(column) for column in table.columns if column not in OWN_COLUMNS)
    )
    return hashlib.sha256(names.encode()).hexdigest()


def _hash_of(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()

"""One shop, opened: its folder, database and settings, and how a file finds its way in."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tempfile
import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from loyalty import settings as settings_file
from loyalty.intake.archive import table_in
from loyalty.intake.canonical import OWN_COLUMNS
from loyalty.intake.header import normal
from loyalty.intake.open_file import open_file
from loyalty.intake.plan import plan
from loyalty.intake.reading import Answers, Plan
from loyalty.intake.rows import RowReader
from loyalty.intake.sources.registry import SIGNATURES
from loyalty.intake.text_table import RejectedRow, TextTable
from loyalty.intake.write_rows import write_rows
from loyalty.settings import Settings
from loyalty.store import ledger
from loyalty.store.database import SCRATCH, Database, one
from loyalty.store.ledger import Arrival, ImportRecord

PREVIEW_ROWS = 200
_PROVABLE = ("date_order", "decimal")
#: Told what is under way ("reading", "understanding", "storing") and how many rows are done.
Progress = Callable[[str, int], None]


def _silent(step: str, rows: int) -> None:
    """No one watches."""


@dataclass
class Arriving:
    """A file that has been opened and understood as far as it can be without the owner."""

    shop: Shop
    table: TextTable
    file_hash: str
    scratch: Path
    answers: Answers
    plan: Plan
    before: ImportRecord | None = None
    progress: Progress = field(default=_silent)

    def answer(self, answers: Answers) -> None:
        """Plan anew with more answers; raises like `loyalty.intake.plan.plan`."""
        self.answers = answers.over(self.answers)
        self.plan = plan(self.table, self.answers, self.shop.settings.currency)

    def preview(self) -> tuple[list[dict[str, object]], list[RejectedRow]]:
        """The first rows as they will be read, and those among them that would be rejected."""
        if self.plan.questions and self.plan.questions[0].key == "mapping":
            return [], []
        reader = RowReader(self.table, self.plan.reading, self.shop.database.salt, self.shop.zone)
        for batch in reader.batches():
            return batch.slice(0, PREVIEW_ROWS).to_pylist(), reader.rejected[:PREVIEW_ROWS]
        return [], reader.rejected[:PREVIEW_ROWS]

    def take_in(self, stamp: dt.datetime, *, dry_run: bool = False) -> ImportRecord:
        """Read every row and write them in one transaction; a file whose import stands already changes nothing."""
        self.before = self.before or ledger.standing_import(self.shop.database, self.file_hash)
        if self.before is not None:
            seen = self.before.accepted + self.before.duplicates
            return replace(self.before, accepted=0, duplicates=seen, updated=0)
        reading = self.plan.reading
        reader = RowReader(self.table, reading, self.shop.database.salt, self.shop.zone)
        rows = write_rows(
            reader,
            self.scratch / "canonical.arrow",
            lambda n: self.progress("understanding", n),
            lambda order_ids: ledger.order_dates(self.shop.database, reading.channel, order_ids),
        )
        self.progress("storing", rows.num_rows)
        arrival = Arrival(
            file_name=self.table.file,
            file_hash=self.file_hash,
            source=reading.source.name,
            kind=reading.kind,
            channel=reading.channel,
            currency=reading.currency or self.shop.settings.home_currency,
            whole=reading.source.whole,
            scale=reading.scale,
            encoding=self.table.encoding,
            date_order=reading.date_order,
            decimal_mark=reading.decimal,
            header=self.table.columns,
            total_rows=self.table.rows,
            rows=rows,
            rejected=sorted(reader.rejected, key=lambda row: row.line),
            not_records=sorted(reader.not_records, key=lambda row: row.line),
        )
        record = ledger.take_in(self.shop.database, arrival, stamp, dry_run=dry_run)
        if not dry_run:
            self.shop.remember(self.table, self.answers)
            if reading.currency and not self.shop.settings.currency:
                with suppress(
                    settings_file.BadSetting
                ):  # a code that is no currency's stays the file's own affair
                    self.shop.save_settings(
                        settings_file.changed(self.shop.settings, currency=reading.currency)
                    )
        return record


class Shop:
    """The one thing that pages and commands hold: everything about a shop is reached from here."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database
        self.settings, self.faults = settings_file.load(folder)

    @classmethod
    def open(cls, folder: Path) -> Shop:
        """Open (or begin) the shop in `folder`; clears what an interrupted import left behind."""
        return cls(folder, Database.open(folder))

    @property
    def zone(self) -> zoneinfo.ZoneInfo | None:
        """The time zone the owner chose; None while times stay as files write them."""
        return zoneinfo.ZoneInfo(self.settings.time_zone) if self.settings.time_zone else None

    def close(self) -> None:
        """Let the database go."""
        self.database.close()

    def __enter__(self) -> Shop:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def save_settings(self, settings: Settings) -> None:
        """Keep new settings."""
        settings_file.save(self.folder, settings)
        self.settings = settings

    @contextmanager
    def arriving(
        self,
        path: Path,
        answers: Answers | None = None,
        *,
        member: str = "",
        name: str = "",
        progress: Progress = _silent,
    ) -> Iterator[Arriving]:
        """Open a file for a look and perhaps an import; its temporary copies vanish at the end.

        `member` chooses a table of a ZIP archive that holds several (`loyalty.intake.open_file.members`); `name` is
        what the owner calls the file. Raises an error of `loyalty.intake.errors`.
        """
        said = answers or Answers()
        with tempfile.TemporaryDirectory(dir=self.folder / SCRATCH) as directory:
            scratch = Path(directory)
            path, name = table_in(path, scratch, member, name)
            table = open_file(
                path,
                scratch,
                name=name,
                encoding=said.encoding,
                delimiter=said.delimiter,
                known=SIGNATURES,
                progress=lambda rows: progress("reading", rows),
            )
            file_hash = _hash_of(path)
            known, planned = self._plan(table, said)
            yield Arriving(
                shop=self,
                table=table,
                file_hash=file_hash,
                scratch=scratch,
                answers=known,
                plan=planned,
                before=ledger.standing_import(self.database, file_hash),
                progress=progress,
            )

    def _plan(self, table: TextTable, said: Answers) -> tuple[Answers, Plan]:
        """A plan from what is said now and was said before; what a file proves of itself goes before memory."""
        earlier = self.remembered(table)
        known = said.over(earlier.without(*_PROVABLE))
        planned = plan(table, known, self.settings.currency)
        if {question.key for question in planned.questions} & set(_PROVABLE) and earlier != earlier.without(
            *_PROVABLE
        ):
            known = said.over(earlier)
            planned = plan(table, known, self.settings.currency)
        return known, planned

    def remembered(self, table: TextTable) -> Answers:
        """What the owner said of the last file with the same headings."""
        query = "SELECT answers FROM remembered WHERE fingerprint = ?"
        row = one(self.database.cursor(), query, [_fingerprint(table)])
        return Answers(**json.loads(str(row[0]))) if row else Answers()

    def remember(self, table: TextTable, answers: Answers) -> None:
        """Keep the owner's answers for the next file with the same headings."""
        kept = answers.without("encoding", "delimiter").over(self.remembered(table))
        if kept == Answers():
            return
        with self.database.writing() as cursor:
            cursor.execute(
                "INSERT OR REPLACE INTO remembered VALUES (?, ?)",
                [_fingerprint(table), json.dumps(asdict(kept), ensure_ascii=False)],
            )

    def undo(self, import_id: int, stamp: dt.datetime) -> ImportRecord:
        """Take an import back to the exact state before it."""
        return ledger.undo(self.database, import_id, stamp)


def _fingerprint(table: TextTable) -> str:
    """Headings as a set: the same export with its columns in another order, or its rejected rows, are the same."""
    names = "\n".join(sorted(normal(column) for column in table.columns if column not in OWN_COLUMNS))
    return hashlib.sha256(names.encode()).hexdigest()


def _hash_of(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()

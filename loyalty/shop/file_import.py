"""One file import: open, plan, examine without writing anything, then import every row in one transaction."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from loyalty.intake.canonical import MENDED_IMPORT
from loyalty.intake.canonical_rows import RowReader
from loyalty.intake.decisions import Answers, Plan, Question, Reading
from loyalty.intake.errors import BadAnswer
from loyalty.intake.plan import plan
from loyalty.intake.sources.registry import channel_title, source_named
from loyalty.intake.tables.text_table import RejectedRow, TextTable
from loyalty.intake.values.currencies import rows_by_currency
from loyalty.intake.write_rows import write_rows
from loyalty.shop.settings import Settings
from loyalty.store import channel_overlap, imports, rates
from loyalty.store.channel_overlap import PossibleOverlap
from loyalty.store.database import Database
from loyalty.store.dry_run import DryRun, dry_run
from loyalty.store.imports import ImportRecord, NewImport
from loyalty.words.message import N_, Message

PREVIEW_ROWS = 200
SAME, DIFFERENT = "same", "different"
SAME_SALE = "same_sale:"  # begins the key of a question about another channel
PAYMENTS_OF_SALES = N_(
    "{matched} of {sales} payments in this file look like sales that you already have from {channel}. Count them once?"
)
SALES_OF_PAYMENTS = N_(
    "{matched} of {sales} sales in this file look like payments that you already have from {channel}. Count them once?"
)
SALES_OF_SALES = N_(
    "{matched} of {sales} sales in this file look like sales that you already have from {channel}. Count them once?"
)
BECOMES_HOME = N_("The shop has no currency yet. It becomes {currency}, as this file is in it.")
CONVERTED = N_("Rows in {currency}: {rows}. They are converted to {home} by your rates: {rates}.")
WAITING = N_(
    "Rows in {currency}: {rows}. You have entered no rate from {currency} to {home} yet: these sales are taken in and "
    "wait; no figure counts them until you enter one."
)
SAME_IN_OTHER_REPORT = N_(
    "You have brought in another report of this platform: {title}. Both tell the same sales; bring in one of them, or "
    "sales and refunds may count twice."
)
#: Called with the current step ("reading", "understanding", "storing") and its number of finished rows.
Progress = Callable[[str, int], None]


def no_progress(step: str, rows: int) -> None:
    """Report no progress."""


class ImportTarget(Protocol):
    """What an import needs of its shop."""

    database: Database
    settings: Settings

    @property
    def zone(self) -> zoneinfo.ZoneInfo | None:
        """The time zone the owner chose."""

    def save_answers(self, table: TextTable, answers: Answers, kind: str) -> None:
        """Keep the owner's answers for the next file with the same headings; columns and words are those of `kind`."""

    def apply_settings(self) -> None:
        """Take over the currency that an import has set."""


@dataclass
class FileImport:
    """A file that is open, with its plan and the owner's answers so far."""

    shop: ImportTarget
    table: TextTable
    file_hash: str
    scratch: Path
    answers: Answers
    plan: Plan
    before: ImportRecord | None = None
    progress: Progress = field(default=no_progress)
    overlaps: dict[str, PossibleOverlap] = field(default_factory=dict)
    _rows_cache: tuple[object, RowReader, pa.Table] | None = None
    _examination_cache: tuple[object, DryRun] | None = None
    _notes_cache: tuple[object, tuple[Message, ...]] | None = None
    _preview_cache: tuple[object, list[dict[str, object]], list[RejectedRow]] | None = None

    def answer(self, answers: Answers) -> None:
        """Plan anew with more answers; raises like `loyalty.intake.plan.plan`."""
        before = self.plan.reading
        self.answers = answers.over(self.answers)
        self.plan = plan(self.table, self.answers, self.shop.settings.currency)
        if self.plan.reading != before:
            self.overlaps = {}

    @property
    def questions(self) -> tuple[Question, ...]:
        """What only the owner can answer: of the file itself, and once it is examined, of other channels."""
        if self.plan.questions:
            return self.plan.questions
        return tuple(
            overlap_question(overlap) for name, overlap in self.overlaps.items() if not self._answer_on(name)
        )

    def notes(self) -> tuple[Message, ...]:
        """Notes for the owner on how the file is read: currencies, rates, other reports, and the plan's own notes."""
        state = (self._data_version(), self.plan.reading)
        if self._notes_cache is None or self._notes_cache[0] != state:
            notes = [*self._currency_notes(), *self._other_report_notes()] if self.before is None else []
            self._notes_cache = state, (*self.plan.notes, *notes)
        return self._notes_cache[1]

    def _currency_notes(self) -> list[Message]:
        """A sentence for each currency that is not the shop's."""
        shop_currency, currencies = self.shop.settings.currency, self.plan.currencies
        home = shop_currency or self.plan.reading.currency
        becomes_home = home and not shop_currency and self.plan.reading.kind == "orders"
        notes = [Message(BECOMES_HOME, {"currency": home})] if becomes_home else []
        if not home or not set(currencies) - {home}:
            return notes
        entered_rates = rates.saved_rates(self.shop.database, home)
        for code, rows in sorted(rows_by_currency(self.table, self.plan.reading).items()):
            steps = [f"{rate.rate:f} ({rate.month:%Y-%m})" for rate in entered_rates if rate.currency == code]
            params = {"currency": code, "rows": rows, "home": home, "rates": ", ".join(steps)}
            if code != home:
                notes.append(Message(CONVERTED if steps else WAITING, params))
        return notes

    def _other_report_notes(self) -> list[Message]:
        """A warning where another report of the platform with the same sales was imported."""
        other = imports.imported_source(self.shop.database, self.plan.reading.source.instead_of)
        return [Message(SAME_IN_OTHER_REPORT, {"title": Message(source_named(other).title)})] if other else []

    def preview(self) -> tuple[list[dict[str, object]], list[RejectedRow]]:
        """The first rows as they will be read, and those among them that would be rejected."""
        if self.plan.questions and self.plan.questions[0].key == "mapping":
            return [], []
        state = (self.plan.reading, self.shop.zone, self._country())
        if self._preview_cache is None or self._preview_cache[0] != state:
            reader = self._reader()
            batch = next(reader.batches(), None)
            rows = [] if batch is None else batch.slice(0, PREVIEW_ROWS).to_pylist()
            self._preview_cache = state, rows, reader.rejected[:PREVIEW_ROWS]
        return self._preview_cache[1:]

    def _reader(self) -> RowReader:
        return RowReader(
            self.table, self.plan.reading, self.shop.database.salt, self.shop.zone, self._country()
        )

    def _country(self) -> str:
        """Where phone numbers are from: the shop's country, or that of the file's currency while the shop has none."""
        settings = self.shop.settings
        return replace(settings, currency=settings.currency or self.plan.reading.currency).home_country

    def _data_version(self) -> tuple[str, str]:
        """What an examination depends on besides the file and its reading."""
        return self.shop.database.data_version().sales, self.shop.settings.currency

    def rows(self) -> tuple[RowReader, pa.Table]:
        """Every row of the file in canonical form; read once for each way of reading it."""
        reading = self.plan.reading
        depends_on_orders = (
            reading.source.completes or MENDED_IMPORT in self.table.columns
        )  # orders stored earlier give missing dates
        state = (
            reading,
            self.shop.zone,
            self._country(),
            self._data_version() if depends_on_orders else None,
        )
        if self._rows_cache is None or self._rows_cache[0] != state:
            for earlier in self.scratch.glob("canonical-*.arrow"):
                with suppress(OSError):  # still mapped into memory, on Windows: it goes with its folder
                    earlier.unlink()
            reader, number = self._reader(), sum(1 for _ in self.scratch.iterdir())
            table = write_rows(
                reader,
                self.scratch / f"canonical-{number}.arrow",
                lambda n: self.progress("understanding", n),
                lambda order_ids: imports.order_dates(self.shop.database, reading.channel, order_ids),
            )
            self._rows_cache = state, reader, table
        return self._rows_cache[1], self._rows_cache[2]

    def new_import(self) -> NewImport:
        """The file's rows and facts for the store. Raises BadAnswer."""
        reader, rows = self.rows()
        reading: Reading = reader.reading
        return NewImport(
            file_name=self.table.file,
            file_hash=self.file_hash,
            source=reading.source.name,
            kind=reading.kind,
            channel=reading.channel,
            currency=reading.currency,
            whole=reading.source.whole,
            encoding=self.table.encoding,
            date_order=reading.date_order,
            decimal_mark=reading.decimal,
            header=self.table.columns,
            total_rows=self.table.rows,
            rows=rows,
            rejected=sorted(reader.rejected, key=lambda row: row.line),
            not_records=sorted(reader.not_records, key=lambda row: row.line),
            home=reading.currency if reading.kind == "orders" or self.answers.currency else "",
            same=self._same_sale_answers(),
            links=reader.links(),
            progress=lambda share: self.progress("storing", round(share * rows.num_rows)),
        )

    def _answer_on(self, other: str) -> str:
        """The owner's answer on this file's channel and another; it may be stored under either name."""
        answers = self.answers.same_sale
        return answers.get(other) or answers.get(self.plan.reading.channel, "")

    def _same_sale_answers(self) -> dict[str, bool]:
        """The owner's answers on overlapping channels: whether their sales are the same."""
        return {name: same_sale_answer(word) for name in self.overlaps if (word := self._answer_on(name))}

    @property
    def examined(self) -> DryRun | None:
        """The result of `examine` while reading, answers and shop are unchanged, else None."""
        return (
            self._examination_cache[1]
            if self._examination_cache and self._examination_cache[0] == self._examination_state()
            else None
        )

    def _examination_state(self) -> object:
        return self.plan.reading, self._same_sale_answers(), self._data_version()

    def examine(self, stamp: dt.datetime) -> DryRun:
        """What the import would do; reads every row and changes nothing. The result is cached."""
        return self.examined or examine_together([self], stamp)[0]

    def note_overlaps(self, overlaps: Sequence[PossibleOverlap]) -> bool:
        """Keep channels that seem to have the same sales; True where a new one is already answered."""
        new_overlaps = {overlap.other: overlap for overlap in overlaps if overlap.other not in self.overlaps}
        self.overlaps.update(new_overlaps)
        return any(self._answer_on(name) for name in new_overlaps)

    def save_examination(self, dry_run: DryRun) -> None:
        """Cache the result of an examination."""
        self._examination_cache = self._examination_state(), dry_run

    def run(self, stamp: dt.datetime, *, dry_run: bool = False) -> ImportRecord:
        """Write every row in one transaction; a file that is already imported changes nothing. Raises BadAnswer."""
        self.before = self.before or imports.imported_file(self.shop.database, self.file_hash)
        if self.before is not None:
            return self._unchanged_record(self.before)
        if dry_run:
            return self.examine(stamp).record
        new_import = self.new_import()
        self.progress("storing", 0)
        record = imports.store_import(self.shop.database, new_import, stamp)
        self.shop.save_answers(self.table, self.answers, self.plan.reading.kind)
        self.shop.apply_settings()
        return record

    @staticmethod
    def _unchanged_record(before: ImportRecord) -> ImportRecord:
        """The record of an earlier import of the same file, with nothing new in it."""
        return replace(before, accepted=0, duplicates=before.accepted + before.duplicates, updated=0)


def may_overlap(files: Sequence[FileImport]) -> bool:
    """Whether a channel not yet asked about may have sales of `files` too, or the files each other's."""
    orders_files = [file for file in files if file.before is None and file.plan.reading.kind == "orders"]
    channels = [file.plan.reading.channel for file in orders_files]
    return bool(orders_files) and channel_overlap.may_overlap(
        orders_files[0].shop.database.cursor(), channels
    )


def examine_together(files: Sequence[FileImport], stamp: dt.datetime) -> list[DryRun]:
    """What importing `files` one after the other would do; changes nothing.

    Channels that seem to have the same sales are noted at each file; answers that the owner gave count.
    """
    new_files = [file for file in files if file.before is None]
    for file in new_files:
        file.rows()
        file.progress("storing", 0)
    again = bool(new_files)
    dry_runs = list[DryRun]()
    while again:
        dry_runs = dry_run(new_files[0].shop.database, [file.new_import() for file in new_files], stamp)
        answered = [
            file.note_overlaps(result.possible_overlaps)
            for file, result in zip(new_files, dry_runs, strict=True)
        ]
        again = any(answered)
    for file, result in zip(new_files, dry_runs, strict=True):
        file.save_examination(result)
    remaining = iter(dry_runs)
    return [
        next(remaining) if f.before is None else DryRun(f._unchanged_record(f.before), (), ()) for f in files
    ]


def same_sale_answer(word: str) -> bool:
    """Whether an answer says that two channels have the same sales; raises BadAnswer."""
    if word not in (SAME, DIFFERENT):
        raise BadAnswer(value=word, option="same_sale", known=f"{SAME}, {DIFFERENT}")
    return word == SAME


def overlap_question(possible: PossibleOverlap) -> Question:
    """The question whether two channels have the same sales."""
    text = SALES_OF_SALES
    if possible.payments != possible.other_payments:
        text = PAYMENTS_OF_SALES if possible.payments else SALES_OF_PAYMENTS
    params = {
        "matched": possible.overlap.matched,
        "sales": possible.overlap.sales,
        "channel": channel_title(possible.other),
    }
    return Question(SAME_SALE + possible.other, Message(text, params), options=(SAME, DIFFERENT))

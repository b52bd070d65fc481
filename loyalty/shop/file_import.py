"""A file on its way in: opened, understood, examined before anything is written, and then taken in whole."""

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
from loyalty.intake.currencies import rows_by_currency
from loyalty.intake.decisions import Answers, Plan, Question, Reading
from loyalty.intake.errors import BadAnswer
from loyalty.intake.plan import plan
from loyalty.intake.sources.registry import channel_title, source_named
from loyalty.intake.text_table import RejectedRow, TextTable
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
#: Told what is under way ("reading", "understanding", "storing") and how many rows of that are done.
Progress = Callable[[str, int], None]


def no_progress(step: str, rows: int) -> None:
    """No one watches."""


class ImportTarget(Protocol):
    """What a file needs of the shop it comes to."""

    database: Database
    settings: Settings

    @property
    def zone(self) -> zoneinfo.ZoneInfo | None:
        """The time zone the owner chose."""

    def save_answers(self, table: TextTable, answers: Answers, kind: str) -> None:
        """Keep the owner's answers for the next file with the same headings; columns and words are those of `kind`."""

    def apply_settings(self) -> None:
        """Take over the currency that an import has found."""


@dataclass
class FileImport:
    """A file that has been opened and understood as far as it can be without the owner."""

    shop: ImportTarget
    table: TextTable
    file_hash: str
    scratch: Path
    answers: Answers
    plan: Plan
    before: ImportRecord | None = None
    progress: Progress = field(default=no_progress)
    overlaps: dict[str, PossibleOverlap] = field(default_factory=dict)
    _read: tuple[object, RowReader, pa.Table] | None = None
    _examined: tuple[object, DryRun] | None = None
    _notes: tuple[object, tuple[Message, ...]] | None = None
    _preview: tuple[object, list[dict[str, object]], list[RejectedRow]] | None = None

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
            question_of(overlap) for name, overlap in self.overlaps.items() if not self._word_on(name)
        )

    def notes(self) -> tuple[Message, ...]:
        """What the owner should know of how the file is read: currencies, rates, and what the plan notes."""
        state = (self._version(), self.plan.reading)
        if self._notes is None or self._notes[0] != state:
            fresh = [*self._of_currencies(), *self._of_other_layouts()] if self.before is None else []
            self._notes = state, (*self.plan.notes, *fresh)
        return self._notes[1]

    def _of_currencies(self) -> list[Message]:
        """A sentence for each currency that is not the shop's."""
        settled, found = self.shop.settings.currency, self.plan.currencies
        home = settled or self.plan.reading.currency
        found_here = home and not settled and self.plan.reading.kind == "orders"
        notes = [Message(BECOMES_HOME, {"currency": home})] if found_here else []
        if not home or not set(found) - {home}:
            return notes
        known = rates.saved_rates(self.shop.database, home)
        for code, rows in sorted(rows_by_currency(self.table, self.plan.reading).items()):
            steps = [f"{rate.rate:f} ({rate.month:%Y-%m})" for rate in known if rate.currency == code]
            told = {"currency": code, "rows": rows, "home": home, "rates": ", ".join(steps)}
            if code != home:
                notes.append(Message(CONVERTED if steps else WAITING, told))
        return notes

    def _of_other_layouts(self) -> list[Message]:
        """A warning where another report of the platform has told the same sales under other numbers."""
        other = imports.imported_source(self.shop.database, self.plan.reading.source.instead_of)
        return [Message(SAME_IN_OTHER_REPORT, {"title": Message(source_named(other).title)})] if other else []

    def preview(self) -> tuple[list[dict[str, object]], list[RejectedRow]]:
        """The first rows as they will be read, and those among them that would be rejected."""
        if self.plan.questions and self.plan.questions[0].key == "mapping":
            return [], []
        state = (self.plan.reading, self.shop.zone, self._country())
        if self._preview is None or self._preview[0] != state:
            reader = self._reader()
            first = next(reader.batches(), None)
            rows = [] if first is None else first.slice(0, PREVIEW_ROWS).to_pylist()
            self._preview = state, rows, reader.rejected[:PREVIEW_ROWS]
        return self._preview[1:]

    def _reader(self) -> RowReader:
        return RowReader(
            self.table, self.plan.reading, self.shop.database.salt, self.shop.zone, self._country()
        )

    def _country(self) -> str:
        """Where phone numbers are from: the shop's country, which the file's currency may be the first to tell."""
        known = self.shop.settings
        return replace(known, currency=known.currency or self.plan.reading.currency).home_country

    def _version(self) -> tuple[str, str]:
        """What an examination hangs on besides the file and its reading."""
        return self.shop.database.data_version().sales, self.shop.settings.currency

    def rows(self) -> tuple[RowReader, pa.Table]:
        """Every row of the file in canonical form; read once for each way of reading it."""
        reading = self.plan.reading
        leans = (
            reading.source.completes or MENDED_IMPORT in self.table.columns
        )  # on orders that stand already
        state = (reading, self.shop.zone, self._country(), self._version() if leans else None)
        if self._read is None or self._read[0] != state:
            for old in self.scratch.glob("canonical-*.arrow"):
                with suppress(OSError):  # still mapped into memory, on Windows: it goes with its folder
                    old.unlink()
            reader, place = self._reader(), sum(1 for _ in self.scratch.iterdir())
            table = write_rows(
                reader,
                self.scratch / f"canonical-{place}.arrow",
                lambda n: self.progress("understanding", n),
                lambda order_ids: imports.order_dates(self.shop.database, reading.channel, order_ids),
            )
            self._read = state, reader, table
        return self._read[1], self._read[2]

    def arrival(self) -> NewImport:
        """The file as the store takes it. Raises BadAnswer."""
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
            same=self._said(),
            links=reader.links(),
            progress=lambda share: self.progress("storing", round(share * rows.num_rows)),
        )

    def _word_on(self, other: str) -> str:
        """What the owner has said of this file's channel and another; the answer may be under either name."""
        said = self.answers.same_sale
        return said.get(other) or said.get(self.plan.reading.channel, "")

    def _said(self) -> dict[str, bool]:
        """The owner's word on the channels that were asked about."""
        return {name: same(word) for name in self.overlaps if (word := self._word_on(name))}

    @property
    def examined(self) -> DryRun | None:
        """What `examine` found, while file, reading, answers and shop are as they were."""
        return self._examined[1] if self._examined and self._examined[0] == self._state() else None

    def _state(self) -> object:
        return self.plan.reading, self._said(), self._version()

    def examine(self, stamp: dt.datetime) -> DryRun:
        """What taking the file in would do; reads every row and changes nothing. A second time it is at hand."""
        return self.examined or examine_together([self], stamp)[0]

    def note_overlaps(self, found: Sequence[PossibleOverlap]) -> bool:
        """Keep channels that seem to tell the same sales; True where the owner has spoken of a new one already."""
        fresh = {overlap.other: overlap for overlap in found if overlap.other not in self.overlaps}
        self.overlaps.update(fresh)
        return any(self._word_on(name) for name in fresh)

    def keep_examined(self, found: DryRun) -> None:
        """Remember what an examination found."""
        self._examined = self._state(), found

    def run(self, stamp: dt.datetime, *, dry_run: bool = False) -> ImportRecord:
        """Write every row in one transaction; a file whose import stands already changes nothing. Raises BadAnswer."""
        self.before = self.before or imports.imported_file(self.shop.database, self.file_hash)
        if self.before is not None:
            return self._already(self.before)
        if dry_run:
            return self.examine(stamp).record
        arrival = self.arrival()
        self.progress("storing", 0)
        record = imports.store_import(self.shop.database, arrival, stamp)
        self.shop.save_answers(self.table, self.answers, self.plan.reading.kind)
        self.shop.apply_settings()
        return record

    @staticmethod
    def _already(before: ImportRecord) -> ImportRecord:
        """The line of the history of a file that stands, with nothing new in it."""
        return replace(before, accepted=0, duplicates=before.accepted + before.duplicates, updated=0)


def may_overlap(files: Sequence[FileImport]) -> bool:
    """Whether a channel that the owner was never asked about may tell sales of `files` too, or they each other's."""
    told = [file for file in files if file.before is None and file.plan.reading.kind == "orders"]
    channels = [file.plan.reading.channel for file in told]
    return bool(told) and channel_overlap.may_overlap(told[0].shop.database.cursor(), channels)


def examine_together(files: Sequence[FileImport], stamp: dt.datetime) -> list[DryRun]:
    """What taking in `files` one after the other would do; each sees those before it. Changes nothing.

    Channels that seem to tell the same sales are noted at each file; what the owner has said of them already counts.
    """
    fresh = [file for file in files if file.before is None]
    for file in fresh:
        file.rows()
        file.progress("storing", 0)
    again = bool(fresh)
    found = list[DryRun]()
    while again:
        found = dry_run(fresh[0].shop.database, [file.arrival() for file in fresh], stamp)
        spoken = [file.note_overlaps(seen.possible_overlaps) for file, seen in zip(fresh, found, strict=True)]
        again = any(spoken)
    for file, seen in zip(fresh, found, strict=True):
        file.keep_examined(seen)
    told = iter(found)
    return [next(told) if f.before is None else DryRun(f._already(f.before), (), ()) for f in files]


def same(word: str) -> bool:
    """What an answer to a question about another channel means; raises BadAnswer."""
    if word not in (SAME, DIFFERENT):
        raise BadAnswer(value=word, option="same_sale", known=f"{SAME}, {DIFFERENT}")
    return word == SAME


def question_of(possible: PossibleOverlap) -> Question:
    """What the owner is asked once of two channels."""
    text = SALES_OF_SALES
    if possible.payments != possible.other_payments:
        text = PAYMENTS_OF_SALES if possible.payments else SALES_OF_PAYMENTS
    told = {
        "matched": possible.overlap.matched,
        "sales": possible.overlap.sales,
        "channel": channel_title(possible.other),
    }
    return Question(SAME_SALE + possible.other, Message(text, told), options=(SAME, DIFFERENT))

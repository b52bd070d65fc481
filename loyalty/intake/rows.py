"""Text tables into canonical rows, a batch at a time; every row comes out as a row, a rejection, or no record."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.canonical import (
    FEEDBACK_ROWS,
    MENDED_IMPORT,
    MENDED_LINE,
    MENDED_REASON,
    MOMENT,
    MONEY,
    NUMBER_FIELDS,
    SALE_ROWS,
    TEXT_FIELDS,
)
from loyalty.intake.cells import value_or_none
from loyalty.intake.dates import Moment, parse_moment
from loyalty.intake.identity import clean_email, clean_phone, customer_of
from loyalty.intake.numbers import parse_number
from loyalty.intake.reading import Reading
from loyalty.intake.sources.base import Columns
from loyalty.intake.text_table import LINE, NotRecord, RejectedRow, TextTable
from loyalty.words.message import Message, N_

NO_ORDER_ID = N_("the order number is missing")
NO_DATE = N_("the date is missing")
NO_AMOUNT = N_("there is no amount and no price")
NO_SCORE = N_("the score is missing")
SCORE_RANGE = N_("the score {score} is not between 0 and {scale}")
UNKNOWN_STATUS = N_("the status “{text}” is not known")
OTHER_CURRENCY = N_("the sale is in {currency}, but the shop's currency is {home}")
TOTALS = frozenset({"total", "totals", "grand total", "sum", "summe", "gesamt", "合计", "总计", "小计", "总和", "汇总"})
_OWN_COLUMNS = (MENDED_IMPORT, MENDED_LINE, MENDED_REASON)
Bad = dict[int, Message]
Progress = Callable[[int], None]
T = TypeVar("T")


@dataclass
class RowReader:
    """Turns batches of text into batches of canonical rows, and keeps aside what is not one.

    `salt` makes customer ids; parsed cells are remembered, as most values of a column come again and again.
    """

    table: TextTable
    reading: Reading
    salt: str
    rejected: list[RejectedRow] = field(default_factory=list)
    not_records: list[NotRecord] = field(default_factory=list)
    _numbers: dict[str, Decimal | Message | None] = field(default_factory=dict)
    _moments: dict[str, Moment | Message | None] = field(default_factory=dict)
    _people: dict[str, str | None] = field(default_factory=dict)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Canonical batches (schema SALE_ROWS or FEEDBACK_ROWS), in the order of the file."""
        self.rejected.extend(self.table.broken)
        self.not_records.extend(self.table.not_records)
        build = self._feedback if self.reading.kind == "feedback" else self._sales
        for batch in self.table.batches():
            yield build(batch)

    def _sales(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        text = self._mapped(batch)
        bad: Bad = {}
        columns: Columns = {}
        for name in NUMBER_FIELDS + ("fee",):
            if name in text:
                columns[name] = self._number(text[name], bad)
        for name in TEXT_FIELDS:
            if name in text and name not in ("customer_id", "status", "email", "phone"):
                columns[name] = mapped_unique(text[name], value_or_none, pa.string())
        if "status" in text:
            columns["status"] = self._status(text["status"], bad)
        columns["ordered_at"], columns["utc_offset"] = self._moment(text["ordered_at"], bad)
        columns.update(self._person(text, batch.num_rows))
        if self.reading.source.finish:
            columns = self.reading.source.finish(columns)
        self._require_sale(batch, columns, bad)
        keep = self._set_aside(batch, columns["ordered_at"], bad)
        return self._unpacked(batch, columns, keep)

    def _feedback(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        text = self._mapped(batch)
        bad: Bad = {}
        score = self._number(text["score"], bad)
        at, _ = self._moment(text["ordered_at"], bad)
        require(score, NO_SCORE, bad)
        require(at, NO_DATE, bad)
        scale = self.reading.scale
        for row in np.flatnonzero(_outside(score, scale)):
            bad.setdefault(int(row), Message(SCORE_RANGE, {"score": str(score[row]), "scale": scale}))
        keep = self._set_aside(batch, at, bad)
        columns = {
            **self._person(text, batch.num_rows),
            "line": batch.column(LINE),
            "answered_at": at,
            "score": score,
            "comment": mapped_unique(text["comment"], value_or_none, pa.string()) if "comment" in text else None,
            "mended_import": self._mended(batch),
        }
        return assemble(FEEDBACK_ROWS, columns, pa.array(keep))

    def _mapped(self, batch: pa.RecordBatch) -> Columns:
        """The mapped text columns by canonical name, as the platform's module prepares them."""
        text = {name: batch.column(column) for name, column in self.reading.fields.items()}
        prepare = self.reading.source.prepare
        return prepare(text) if prepare else text

    def _number(self, cells: pa.Array, bad: Bad) -> pa.Array:
        parse = remembering(self._numbers, lambda text: parse_number(text, self.reading.decimal))
        return parsed_unique(cells, parse, lambda value: value, MONEY, bad)

    def _moment(self, cells: pa.Array, bad: Bad) -> tuple[pa.Array, pa.Array]:
        parse = remembering(self._moments, lambda text: parse_moment(text, self.reading.date_order or "YMD"))
        at = parsed_unique(cells, parse, lambda moment: moment.at, MOMENT, bad)
        return at, parsed_unique(cells, parse, lambda moment: moment.offset, pa.int16(), {})

    def _status(self, cells: pa.Array, bad: Bad) -> pa.Array:
        def meaning(text: str) -> str | Message | None:
            value = value_or_none(text)
            if value is None:
                return None
            return self.reading.statuses.get(value.casefold()) or Message(UNKNOWN_STATUS, {"text": value})

        return parsed_unique(cells, meaning, lambda value: value, pa.string(), bad)

    def _person(self, text: Columns, rows: int) -> Columns:
        """Customer id and contact data; each distinct person is worked out once."""
        blank = pa.array([""] * rows, pa.string()) if rows else pa.array([], pa.string())
        parts = [text.get(name, blank) for name in ("customer_id", "email", "phone")]
        source = self.reading.source
        origin = "" if source.name in ("generic", "survey") else source.name

        def who(joined: str) -> str | None:
            reference, email, phone = joined.split("\x1f")
            return customer_of(self.salt, origin, reference, email, phone, personal=source.personal_reference)

        together = pc.binary_join_element_wise(*parts, "\x1f")
        found = {"customer_id": mapped_unique(together, remembering(self._people, who), pa.string())}
        found["email"] = mapped_unique(parts[1], clean_email, pa.string())
        if "email" not in text and "customer_id" in text:
            found["email"] = mapped_unique(parts[0], clean_email, pa.string())
        found["phone"] = mapped_unique(parts[2], clean_phone, pa.string())
        return found

    def _require_sale(self, batch: pa.RecordBatch, columns: Columns, bad: Bad) -> None:
        """What no sale can lack: an order number (or a date of its own), an amount, the shop's currency."""
        whole = self.reading.source.name != "generic"
        if "order_id" in columns:
            require(columns["order_id"], NO_ORDER_ID, bad)
        else:
            require(columns["ordered_at"], NO_DATE, bad)
        if not whole:
            amounts = [columns[name] for name in ("amount", "goods") if name in columns]
            require(pc.coalesce(*amounts), NO_AMOUNT, bad)
        home = self.reading.currency
        if "currency" in columns and home:
            columns["currency"] = pc.utf8_upper(columns["currency"])
            other = pc.fill_null(pc.not_equal(columns["currency"], home), False)
            for row in np.flatnonzero(other.to_numpy(zero_copy_only=False)):
                params = {"currency": columns["currency"][row].as_py(), "home": home}
                bad.setdefault(int(row), Message(OTHER_CURRENCY, params))

    def _set_aside(self, batch: pa.RecordBatch, dates: pa.Array, bad: Bad) -> np.ndarray:
        """Move blank rows, totals and bad rows out; returns which rows stay (bool)."""
        keep = np.ones(batch.num_rows, dtype=bool)
        lines = batch.column(LINE)
        names = [name for name in self.table.columns if name not in _OWN_COLUMNS]
        for row in suspects(batch, names, dates, bad):
            cells = tuple(batch.column(name)[row].as_py() for name in names)
            filled = [cell.strip() for cell in cells if cell.strip()]
            kind = "blank" if not filled else "totals" if filled[0].rstrip(":：").casefold() in TOTALS else ""
            if kind and (kind == "blank" or not dates[row].is_valid):
                self.not_records.append(NotRecord(lines[row].as_py(), kind, self.table.delimiter.join(cells)))
                keep[row] = False
            elif row in bad:
                self.rejected.append(RejectedRow(lines[row].as_py(), cells, bad[row]))
                keep[row] = False
        return keep

    def _mended(self, batch: pa.RecordBatch) -> pa.Array | None:
        """The import whose rejected rows these are, where the file is one this app wrote."""
        if MENDED_IMPORT not in self.table.columns:
            return None
        return mapped_unique(batch.column(MENDED_IMPORT), _whole_number, pa.int64())

    def _unpacked(self, batch: pa.RecordBatch, columns: Columns, keep: np.ndarray) -> pa.RecordBatch:
        """The rows that stay, those with several products in one cell as a row a product."""
        columns = {**columns, "line": batch.column(LINE), "mended_import": self._mended(batch)}
        source = self.reading.source
        packed = source.packed(self.table.columns) if source.packed else []
        if not packed or source.unpack is None:
            columns["part"] = pa.array(np.zeros(batch.num_rows, dtype=np.int32))
            return assemble(SALE_ROWS, columns, pa.array(keep))
        cells = [batch.column(name).to_pylist() for name in packed]
        rows: list[int] = []
        parts: list[int] = []
        products: list[tuple[str, str, str]] = []
        for row in np.flatnonzero(keep):
            for part, product in enumerate(source.unpack([column[row] for column in cells]) or [("", "", "")]):
                rows.append(int(row))
                parts.append(part)
                products.append(product)
        taken = {name: array.take(pa.array(rows, pa.int64())) for name, array in columns.items() if array is not None}
        taken["part"] = pa.array(parts, pa.int32())
        taken["product"] = pa.array([name or None for name, _, _ in products], pa.string())
        taken["quantity"] = self._number(pa.array([count or "1" for _, count, _ in products], pa.string()), {})
        taken["amount"] = self._number(pa.array([amount for _, _, amount in products], pa.string()), {})
        return assemble(SALE_ROWS, taken, None)


def _whole_number(text: str) -> int | None:
    return int(text) if text.strip().isdigit() else None


def remembering(memory: dict[str, T], work: Callable[[str], T]) -> Callable[[str], T]:
    """`work` with a memory shared between batches."""

    def recalled(text: str) -> T:
        if text not in memory:
            memory[text] = work(text)
        return memory[text]

    return recalled


def mapped_unique(cells: pa.Array, work: Callable[[str], object], kind: pa.DataType) -> pa.Array:
    """`work` on each distinct cell, spread back over the rows."""
    encoded = cells.dictionary_encode()
    return pa.array([work(text) for text in encoded.dictionary.to_pylist()], kind).take(encoded.indices)


def parsed_unique(
    cells: pa.Array, parse: Callable[[str], T | Message | None], value: Callable[[T], object], kind: pa.DataType, bad: Bad
) -> pa.Array:
    """Parsed cells; the reason of each that cannot be read goes to `bad` under its row."""
    encoded = cells.dictionary_encode()
    results = [parse(text) for text in encoded.dictionary.to_pylist()]
    wrong = [place for place, result in enumerate(results) if isinstance(result, Message)]
    if wrong:
        indices = encoded.indices.to_numpy()
        for row in np.flatnonzero(np.isin(indices, wrong)):
            reason = results[indices[row]]
            if isinstance(reason, Message):
                bad.setdefault(int(row), reason)
    values = [None if result is None or isinstance(result, Message) else value(result) for result in results]
    return pa.array(values, kind).take(encoded.indices)


def require(values: pa.Array, reason: str, bad: Bad) -> None:
    """Note `reason` for every row without a value that has no other fault yet."""
    if values.null_count:
        for row in np.flatnonzero(values.is_null().to_numpy(zero_copy_only=False)):
            bad.setdefault(int(row), Message(reason))


def suspects(batch: pa.RecordBatch, names: Sequence[str], dates: pa.Array, bad: Mapping[int, Message]) -> list[int]:
    """Rows that may be no record: those with a fault, and those without a date whose first cells are blank or a total."""
    found = set(bad)
    if dates.null_count:
        undated = dates.is_null()
        for name in names[:3]:
            cell = pc.utf8_lower(pc.utf8_trim(batch.column(name), " \t:："))
            total = pc.is_in(cell, value_set=pa.array(sorted(TOTALS)))
            found.update(np.flatnonzero(pc.and_(undated, total).to_numpy(zero_copy_only=False)).tolist())
    return sorted(found)


def _outside(score: pa.Array, scale: int) -> np.ndarray:
    numbers = pc.cast(score, pa.float64()).to_numpy(zero_copy_only=False)
    return np.asarray((numbers < 0) | (numbers > scale))


def assemble(schema: pa.Schema, columns: Mapping[str, pa.Array | None], keep: pa.Array | None) -> pa.RecordBatch:
    """A batch in the order and types of `schema`, holding only the columns there are."""
    present = [wanted for wanted in schema if columns.get(wanted.name) is not None]
    arrays = [pc.cast(columns[wanted.name], wanted.type) for wanted in present]
    batch = pa.record_batch(arrays, schema=pa.schema(present))
    return batch if keep is None else batch.filter(keep)


def write_rows(reader: RowReader, target: Path, progress: Progress = lambda rows: None) -> pa.Table:
    """All canonical rows in a scratch file, mapped into memory; `progress` is told how many rows were read.

    Columns follow SALE_ROWS or FEEDBACK_ROWS; those that the file has nothing for are left out.
    """
    read = 0
    batches = reader.batches()
    first = next(batches, None)
    if first is None:
        return SALE_ROWS.empty_table()
    with pa.OSFile(str(target), "wb") as out, pa.ipc.new_file(out, first.schema) as writer:
        for batch in itertools.chain([first], batches):
            writer.write_batch(batch)
            read += batch.num_rows
            progress(read)
    rows = pa.ipc.open_file(pa.memory_map(str(target))).read_all()
    return rows if reader.reading.kind == "feedback" else _dated(rows, reader)


def _dated(rows: pa.Table, reader: RowReader) -> pa.Table:
    """`rows` without those of orders that have no date on any row; these are rejected."""
    if not rows["ordered_at"].null_count or "order_id" not in reader.reading.fields:
        return rows
    orders = rows.group_by("order_id").aggregate([("ordered_at", "count")])
    undated = orders.filter(pc.equal(orders["ordered_at_count"], 0))["order_id"]
    if not len(undated):
        return rows
    lost = pc.is_in(rows["order_id"], value_set=undated.combine_chunks())
    lines = set(rows.filter(lost)["line"].to_pylist())
    names = [name for name in reader.table.columns if name not in _OWN_COLUMNS]
    for batch in reader.table.batches():
        for row in np.flatnonzero(np.isin(batch.column(LINE).to_numpy(), list(lines))):
            cells = tuple(batch.column(name)[row].as_py() for name in names)
            reader.rejected.append(RejectedRow(batch.column(LINE)[row].as_py(), cells, Message(NO_DATE)))
    return rows.filter(pc.invert(lost))

"""Turns text tables into canonical rows, a batch at a time; every row becomes a row, a rejection, or no record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loyalty.columns import Flags
from loyalty.intake.canonical import MENDED_IMPORT, NUMBER_FIELDS, OWN_COLUMNS, SALE_ROWS, TEXT_FIELDS
from loyalty.intake.contact_columns import ContactReader
from loyalty.intake.decisions import Reading
from loyalty.intake.kinds import KINDS
from loyalty.intake.not_records import non_record_kind, not_sales, possible_non_records
from loyalty.intake.records import NO_DATE, Batch, extra_sale_columns, record_columns
from loyalty.intake.sources.base import Columns
from loyalty.intake.tables.text_table import LINE, NotRecord, RejectedRow, TextTable
from loyalty.intake.values.cell_values import Parser
from loyalty.intake.values.cells import value_or_none
from loyalty.intake.values.columns import Faults, assemble, map_distinct, require
from loyalty.intake.values.order_numbers import numbers_in
from loyalty.words.message import N_

NO_ORDER_ID = N_("the order number is missing")
NO_AMOUNT = N_("there is no amount and no price")


@dataclass
class RowReader:
    """Turns batches of text into batches of canonical rows, and collects rejected rows and rows that are no records.

    `salt` makes customer ids; `zone` is the shop's own (None: times stay as the file writes them); `country` is where
    phone numbers without a country code are from.
    """

    table: TextTable
    reading: Reading
    salt: str
    zone: dt.tzinfo | None = None
    country: str = ""
    rejected: list[RejectedRow] = field(default_factory=list)
    not_records: list[NotRecord] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._parser = Parser(self.reading, self.zone)
        self._contacts = ContactReader(self.reading.source, self.salt, self.country)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Canonical batches in the schema of their kind, in the order of the file."""
        self.rejected.extend(self.table.rejected)
        self.not_records.extend(self.table.not_records)
        build = self._sale_rows if self.reading.kind == "orders" else self._other_rows
        for batch in self.table.batches():
            yield build(batch)

    def links(self) -> pa.Table:
        """Which customer ids stood on one row, so far (schema LINK_ROWS)."""
        return self._contacts.links()

    def _sale_rows(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        raw = self._mapped_columns(batch)
        other = not_sales(self.reading.source, raw, batch.num_rows)
        text = self._prepared_columns(raw)
        faults: Faults = {}
        columns: Columns = {}
        for name in (*NUMBER_FIELDS, "fee"):
            if name in text:
                columns[name] = self._parser.number(text[name], faults)
        for name in TEXT_FIELDS:
            if name in text and name not in ("customer_id", "status", "email", "phone", "currency"):
                read = numbers_in if name == "order_reference" else value_or_none
                columns[name] = map_distinct(text[name], read, pa.string())
        if "status" in text:
            columns["status"] = self._parser.status(text["status"], faults)
        undated = pa.array([""] * batch.num_rows, pa.string())
        columns["ordered_at"], columns["utc_offset"] = self._parser.moment(
            text.get("ordered_at", undated), faults
        )
        columns.update(self._contacts.columns(text, batch.num_rows))
        if self.reading.currency_field in text:
            columns["currency"] = self._parser.currency(text[self.reading.currency_field], faults)
        columns.update(extra_sale_columns(text, self._parser, faults))
        if self.reading.source.finish:
            columns = self.reading.source.finish(columns)
        self._require_sale_fields(columns, faults)
        keep = self._remove_faulty(batch, columns["ordered_at"], faults, other)
        return self._unpack_products(batch, columns, keep)

    def _other_rows(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Rows of any other kind."""
        kind = KINDS[self.reading.kind]
        raw = self._mapped_columns(batch)
        faults: Faults = {}
        text = self._prepared_columns(raw)
        columns = record_columns(
            Batch(text, batch.num_rows, self.reading, self._parser, self._contacts, faults)
        )
        other = not_sales(self.reading.source, raw, batch.num_rows)
        keep = self._remove_faulty(batch, columns[kind.anchor], faults, other)
        columns |= {"line": batch.column(LINE), "mended_import": self._mended_imports(batch)}
        return assemble(kind.rows, columns, pa.array(keep))

    def _mapped_columns(self, batch: pa.RecordBatch) -> Columns:
        """The mapped text columns by canonical name."""
        return {name: batch.column(column) for name, column in self.reading.fields.items()}

    def _prepared_columns(self, text: Columns) -> Columns:
        """Mapped columns as the platform's module prepares them."""
        prepare = self.reading.source.prepare
        return prepare(dict(text)) if prepare else text

    def _require_sale_fields(self, columns: Columns, faults: Faults) -> None:
        """Note rows without an order number (or a date, where the file has no order numbers) or without an amount."""
        if "order_id" in columns:
            require(columns["order_id"], NO_ORDER_ID, faults)
        else:
            require(columns["ordered_at"], NO_DATE, faults)
        if self.reading.source.name == "generic":
            amounts = [columns[name] for name in ("amount", "goods") if name in columns]
            require(pc.coalesce(*amounts), NO_AMOUNT, faults)

    def _remove_faulty(self, batch: pa.RecordBatch, dates: pa.Array, faults: Faults, other: Flags) -> Flags:
        """Collect blank rows, totals, `other` rows that are no sales, and rows with faults; returns which rows remain (bool)."""
        keep = np.ones(batch.num_rows, dtype=bool)
        lines = batch.column(LINE)
        names = [name for name in self.table.columns if name not in OWN_COLUMNS]
        for row in sorted(
            {*possible_non_records(batch, names, dates, faults), *np.flatnonzero(other).tolist()}
        ):
            cells = tuple(batch.column(name)[row].as_py() for name in names)
            kind = non_record_kind(cells)
            if other[row] or (kind and (kind == "blank" or not dates[row].is_valid)):
                kind = kind or "other"
                self.not_records.append(NotRecord(lines[row].as_py(), kind, self.table.delimiter.join(cells)))
                keep[row] = False
            elif row in faults:
                self.rejected.append(RejectedRow(lines[row].as_py(), cells, faults[row]))
                keep[row] = False
        return keep

    def _mended_imports(self, batch: pa.RecordBatch) -> pa.Array | None:
        """The import whose rejected rows these are, where the file is one this app wrote."""
        if MENDED_IMPORT not in self.table.columns:
            return None
        return map_distinct(batch.column(MENDED_IMPORT), _whole_number, pa.int64())

    def _unpack_products(self, batch: pa.RecordBatch, columns: Columns, keep: Flags) -> pa.RecordBatch:
        """The rows that remain; several products in one cell become one row each."""
        columns = {**columns, "line": batch.column(LINE), "mended_import": self._mended_imports(batch)}
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
            for part, product in enumerate(
                source.unpack([column[row] for column in cells]) or [("", "", "")]
            ):
                rows.append(int(row))
                parts.append(part)
                products.append(product)
        taken = {
            name: array.take(pa.array(rows, pa.int64()))
            for name, array in columns.items()
            if array is not None
        }
        taken["part"] = pa.array(parts, pa.int32())
        taken["product"] = pa.array([name or None for name, _, _ in products], pa.string())
        taken["quantity"] = self._parser.number(
            pa.array([count for _, count, _ in products], pa.string()), {}
        )
        taken["amount"] = self._parser.number(
            pa.array([amount for _, _, amount in products], pa.string()), {}
        )
        return assemble(SALE_ROWS, taken, None)


def _whole_number(text: str) -> int | None:
    return int(text) if text.strip().isdigit() else None

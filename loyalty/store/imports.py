"""The history of imports: each stored whole or not at all, with its rejected rows, and undone to the exact state before."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.canonical import LINK_ROWS
from loyalty.intake.kinds import KINDS
from loyalty.intake.tables.text_table import NotRecord, RejectedRow
from loyalty.store import channel_overlap, customer_lists, identities, orders, rates, records, spend, staging
from loyalty.store.database import Database, next_number
from loyalty.store.errors import AlreadyUndone, NoSuchImport
from loyalty.store.staging import Counts
from loyalty.words.message import Message

_COLUMNS = (
    "import_id",
    "file_name",
    "file_hash",
    "source",
    "kind",
    "channel",
    "encoding",
    "date_order",
    "decimal_mark",
    "header",
    "rows",
    "accepted",
    "duplicates",
    "updated",
    "rejected",
    "not_records",
    "data_from",
    "data_until",
    "imported_at",
    "undone_at",
)

#: How much of storing is done, by time, when rows are staged and counted, and when orders are updated.
_STAGED, _SAVED = 0.35, 0.9
_NOT_RECORDS = pa.schema([("line", pa.int64()), ("kind", pa.string()), ("text", pa.string())])


@dataclass(frozen=True)
class NewImport:
    """A file that is ready to be stored: what it is, and everything that was read from it.

    `currency`: of orders that name none, "" for the shop's own. `home`: the shop's own currency from now on where it
    has none. `same`: the owner's decisions on other channels, whether their sales are the same as this one's.
    `progress`: called with the share of storing that is done; an exception it raises rolls everything back.
    """

    file_name: str
    file_hash: str
    source: str
    kind: str
    channel: str
    currency: str
    whole: bool
    encoding: str
    date_order: str
    decimal_mark: str
    header: tuple[str, ...]
    total_rows: int
    rows: pa.Table
    rejected: Sequence[RejectedRow]
    not_records: Sequence[NotRecord]
    home: str = ""
    same: Mapping[str, bool] = field(default_factory=dict)
    links: pa.Table = field(default_factory=LINK_ROWS.empty_table)
    progress: Callable[[float], None] = lambda share: None


@dataclass(frozen=True)
class ImportRecord:
    """One line of the history. rows = accepted + duplicates + rejected + not_records; updated is a part of accepted."""

    import_id: int
    file_name: str
    file_hash: str
    source: str
    kind: str
    channel: str
    encoding: str
    date_order: str
    decimal_mark: str
    header: tuple[str, ...]
    rows: int
    accepted: int
    duplicates: int
    updated: int
    rejected: int
    not_records: int
    data_from: dt.datetime | None
    data_until: dt.datetime | None
    imported_at: dt.datetime | None
    undone_at: dt.datetime | None


def imported_file(database: Database, file_hash: str) -> ImportRecord | None:
    """The import of the same bytes that is not undone, if there is one."""
    return next((r for r in history(database) if r.file_hash == file_hash and r.undone_at is None), None)


def imported_source(database: Database, sources: Sequence[str]) -> str:
    """The first of `sources` (layouts by name) with an import that is not undone; "" for none."""
    imported = (
        {record.source for record in history(database) if record.undone_at is None} if sources else set[str]()
    )
    return next((name for name in sources if name in imported), "")


def history(database: Database) -> list[ImportRecord]:
    """All imports, the newest first."""
    rows = (
        database.cursor()
        .execute(f"SELECT {', '.join(_COLUMNS)} FROM imports ORDER BY import_id DESC")
        .fetchall()
    )
    return [_record(row) for row in rows]


def _record(row: Sequence[object]) -> ImportRecord:
    values = dict(zip(_COLUMNS, row, strict=True))
    values["header"] = tuple(json.loads(str(values["header"])))
    return ImportRecord(**values)  # type: ignore[arg-type]


def import_record(database: Database, import_id: int) -> ImportRecord:
    """One import of the history; raises NoSuchImport."""
    for record in history(database):
        if record.import_id == import_id:
            return record
    raise NoSuchImport(import_id=import_id)


def store_import(database: Database, new: NewImport, stamp: dt.datetime) -> ImportRecord:
    """Store a file in one transaction and return its line of the history."""
    with database.writing() as cursor:
        return write(cursor, new, stamp)


def write(cursor: duckdb.DuckDBPyConnection, new: NewImport, stamp: dt.datetime) -> ImportRecord:
    """Store a file on a cursor inside a transaction, which a dry run rolls back."""
    record = _counted(cursor, new, stamp)
    new.progress(_STAGED)
    _write_record(cursor, record, new)
    _save(cursor, record.import_id, new)
    new.progress(_SAVED)
    identities.save_links(cursor, record.import_id, new.links)
    if new.home and not rates.home_currency(cursor):
        rates.set_home_currency(cursor, new.home)
    channel_overlap.save_decisions(cursor, new.channel, new.same, stamp)
    _update_dependents(cursor)
    return record


def _update_dependents(cursor: duckdb.DuckDBPyConnection) -> None:
    """Recompute what depends on orders: duplicate orders, and the rates of months."""
    channel_overlap.update_duplicates(cursor)
    rates.recompute(cursor)


def _counted(cursor: duckdb.DuckDBPyConnection, new: NewImport, stamp: dt.datetime) -> ImportRecord:
    """Stage the rows of a file and make its line of the history, without writing it."""
    span = _span(new.rows, KINDS[new.kind].moment)
    return ImportRecord(
        import_id=next_number(cursor, "imports", "import_id"),
        rows=new.total_rows,
        rejected=len(new.rejected),
        not_records=len(new.not_records),
        data_from=span[0],
        data_until=span[1],
        imported_at=stamp,
        undone_at=None,
        **asdict(_count(cursor, new, span[1])),
        **{name: getattr(new, name) for name in _COLUMNS[1:10]},
    )


def _span(rows: pa.Table, column: str) -> tuple[dt.datetime | None, dt.datetime | None]:
    """The first and last moment of `column`."""
    if not rows.num_rows or column not in rows.column_names:
        return None, None
    ends = pc.min_max(rows[column])
    return ends["min"].as_py(), ends["max"].as_py()


def _count(cursor: duckdb.DuckDBPyConnection, new: NewImport, until: dt.datetime | None) -> Counts:
    """Stage the rows beside the tables and count those that are new, already imported or changed."""
    if not new.rows.num_rows:
        return Counts(0, 0, 0)
    if new.kind == "customers":
        return customer_lists.stage(cursor, new.rows)
    if new.kind == "spend":
        return spend.stage(cursor, new.rows)
    if new.kind != "orders":
        return records.stage(cursor, new.kind, new.rows)
    staging.stage(cursor, new.rows, new.channel, new.currency, new.whole)
    return staging.count_changes(cursor, until)


def _save(cursor: duckdb.DuckDBPyConnection, import_id: int, new: NewImport) -> None:
    """Write what was staged."""
    if not new.rows.num_rows:
        return
    if new.kind == "orders":
        orders.save(cursor, import_id)
        _save_contacts(cursor, import_id, new.rows, "sale_rows")
        customer_lists.save_from_sales(cursor, import_id, new.rows)
        records.save_reviews(cursor, import_id, new.channel, new.rows)
    elif new.kind == "customers":
        customer_lists.save(cursor, import_id)
        _save_contacts(cursor, import_id, new.rows, "list_rows")
    elif new.kind == "spend":
        spend.save(cursor, import_id)
    else:
        records.save(cursor, new.kind, import_id)


def _save_contacts(cursor: duckdb.DuckDBPyConnection, import_id: int, rows: pa.Table, table: str) -> None:
    """Names and addresses, kept apart from everything that is analysed."""
    if "customer_id" not in rows.column_names:
        return
    names = ("name", "birthday", "email", "phone")
    name, birthday, email, phone = (n if n in rows.column_names else "NULL::VARCHAR" for n in names)
    cursor.execute(
        f"""INSERT INTO contact_versions (import_id, customer_id, name, birthday, email, phone, line)
        SELECT ?, * FROM (SELECT customer_id, arg_max({name}, line) AS name, arg_max({birthday}, line) AS birthday,
            {email} AS email, {phone} AS phone, max(line) AS line
            FROM {table} WHERE customer_id IS NOT NULL GROUP BY ALL)
        WHERE {" OR ".join(f"{n} IS NOT NULL" for n in names)}""",
        [import_id],
    )


def _write_record(cursor: duckdb.DuckDBPyConnection, record: ImportRecord, new: NewImport) -> None:
    values = {**asdict(record), "header": json.dumps(record.header, ensure_ascii=False)}
    cursor.execute(
        f"INSERT INTO imports ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})",
        [values[name] for name in _COLUMNS],
    )
    if new.rejected:
        table = pa.table(
            {
                "line": pa.array([row.line for row in new.rejected], pa.int64()),
                "cells": pa.array([json.dumps(row.cells, ensure_ascii=False) for row in new.rejected]),
                "reason": pa.array([row.reason.to_json() for row in new.rejected]),
            }
        )
        cursor.register("rejected_now", table)
        cursor.execute(
            "INSERT INTO rejected_rows SELECT ?, line, cells, reason FROM rejected_now", [record.import_id]
        )
    if new.not_records:
        listed = pa.Table.from_pylist([asdict(row) for row in new.not_records], _NOT_RECORDS)
        cursor.register("not_records_now", listed)
        cursor.execute(
            "INSERT INTO not_record_rows SELECT ?, line, kind, text FROM not_records_now", [record.import_id]
        )


def undo(database: Database, import_id: int, stamp: dt.datetime) -> ImportRecord:
    """Undo an import: everything it touched is recomputed from the other imports."""
    with database.writing() as cursor:
        if import_record(database, import_id).undone_at is not None:
            raise AlreadyUndone(import_id=import_id)
        cursor.execute("UPDATE imports SET undone_at = ? WHERE import_id = ?", [stamp, import_id])
        cursor.execute(
            "CREATE OR REPLACE TEMP TABLE touched AS SELECT channel, order_id FROM order_versions WHERE import_id = ?",
            [import_id],
        )
        orders.update_orders(cursor)
        identities.update_after_undo(cursor, import_id)
        _update_dependents(cursor)
    return import_record(database, import_id)


def order_dates(database: Database, channel: str, order_ids: Sequence[str]) -> dict[str, dt.datetime]:
    """When the orders among `order_ids` that stand were made; for mended rows, which may not say it themselves."""
    rows = database.cursor().execute(
        "SELECT order_id, ordered_at FROM order_heads WHERE channel = ? AND order_id IN (SELECT unnest(?))",
        [channel, list(order_ids)],
    )
    return {str(order_id): at for order_id, at in rows.fetchall()}


def rejected_rows(database: Database, import_id: int) -> list[RejectedRow]:
    """The rejected rows of an import, in the order of the file."""
    import_record(database, import_id)
    rows = database.cursor().execute(
        "SELECT line, cells, reason FROM rejected_rows WHERE import_id = ? ORDER BY line", [import_id]
    )
    return [
        RejectedRow(line, tuple(json.loads(cells)), Message.from_json(reason))
        for line, cells, reason in rows.fetchall()
    ]


def not_records(database: Database, import_id: int) -> list[NotRecord]:
    """The rows of an import that were no records, in the order of the file."""
    rows = database.cursor().execute(
        "SELECT line, kind, text FROM not_record_rows WHERE import_id = ? ORDER BY line", [import_id]
    )
    return [NotRecord(*row) for row in rows.fetchall()]

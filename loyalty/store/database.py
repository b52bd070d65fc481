"""The database file: opened by one process, written by one thread at a time, read through a cursor a thread."""

from __future__ import annotations

import secrets
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis

from loyalty.store.errors import DiskFull, FolderNotWritable, ShopInUse, ShopTooNew, ShopUnreadable
from loyalty.store.reader import Reader
from loyalty.store.schema import MIGRATIONS, STATE_TABLES

FILE = "shop.duckdb"
SCRATCH = "tmp"  # everything temporary in the shop's folder; cleared whenever the shop is opened
MEMORY_LIMIT = "1GB"
_FULL = ("No space left", "max_temp_directory_size")
_SALES, _EVERYTHING = "sales_version", "version"  # keys of `meta`


@dataclass(frozen=True)
class DataVersion:
    """Random texts that stand for a state of the data: what caches are keyed by. Equal texts mean equal data, in copies
    of a shop's folder too, until one of them is written to.

    `sales`: replaced with every write but those of what the owner enters in the app (programme versions, points,
    coupons, campaigns and measured responses, recommendations made) and of the app's own notes (the
    chosen prediction method, watched files, answers about columns). `everything`: replaced with every write.
    """

    sales: str
    everything: str


class Database:
    """One shop's open database. Close it, or use it as a context manager."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.folder = folder
        self._base = connection
        self._writing = threading.RLock()

    @classmethod
    def open(cls, folder: Path, new_salt: Callable[[], str] = lambda: secrets.token_hex(16)) -> Database:
        """The database in `folder`, created or migrated as needed; clears what an interrupted import left behind.

        `new_salt` gives the secret that customer ids are hashed with, drawn once for a new shop. Raises ShopInUse,
        ShopUnreadable, ShopTooNew or FolderNotWritable.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            spill = str(folder / SCRATCH / "spill")  # where what exceeds the memory goes
            connection = duckdb.connect(
                str(folder / FILE), config={"memory_limit": MEMORY_LIMIT, "temp_directory": spill}
            )
            shutil.rmtree(folder / SCRATCH, ignore_errors=True)  # ours alone, once the database is
            (folder / SCRATCH).mkdir(exist_ok=True)
        except duckdb.IOException as problem:
            if "lock" in str(problem).lower() or "being used by another process" in str(problem):
                raise ShopInUse(folder=str(folder)) from None
            unwritable = "permission" in str(problem).lower() or "read-only" in str(problem).lower()
            raise (FolderNotWritable if unwritable else ShopUnreadable)(folder=str(folder)) from None
        except OSError:
            raise FolderNotWritable(folder=str(folder)) from None
        except duckdb.Error:
            raise ShopUnreadable(folder=str(folder)) from None
        database = cls(folder, connection)
        database._migrate(new_salt)
        return database

    def _migrate(self, new_salt: Callable[[], str]) -> None:
        """Bring the schema up to date, a version a transaction."""
        version = self.schema_version()
        if version > len(MIGRATIONS):
            self.close()
            raise ShopTooNew(folder=str(self.folder))
        for number, statements in enumerate(MIGRATIONS[version:], version + 1):
            with self.writing() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                cursor.execute("INSERT OR REPLACE INTO meta VALUES ('schema_version', ?)", [str(number)])
                if number == 1:
                    cursor.execute("INSERT INTO meta VALUES ('salt', ?)", [new_salt()])

    def schema_version(self) -> int:
        """How many migrations the file has seen; 0 for a new one."""
        try:
            return int(self.meta("schema_version") or 0)
        except duckdb.CatalogException:  # there is no `meta` yet
            return 0

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A new connection to the same database: one for each thread, never shared."""
        return self._base.cursor()

    @contextmanager
    def writing(self, *, sales: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor inside the one writing transaction; commits at the end, rolls back on any exception.

        The data version is replaced in the same transaction; `sales=False` keeps its part of that name (see
        `DataVersion`).
        """
        with self._writing:
            cursor = self.cursor()
            try:
                cursor.execute("BEGIN")
                yield cursor
                for key in (_SALES, _EVERYTHING) if sales else (_EVERYTHING,):
                    cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, uuid.uuid4().hex])
                cursor.execute("COMMIT")
            except BaseException as problem:
                _roll_back(cursor)
                if isinstance(problem, duckdb.Error) and any(sign in str(problem) for sign in _FULL):
                    raise DiskFull() from None
                raise
            finally:
                cursor.close()

    @contextmanager
    def dry_run(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor inside a transaction that is rolled back at the end: nothing done on it lasts."""
        with self._writing:
            cursor = self.cursor()
            try:
                cursor.execute("BEGIN")
                yield cursor
            finally:
                _roll_back(cursor)
                cursor.close()

    def meta(self, key: str) -> str | None:
        """A value of the `meta` table."""
        row = one(self.cursor(), "SELECT value FROM meta WHERE key = ?", [key])
        return str(row[0]) if row else None

    def data_version(self) -> DataVersion:
        """The version that the data have now."""
        rows = self.cursor().execute("SELECT key, value FROM meta WHERE key IN (?, ?)", [_SALES, _EVERYTHING])
        version = dict(rows.fetchall())
        return DataVersion(version[_SALES], version[_EVERYTHING])

    @property
    def salt(self) -> str:
        """The secret that customer ids are hashed with."""
        return self.meta("salt") or ""

    def reader(self) -> ibis.BaseBackend:
        """An Ibis backend on a cursor of its own, for one thread."""
        return Reader.from_connection(self.cursor())

    @contextmanager
    def reading(self) -> Iterator[ibis.BaseBackend]:
        """An Ibis backend that sees one version of the data, whatever is written meanwhile: for several queries."""
        cursor = self.cursor()
        try:
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            yield Reader.from_connection(cursor)
        finally:
            _roll_back(cursor)
            cursor.close()

    def fingerprint(self) -> dict[str, tuple[int, int]]:
        """Rows and an order-free hash of each table of the shop's state; equal states have equal fingerprints."""
        cursor = self.cursor()
        hashes: dict[str, tuple[int, int]] = {}
        for table in STATE_TABLES:
            row = one(
                cursor,
                "SELECT count(*), coalesce(bit_xor(hash(t)), 0)::HUGEINT + coalesce(sum(hash(t) % 1000003), 0)"
                f" FROM (SELECT COLUMNS(lambda c: c NOT IN ('import_id', 'line_no')) FROM {table}) AS t",
            )
            hashes[table] = (int(str(row[0])), int(str(row[1]))) if row else (0, 0)
        return hashes


def one(
    cursor: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = ()
) -> tuple[object, ...] | None:
    """The first row of a query, or None; fetches all, as DuckDB 2 keeps a connection busy until a result is used up."""
    rows = cursor.execute(query, list(values)).fetchall()
    return rows[0] if rows else None


def number(cursor: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = ()) -> int:
    """The whole number in the first column of the first row; 0 where there is none."""
    row = one(cursor, query, values)
    return int(str(row[0])) if row and row[0] is not None else 0


def next_number(cursor: duckdb.DuckDBPyConnection, table: str, column: str) -> int:
    """One more than the highest number in a column; 1 for an empty table."""
    return number(cursor, f"SELECT max({column}) FROM {table}") + 1


def _roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
    """Undo the open transaction; one that DuckDB has ended itself needs nothing."""
    try:
        cursor.execute("ROLLBACK")
    except duckdb.TransactionException:
        return

"""An Ibis backend on the shop's database that caches table columns and compiled expressions.

Ibis asks DuckDB for the columns of each table before every query, and compiles every expression anew. The columns of
our tables change with migrations alone, which all run before anything is read; and equal expressions compile to equal
SQL.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.schema as sch
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

MAX_COMPILED = 512  # expressions in the cache


class CompiledQueries:
    """A cache of the latest compiled expressions; safe for many threads."""

    def __init__(self, size: int = MAX_COMPILED) -> None:
        self._size = size
        self._queries: OrderedDict[object, str] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object) -> str | None:
        """The SQL of a key, which becomes the latest; None if it is not cached."""
        with self._lock:
            sql = self._queries.get(key)
            if sql is not None:
                self._queries.move_to_end(key)
            return sql

    def add(self, key: object, sql: str) -> None:
        """Add a query, in place of the oldest where there are too many."""
        with self._lock:
            self._queries[key] = sql
            while len(self._queries) > self._size:
                self._queries.popitem(last=False)


class Reader(Backend):  # type: ignore[misc]
    """For tables of the schema, read-only by custom. One for each thread."""

    _columns: Mapping[object, sch.Schema] = {}
    _compiled = CompiledQueries()

    def get_schema(
        self, table_name: str, *, catalog: str | None = None, database: str | None = None
    ) -> sch.Schema:
        """As Ibis does, once a table and process."""
        key = (table_name, catalog, database)
        if key not in Reader._columns:
            columns = super().get_schema(table_name, catalog=catalog, database=database)
            Reader._columns = {**Reader._columns, key: columns}
        return Reader._columns[key]

    def compile(
        self,
        expr: ir.Expr,
        /,
        *,
        limit: int | None = None,
        params: Mapping[ir.Expr, Any] | None = None,
        pretty: bool = False,
    ) -> str:
        """As Ibis does, once an expression. Tables that live in memory have names of their own, and are compiled each time."""
        key = (expr.op(), limit, pretty)
        sql = None if params else self._compiled.get(key)
        if sql is None:
            sql = str(super().compile(expr, limit=limit, params=params, pretty=pretty))
            if not params and not expr.op().find(ops.InMemoryTable):
                self._compiled.add(key, sql)
        return sql

"""An Ibis backend on our own database that does not do twice what comes out the same.

Ibis asks DuckDB for the columns of each table before every question, and compiles every expression anew. The columns of our tables change with the schema's steps alone, which are all
taken before anybody reads; and equal expressions compile to equal SQL.
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

MOST = 512  # compiled expressions that are kept


class Compiled:
    """The latest compiled expressions; safe for many threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[object, str] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object) -> str | None:
        """The SQL of that key, which becomes the latest; None if it is not kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: object, sql: str) -> None:
        """Keep it, in place of the oldest where there are too many."""
        with self._lock:
            self._kept[key] = sql
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


class Reader(Backend):  # type: ignore[misc]
    """For tables of the schema, read-only by custom. One for each thread."""

    _columns: Mapping[object, sch.Schema] = {}
    _compiled = Compiled()

    def get_schema(
        self, table_name: str, *, catalog: str | None = None, database: str | None = None
    ) -> sch.Schema:
        """As Ibis does, once a table and process."""
        key = (table_name, catalog, database)
        if key not in Reader._columns:
            found = super().get_schema(table_name, catalog=catalog, database=database)
            Reader._columns = {**Reader._columns, key: found}
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
        found = None if params else self._compiled.get(key)
        if found is None:
            found = str(super().compile(expr, limit=limit, params=params, pretty=pretty))
            if not params and not expr.op().find(ops.InMemoryTable):
                self._compiled.keep(key, found)
        return found

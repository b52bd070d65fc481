"""What makes two records the same: a key of their values, that no later version of the database will change."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

#: Columns that make two answers the same answer.
FEEDBACK_KEY = ("customer_id", "answered_at", "score", "comment", "product")


def match_key(columns: Sequence[str]) -> str:
    """SQL of a key (UBIGINT) made of the text of `columns`, NULL different from empty text."""
    cells = ", ".join(f"coalesce(replace({name}::VARCHAR, '|', '||'), chr(0))" for name in columns)
    return f"md5_number_lower(concat_ws(' | ', {cells}))"


def with_all_columns(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """`rows` in all columns of `schema`; those that the file has nothing for are empty."""
    present = set(rows.column_names)
    arrays = [
        rows[field.name] if field.name in present else pa.nulls(rows.num_rows, field.type) for field in schema
    ]
    return pa.table(arrays, schema=schema)

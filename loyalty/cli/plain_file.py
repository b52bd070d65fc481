"""Columns of a plain file, for commands that work without a shop."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa

from loyalty.intake.errors import UnknownColumn
from loyalty.intake.tables.open_file import open_file
from loyalty.intake.values.cells import clean_cell


def read_columns(path: Path, mapping: Mapping[str, str], fields: Sequence[str]) -> pd.DataFrame:
    """The wanted fields as columns of text, each from the column that `mapping` names, else that of its own name.

    Blank cells become missing values. Raises UnknownColumn, and what opening a file raises.
    """
    with tempfile.TemporaryDirectory() as scratch:
        text = open_file(path, Path(scratch))
        names = {field: mapping.get(field, field) for field in fields}
        for column in names.values():
            if column not in text.columns:
                raise UnknownColumn(column=column, known=", ".join(text.columns))
        batches = [
            pa.table({field: batch.column(column) for field, column in names.items()})
            for batch in text.batches()
        ]
        rows = pa.concat_tables(batches).to_pandas() if batches else pd.DataFrame(columns=list(names))
    return rows.apply(_cells)


def _cells(column: pd.Series) -> pd.Series:
    """Cells without a spreadsheet's wrappings; each distinct one is looked at once."""
    codes, texts = pd.factorize(column)
    plain = pd.Series([clean_cell(str(text)) or None for text in texts], dtype="object")
    return pd.Series(plain.to_numpy()[codes], index=column.index, dtype="object")


def in_order(column: pd.Series) -> pd.Series:
    """A column of numbers as numbers, so that 10 comes after 9; any other as it is."""
    numbers = pd.to_numeric(column, errors="coerce")
    return column if bool((numbers.isna() & column.notna()).any()) else numbers

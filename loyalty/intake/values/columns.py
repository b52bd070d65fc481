"""Converts whole columns of text: each distinct cell is parsed once, faults are noted by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loyalty.columns import Flags
from loyalty.words.message import Message

CACHE_SIZE = 500_000  # distinct cells; bounds the memory however long the file is
#: The first fault of each row that has one, by the row's place in its batch.
Faults = dict[int, Message]
T = TypeVar("T")


def cached(cache: dict[str, T], compute: Callable[[str], T]) -> Callable[[str], T]:
    """`compute` with a cache shared between batches, emptied when it is full."""

    def lookup(text: str) -> T:
        if text in cache:
            return cache[text]
        if len(cache) >= CACHE_SIZE:
            cache.clear()
        result = cache[text] = compute(text)
        return result

    return lookup


def map_distinct(cells: pa.Array, compute: Callable[[str], object], kind: pa.DataType) -> pa.Array:
    """`compute` on each distinct cell, expanded to the rows."""
    encoded = cells.dictionary_encode()
    return pa.array([compute(text) for text in encoded.dictionary.to_pylist()], kind).take(encoded.indices)


def parse_distinct(
    cells: pa.Array,
    parse: Callable[[str], T | Message | None],
    value: Callable[[T], object],
    kind: pa.DataType,
    faults: Faults,
) -> pa.Array:
    """Parsed cells; the reason of each that cannot be read goes to `bad` under its row."""
    encoded = cells.dictionary_encode()
    results = [parse(text) for text in encoded.dictionary.to_pylist()]
    faulty = [place for place, result in enumerate(results) if isinstance(result, Message)]
    if faulty:
        indices = encoded.indices.to_numpy()
        for row in np.flatnonzero(np.isin(indices, faulty)):
            reason = results[indices[row]]
            if isinstance(reason, Message):
                faults.setdefault(int(row), reason)
    values = [None if result is None or isinstance(result, Message) else value(result) for result in results]
    return pa.array(values, kind).take(encoded.indices)


def require(values: pa.Array, reason: str, faults: Faults) -> None:
    """Note `reason` for every row without a value that has no other fault yet."""
    if values.null_count:
        for row in np.flatnonzero(values.is_null().to_numpy(zero_copy_only=False)):
            faults.setdefault(int(row), Message(reason))


def assemble(
    schema: pa.Schema, columns: Mapping[str, pa.Array | None], keep: pa.Array | None
) -> pa.RecordBatch:
    """A batch in the order and types of `schema`, holding only the columns there are."""
    columns_present = [column for column in schema if columns.get(column.name) is not None]
    arrays = [pc.cast(columns[column.name], column.type) for column in columns_present]
    batch = pa.record_batch(arrays, schema=pa.schema(columns_present))
    return batch if keep is None else batch.filter(keep)


def out_of_range(score: pa.Array, scale: pa.Array) -> Flags:
    """Which scores are not between 0 and their `scale`; missing ones are not among them."""
    numbers = pc.cast(score, pa.float64()).to_numpy(zero_copy_only=False)
    return np.asarray((numbers < 0) | (numbers > scale.to_numpy(zero_copy_only=False)))

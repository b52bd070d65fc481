"""Whole columns of text into typed ones: each distinct cell is worked out once, faults are noted by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loyalty.columns import Flags
from loyalty.words.message import Message

REMEMBERED = 500_000  # distinct cells of a kind; a file of any length needs no more memory than these take
#: The first fault of each row that has one, by the row's place in its batch.
Bad = dict[int, Message]
T = TypeVar("T")


def remembering(memory: dict[str, T], work: Callable[[str], T]) -> Callable[[str], T]:
    """`work` with a memory shared between batches, begun anew when it is full."""

    def recalled(text: str) -> T:
        if text in memory:
            return memory[text]
        if len(memory) >= REMEMBERED:
            memory.clear()
        found = memory[text] = work(text)
        return found

    return recalled


def mapped_unique(cells: pa.Array, work: Callable[[str], object], kind: pa.DataType) -> pa.Array:
    """`work` on each distinct cell, spread back over the rows."""
    encoded = cells.dictionary_encode()
    return pa.array([work(text) for text in encoded.dictionary.to_pylist()], kind).take(encoded.indices)


def parsed_unique(
    cells: pa.Array,
    parse: Callable[[str], T | Message | None],
    value: Callable[[T], object],
    kind: pa.DataType,
    bad: Bad,
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


def assemble(
    schema: pa.Schema, columns: Mapping[str, pa.Array | None], keep: pa.Array | None
) -> pa.RecordBatch:
    """A batch in the order and types of `schema`, holding only the columns there are."""
    present = [wanted for wanted in schema if columns.get(wanted.name) is not None]
    arrays = [pc.cast(columns[wanted.name], wanted.type) for wanted in present]
    batch = pa.record_batch(arrays, schema=pa.schema(present))
    return batch if keep is None else batch.filter(keep)


def outside(score: pa.Array, scale: pa.Array) -> Flags:
    """Which scores are not between 0 and their `scale`; missing ones are not among them."""
    numbers = pc.cast(score, pa.float64()).to_numpy(zero_copy_only=False)
    return np.asarray((numbers < 0) | (numbers > scale.to_numpy(zero_copy_only=False)))

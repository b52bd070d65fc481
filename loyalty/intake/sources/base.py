"""What a platform's module says of its export: signature, columns, statuses, quirks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.canonical import MONEY
from loyalty.intake.header import normal

Columns = dict[str, pa.Array]
#: One product packed into a cell: name, quantity as text, net amount as text ("" where the file gives none).
Packed = tuple[str, str, str]


@dataclass(frozen=True)
class Source:
    """A platform's export layout.

    `signature`: normalised headings that only this layout has together. `fields`: canonical field to the names its
    column goes by; names beyond the canonical ones ("time") are for `prepare`.
    `whole`: a file always carries an order entire, so that a later one replaces it; else rows of an order add up.
    `personal_reference`: the platform's customer id is itself personal (a nickname).
    `packed` names the columns whose cells hold several products, `unpack` cuts them; `prepare` works on the mapped
    text columns before they are parsed, `finish` on the parsed ones. `fixed_decimal`: the platform always writes
    this decimal mark, whatever single cells might suggest.
    """

    name: str
    title: str
    signature: frozenset[str]
    fields: Mapping[str, tuple[str, ...]]
    statuses: Mapping[str, str]
    how_to_export: str
    kind: str = "orders"
    whole: bool = True
    personal_reference: bool = False
    currency: str = ""
    fixed_decimal: str = ""
    packed: Callable[[Sequence[str]], list[str]] | None = None
    unpack: Callable[[Sequence[str]], list[Packed]] | None = None
    prepare: Callable[[Columns], Columns] | None = None
    finish: Callable[[Columns], Columns] | None = None

    def columns_of(self, header: Sequence[str]) -> dict[str, str]:
        """Canonical field to the column of `header` that fills it; fields without a column are left out."""
        by_name: dict[str, str] = {}
        for column in header:
            by_name.setdefault(normal(column), column)
        found: dict[str, str] = {}
        for name, alternatives in self.fields.items():
            for alternative in alternatives:
                if normal(alternative) in by_name:
                    found[name] = by_name[normal(alternative)]
                    break
        return found


def signature(*names: str) -> frozenset[str]:
    """Headings as they are compared."""
    return frozenset(normal(name) for name in names)


def lower_keys(words: Mapping[str, str]) -> dict[str, str]:
    """Status words in the form in which cells are looked up."""
    return {key.casefold(): value for key, value in words.items()}


def joined(columns: Columns, first: str, second: str) -> Columns:
    """`columns` with `second` appended to `first` behind a space (a date and its time)."""
    if second not in columns or first not in columns:
        return columns
    both = pc.binary_join_element_wise(columns[first], columns[second], " ")
    return {**{k: v for k, v in columns.items() if k != second}, first: pc.utf8_trim_whitespace(both)}


def less(columns: Columns, first: str, *others: str) -> pa.Array:
    """`first` minus `others`, exactly; a missing subtrahend counts as 0, a missing first stays missing."""
    total = columns[first]
    zero = pa.scalar(0, MONEY)
    for name in others:
        if name in columns:
            total = pc.cast(pc.subtract(total, pc.coalesce(columns[name], zero)), MONEY)
    return total


def times(columns: Columns, count: str, price: str) -> pa.Array:
    """`count` × `price`, to the store's six decimals; a missing count is 1, a missing price stays missing."""
    one = pa.scalar(1, MONEY)
    counted = pc.coalesce(columns[count], one) if count in columns else one
    product = pc.multiply(pc.cast(counted, pa.decimal128(14, 4), safe=False), columns[price])
    return pc.cast(product, MONEY, safe=False)

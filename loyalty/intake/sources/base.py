"""Describes a platform's export (signature, columns, statuses, quirks), with the column functions its modules share."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.canonical import MONEY
from loyalty.intake.tables.header import normalise_heading
from loyalty.intake.values.cells import clean_cell
from loyalty.intake.values.columns import map_distinct

Columns = dict[str, pa.Array]
#: One product packed into a cell: name, quantity as text, net amount as text ("" where the file gives none).
Packed = tuple[str, str, str]
_MONTH_FIRST = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?!\d)(.*)$", re.DOTALL)
CANCELLED_OR_REFUNDED = ("cancelled", "refunded")
_ROUNDED_ID = re.compile(r"^\d(?:[.,]\d+)?E\+?\d+$", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """A platform's export layout.

    `signature`: normalised headings that only this layout has together. `fields`: canonical field to the names its
    column goes by; names beyond the canonical ones ("time") are for `prepare`.
    `whole`: a file always carries an order entire, so that a later one replaces it; else rows of an order add up.
    `personal_reference`: the platform's customer id is itself personal (a nickname). `receiver_phone`: the phone is that
    of the parcel's receiver.
    `packed` names the columns whose cells hold several products, `unpack` cuts them; `prepare` works on the mapped
    text columns before they are parsed, `finish` on the parsed ones. `fixed_decimal`: the platform always writes
    this decimal mark, whatever single cells might suggest; `fixed_date_order` likewise ("MDY", "DMY").
    `buyer_note`: a sentence (N_) for a platform that hides who bought; its sales are kept as anonymous ones.
    `is_record`: which rows are sales or refunds at all (bool a row), from the mapped text columns before
    `prepare`; the others (payouts, fees, holds, footers) are listed as no records. `prepare` must leave such rows
    harmless all the same. `completes`: its rows add to orders from another export of the platform, and
    have no date of their own. `payments`: it lists payments, whose orders another platform may list as well.
    `line_statuses`: each line has a status of its own; the order's is that of its lines that are neither cancelled nor refunded
    (`zero_cancelled_lines`).
    `also`: kinds besides `kind` that its files can hold.
    `instead_of`: names of other layouts of the platform that count the same sales under other numbers.
    """

    name: str
    title: str
    signature: frozenset[str]
    fields: Mapping[str, tuple[str, ...]]
    statuses: Mapping[str, str]
    how_to_export: str
    kind: str = "orders"
    also: tuple[str, ...] = ()
    whole: bool = True
    personal_reference: bool = False
    receiver_phone: bool = False
    currency: str = ""
    fixed_decimal: str = ""
    packed: Callable[[Sequence[str]], list[str]] | None = None
    unpack: Callable[[Sequence[str]], list[Packed]] | None = None
    prepare: Callable[[Columns], Columns] | None = None
    finish: Callable[[Columns], Columns] | None = None
    fixed_date_order: str = ""
    buyer_note: str = ""
    is_record: Callable[[Columns], pa.Array] | None = None
    completes: bool = False
    payments: bool = False
    line_statuses: bool = False
    instead_of: tuple[str, ...] = ()

    def columns_of(self, header: Sequence[str]) -> dict[str, str]:
        """Canonical field to the column of `header` that fills it; fields without a column are left out."""
        by_name: dict[str, str] = {}
        for column in header:
            by_name.setdefault(normalise_heading(column), column)
        columns: dict[str, str] = {}
        for name, alternatives in self.fields.items():
            for alternative in alternatives:
                if normalise_heading(alternative) in by_name:
                    columns[name] = by_name[normalise_heading(alternative)]
                    break
        return columns


def signature(*names: str) -> frozenset[str]:
    """Headings as they are compared."""
    return frozenset(normalise_heading(name) for name in names)


def lower_keys(words: Mapping[str, str]) -> dict[str, str]:
    """Status words in the form in which cells are looked up."""
    return {key.casefold(): value for key, value in words.items()}


def join_columns(columns: Columns, first: str, second: str) -> Columns:
    """`columns` with `second` appended to `first` behind a space (a date and its time)."""
    if second not in columns or first not in columns:
        return columns
    both = pc.binary_join_element_wise(columns[first], columns[second], " ")
    return {**{k: v for k, v in columns.items() if k != second}, first: pc.utf8_trim_whitespace(both)}


def subtract(columns: Columns, first: str, *others: str) -> pa.Array:
    """`first` minus `others`, exactly; a missing subtrahend counts as 0, a missing first stays missing."""
    total = columns[first]
    zero = pa.scalar(0, MONEY)
    for name in others:
        if name in columns:
            total = pc.cast(pc.subtract(total, pc.coalesce(columns[name], zero)), MONEY)
    return total


def multiply(columns: Columns, count: str, price: str) -> pa.Array:
    """`count` × `price`, to the store's six decimals; a missing count is 1, a missing price stays missing."""
    one = pa.scalar(1, MONEY)
    count_or_one = pc.coalesce(columns[count], one) if count in columns else one
    product = pc.multiply(pc.cast(count_or_one, pa.decimal128(14, 4), safe=False), columns[price])
    return pc.cast(product, MONEY, safe=False)


def clean_cells(cells: pa.Array) -> pa.Array:
    """Text without spreadsheet guards and surrounding spaces; "-" counts as empty."""
    return map_distinct(
        cells, lambda text: "" if clean_cell(text) in ("-", "--") else clean_cell(text), pa.string()
    )


def is_filled(cells: pa.Array) -> pa.Array:
    """Which cells hold text."""
    return pc.not_equal(clean_cells(cells), "")


def contains_any(cells: pa.Array, *words: str) -> pa.Array:
    """Which cells contain one of `words`, in any case."""
    return map_distinct(cells, lambda text: any(word in text.casefold() for word in words), pa.bool_())


def is_yes(columns: Columns, name: str) -> pa.Array:
    """Which rows have 1, true or yes in column `name`; none where the file has no such column."""
    if name not in columns:
        return pa.array([False] * len(columns["order_id"]), pa.bool_())
    return pc.is_in(pc.utf8_lower(clean_cells(columns[name])), value_set=pa.array(["1", "true", "yes"]))


def is_negative(cells: pa.Array) -> pa.Array:
    """Which amounts, as text, are below 0: -5, -$5, (5), 5-."""
    return pc.match_substring_regex(clean_cells(cells), r"^\D*[-−(]|-$")


def is_zero(cells: pa.Array) -> pa.Array:
    """Which amounts, as text, are empty or 0 in whatever form."""
    return pc.invert(pc.match_substring_regex(cells, r"[1-9]"))


def set_where(columns: Columns, condition: pa.Array, word: str, name: str = "status") -> Columns:
    """`columns` with `word` as `name` (by default the status) where `condition` holds."""
    before = columns.get(name, pa.array([""] * len(condition), pa.string()))
    return {**columns, name: pc.if_else(condition, word, before)}


def fill_from(columns: Columns, first: str, *others: str) -> Columns:
    """`columns` with the empty cells of `first` taken from `others`, which are removed."""
    candidates = [columns[name] for name in (first, *others) if name in columns]
    filled_columns = {name: cells for name, cells in columns.items() if name not in others}
    for cells in candidates:
        filled_columns[first] = (
            pc.if_else(is_filled(filled_columns[first]), filled_columns[first], cells)
            if first in filled_columns
            else cells
        )
    return filled_columns


def unescape_html(columns: Columns, *names: str) -> Columns:
    """`columns` with HTML's `&#39;` and `&amp;` written out."""
    unescaped_columns = {
        name: map_distinct(columns[name], html.unescape, pa.string()) for name in names if name in columns
    }
    return {**columns, **unescaped_columns}


def mark_utc(columns: Columns, name: str = "ordered_at") -> Columns:
    """`columns` with times marked as UTC where the cells, unlike their heading, do not say so."""
    if name not in columns:
        return columns
    bare = pc.match_substring_regex(columns[name], r"\d:\d\d(:\d\d)?\s*$")
    marked = pc.binary_join_element_wise(pc.utf8_trim_whitespace(columns[name]), "Z", "")
    return {**columns, name: pc.if_else(bare, marked, columns[name])}


def put_year_first(columns: Columns, name: str = "ordered_at") -> Columns:
    """`columns` with 09/25/26 written year first, for platforms that put the month first in every account."""
    if name not in columns:
        return columns
    return {**columns, name: map_distinct(columns[name], _year_first, pa.string())}


def _year_first(text: str) -> str:
    match = _MONTH_FIRST.match(clean_cell(text))
    if not match:
        return text
    month, day, year, rest = match.groups()
    return f"{year if len(year) == 4 else '20' + year}-{month}-{day}{rest}"


def drop_rounded_ids(columns: Columns, name: str = "order_id") -> Columns:
    """`columns` without numbers that a spreadsheet has rounded to 3.51531E+16: they would merge orders."""
    order_ids = map_distinct(
        columns[name], lambda text: "" if _ROUNDED_ID.match(clean_cell(text)) else text, pa.string()
    )
    return {**columns, name: order_ids}


def zero_cancelled_lines(columns: Columns) -> Columns:
    """Parsed `columns` of an export that gives each line a status of its own: cancelled or refunded lines count 0.

    The order's own status is set when all of its lines are read (`line_statuses`).
    """
    is_cancelled = pc.is_in(columns["status"], value_set=pa.array(CANCELLED_OR_REFUNDED))
    return {**columns, "amount": pc.if_else(is_cancelled, pa.scalar(0, MONEY), columns["amount"])}

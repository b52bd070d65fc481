"""Random orders written in every platform's layout come back as they were: what the layout tells of them, to the cent."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.intake.sources.registry import PLATFORMS
from loyalty.shop.shop import Shop
from tests.intake.builders import bring, save, text_of
from tests.intake.sources.builders import flat
from tests.intake.sources.orders import STATUS, ExpectedOrder, Line, Order, Writer, settled
from tests.intake.sources.writers import WRITERS

PIECES = [
    *",;\"'|:=+-@#()<>%$&\t",
    "\n",
    "\r\n",
    ", ",
    '""',
    " ",
    "a",
    "1",
    "茶",
    "，",
    "、",
    "é",
    "🎁",
    "ß",
    "١",
    "̈",
]
PEOPLE = 5
CENT = Decimal("0.01")


def words() -> st.SearchStrategy[str]:
    """Names that begin with a letter and go on with anything: commas, quotes, line breaks, Chinese, emoji."""
    rest = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
    return st.builds(lambda first, more: (first + more).strip(), st.sampled_from("AzÉ茶🎁"), rest)


def cents(least: int, most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(least, most).map(lambda n: n * CENT)


@st.composite
def orders(draw: st.DrawFn) -> list[Order]:
    """A few orders of a few people, numbered from 0."""
    people = draw(st.lists(words(), min_size=PEOPLE, max_size=PEOPLE))
    orders_read = []
    for number in range(draw(st.integers(1, 6))):
        buyer = draw(st.none() | st.integers(0, PEOPLE - 1))
        items = draw(
            st.lists(st.tuples(words(), st.integers(1, 9), cents(1, 300_000)), min_size=1, max_size=4)
        )
        first = items[0][1] * items[0][2]
        order = Order(
            number=number,
            at=draw(st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2026, 12, 31))).replace(microsecond=0),
            buyer=buyer,
            person="Guest" if buyer is None else people[buyer],
            items=tuple(items),
            discount=min(draw(st.just(Decimal()) | cents(1, 5_000)), first - CENT),
            shipping=draw(st.just(Decimal()) | cents(1, 2_000)),
            fate=draw(st.sampled_from(sorted(STATUS))),
            back=draw(cents(1, 100_000)),
        )
        orders_read.append(settled(order))
    return orders_read


def written(writer: Writer, order: Order, first: int) -> Order:
    """The order as the layout can hold it, under a number of its own."""
    stripped = str.maketrans("", "", writer.strip)
    items = tuple((name.translate(stripped).strip(), count, price) for name, count, price in order.items)
    return writer.shape(replace(order, number=first + order.number, items=items))


def read_back(shop: Shop, first_import: int) -> dict[str, ExpectedOrder]:
    """What stands of the orders of the imports from `first_import` on; buyers by their ids."""
    cursor = shop.database.cursor()
    products: dict[str, list[Line]] = {}
    for order_id, *line in cursor.execute(
        """SELECT order_id, product, quantity::DOUBLE, amount::DOUBLE FROM order_lines WHERE product IS NOT NULL
        ORDER BY line_no, product"""
    ).fetchall():
        products.setdefault(order_id, []).append((line[0], line[1], line[2]))
    query = "SELECT order_id, ordered_at, status, net::DOUBLE, customer_id FROM orders WHERE import_id >= ?"
    rows = cursor.execute(query, [first_import]).fetchall()
    return {row[0]: ExpectedOrder(*row[1:], tuple(products.get(row[0], ()))) for row in rows}


def in_order(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=repr)


def same_people(expected: dict[str, ExpectedOrder], orders_read: dict[str, ExpectedOrder]) -> bool:
    """Whether buyers are the same persons, each under one id, and nobody is where nobody should be."""
    pairs = {(expected[key].buyer, orders_read[key].buyer) for key in expected}
    named_pairs = [pair for pair in pairs if pair != (None, None)]
    return all(None not in pair for pair in named_pairs) and len(named_pairs) == len(
        {a for a, _ in named_pairs}
    ) == len({b for _, b in named_pairs})


def test_every_layout_is_written() -> None:
    assert {source.name for source in PLATFORMS if source.kind == "orders"} <= {
        writer.source for writer in WRITERS.values()
    }


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_written_is_read(name: str, tmp_path: Path, shop: Shop) -> None:
    writer, hundreds = WRITERS[name], itertools.count(1000, 100)

    def brought(layout: Writer, these: list[Order], place: int) -> int:
        text = text_of(layout.header, [*flat(map(layout.rows, these)), *layout.footer], layout.delimiter)
        record = bring(
            shop, save(tmp_path, f"{place}-{layout.source}.csv", text, layout.encoding), layout.answers
        )
        assert (record.source, record.rejected) == (layout.source, 0)
        return record.import_id

    @settings(deadline=None, derandomize=True, max_examples=6, database=None)
    @given(orders())
    def come_back(drawn: list[Order]) -> None:
        start = next(hundreds)
        these = [written(writer, order, start) for order in drawn]
        expected = {
            key: expected_order for order in these for key, expected_order in writer.expected(order).items()
        }
        if not expected:
            return
        imports = [brought(layout, these, start) for layout in (writer.first, writer) if layout]
        orders_read = read_back(shop, imports[0])
        assert orders_read.keys() == expected.keys()
        for key, expected_order in expected.items():
            assert replace(orders_read[key], buyer=None, lines=()) == replace(
                expected_order, buyer=None, lines=()
            )
            assert in_order(orders_read[key].lines) == in_order(expected_order.lines)
        assert same_people(expected, orders_read)

    come_back()

"""A large table of orders, made up: the same bytes for the same number of lines, whatever the machine.

One line a product, three lines an order on average, thirteen columns. 30 % of all lines name the product of the line
above once more; a fifth of the orders are anonymous, the others come from a buyer of eight lines' worth of orders on
average, known by an e-mail address.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from loyalty.columns import Ints

COLUMNS = (
    "order_id", "order_date", "email", "customer_name", "status", "currency", "sku", "product", "category", "quantity",
    "unit_price", "coupon_code", "note",
)  # fmt: skip
PIECE = 200_000  # lines made at a time; orders end with their piece
PRODUCTS = 20_000
LINES_PER_BUYER = 8
NEW_ORDER, REPEATED = 1 / 3, 0.45  # of all lines; of the lines that begin no order (0.45 × 2/3 = 30 % of all)
ANONYMOUS, WITH_COUPON, NOTED, REFUNDED_LATER = 0.2, 0.1, 0.05, 0.02
STATUSES = {"paid": 0.95, "cancelled": 0.03, "refunded": 0.02}
FROM, UNTIL = 1_577_836_800, 1_735_689_600  # 2020 to 2024, in seconds
_PEOPLE = ("Ann", "Bob", "Zoë", "José", "李雷", "韩梅梅", "O'Hara, Pat", 'Kim "Kit" Lee', "")
_GOODS = (
    "Jasmine tea",
    "Mug, blue",
    "Gift box",
    "Café crème",
    "茉莉花茶",
    "Spoon, silver",
    "Notebook A5",
    "Candle",
)
_KINDS = ("Tea", "Ware", "Gifts", "Paper", "Light")


def write(path: Path, lines: int, *, later: bool = False) -> None:
    """A CSV file of so many lines below its headings.

    `later`: an export of the same orders made later, in other bytes: another 2 % of the orders are refunded by then,
    and each line names who exported it.
    """
    names = (*COLUMNS, "exported_by") if later else COLUMNS
    schema = pa.schema([(name, pa.string()) for name in names])
    options = arrow_csv.WriteOptions(quoting_style="needed")
    with arrow_csv.CSVWriter(str(path), schema, write_options=options) as out:
        for first in range(0, lines, PIECE):
            out.write_table(_piece(first, min(PIECE, lines - first), lines, later=later).select(names))


def _piece(first: int, count: int, lines: int, *, later: bool) -> pa.Table:
    """The lines from `first` on of a file of `lines`."""
    rng = np.random.default_rng([20250304, first])
    begins = rng.random(count) < NEW_ORDER
    begins[0] = True
    order = np.cumsum(begins) - 1
    orders = int(order[-1]) + 1
    product = _products(rng, begins)
    own = _orders(rng, first, orders, max(1, lines // LINES_PER_BUYER), later=later)
    return pa.table(
        {
            **{name: cells.take(pa.array(order)) for name, cells in own.items()},
            "currency": _same("EUR", count),
            "sku": _numbered("SKU-", product, ""),
            "product": pc.binary_join_element_wise(
                _picked(_GOODS, product), _numbered("no. ", product, ""), " "
            ),
            "category": _picked(_KINDS, product),
            "quantity": pc.cast(pa.array(rng.integers(1, 5, count)), pa.string()),
            "unit_price": pc.binary_join_element_wise(
                _numbered("", 1 + product % 97, ""), _numbered("", 10 + product % 90, ""), "."
            ),
            "note": _picked(("rang twice, left at no. 5", ""), (rng.random(count) > NOTED).astype(np.int64)),
            "exported_by": _same("owner", count),
        }
    )


def _orders(
    rng: np.random.Generator, first: int, orders: int, buyers: int, *, later: bool
) -> dict[str, pa.Array]:
    """What belongs to an order: cells a column, one an order."""
    buyer = np.where(rng.random(orders) < ANONYMOUS, -1, rng.integers(0, buyers, orders))
    known = buyer >= 0
    second = pa.array(rng.integers(FROM, UNTIL, orders), pa.timestamp("s"))
    status = rng.choice(len(STATUSES), orders, p=list(STATUSES.values()))
    coupon = (rng.random(orders) > WITH_COUPON).astype(np.int64)
    if later:
        given_back = np.random.default_rng([20260304, first]).random(orders) < REFUNDED_LATER
        status = np.where(given_back, list(STATUSES).index("refunded"), status)
    return {
        "order_id": _numbered("R-", np.arange(orders) + first + 10_000_000, ""),
        "order_date": pc.strftime(second, "%Y-%m-%d %H:%M:%S"),
        "email": pc.if_else(pa.array(known), _numbered("buyer.", buyer, "@example.com"), ""),
        "customer_name": _picked(_PEOPLE, np.where(known, buyer % (len(_PEOPLE) - 1), len(_PEOPLE) - 1)),
        "status": _picked(tuple(STATUSES), status),
        "coupon_code": _picked(("SPRING", ""), coupon),
    }


def _products(rng: np.random.Generator, begins: npt.NDArray[np.bool_]) -> Ints:
    """A product a line, few of them sold often; some lines repeat the line above."""
    count = len(begins)
    drawn = (PRODUCTS * rng.random(count) ** 2).astype(np.int64)
    fresh = begins | (rng.random(count) >= REPEATED)
    return drawn[np.maximum.accumulate(np.where(fresh, np.arange(count), 0))]


def _same(text: str, count: int) -> pa.Array:
    return pa.array([text], pa.string()).take(pa.array(np.zeros(count, dtype=np.int64)))


def _picked(texts: tuple[str, ...], number: Ints) -> pa.Array:
    return pa.array(texts).take(pa.array(number % len(texts)))


def _numbered(before: str, number: Ints, after: str) -> pa.Array:
    return pc.binary_join_element_wise(before, pc.cast(pa.array(number), pa.string()), after, "")

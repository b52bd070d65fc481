"""One story of 34 orders, and how an export of any platform that tells it is checked.

    20 orders   c01–c10 buy one tea each, and again ten days later        20 × 10.00           = 200.00
     4 orders   c11–c14: two mugs and a tea, 1.00 off                      4 × (2×8 + 10 − 1)   = 100.00
     2 orders   c01 and c02: a box, 12.00 of it given back                 2 × (30 − 12)        =  36.00
     2 orders   c15 and c16: a tea, all given back                                                  0
     2 orders   c17 and c18: a box, called off                                                      0
     2 orders   c19 and c20: a box, never paid                                                      0
     2 orders   nobody knows who: a tea                                    2 × 10.00            =  20.00

28 purchases, 356.00, 14 customers of whom 10 came back, 2 anonymous purchases. Postage of 4.00 an order counts nowhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from loyalty.shop.shop import Shop
from loyalty.store.imports import ImportRecord
from tests.intake.builders import bring, figures, save, text_of

Row = Mapping[str, str]
#: customers, purchases, revenue, anonymous purchases, customers with two purchases or more
Figures = tuple[int, int, float, int, int]
REVENUE = 20 * 10.0 + 4 * (2 * 8 + 10 - 1) + 2 * (30 - 12) + 2 * 10
EXPECTED: Figures = (10 + 4, 20 + 4 + 2 + 2, REVENUE, 2, 10)
TEA, MUG, BOX = "Jasmine Tea", "Mug, blue", "Gift Box"
ENGLISH = ("utf-8", "utf-8-sig", "utf-16", "moved")
CHINESE = ("gb18030", "utf-8-sig", "utf-16", "moved")


@dataclass(frozen=True)
class Sale:
    """An order of the story: `items` are (name, count, price); `fate`: paid, part, refunded, cancelled, unpaid."""

    number: int
    who: str
    items: tuple[tuple[str, int, Decimal], ...]
    fate: str = "paid"
    discount: Decimal = Decimal(0)
    back: Decimal = Decimal(0)
    shipping: Decimal = Decimal(4)

    @property
    def goods(self) -> Decimal:
        """What the goods cost after the discount."""
        return sum((count * price for _, count, price in self.items), Decimal()) - self.discount

    @property
    def total(self) -> Decimal:
        """What the buyer pays."""
        return self.goods + self.shipping

    @property
    def day(self) -> dt.date:
        """The day of the order: 1 March 2025 and on."""
        return dt.date(2025, 3, 1) + dt.timedelta(days=self.number - 1001)

    @property
    def email(self) -> str:
        """The buyer's address, made up."""
        return f"{self.who}@example.com" if self.who else ""

    @property
    def settled(self) -> bool:
        """Whether money came in, whatever became of it."""
        return self.fate in ("paid", "part", "refunded")


def story() -> list[Sale]:
    """The 34 orders, in the order of their days."""
    tea, mugs, box = (TEA, 1, Decimal(10)), (MUG, 2, Decimal(8)), (BOX, 1, Decimal(30))
    orders = [Sale(1001 + n, f"c{n % 10 + 1:02}", (tea,)) for n in range(20)]
    orders += [Sale(1021 + n, f"c{n + 11:02}", (mugs, tea), discount=Decimal(1)) for n in range(4)]
    orders += [Sale(1025 + n, f"c{n + 1:02}", (box,), "part", back=Decimal(12)) for n in range(2)]
    orders += [Sale(1027 + n, f"c{n + 15:02}", (tea,), "refunded", back=Decimal(10)) for n in range(2)]
    orders += [Sale(1029 + n, f"c{n + 17:02}", (box,), "cancelled") for n in range(2)]
    orders += [Sale(1031 + n, f"c{n + 19:02}", (box,), "unpaid") for n in range(2)]
    return orders + [Sale(1033 + n, "", (tea,)) for n in range(2)]


SALES = story()
#: The story where the file has no postage of its own.
POST_FREE = [replace(sale, shipping=Decimal(0)) for sale in SALES]
CHINESE_NAMES = {TEA: "茉莉花茶", MUG: "蓝色马克杯，大号", BOX: "礼盒"}


@dataclass(frozen=True)
class Layout:
    """A platform's export of the story, and the figures it must give.

    `optional`: a column that may be missing. `before`, `after`: lines around the table; `footers`: how many of those
    below it may be rejected.
    """

    source: str
    header: Sequence[str]
    rows: Sequence[Row]
    optional: str
    expected: Figures = EXPECTED
    delimiter: str = ","
    before: str = ""
    after: str = ""
    footers: int = 0

    def text(self) -> str:
        """The file as the platform writes it."""
        return self.before + text_of(self.header, self.rows, self.delimiter) + self.after

    def moved(self) -> str:
        """The file with its columns in another order, one missing and one of the owner's own."""
        rows = [
            {**{k: v for k, v in row.items() if k != self.optional}, "My own note": "x"} for row in self.rows
        ]
        others = [name for name in self.header if name != self.optional]
        header = [*others[len(others) // 2 :], "My own note", *reversed(others[: len(others) // 2])]
        return self.before + text_of(header, rows, self.delimiter) + self.after


def check_layout(layout: Layout, variant: str, folder: Path, shop: Shop) -> ImportRecord:
    """Import the layout, in an encoding or with its columns moved, and check its figures."""
    text, encoding = (layout.moved(), "utf-8") if variant == "moved" else (layout.text(), variant)
    record = bring(shop, save(folder, "export.csv", text, encoding))
    assert record.source == layout.source
    assert record.rejected <= layout.footers
    assert len(layout.rows) >= 30
    assert figures(shop) == layout.expected
    return record


def money(amount: Decimal | int) -> str:
    """Two decimals, no sign of a currency."""
    return f"{amount:.2f}"


def flat(orders: Iterable[Sequence[Row]]) -> list[Row]:
    """The rows of all orders."""
    return [row for order in orders for row in order]

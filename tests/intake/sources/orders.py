"""Orders of any kind to be written as a platform's export, and what is to be read back of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from loyalty.intake.decisions import Answers
from tests.intake.builders import Row

#: A product: name, count, price.
Item = tuple[str, int, Decimal]
#: A product read back: name, count, amount; None where the layout does not say.
Line = tuple[str, float | None, float | None]


@dataclass(frozen=True)
class Order:
    """An order to be written. `buyer`: the how-many-th person, None when nobody is known; `person`: their name.

    `fate`: paid, part (given back in part: `back`), refunded (`back` is all of the goods), cancelled, unpaid.
    `discount` is at most what the first product costs.
    """

    number: int
    at: dt.datetime
    buyer: int | None
    person: str
    items: tuple[Item, ...]
    discount: Decimal
    shipping: Decimal
    fate: str
    back: Decimal

    @property
    def goods(self) -> Decimal:
        """What the goods cost after the discount."""
        return sum((count * price for _, count, price in self.items), Decimal()) - self.discount

    @property
    def total(self) -> Decimal:
        """What the buyer pays."""
        return self.goods + self.shipping

    @property
    def email(self) -> str:
        """The buyer's address."""
        return "" if self.buyer is None else f"Person.{self.buyer}@example.com"

    @property
    def phone(self) -> str:
        """The buyer's number, masked where nobody is known."""
        return "139****0000" if self.buyer is None else f"1395551{self.buyer:04}"

    @property
    def user(self) -> str:
        """The buyer's name on the platform."""
        return "" if self.buyer is None else f"user_{self.buyer}"

    def amounts(self, *, discounted: bool = True) -> list[Decimal]:
        """What each product comes to; the discount is taken off the first."""
        whole = [count * price for _, count, price in self.items]
        return [whole[0] - self.discount, *whole[1:]] if discounted else whole

    def with_first_item(self) -> Order:
        """The order with its first product alone."""
        return settled(replace(self, items=self.items[:1]))

    def without_discount(self) -> Order:
        """The order at full price."""
        return settled(replace(self, discount=Decimal()))


def settled(order: Order) -> Order:
    """The order with no more given back than its goods cost, and all of it where it is refunded."""
    back = {"refunded": order.goods, "part": min(order.back, order.goods)}.get(order.fate, Decimal())
    return replace(order, back=back)


@dataclass(frozen=True)
class ExpectedOrder:
    """An order as it is read back: when, its status, what it is worth, its buyer, its products."""

    at: dt.datetime
    status: str
    net: float
    buyer: int | None
    lines: tuple[Line, ...]


STATUS = {
    "paid": "paid",
    "part": "paid",
    "refunded": "refunded",
    "cancelled": "cancelled",
    "unpaid": "unpaid",
}


def expected_order(
    order: Order, *, buyer_named: bool = True, lines: Sequence[Line] = (), **changes: object
) -> ExpectedOrder:
    """The order as it must be read back, but for `changes` that a layout makes."""
    net = order.goods - order.back if order.fate in ("paid", "part") else Decimal()
    expected = ExpectedOrder(
        order.at, STATUS[order.fate], float(net), order.buyer if buyer_named else None, tuple(lines)
    )
    return replace(expected, **changes)  # type: ignore[arg-type]


def item_lines(order: Order, amounts: Sequence[Decimal | None]) -> list[Line]:
    """A line a product."""
    return [
        (name, float(count), None if amount is None else float(amount))
        for (name, count, _), amount in zip(order.items, amounts, strict=True)
    ]


def day(order: Order) -> dt.datetime:
    """The order's day, without its time."""
    return dt.datetime.combine(order.at, dt.time())


def minute(order: Order) -> dt.datetime:
    """The order's time to the minute."""
    return order.at.replace(second=0)


def settles(order: Order) -> bool:
    """Whether money came in, whatever became of it: what a list of payments shows."""
    return order.fate in ("paid", "part", "refunded")


@dataclass(frozen=True)
class Writer:
    """A layout: its file's headings, the rows of an order, and the order they keep, by order id; {} for no row at all.

    `shape`: the order as this layout can hold it. `strip`: characters that the layout has a use of its own for.
    `footer`: rows below the table. `first`: the export that this one completes.
    """

    source: str
    header: Sequence[str]
    rows: Callable[[Order], list[Row]]
    expected: Callable[[Order], dict[str, ExpectedOrder]]
    shape: Callable[[Order], Order] = settled
    strip: str = ""
    delimiter: str = ","
    encoding: str = "utf-8"
    answers: Answers = field(default_factory=Answers)
    footer: tuple[Row, ...] = ()
    first: Writer | None = None
